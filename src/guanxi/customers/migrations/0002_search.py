"""The search table: FTS5 on SQLite, a tsvector under a GIN index on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations, models

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import StateApps

SQLITE = (
    "CREATE VIRTUAL TABLE customers_search USING fts5("
    "tokens, folded UNINDEXED, tokenize = 'unicode61 remove_diacritics 0', prefix = '1 2', detail = none)"
)
POSTGRESQL = (
    "CREATE TABLE customers_search (customer_id bigint PRIMARY KEY, tokens tsvector, folded text NOT NULL)",
    "CREATE INDEX customers_search_tokens ON customers_search USING gin (tokens) WITH (fastupdate = off)",
)


def make(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the table in the database's own way."""
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else (SQLITE,):
        editor.execute(statement)


def drop(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the table."""
    editor.execute("DROP TABLE customers_search")


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]
    operations = [
        migrations.AddField("currentstanding", "currency", models.CharField(default="CNY", max_length=3)),
        migrations.RunPython(make, drop),
        migrations.AddIndex(
            "standing",
            models.Index(fields=["run_id", "status", "customer"], name="standing_status"),
        ),
        migrations.AddIndex(
            "standing",
            models.Index(fields=["run_id", "last_purchase_on", "customer"], name="standing_last"),
        ),
    ]

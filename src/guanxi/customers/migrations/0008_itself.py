"""How many records are merged into others, for PostgreSQL's planner: it cannot tell it from two columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import StateApps


def make(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Keep the statistics, and fill them for those who have customers already."""
    if editor.connection.vendor == "postgresql":
        editor.execute("CREATE STATISTICS customers_itself ON (main_id - id) FROM customers_customer")
        editor.execute("ANALYZE customers_customer")


def drop(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop them."""
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP STATISTICS customers_itself")


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_merges")]
    operations = [migrations.RunPython(make, drop)]

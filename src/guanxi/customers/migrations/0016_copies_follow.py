"""What lists ask of customers stands where they look for it: the last contact in standings, the owner in tasks.

Triggers keep the copies, whoever changes the customer, the standing or the task (ADR 0019).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations, models

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import StateApps

TO_STANDINGS = (
    "UPDATE customers_standing SET region_code = NEW.region_code, last_contact_at = NEW.last_contact_at"
    " WHERE customer_id = NEW.id"
)
TO_TASKS = "UPDATE customers_task SET customer_owner_id = NEW.owner_id WHERE customer_id = NEW.id"
OWNER = "SELECT owner_id FROM customers_customer WHERE id = NEW.customer_id"
TASK_TAKES = f"UPDATE customers_task SET customer_owner_id = ({OWNER}) WHERE id = NEW.id"
SQLITE = (
    "DROP TRIGGER customers_region_follows",
    "CREATE TRIGGER customers_standings_follow AFTER UPDATE OF region_code, last_contact_at ON customers_customer"
    " WHEN OLD.region_code <> NEW.region_code OR OLD.last_contact_at IS NOT NEW.last_contact_at"
    f" BEGIN {TO_STANDINGS}; END",
    "CREATE TRIGGER customers_tasks_follow AFTER UPDATE OF owner_id ON customers_customer"
    f" WHEN OLD.owner_id IS NOT NEW.owner_id BEGIN {TO_TASKS}; END",
    "CREATE TRIGGER customers_task_takes AFTER INSERT ON customers_task"
    f" WHEN NEW.customer_id IS NOT NULL BEGIN {TASK_TAKES}; END",
    "CREATE TRIGGER customers_task_keeps AFTER UPDATE OF customer_id, customer_owner_id ON customers_task"
    f" BEGIN {TASK_TAKES}; END",
)
POSTGRESQL = (
    "DROP FUNCTION customers_region_follows() CASCADE",
    "CREATE FUNCTION customers_standings_follow() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN {TO_STANDINGS}; RETURN NULL; END $$",
    "CREATE TRIGGER customers_standings_follow AFTER UPDATE OF region_code, last_contact_at ON customers_customer"
    " FOR EACH ROW WHEN (OLD.region_code <> NEW.region_code OR OLD.last_contact_at IS DISTINCT FROM"
    " NEW.last_contact_at) EXECUTE FUNCTION customers_standings_follow()",
    "CREATE FUNCTION customers_tasks_follow() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN {TO_TASKS}; RETURN NULL; END $$",
    "CREATE TRIGGER customers_tasks_follow AFTER UPDATE OF owner_id ON customers_customer"
    " FOR EACH ROW WHEN (OLD.owner_id IS DISTINCT FROM NEW.owner_id) EXECUTE FUNCTION customers_tasks_follow()",
    # The customer is held, so that nobody who changes its owner misses a task that is only being written.
    "CREATE FUNCTION customers_task_takes() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN NEW.customer_owner_id := ({OWNER} FOR SHARE); RETURN NEW; END $$",
    "CREATE TRIGGER customers_task_takes BEFORE INSERT OR UPDATE OF customer_id, customer_owner_id ON customers_task"
    " FOR EACH ROW EXECUTE FUNCTION customers_task_takes()",
)
REGION_FOLLOWS = "UPDATE customers_standing SET region_code = NEW.region_code WHERE customer_id = NEW.id"
SQLITE_BACK = (
    "DROP TRIGGER customers_standings_follow",
    "DROP TRIGGER customers_tasks_follow",
    "DROP TRIGGER customers_task_takes",
    "DROP TRIGGER customers_task_keeps",
    "CREATE TRIGGER customers_region_follows AFTER UPDATE OF region_code ON customers_customer"
    f" WHEN OLD.region_code <> NEW.region_code BEGIN {REGION_FOLLOWS}; END",
)
POSTGRESQL_BACK = (
    "DROP FUNCTION customers_standings_follow() CASCADE",
    "DROP FUNCTION customers_tasks_follow() CASCADE",
    "DROP FUNCTION customers_task_takes() CASCADE",
    "CREATE FUNCTION customers_region_follows() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN {REGION_FOLLOWS}; RETURN NULL; END $$",
    "CREATE TRIGGER customers_region_follows AFTER UPDATE OF region_code ON customers_customer FOR EACH ROW"
    " WHEN (OLD.region_code <> NEW.region_code) EXECUTE FUNCTION customers_region_follows()",
)


def fill(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Give the rows there are their copies."""
    customer = "FROM customers_customer WHERE customers_customer.id ="
    editor.execute(
        f"UPDATE customers_standing SET last_contact_at = (SELECT last_contact_at {customer} customer_id)"  # noqa: S608
    )
    editor.execute(
        f"UPDATE customers_task SET customer_owner_id = (SELECT owner_id {customer} customer_id)"  # noqa: S608
        " WHERE customer_id IS NOT NULL"
    )


def follow(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers in the database's own way."""
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def stay(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Only the region follows again."""
    for statement in POSTGRESQL_BACK if editor.connection.vendor == "postgresql" else SQLITE_BACK:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("customers", "0015_ended_by")]
    operations = [
        migrations.RemoveIndex("standing", "standing_tier"),
        migrations.RemoveIndex("customer", "customers_owner"),
        migrations.AddField("standing", "last_contact_at", models.DateTimeField(null=True)),
        migrations.AddField("task", "customer_owner_id", models.BigIntegerField(null=True, editable=False)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            "standing",
            models.Index(
                fields=["run_id", "tier", "last_contact_at", "customer", "region_code"], name="standing_tier"
            ),
        ),
        migrations.AddIndex(
            "task", models.Index(fields=["customer_owner_id", "state", "due_on", "customer"], name="customers_due_of")
        ),
        migrations.AddIndex(
            "customer", models.Index(fields=["owner", "last_contact_at", "id"], name="customers_owner")
        ),
        migrations.RunPython(follow, stay),
    ]  # fmt: skip

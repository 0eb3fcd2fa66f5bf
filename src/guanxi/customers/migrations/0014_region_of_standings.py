"""Standings carry the region of their customer, and the orders of lists are filtered by it where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations, models

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import StateApps

FOLLOW = "UPDATE customers_standing SET region_code = NEW.region_code WHERE customer_id = NEW.id"
SQLITE = (
    "CREATE TRIGGER customers_region_follows AFTER UPDATE OF region_code ON customers_customer"
    f" WHEN OLD.region_code <> NEW.region_code BEGIN {FOLLOW}; END",
)
POSTGRESQL = (
    "CREATE FUNCTION customers_region_follows() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN {FOLLOW}; RETURN NULL; END $$",
    "CREATE TRIGGER customers_region_follows AFTER UPDATE OF region_code ON customers_customer FOR EACH ROW"
    " WHEN (OLD.region_code <> NEW.region_code) EXECUTE FUNCTION customers_region_follows()",
)
CLASSES = ["customer", "stage", "status", "tier"]
INDEXES = {
    "standing_tier": ["tier", "customer"],
    "standing_stage": ["stage", "last_purchase_on", "customer"],
    "standing_status": ["status", "customer"],
    "standing_spend": ["spend_12m", *CLASSES],
    "standing_last": ["last_purchase_on", *CLASSES],
    "standing_orders": ["frequency", *CLASSES],
    "standing_expected": ["expected_12m", *CLASSES],
}


def fill(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Give the standings there are their region."""
    editor.execute(
        "UPDATE customers_standing SET region_code ="
        " (SELECT region_code FROM customers_customer WHERE customers_customer.id = customers_standing.customer_id)"
    )


def follow(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the trigger in the database's own way."""
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def stay(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the trigger."""
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION customers_region_follows() CASCADE")
    else:
        editor.execute("DROP TRIGGER customers_region_follows")


class Migration(migrations.Migration):
    dependencies = [("customers", "0013_purged")]
    operations = [
        *(migrations.RemoveIndex("standing", name) for name in INDEXES),
        migrations.AddField(
            "standing", "region_code", models.CharField(blank=True, db_default="", default="", max_length=6)
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        *(
            migrations.AddIndex("standing", models.Index(fields=["run_id", *columns, "region_code"], name=name))
            for name, columns in INDEXES.items()
        ),
        migrations.RunPython(follow, stay),
    ]

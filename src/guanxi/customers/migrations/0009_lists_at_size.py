"""Lists at 1,000,000 customers: rows found by their number, those that are gone, tasks by when they are due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations, models
from django.db.models import F, Q

from guanxi.customers.models.records import CustomerId

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import StateApps


def drop_statistics(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Nothing is asked any more that they answered."""
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP STATISTICS IF EXISTS customers_itself")


class Migration(migrations.Migration):
    dependencies = [("customers", "0008_itself")]
    operations = [
        migrations.AlterField("customer", "id", CustomerId(primary_key=True, serialize=False)),
        migrations.AddIndex(
            "customer",
            models.Index(
                fields=["id", "main", "deleted_at"],  # what is asked too, so that the rows need not be read
                condition=~Q(main=F("id")) | Q(deleted_at__isnull=False),
                name="customers_gone",
            ),
        ),
        migrations.RemoveIndex("customer", "customers_living"),
        migrations.AddIndex(
            "customer",
            models.Index(fields=["id", "main", "owner", "region_code", "last_contact_at"], name="customers_glance"),
        ),
        migrations.RemoveIndex("standing", "standing_stage"),
        migrations.AddIndex(
            "standing",
            models.Index(fields=["run_id", "stage", "last_purchase_on", "customer"], name="standing_stage"),
        ),
        migrations.AddIndex("task", models.Index(fields=["state", "due_on", "customer"], name="customers_due")),
        migrations.RunPython(drop_statistics, migrations.RunPython.noop),
    ]

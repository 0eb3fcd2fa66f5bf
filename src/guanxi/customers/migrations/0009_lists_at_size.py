"""Lists at 1,000,000 customers: rows found by their number, those that are gone, tasks by when they are due."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q

from guanxi.customers.models.records import CustomerId


class Migration(migrations.Migration):
    dependencies = [("customers", "0008_itself")]
    operations = [
        migrations.AlterField("customer", "id", CustomerId(primary_key=True, serialize=False)),
        migrations.AddIndex(
            "customer",
            models.Index(
                fields=["id", "main", "deleted_at"],  # what is asked too, so that the rows need not be read
                condition=Q(main__itself=False) | Q(deleted_at__isnull=False),
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
    ]

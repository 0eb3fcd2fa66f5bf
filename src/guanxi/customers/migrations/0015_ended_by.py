"""The steps that a follow-up ended are found by an index of those alone that one did."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0014_region_of_standings")]
    operations = [
        migrations.AlterField(
            "task",
            "interaction",
            models.ForeignKey(
                "customers.interaction", null=True, on_delete=django.db.models.deletion.SET_NULL,
                related_name="tasks", db_index=False,
            ),
        ),
        migrations.AddIndex(
            "task",
            models.Index(
                fields=["interaction"], condition=models.Q(interaction__isnull=False), name="customers_ended_by"
            ),
        ),
    ]  # fmt: skip

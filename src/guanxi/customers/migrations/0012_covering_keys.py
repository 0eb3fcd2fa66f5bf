"""The keys of standings, source records and tags carry along what lists ask of them."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0011_owner_reasons")]
    operations = [
        migrations.AddIndex(
            "standing",
            models.Index(
                fields=["customer", "run_id", "spend_12m", "last_purchase_on", "frequency", "expected_12m"],
                name="standing_glance",
            ),
        ),
        migrations.AlterField(
            "standing",
            "customer",
            models.ForeignKey(
                "customers.customer", on_delete=django.db.models.deletion.CASCADE, related_name="standings",
                db_index=False,
            ),
        ),
        migrations.AddIndex("sourcerecord", models.Index(fields=["customer", "source"], name="customers_sources")),
        migrations.AlterField(
            "sourcerecord",
            "customer",
            models.ForeignKey(
                "customers.customer", on_delete=django.db.models.deletion.CASCADE, related_name="sources",
                db_index=False,
            ),
        ),
        migrations.AlterField(
            "customertag",
            "tag",
            models.ForeignKey(
                "customers.tag", on_delete=django.db.models.deletion.PROTECT, related_name="on", db_index=False
            ),
        ),
    ]  # fmt: skip

"""Since when a customer is deleted for ever."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0012_covering_keys")]
    operations = [migrations.AddField("customer", "purged_at", models.DateTimeField(null=True))]

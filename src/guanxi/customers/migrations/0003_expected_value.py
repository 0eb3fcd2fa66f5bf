"""What a customer is expected to spend, with the likely range."""

from __future__ import annotations

from django.db import migrations

from guanxi.kernel.money import MoneyField


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_search")]
    operations = [
        migrations.AddField("standing", "expected_12m", MoneyField(null=True)),
        migrations.AddField("standing", "expected_low", MoneyField(null=True)),
        migrations.AddField("standing", "expected_high", MoneyField(null=True)),
    ]

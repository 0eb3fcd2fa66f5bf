"""How long deleted customers lie in the bin; an upgrade lets them lie."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0003_people")]
    operations = [migrations.AddField("company", "purge_after_days", models.PositiveSmallIntegerField(null=True))]

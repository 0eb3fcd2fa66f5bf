"""Whether everybody needs a second factor; an upgrade asks nobody."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0004_purge_after")]
    operations = [migrations.AddField("company", "requires_second_factor", models.BooleanField(default=False))]

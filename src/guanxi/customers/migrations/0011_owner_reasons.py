"""Why a customer changed hands, in words of who did it."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0010_own_by_import")]
    operations = [
        migrations.AddField(
            "ownership", "got_because", models.CharField(max_length=300, blank=True, default="", db_default="")
        ),
        migrations.AddField(
            "ownership", "lost_because", models.CharField(max_length=300, blank=True, default="", db_default="")
        ),
    ]

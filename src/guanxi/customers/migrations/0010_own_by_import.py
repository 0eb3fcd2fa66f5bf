"""Sources may fill a company's own fields from now on: what people typed into them until now stays theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations, models
from django.utils import timezone

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import StateApps

CHUNK = 2_000


def mark(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Note of every value that a person edited it, also where a merge that can be taken back moved it."""
    at = timezone.now().isoformat()
    customers, last = apps.get_model("customers", "Customer").objects, None
    while True:
        after = {} if last is None else {"pk__gt": last}
        rows = list(customers.exclude(custom={}).filter(**after).order_by("pk").only("pk", "custom", "edited")[:CHUNK])
        if not rows:
            break
        for row in rows:
            row.edited = {f"custom.{key}": at for key in row.custom} | row.edited
        customers.bulk_update(rows, ["edited"], batch_size=200)
        last = rows[-1].pk
    for merge in apps.get_model("customers", "Merge").objects.filter(undone_at=None):
        for name, change in merge.changed.items():
            if name.startswith("custom."):
                for held in change.values():
                    held[1] = held[1] or (None if held[0] is None else at)
        merge.save(update_fields=["changed"])


class Migration(migrations.Migration):
    dependencies = [("customers", "0009_hidden_by_masks"), ("customers", "0009_lists_at_size")]
    operations = [
        migrations.AddField("sourcerecord", "custom", models.JSONField(null=True)),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]

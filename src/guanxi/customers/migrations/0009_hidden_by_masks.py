"""What customers are found by, parted into what all may read and what masks hide."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db import migrations
from guanxi.customers.search import fold, folded_for, hidden

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import StateApps

CHUNK = 5_000


def part(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Write every text that is checked anew; mail addresses tell themselves, the rest is read where it was typed."""
    key = "customer_id" if editor.connection.vendor == "postgresql" else "rowid"
    points = apps.get_model("customers", "ContactPoint").objects.filter(kind__in=("wechat", "other"))
    typed: defaultdict[int, set[str]] = defaultdict(set)
    for pk, value in points.values_list("customer__main_id", "value"):
        typed[pk].update(fold(value).split())
    last = 0
    with editor.connection.cursor() as cursor:
        while True:
            cursor.execute(
                f"SELECT {key}, folded FROM customers_search WHERE {key} > %s ORDER BY {key} LIMIT %s",  # noqa: S608
                [last, CHUNK],
            )
            rows = cursor.fetchall()
            if not rows:
                return
            last = rows[-1][0]
            parted = [
                (folded_for(" ".join(hidden(word) if word in typed[pk] else word for word in text.split())), pk)
                for pk, text in rows
            ]
            cursor.executemany(f"UPDATE customers_search SET folded = %s WHERE {key} = %s", parted)  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("customers", "0008_itself")]
    operations = [migrations.RunPython(part, migrations.RunPython.noop)]

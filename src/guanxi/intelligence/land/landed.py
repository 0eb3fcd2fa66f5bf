"""What is landed and counts: the files of the current deliveries."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from guanxi.intelligence.models import Delivery


def landed_files(table: str, source: str | None = None, *, root: Path | None = None) -> list[Path]:
    """The files of `table` (customer, purchase, product) of all current deliveries, absolute, in a fixed order.

    They hold no row of a delivery that was replaced. None may be there; `schema.duckdb_columns` tells their columns.
    """
    deliveries = Delivery.objects.filter(is_current=True)
    if source is not None:
        deliveries = deliveries.filter(source=source)
    paths = {path for files in deliveries.values_list("files", flat=True) for path in files.get(table, [])}
    warehouse = root or settings.WAREHOUSE
    return [warehouse / path for path in sorted(paths)]

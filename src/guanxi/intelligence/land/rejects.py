"""The rows that were set aside: to list, to count, to download (S1i)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings

from guanxi.intelligence.land.reasons import reason_text
from guanxi.intelligence.models import Delivery


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that was set aside: where it stands, why, and its text."""

    source: str
    feed: str
    delivery_id: int
    file: str
    line: int
    reason: str
    column: str
    value: str
    raw: str

    @property
    def text(self) -> str:
        """The reason in the reader's language."""
        return reason_text(self.reason, self.value, self.column)


def list_rejects(
    *,
    run_id: int | None = None,
    delivery_id: int | None = None,
    root: Path | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[Reject]:
    """The rejected rows of a run or of one delivery, by file and line."""
    return list(islice(iterate_rejects(run_id=run_id, delivery_id=delivery_id, root=root), offset, _end(offset, limit)))


def count_rejects(*, run_id: int | None = None, delivery_id: int | None = None) -> int:
    """How many rows were set aside."""
    return sum(delivery.rejected for delivery in _deliveries(run_id, delivery_id))


def iterate_rejects(
    *, run_id: int | None = None, delivery_id: int | None = None, root: Path | None = None
) -> Iterator[Reject]:
    """Like `list_rejects`, one after the other: for downloads of any size."""
    warehouse = root or settings.WAREHOUSE
    for delivery in _deliveries(run_id, delivery_id):
        for path in delivery.files.get("rejects", []):
            if not (warehouse / path).exists():
                continue
            with pq.ParquetFile(warehouse / path) as file:
                for batch in file.iter_batches():
                    mine = batch.filter(pc.equal(batch.column("delivery_id"), pa.scalar(delivery.pk, pa.int64())))
                    for row in mine.to_pylist():
                        yield Reject(**row)


def _deliveries(run_id: int | None, delivery_id: int | None) -> list[Delivery]:
    rows = Delivery.objects.filter(rejected__gt=0)
    if run_id is not None:
        rows = rows.filter(run_id=run_id)
    if delivery_id is not None:
        rows = rows.filter(pk=delivery_id)
    return list(rows.order_by("source", "feed", "name", "pk"))


def _end(offset: int, limit: int | None) -> int | None:
    return None if limit is None else offset + limit

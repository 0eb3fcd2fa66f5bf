"""One customer's purchases for a page, read from the current snapshot."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

import pyarrow as pa
from django.conf import settings

from guanxi.customers.models import SourceRecord
from guanxi.intelligence.marts.keyed_parquet import KeyedParquet
from guanxi.intelligence.models import Snapshot
from guanxi.intelligence.snapshots import current_snapshot
from guanxi.intelligence.sources.terms import OWN_SOURCE
from guanxi.kernel.timeline import SourceSilent

DELIVERED: Final = ("ordered_at", "source", "order_id", "revenue", "lines", "is_return", "is_void")


@dataclass(frozen=True)
class Order:
    """One order of a customer; `revenue` in the company's currency.

    `purchase_id` is the number of one that was written down here.
    """

    ordered_at: datetime
    source: str
    order_id: str
    revenue: Decimal
    lines: int
    is_return: bool
    is_void: bool
    purchase_id: int | None = None


@dataclass(frozen=True)
class _Opened:
    """The files of one snapshot: parties by the keys of their records, purchases by party."""

    run_id: int
    parties: KeyedParquet
    purchases: KeyedParquet


class _Reader:
    """The files a process reads for pages, opened anew when the snapshot changes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opened: _Opened | None = None

    def files_of(self, snapshot: Snapshot) -> _Opened:
        """The files of that snapshot."""
        with self._lock:
            if self._opened is None or self._opened.run_id != snapshot.run_id:
                self._opened = _Opened(
                    snapshot.run_id,
                    _file(snapshot, "customer_xref_by_party", "source_key"),
                    _file(snapshot, "fact_purchase", "party_key"),
                )
            return self._opened


def _file(snapshot: Snapshot, table: str, key: str) -> KeyedParquet:
    return KeyedParquet((Path(settings.WAREHOUSE, file) for file in snapshot.tables[table]), key)


_reader = _Reader()


def purchases_of(customer_id: int) -> list[Order]:
    """All orders of a living customer that sources delivered, newest first; empty before the first refresh.

    Whose record it is, the operational database says, so that merges show at once. The caller has asked for
    permission: this is a reading aid, not a query.

    Raises
    ------
    SourceSilent
        A file of the snapshot is gone or broken.
    """
    snapshot = current_snapshot()
    records = set(SourceRecord.objects.filter(customer__main_id=customer_id).values_list("source", "source_key"))
    if snapshot is None or not records:
        return []
    try:
        orders = list(_orders(_reader.files_of(snapshot), records))
    except (OSError, pa.ArrowException) as error:
        raise SourceSilent from error
    return sorted(orders, key=lambda order: (order.ordered_at, order.source, order.order_id), reverse=True)


def _orders(files: _Opened, records: set[tuple[str, str]]) -> Iterator[Order]:
    """The orders of the parties that these records are."""
    found = files.parties.rows(sorted({key for _source, key in records}), ["party_key", "source", "source_key"])
    parties = {row["party_key"] for row in found if (row["source"], row["source_key"]) in records}
    for row in files.purchases.rows(sorted(parties)):
        if row["source"] != OWN_SOURCE:  # what was written down here is read where it is kept
            yield Order(**{name: row[name] for name in DELIVERED})

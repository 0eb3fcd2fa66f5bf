"""One customer's purchases for a page, read from the current snapshot."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
from django.conf import settings

from guanxi.customers.models import SourceRecord
from guanxi.insight import duckdb_engine, step
from guanxi.insight.engines import Engine, Table
from guanxi.intelligence.models import Snapshot
from guanxi.intelligence.snapshots import current_snapshot
from guanxi.intelligence.sources.terms import OWN_SOURCE

MEMORY_LIMIT = "512MB"
SECONDS = 5.0  # a page would rather say "not now" than wait longer


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


def parties_of(engine: Engine, xref: Table, records: Iterable[tuple[int, str, str]]) -> Table:
    """The snapshot's parties of records: `party_key` and the customer each record (customer, source, key) is part of.

    Whose record it is, the operational database says, so that merges show at once.
    """
    columns = list(zip(*records, strict=True)) or [(), (), ()]
    kinds = {"customer_id": pa.int64(), "source": pa.string(), "source_key": pa.string()}
    arrays = {name: pa.array(column, kind) for (name, kind), column in zip(kinds.items(), columns, strict=True)}
    record = engine.arrow(pa.table(arrays))
    return engine.run(step(__file__, "parties_of.sql"), {"customer_xref_by_party": xref, "record": record})


class _Reader:
    """The one engine a process keeps for pages, opened anew when the snapshot changes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._run_id = 0

    @contextmanager
    def reading(self, snapshot: Snapshot) -> Iterator[Engine]:
        """The engine with the snapshot's tables by name, for this thread alone."""
        with self._lock:
            engine = self._engine
            if engine is None or self._run_id != snapshot.run_id:
                engine = self._open(snapshot)
            alarm = threading.Timer(SECONDS, engine.interrupt)
            alarm.start()
            try:
                yield engine
            finally:
                alarm.cancel()

    def _open(self, snapshot: Snapshot) -> Engine:
        if self._engine is not None:
            self._engine.close()
        engine = duckdb_engine(memory_limit=MEMORY_LIMIT, threads=1)
        for name in ("fact_purchase", "customer_xref_by_party"):
            engine.parquet([Path(settings.WAREHOUSE, file) for file in snapshot.tables[name]], name=name)
        self._engine, self._run_id = engine, snapshot.run_id
        return engine


_reader = _Reader()


def purchases_of(customer_id: int) -> list[Order]:
    """All orders of a living customer that sources delivered, newest first; empty before the first refresh.

    The caller has asked for permission: this is a reading aid, not a query.
    """
    snapshot = current_snapshot()
    if snapshot is None:
        return []
    mine = SourceRecord.objects.filter(customer__main_id=customer_id)
    records = [(customer_id, source, key) for source, key in mine.values_list("source", "source_key")]
    with _reader.reading(snapshot) as engine:
        before = len(engine.relations())
        wanted = parties_of(engine, engine.table("customer_xref_by_party"), records)
        found = engine.run(
            step(__file__, "purchases_of.sql"),
            {"fact_purchase": engine.table("fact_purchase"), "wanted": wanted},
            {"own_source": OWN_SOURCE},
        )
        rows = found.rows(["ordered_at", "source", "order_id"])
        for name in reversed(engine.relations()[before:]):
            engine.drop(name)
    return [Order(**row) for row in reversed(rows)]

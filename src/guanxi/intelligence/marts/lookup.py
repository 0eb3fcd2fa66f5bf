"""One customer's purchases for a page, read from the current snapshot."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from guanxi.insight import duckdb_engine, step
from guanxi.insight.engines import Engine
from guanxi.intelligence.models import Snapshot
from guanxi.intelligence.snapshots import current_snapshot

MEMORY_LIMIT = "512MB"
SECONDS = 5.0  # a page would rather say "not now" than wait longer


@dataclass(frozen=True)
class Order:
    """One order of a customer; `revenue` in the company's currency."""

    ordered_at: datetime
    source: str
    order_id: str
    revenue: Decimal
    lines: int
    is_return: bool
    is_void: bool


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
    """All orders of a customer in the current snapshot, newest first; empty before the first refresh.

    The caller has asked for permission: this is a reading aid, not a query.
    """
    snapshot = current_snapshot()
    if snapshot is None:
        return []
    with _reader.reading(snapshot) as engine:
        found = engine.run(
            step(__file__, "purchases_of.sql"),
            {name: engine.table(name) for name in ("fact_purchase", "customer_xref_by_party")},
            {"customer_id": customer_id},
        )
        rows = found.rows(["ordered_at", "source", "order_id"])
        found.drop()
    return [Order(**row) for row in reversed(rows)]

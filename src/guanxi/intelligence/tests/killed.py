"""A refresh to be killed: the child's side. It dies by SIGKILL at the n-th point where something became durable."""

from __future__ import annotations

import os
import signal
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from guanxi.customers.models import Customer, SourceRecord, Standing
from guanxi.insight.engines.duckdb import DuckDBEngine
from guanxi.intelligence.canon import warehouse_hash
from guanxi.intelligence.models import Delivery, Snapshot
from guanxi.intelligence.road import Road, refresh
from guanxi.intelligence.sources.contract import load_contract
from guanxi.intelligence.tests.small_company import write_small_company
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.runs import files, steps
from guanxi.kernel.runs.engine import open_run
from guanxi.kernel.runs.models import Run

AS_OF = date(2025, 12, 31)


class Points:
    def __init__(self, kill_at: int) -> None:
        self.kill_at = kill_at
        self.passed = 0

    def __call__(self) -> None:
        self.passed += 1
        if self.passed == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


def run(folder: str, kill_at: int = 0) -> dict[str, Any]:
    """Refresh the small company; `kill_at` 0 lets it live. Returns what it came to."""
    points = Points(kill_at)
    count_commits(points)
    files = Path(folder)
    paths = [files / "shop.toml", files / "store.toml"] if files.exists() else write_small_company(files)
    contracts = [load_contract(path) for path in paths]
    root = settings.WAREHOUSE
    refresh(contracts, home=settings.GUANXI_HOME, root=root, actor=SYSTEM, business_date=AS_OF)
    return outcome(root) | {"points": points.passed}


def count_commits(point: Points) -> None:
    """Pass a point before files are renamed, between that and the commit, and after the commit."""
    renamed, finish = files.make_durable, steps.Chunk._finish

    def make_durable(paths: Any) -> None:
        point()
        renamed(paths)
        point()

    def finished(chunk: steps.Chunk, *arguments: Any) -> None:
        finish(chunk, *arguments)
        point()

    steps.make_durable = make_durable  # type: ignore[attr-defined]  # the test's own knife
    steps.Chunk._finish = finished  # type: ignore[method-assign,assignment]


def outcome(root: Path) -> dict[str, Any]:
    """What a finished refresh left: hash, rows, files on disk that no row lists."""
    snapshot = Snapshot.objects.get(is_current=True)
    listed = {file for files in snapshot.tables.values() for file in files}
    listed |= {
        file for files in Delivery.objects.values_list("files", flat=True) for kept in files.values() for file in kept
    }
    on_disk = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    return {
        "hash": warehouse_hash(root)["total"],
        "rows": [
            Customer.objects.count(),
            SourceRecord.objects.count(),
            Standing.objects.count(),
            Delivery.objects.count(),
        ],
        "runs": list(Run.objects.values_list("state", flat=True)),
        "strays": sorted(on_disk - listed - {"current.json"}),
        "missing": sorted(listed - on_disk),
    }


def hold(seconds: float) -> None:
    """Hold the lease of a refresh and say so."""
    import time

    with open_run("refresh", root=settings.WAREHOUSE, inputs={}, business_date=None, actor=SYSTEM):
        print("holding", flush=True)
        time.sleep(seconds)


def spill(rows: int) -> None:
    """Work on more than fits into memory, say so once something lies on the disk, and wait to be killed."""
    import threading
    import time

    inputs = {"other": "sources"}
    with (
        open_run("refresh", root=settings.WAREHOUSE, inputs=inputs, business_date=None, actor=SYSTEM) as run,
        Road(run, settings.WAREHOUSE).engine() as engine,
    ):
        assert isinstance(engine, DuckDBEngine)
        engine._connection.execute("SET memory_limit = '64MB'; SET threads = 1; SET enable_progress_bar = false")
        much = f"SELECT md5(range::VARCHAR) AS key, range FROM range({rows}) ORDER BY key"
        threading.Thread(target=engine._connection.execute, args=(much,), daemon=True).start()
        while not spilled(settings.WAREHOUSE):
            time.sleep(0.01)
        print("spilling", flush=True)
        time.sleep(60)


def spilled(root: Path) -> list[str]:
    """The files an engine has put aside."""
    return sorted(path.name for path in (root / "spill").rglob("*") if path.is_file() and path.stat().st_size)

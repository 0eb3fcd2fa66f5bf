"""A refresh whose database is restarted: the child's side. It waits at a chosen chunk until the test has done it."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

from django.conf import settings

from guanxi.intelligence.commands.start_refresh import resume_refresh, start_refresh
from guanxi.intelligence.register import register_sources, registered_contracts
from guanxi.intelligence.road import refresh
from guanxi.intelligence.sources.contract import load_contract
from guanxi.intelligence.tests.killed import AS_OF, outcome
from guanxi.intelligence.tests.small_company import write_small_company
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.errors import as_sentence
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.worker import run_worker
from guanxi.kernel.runs import lease, steps
from guanxi.kernel.runs.models import Checkpoint, Run


def prepare(folder: str) -> None:
    """Make the company's sources known."""
    register_sources(SYSTEM, contracts=[load_contract(path) for path in write_small_company(Path(folder))])


def run(at: int = 0, inside: bool = False) -> dict[str, Any]:
    """Refresh, waiting at the chunk number `at`; returns what was told if it failed, else the outcome."""
    _wait_at(at, inside=inside)
    root = settings.WAREHOUSE
    try:
        refresh(registered_contracts(), home=settings.GUANXI_HOME, root=root, actor=SYSTEM, business_date=AS_OF)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is told
        return {"told": as_sentence(error).code, **state()}
    return outcome(root)


def serve(at: int, inside: bool) -> str:
    """Work as the command line does, waiting at that chunk once."""
    _wait_at(at, inside=inside)
    run_worker(threading.Event())
    return "ended in order"


def ask() -> None:
    start_refresh(SYSTEM, business_date=AS_OF)


def ask_again() -> None:
    resume_refresh(SYSTEM, run_id=Run.objects.get().pk)


def wait_until_idle() -> dict[str, Any]:
    while Job.objects.filter(state__in=["ready", "running"]).exists():
        time.sleep(0.1)
    return state()


def state() -> dict[str, Any]:
    """How the run and its jobs stand."""
    row = Run.objects.get()
    return {
        "run": row.state,
        "error": row.error["code"] if row.error else "",
        "chunks": Checkpoint.objects.count(),
        "jobs": list(Job.objects.order_by("pk").values_list("state", flat=True)),
    }


def end() -> dict[str, Any]:
    return outcome(settings.WAREHOUSE)


def _wait_at(at: int, *, inside: bool) -> None:
    """Wait once, before the transaction of that chunk, or inside it."""
    finish, hold, passed = steps.Chunk._finish, lease.Lease.hold, [0]

    def wait() -> None:
        print("waiting", flush=True)
        while not (Path(settings.GUANXI_HOME) / "go").exists():
            time.sleep(0.02)

    def finished(chunk: steps.Chunk, *arguments: Any) -> None:
        passed[0] += 1
        if passed[0] == at and not inside:
            wait()
        finish(chunk, *arguments)

    def held(own: lease.Lease) -> Run:
        row = hold(own)
        if inside and passed[0] == at:
            passed[0] += 1000
            wait()
        return row

    steps.Chunk._finish = finished  # type: ignore[method-assign,assignment]
    lease.Lease.hold = held  # type: ignore[method-assign,assignment]

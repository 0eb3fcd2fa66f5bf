"""Jobs to watch from outside: each leaves an event row, so that what was done twice shows."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.heartbeat import LeaseTimes
from guanxi.kernel.jobs.commands import cancel_job
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.progress import running
from guanxi.kernel.jobs.queries import get_job
from guanxi.kernel.jobs.queue import enqueue
from guanxi.kernel.jobs.registry import job
from guanxi.kernel.jobs.worker import Worker, run_worker
from guanxi.kernel.runs.engine import open_run
from guanxi.kernel.runs.models import Run

TIMES = LeaseTimes(lease=2.0, heartbeat=0.2)


@job("toy.note")
def note(payload: dict[str, Any]) -> None:
    """Leave a row."""
    EventRecord.objects.create(name=f"note {payload['number']}", at=timezone.now())


@job("toy.hold")
def hold(payload: dict[str, Any]) -> None:
    """Say so at the first attempt and wait to be killed, or for the file that lets it go; leave a row at the end."""
    home = Path(settings.GUANXI_HOME)
    if not (home / "held").exists():
        (home / "held").touch()
        print("holding", flush=True)
        while not (home / "go").exists():
            time.sleep(0.01)
    note(payload)


@job("toy.refresh")
def refresh(payload: dict[str, Any]) -> None:
    """A run as a job: the first attempt goes on until it is stopped."""
    with (
        open_run("toy", root=settings.WAREHOUSE, inputs={}, business_date=None, actor=SYSTEM) as run,
        run.step("land") as step,
    ):
        if not run.resumed:
            print("holding", flush=True)
        while not run.resumed:
            with step.checkpoint(str(step.row.done)):
                step.advance(1)
                time.sleep(0.01)
    note({"number": run.id})


@job("toy.count")
def count(payload: dict[str, Any]) -> None:
    """Leave a row for each of so many units, each committed with the note that it is done."""
    work = running()
    work.expect(payload["number"], done=work.reported.get("done", 0))
    while work.done < payload["number"]:
        with transaction.atomic():
            note({"number": work.done})
            work.report(done=work.done + 1)
        work.advance()
        if work.done % 10 == 1:
            print("counting", flush=True)
        time.sleep(0.01)


def ask(name: str, count: int = 1) -> None:
    for number in range(count):
        enqueue(name, {"number": number})


def work_until_idle() -> int:
    """Work until nothing is ready or running anywhere; returns how many jobs were done here."""
    worker = Worker(threading.Event(), times=TIMES)
    done = 0
    print("ready", flush=True)
    go = Path(settings.GUANXI_HOME) / "go"
    while not go.exists():
        time.sleep(0.01)
    while Job.objects.filter(state__in=["ready", "running"]).exists():
        if worker.run_one():
            done += 1
        else:
            time.sleep(0.02)
    return done


def ask_to_count(units: int) -> int:
    return enqueue("toy.count", {"number": units}).pk


def cancel(job_id: int) -> None:
    cancel_job(SYSTEM, job_id)


def progress(job_id: int) -> list[Any]:
    line = get_job(SYSTEM, job_id)
    return [line.state, line.done, line.total, line.report]


def serve() -> str:
    """Work as the command line does, until a signal comes."""
    run_worker(threading.Event())
    return "ended in order"


def hurry_until_idle() -> None:
    """Wait until others have done everything, without the pauses between two tries."""
    while Job.objects.filter(state__in=["ready", "running"]).exists():
        Job.objects.filter(state="ready").update(run_at=timezone.now())
        time.sleep(0.1)


def move_holders(host: str) -> None:
    """Make it look as if the workers ran on another machine, with half a second of their leases left."""
    until = timezone.now() + timedelta(seconds=0.5)
    for row in Job.objects.filter(state="running"):
        Job.objects.filter(pk=row.pk).update(lease_holder={**row.lease_holder, "host": host}, lease_until=until)


def state() -> dict[str, Any]:
    """Jobs and what they left."""
    return {
        "jobs": [list(row) for row in Job.objects.order_by("pk").values_list("name", "state", "attempts", "error")],
        "rows": sorted(EventRecord.objects.values_list("name", flat=True)),
        "runs": [list(row) for row in Run.objects.order_by("pk").values_list("pk", "state")],
    }

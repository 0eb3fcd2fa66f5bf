"""A run of three steps to be killed at every point: files, rows committed with a checkpoint, and both."""

from __future__ import annotations

import os
import signal
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.heartbeat import LeaseTimes
from guanxi.kernel.runs.commands import request_stop
from guanxi.kernel.runs.engine import Chunk, OpenRun, open_run
from guanxi.kernel.runs.errors import RunInProgress
from guanxi.kernel.runs.models import Checkpoint, Run, RunStep

CHUNKS = ("Day 1", "day 2")
POINTS = {
    "land": ("writing", "renamed 0", "renamed 1", "renamed 2", "in commit", "after commit"),  # files
    "resolve": ("writing", "renamed 0", "renamed 1", "renamed 2", "in commit", "after commit"),  # files and rows
    "publish": ("in commit", "after commit"),  # rows
}
TIMES = LeaseTimes(lease=1.0, heartbeat=0.2)


def refresh(kill_step: str = "", kill_chunk: str = "", kill_point: str = "") -> dict[str, Any]:
    """Do the run, or die by SIGKILL at the named point."""
    with open_run(
        "toy", root=settings.WAREHOUSE, inputs={"days": CHUNKS}, business_date=None, actor=SYSTEM, times=TIMES
    ) as run:
        for name in POINTS:
            with run.step(name) as step:
                if step.done:
                    continue
                step.expect(len(CHUNKS))
                for day in CHUNKS:
                    if step.has(day):
                        continue
                    point = kill_point if (name, day) == (kill_step, kill_chunk) else ""
                    with step.checkpoint(day) as chunk:
                        _write(run, name, chunk, point)
                        step.count(rows=3)
                        step.advance(1)
                    _die_if(point == "after commit")
        run.fix_business_date(date(2011, 12, 9))
    return state()


def _write(run: OpenRun, step: str, chunk: Chunk, point: str) -> None:
    if step != "publish":
        table = chunk.path("purchase")
        table.write_text(f"{step} {chunk.name}", encoding="utf-8")
        shared = chunk.path("rejects", ".csv", folder="landed/shop")
        _die_if(point == "writing")
        shared.write_text("line,reason\n", encoding="utf-8")
    if step != "land":
        chunk.commit_with(lambda: _store(step, chunk.name))
    if point.startswith("renamed"):
        _die_when_renamed(int(point.split()[1]))
    if point == "in commit":
        chunk.commit_with(lambda: _die_if(True))


def _die_when_renamed(count: int) -> None:
    rename, renamed = Path.replace, 0

    def replace(self: Path, target: Path) -> Path:
        nonlocal renamed
        _die_if(count == 0)
        path = rename(self, target)
        renamed += 1
        _die_if(renamed == count)
        return path

    Path.replace = replace  # type: ignore[method-assign, assignment]


def _store(step: str, day: str) -> None:
    EventRecord.objects.create(name=f"{step} {day}", payload={}, at=timezone.now())


def _die_if(due: bool) -> None:
    if due:
        os.kill(os.getpid(), signal.SIGKILL)


def state() -> dict[str, Any]:
    """All that the run left: files with their contents, rows, checkpoints, steps. No clocks."""
    root = settings.WAREHOUSE
    return {
        "files": {
            path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(root.rglob("*"))
            if path.is_file()
        },
        "rows": sorted(EventRecord.objects.values_list("name", flat=True)),
        "runs": [
            [row.pk, row.state, str(row.business_date), row.revision, row.error] for row in Run.objects.order_by("pk")
        ],
        "steps": [
            [step.name, step.position, step.state, step.done, step.expected, step.counts]
            for step in RunStep.objects.order_by("position")
        ],
        "checkpoints": sorted(
            [point.step.name, point.chunk, point.done, point.counts, point.files]
            for point in Checkpoint.objects.select_related("step")
        ),
    }


def compete(root: str) -> str:
    """Wait for the starting shot, then try to take the run and hold it until the race is over."""
    folder = Path(root)
    print("ready", flush=True)
    while not (folder / "go").exists():
        time.sleep(0.01)
    try:
        with open_run("toy", root=folder / "w", inputs={}, business_date=None, actor=SYSTEM, times=TIMES) as run:
            while not (folder / "over").exists():
                time.sleep(0.01)
            return f"won {run.id}"
    except RunInProgress as error:
        return f"refused {error.facts['run']} {error.facts['pid']}"


def hold(seconds: float) -> str:
    """Hold the run and tell so, until a stop request, a signal or the time ends it."""
    root = settings.WAREHOUSE
    with (
        open_run("toy", root=root, inputs={}, business_date=None, actor=SYSTEM, times=TIMES) as run,
        run.step("land") as step,
    ):
        print("holding", flush=True)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            step.advance(1)
            time.sleep(0.02)
    return "done"


def compete_at_once() -> str:
    """Take the run if it may be taken."""
    folder = Path(settings.GUANXI_HOME)
    for mark in ("go", "over"):
        (folder / mark).touch()
    return compete(str(folder))


def lease_until(seconds: float) -> None:
    """Let every lease end so many seconds from now."""
    Run.objects.update(lease_until=timezone.now() + timedelta(seconds=seconds))


def move_holder(host: str) -> None:
    """Make it look as if the holder ran on another machine."""
    for row in Run.objects.all():
        Run.objects.filter(pk=row.pk).update(lease_holder={**row.lease_holder, "host": host})


def steal(token: str) -> None:
    """Give the lease to somebody else."""
    Run.objects.update(lease_token=token)


def ask_to_stop(run_id: int) -> None:
    """What the button on the screen does."""
    request_stop(SYSTEM, run_id)

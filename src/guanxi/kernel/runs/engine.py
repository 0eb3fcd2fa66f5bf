"""Restartable batch runs: a lease, steps, chunks and checkpoints.

    with open_run("refresh", root=warehouse, inputs={...}, business_date=None, actor=actor) as run:
        with run.step("land") as step:
            if not step.done:
                for day in days:
                    if not step.has(day):
                        with step.checkpoint(day) as chunk:
                            write(chunk.path("purchase"))

Killed at any point, the same call goes on where it stopped: files are written under another name, brought to the disk
and renamed before the checkpoint that lists them commits, and what no checkpoint lists is removed at the next start.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

from django.db import DatabaseError, InterfaceError, transaction
from django.utils import timezone

from guanxi.kernel.commands import Actor
from guanxi.kernel.doing import doing
from guanxi.kernel.heartbeat import LeaseTimes, heartbeat
from guanxi.kernel.reconnecting import persistently
from guanxi.kernel.runs.errors import BusinessDateFixed, LeaseLost
from guanxi.kernel.runs.files import remove_unlisted
from guanxi.kernel.runs.lease import Asked, Lease, Taken, end_run, give_up, new_token, next_revision, take_run
from guanxi.kernel.runs.models import Checkpoint, Run, RunStep
from guanxi.kernel.runs.progress import SILENT, Progress
from guanxi.kernel.runs.steps import Chunk, Step, files_of
from guanxi.kernel.stopping import has_stop

__all__ = ["SILENT", "Chunk", "OpenRun", "Progress", "Step", "open_run"]

log = logging.getLogger(__name__)
TIMES = LeaseTimes()


class OpenRun:
    """A run under way in this process.

    Attributes
    ----------
    row
        The run's row, as this process knows it.
    resumed
        Whether it goes on from an earlier attempt.
    """

    def __init__(self, row: Run, *, resumed: bool, root: Path, lease: Lease, progress: Progress) -> None:
        self.row = row
        self.resumed = resumed
        self.root = root
        self._lease, self._progress = lease, progress
        self._position = 0

    @property
    def id(self) -> int:
        """The run's number."""
        return self.row.pk

    @property
    def business_date(self) -> date | None:
        """The day the run counts for; None until it is fixed."""
        return self.row.business_date

    def fix_business_date(self, day: date) -> None:
        """Set the day the run counts for, once; the same day again is fine.

        Raises
        ------
        BusinessDateFixed
            It is another day already.
        """
        if self.row.business_date == day:
            return
        if self.row.business_date is not None:
            raise BusinessDateFixed(run=self.id, fixed=self.row.business_date.isoformat(), asked=day.isoformat())
        with transaction.atomic():
            row = self._lease.hold()
            row.business_date, row.revision = day, next_revision(row.job, day)
            row.save(update_fields=["business_date", "revision"])
        self.row.business_date, self.row.revision = row.business_date, row.revision

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Do a step, or find it done. Its place in the run is the order of the calls.

        Raises
        ------
        RunStopRequested, LeaseLost
            The run is to end here.
        """
        self._lease.check()
        self._position += 1
        row, _new = RunStep.objects.get_or_create(
            run=self.row, name=name, defaults={"position": self._position, "started_at": timezone.now()}
        )
        self._progress.step(name, self._position, len(self.row.plan))
        if row.state != RunStep.State.DONE:
            row.state = RunStep.State.RUNNING
            row.done = sum(row.checkpoints.values_list("done", flat=True))
            row.save()
        step = Step(row, self.root, self._lease, self._progress)
        try:
            yield step
            if not step.done:
                step._finish()
        except BaseException:
            _try("mark the step stopped", step._stop)
            raise

    def is_done(self, name: str) -> bool:
        """Whether the step is done."""
        return self.row.steps.filter(name=name, state=RunStep.State.DONE).exists()

    def files(self, step: str, table: str) -> list[Path]:
        """The files of `table` that a done step wrote, absolute, in the order of their names."""
        return files_of(self._done_step(step), self.root, table)

    def counts(self, step: str) -> dict[str, int]:
        """What a done step counted."""
        return dict(self._done_step(step).counts)

    def report(self, **facts: Any) -> None:
        """Add facts, as JSON, to what the run tells at its end."""
        with transaction.atomic():
            row = self._lease.hold()
            row.report = {**row.report, **facts}
            row.save(update_fields=["report"])
        self.row.report = row.report

    def _done_step(self, name: str) -> RunStep:
        try:
            return self.row.steps.get(name=name, state=RunStep.State.DONE)
        except RunStep.DoesNotExist:
            raise LookupError(f"step {name!r} of run {self.id} is not done") from None


@contextmanager
def open_run(
    job: str,
    *,
    root: Path,
    inputs: dict[str, Any],
    business_date: date | None,
    actor: Actor,
    progress: Progress = SILENT,
    steps: Sequence[str] = (),
    times: LeaseTimes = TIMES,
) -> Iterator[OpenRun]:
    """Hold the one open run of `job`: resume it if it was asked the same, else give it up and begin a new one.

    Parameters
    ----------
    root
        The folder the run's files live in (the warehouse).
    inputs
        What is asked, as JSON.
    business_date
        The day to count for; None leaves it to `fix_business_date`.
    steps
        The names of the steps to come, where they are known, for bars and screens.

    Raises
    ------
    RunInProgress
        Another living process holds the job.
    """
    root.mkdir(parents=True, exist_ok=True)
    asked = Asked(job, inputs, business_date, list(steps))
    taken, lease = _take(actor, asked, root, times)
    run = OpenRun(taken.row, resumed=taken.resumed, root=root, lease=lease, progress=progress)
    with doing(run=lease.run_id), heartbeat(lease.renew, times), _terminated_politely():
        try:
            _clean(root, taken)
            yield run
        except LeaseLost:
            raise
        except BaseException as error:
            ended_by = error
            _try("mark the run stopped", lambda: end_run(lease, ended_by))
            raise
        end_run(lease, None)
    run.row.refresh_from_db()


def _take(actor: Actor, asked: Asked, root: Path, times: LeaseTimes) -> tuple[Taken, Lease]:
    while True:
        token = new_token()
        taken = take_run(actor, asked, token, times)
        lease = Lease(taken.row.pk, token, times)
        lost = [path for path in sorted(_listed(taken.row)) if not (root / path).exists()]
        if not lost:
            return taken, lease
        log.warning("Run %s cannot be resumed, its files are gone (%s ...): a new one begins.", lease.run_id, lost[0])
        give_up(actor, lease)


def _clean(root: Path, taken: Taken) -> None:
    for row in (taken.row, taken.abandoned):
        if row is not None:
            removed = remove_unlisted(root, row.pk, _listed(row))
            if removed:
                log.info("Removed %s unfinished files of run %s.", len(removed), row.pk)


def _listed(row: Run) -> set[str]:
    checkpoints = Checkpoint.objects.filter(step__run=row).values_list("files", flat=True)
    return {file["path"] for files in checkpoints for file in files}


def _try(what: str, deed: Any) -> None:
    """Do the last thing before an error goes on; its own failure must not hide that error."""
    try:
        persistently(deed)
    except (DatabaseError, InterfaceError, LeaseLost) as error:
        log.warning("Could not %s: %s", what, error)


@contextmanager
def _terminated_politely() -> Iterator[None]:
    """Turn SIGTERM into an exception, so that the run is marked stopped; a worker above does this its own way."""
    if threading.current_thread() is not threading.main_thread() or has_stop():
        yield
        return

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before if before is not None else signal.SIG_DFL)

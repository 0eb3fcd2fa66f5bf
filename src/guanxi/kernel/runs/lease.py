"""Taking, keeping and giving back the lease of a run."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError
from django.db.models import Max
from django.utils import timezone

from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.commands import Actor, Work, command
from guanxi.kernel.errors import as_record
from guanxi.kernel.heartbeat import LeaseTimes
from guanxi.kernel.jobs.progress import running
from guanxi.kernel.process import is_dead, this_process
from guanxi.kernel.runs.errors import LeaseLost, RunInProgress, RunStopRequested
from guanxi.kernel.runs.models import Run, RunStep
from guanxi.kernel.runs.rules import Verdict, decide_holder
from guanxi.kernel.stopping import is_stopping

OPEN = (Run.State.RUNNING, Run.State.STOPPED)
Sighting = tuple[int, str, datetime | None]  # run, token, lease_until


@dataclass(frozen=True)
class Asked:
    """What a run is asked to do; an open run is resumed only if it was asked the same."""

    job: str
    inputs: dict[str, Any]
    business_date: date | None
    plan: list[str]

    def is_what(self, row: Run) -> bool:
        """Whether `row` was asked the same."""
        same_inputs = bool(row.inputs == json.loads(json.dumps(self.inputs)))
        return same_inputs and row.business_date_asked == self.business_date


@dataclass(frozen=True)
class Taken:
    """A lease just taken: the run, whether it goes on from before, and the run it replaced."""

    row: Run
    resumed: bool
    abandoned: Run | None


class _HolderUncertain(Exception):
    """The lease has to be watched before anybody may judge."""

    def __init__(self, sighting: Sighting) -> None:
        super().__init__(sighting)
        self.sighting = sighting


class Lease:
    """The right to write for one run. Every write checks it in its own transaction."""

    def __init__(self, run_id: int, token: str, times: LeaseTimes) -> None:
        self.run_id = run_id
        self.token = token
        self.times = times

    def hold(self) -> Run:
        """Lock the run's row and renew the lease; call inside the transaction that writes.

        Raises
        ------
        LeaseLost
            Another process has taken the run over.
        """
        row = Run.objects.select_for_update().filter(pk=self.run_id, lease_token=self.token).first()
        if row is None:
            raise LeaseLost(run=self.run_id)
        row.lease_until = timezone.now() + self.times.lasting
        row.save(update_fields=["lease_until"])
        return row

    def renew(self) -> None:
        """One heartbeat."""
        Run.objects.filter(pk=self.run_id, lease_token=self.token).update(
            lease_until=timezone.now() + self.times.lasting
        )

    def check(self) -> None:
        """Learn whether the run is to end.

        Raises
        ------
        LeaseLost
            Another process has taken the run over.
        RunStopRequested
            Somebody asked the run to stop, or its process is ending.
        JobCancelled
            Somebody cancelled the job that does the run.
        """
        row = Run.objects.filter(pk=self.run_id, lease_token=self.token).values("stop_requested_at").first()
        if row is None:
            raise LeaseLost(run=self.run_id)
        if row["stop_requested_at"] is not None or is_stopping():
            raise RunStopRequested
        running().check()


def take_run(actor: Actor, asked: Asked, token: str, times: LeaseTimes) -> Taken:
    """Resume the open run of the job or begin a new one, under the lease `token`.

    Raises
    ------
    RunInProgress
        Another living process holds it.
    """
    still: Sighting | None = None
    while True:
        try:
            return _take(actor, asked, token, times, still)
        except IntegrityError:  # another process began a run at the same moment: look again
            time.sleep(0.05)
        except _HolderUncertain as uncertain:
            time.sleep(times.heartbeat * 2)
            still = uncertain.sighting


@command("updates.run")
def _take(work: Work, asked: Asked, token: str, times: LeaseTimes, still: Sighting | None) -> Taken:
    row = Run.objects.select_for_update().filter(job=asked.job, state__in=OPEN).first()
    abandoned = None
    if row is not None:
        if row.state == Run.State.RUNNING:
            _refuse_if_held(row, work.at, times, still)
        if not asked.is_what(row):
            abandon_row(work, row)
            row, abandoned = None, row
    resumed = row is not None
    before = row.state if row is not None else None
    if row is None:
        row = Run(
            job=asked.job, inputs=asked.inputs, business_date_asked=asked.business_date, started_at=work.at,
            started_by=work.actor.pk, business_date=asked.business_date,
            revision=next_revision(asked.job, asked.business_date),
        )  # fmt: skip
    row.state, row.error, row.stop_requested_at, row.plan = Run.State.RUNNING, None, None, asked.plan
    row.lease_token, row.lease_holder = token, dict(this_process())
    row.lease_until = timezone.now() + times.lasting
    row.save()
    work.record(row, {"state": [before, Run.State.RUNNING.value]})
    return Taken(row, resumed, abandoned)


def _refuse_if_held(row: Run, now: datetime, times: LeaseTimes, still: Sighting | None) -> None:
    sighting = (row.pk, row.lease_token, row.lease_until)
    verdict = decide_holder(
        is_dead=is_dead(row.lease_holder), lease_until=row.lease_until, now=now, lasting=times.lasting,
        seen_still=sighting == still,
    )  # fmt: skip
    if verdict is Verdict.DEAD:
        return
    if verdict is Verdict.UNCERTAIN and still is None:
        raise _HolderUncertain(sighting)
    raise in_progress(row)


def in_progress(row: Run) -> RunInProgress:
    """The refusal that names who holds the run."""
    step = row.steps.order_by("-position").values_list("name", flat=True).first()
    return RunInProgress(
        job=row.job, run=row.pk, pid=row.lease_holder.get("pid", "?"), host=row.lease_holder.get("host", "?"),
        since=timezone.localtime(row.started_at).strftime("%Y-%m-%d %H:%M:%S"), step=step or "-",
    )  # fmt: skip


def abandon_row(work: Work, row: Run) -> None:
    """Mark a locked run as given up: it will not be resumed."""
    before = row.state
    row.state, row.finished_at = Run.State.ABANDONED, work.at
    row.lease_token, row.lease_until = "", None
    row.save(update_fields=["state", "finished_at", "lease_token", "lease_until"])
    row.steps.filter(state=RunStep.State.RUNNING).update(state=RunStep.State.STOPPED)
    work.record(row, {"state": [before, Run.State.ABANDONED.value]})


@command("updates.run")
def give_up(work: Work, lease: Lease) -> None:
    """Abandon the run one holds."""
    abandon_row(work, lease.hold())


def next_revision(job: str, day: date | None) -> int:
    """The number of the next run of this job for this business date, from 1."""
    if day is None:
        return 1
    latest = Run.objects.filter(job=job, business_date=day).aggregate(latest=Max("revision"))["latest"]
    return int(latest or 0) + 1


def end_run(lease: Lease, error: BaseException | None) -> None:
    """Give the lease back: the run is done, or stopped with the error in words."""
    _end(SYSTEM, lease, as_record(error) if error is not None else None)


@command("updates.run")
def _end(work: Work, lease: Lease, error: dict[str, Any] | None) -> None:
    row = lease.hold()
    row.state = Run.State.DONE if error is None else Run.State.STOPPED
    row.error = error
    row.finished_at = work.at if error is None else None
    row.lease_token, row.lease_until, row.stop_requested_at = "", None, None
    row.save(update_fields=["state", "error", "finished_at", "lease_token", "lease_until", "stop_requested_at"])
    changes: dict[str, Any] = {"state": [Run.State.RUNNING.value, row.state]}
    if error is not None:
        changes["error"] = error["code"]
    work.record(row, changes)


def new_token() -> str:
    """A lease token nobody else has."""
    return uuid.uuid4().hex

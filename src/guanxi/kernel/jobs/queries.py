"""Background work as screens and the command line show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from guanxi.kernel.commands import Actor
from guanxi.kernel.jobs.errors import JobNotFound
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.rules import estimate_left
from guanxi.kernel.process import is_dead


@dataclass(frozen=True)
class JobLine:
    """One job: `state` is ready, running, done, failed or cancelled; one whose worker died shows as ready.

    Attributes
    ----------
    done, total, words
        How far it is, in the job's own unit; `total` is None where nobody knows. What it is doing, in words.
    seconds_left
        As it goes on at the pace so far; None where that cannot be said.
    error
        What went wrong last, in words; also while it waits to be tried again.
    report
        What the job tells of what it did.
    """

    id: int
    name: str
    state: str
    asked_by: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    done: int
    total: int | None
    words: str
    seconds_left: float | None
    error: str
    report: dict[str, Any]
    is_cancelling: bool
    can_cancel: bool

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.finished_at is not None

    @property
    def percent(self) -> int | None:
        """How much is done, from 0 to 100; None where nobody knows."""
        return None if not self.total else min(100, 100 * self.done // self.total)


def get_job(actor: Actor, job_id: int) -> JobLine:
    """One job; for whoever asked for it, or with `updates.view`.

    Raises
    ------
    JobNotFound
        There is none, or none this actor may watch.
    """
    row = Job.objects.filter(pk=job_id).first()
    if row is None or not may_watch(actor, row):
        raise JobNotFound(job=job_id)
    return _line(actor, row)


def list_jobs(actor: Actor, *, name: str | None = None, is_open: bool = False, limit: int = 50) -> list[JobLine]:
    """The latest jobs, newest first: one's own, or with `updates.view` everybody's.

    `name` leaves those of one kind, `is_open` those that have not ended.
    """
    wanted = Q() if actor.may("updates.view") else Q(asked_by=actor.pk, asked_by__isnull=False)
    if name is not None:
        wanted &= Q(name=name)
    if is_open:
        wanted &= Q(state__in=[Job.State.READY, Job.State.RUNNING])
    return [_line(actor, row) for row in Job.objects.filter(wanted).order_by("-pk")[:limit]]


def is_of(actor: Actor, row: Job) -> bool:
    """Whether the actor is the user who asked for the job."""
    return row.asked_by is not None and row.asked_by == actor.pk


def may_watch(actor: Actor, row: Job) -> bool:
    """Whether the actor may see how far the job is."""
    return is_of(actor, row) or actor.may("updates.view")


def _line(actor: Actor, row: Job) -> JobLine:
    died = row.state == Job.State.RUNNING and is_dead(row.lease_holder)
    is_open = row.state in {Job.State.READY, Job.State.RUNNING}
    is_cancelling = is_open and row.cancel_requested_at is not None
    runs = row.state == Job.State.RUNNING and not died
    lasted = (timezone.now() - row.started_at).total_seconds() if runs and row.started_at is not None else None
    return JobLine(
        id=row.pk, name=row.name, state=Job.State.READY.value if died else row.state, asked_by=row.asked_by,
        created_at=row.created_at, started_at=row.started_at, finished_at=row.finished_at,
        done=row.done, total=row.total, words=row.words,
        seconds_left=estimate_left(lasted=lasted, done=row.done, total=row.total),
        error=row.error, report=row.report, is_cancelling=is_cancelling,
        can_cancel=is_open and not is_cancelling and (is_of(actor, row) or actor.may("updates.run")),
    )  # fmt: skip

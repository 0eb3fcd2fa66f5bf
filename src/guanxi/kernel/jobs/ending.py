"""How a job ends: for good, or to be tried again. Call with the row locked."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from guanxi.kernel.events.outbox import write_event
from guanxi.kernel.jobs.events import JobFailed
from guanxi.kernel.jobs.models import Job


def finish(row: Job, state: Job.State, error: str = "") -> None:
    """End the job for good; its key is free again."""
    row.state, row.error, row.finished_at, row.key = state, error, timezone.now(), None
    _let_go(row)
    if state == Job.State.FAILED:
        write_event(JobFailed(row.pk), at=row.finished_at)


def put_back(row: Job, run_at: datetime, error: str = "") -> None:
    """Let the job wait for another attempt, not before `run_at`; if it was cancelled meanwhile, that was it."""
    if row.cancel_requested_at is not None:
        finish(row, Job.State.CANCELLED, error)
        return
    row.state, row.error, row.run_at = Job.State.READY, error, run_at
    _let_go(row)


def _let_go(row: Job) -> None:
    row.lease_token, row.lease_until, row.lease_holder = "", None, {}
    row.save()

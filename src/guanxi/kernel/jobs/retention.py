"""What is over does not stay for ever: finished jobs, their events, sessions that ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from guanxi.kernel.access.models import SignIn
from guanxi.kernel.commands import Work, command
from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.jobs.models import Job, Slot

CHUNK = 5_000


@command("settings.manage")
def expire_jobs(work: Work, *, before: datetime, limit: int = CHUNK) -> int:
    """Remove at most `limit` jobs that ended before that time; returns how many."""
    over = Job.objects.filter(finished_at__lt=before)
    return _remove(work, "jobs", over, limit)


@command("settings.manage")
def expire_events(work: Work, *, before: datetime, limit: int = CHUNK) -> int:
    """Remove at most `limit` events from before that time that no job is about; returns how many."""
    return _remove(work, "events", EventRecord.objects.filter(at__lt=before, jobs=None), limit)


@command("settings.manage")
def expire_slots(work: Work, *, before: datetime, limit: int = CHUNK) -> int:
    """Remove at most `limit` days of the schedule from before that time; returns how many."""
    return _remove(work, "slots", Slot.objects.filter(day__lt=before.date()), limit)


@command("settings.manage")
def expire_sessions(work: Work, *, before: datetime, limit: int = CHUNK) -> int:
    """Remove at most `limit` sessions that ended before that time; returns how many."""
    return _remove(work, "sessions", SignIn.objects.filter(expire_date__lt=before), limit)


def _remove(work: Work, name: str, over: QuerySet[Any], limit: int) -> int:
    old = list(over.order_by("pk").values_list("pk", flat=True)[:limit])
    over.model._default_manager.filter(pk__in=old).delete()
    if old:
        work.record(name, {"expired": len(old)})
    else:
        work.nothing_changed()
    return len(old)

"""Asking for background work, in the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from guanxi.kernel.commands import Actor
from guanxi.kernel.jobs.models import Job


def enqueue(
    name: str,
    payload: dict[str, Any],
    *,
    key: str | None = None,
    run_at: datetime | None = None,
    asked_by: Actor | None = None,
    priority: Job.Priority = Job.Priority.NORMAL,
) -> Job:
    """Ask for the job `name` with `payload`, as JSON, not before `run_at`.

    While a job with the same `key` is ready or running it is returned instead of a new one; once it is over its key is
    free again. The job exists only if the caller's transaction commits. `asked_by` may watch and cancel it, and it
    speaks that user's language; due jobs of a smaller `priority` come first.
    """
    now = timezone.now()
    row = Job(
        name=name, payload=payload, key=key, created_at=now, run_at=run_at or now, priority=priority,
        asked_by=None if asked_by is None else asked_by.pk,
    )  # fmt: skip
    if key is None:
        row.save()
        return row
    while True:
        Job.objects.bulk_create([row], ignore_conflicts=True)
        kept = Job.objects.filter(key=key).first()
        if kept is not None:
            return kept

"""Asking for background work, in the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from guanxi.kernel.jobs.models import Job


def enqueue(name: str, payload: dict[str, Any], *, key: str | None = None, run_at: datetime | None = None) -> Job:
    """Ask for the job `name` with `payload`, as JSON, not before `run_at`.

    While a job with the same `key` is ready or running it is returned instead of a new one; once it is done or failed
    its key is free again. The job exists only if the caller's transaction commits.
    """
    now = timezone.now()
    row = Job(name=name, payload=payload, key=key, created_at=now, run_at=run_at or now)
    if key is None:
        row.save()
        return row
    while True:
        Job.objects.bulk_create([row], ignore_conflicts=True)
        kept = Job.objects.filter(key=key).first()
        if kept is not None:
            return kept

"""The kernel's own background work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.commands import expire_entries
from guanxi.kernel.jobs.retention import expire_events, expire_jobs, expire_sessions, expire_slots
from guanxi.kernel.jobs.schedule import scheduled


@scheduled("kernel.retention", at="03:30")
def tidy(_payload: dict[str, Any]) -> None:
    """Remove what is over for longer than `KEEP_DAYS`, in chunks, so that nobody waits for it."""
    now = timezone.now()
    finished = now - timedelta(days=settings.KEEP_DAYS["jobs"])
    for expire, before in (
        (expire_jobs, finished),
        (expire_events, finished),
        (expire_slots, finished),
        (expire_sessions, now),
        (expire_entries, now - timedelta(days=settings.KEEP_DAYS["audit"])),
    ):
        while expire(SYSTEM, before=before):
            pass

"""The end of the trail's oldest part."""

from __future__ import annotations

from datetime import datetime

from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.commands import Work, command

CHUNK = 5_000


@command("settings.manage")
def expire_entries(work: Work, *, before: datetime, limit: int = CHUNK) -> int:
    """Remove at most `limit` entries from before that time; returns how many. What was removed is itself told."""
    removed = AuditEntry.objects.expire(before, limit)
    if removed:
        work.record("audit", {"expired": removed, "before": before.isoformat()})
    else:
        work.nothing_changed()
    return removed

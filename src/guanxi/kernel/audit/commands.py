"""The end of the trail's oldest part; and that somebody took a part of it away in a file."""

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


@command("settings.manage")
def note_export(work: Work, *, told: dict[str, str]) -> None:
    """Keep that the actor exports the trail; `told` says which part."""
    work.record("audit", {"exported": told})

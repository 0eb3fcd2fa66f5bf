"""Reading the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from guanxi.kernel.access.models import User
from guanxi.kernel.audit.models import AuditEntry


@dataclass(frozen=True)
class HistoryLine:
    """One change: `actor` is the user's name, empty for the system; `changes` maps a field to [before, after]."""

    id: int
    at: datetime
    actor_id: int | None
    actor: str
    command: str
    changes: dict[str, Any]


def history_of(target: models.Model | str, limit: int = 100) -> list[HistoryLine]:
    """The latest changes of a row, or of what was recorded under a name, newest first."""
    kind, key = (target._meta.label, str(target.pk)) if isinstance(target, models.Model) else ("", target)
    rows = list(AuditEntry.objects.filter(target_kind=kind, target_key=key).order_by("-id")[:limit])
    actors = {row.actor_id for row in rows if row.actor_id is not None}
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=actors)}
    return [
        HistoryLine(
            row.pk, row.at, row.actor_id, names.get(row.actor_id, "") if row.actor_id else "", row.command, row.changes
        )
        for row in rows
    ]

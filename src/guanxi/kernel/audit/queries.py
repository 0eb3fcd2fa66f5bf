"""Reading the audit trail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import models
from django.utils import timezone

from guanxi.kernel.access.models import User
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.audit.telling import TrailLine, tell_entries
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied

PERMISSION: Final = "settings.manage"
PAGE_SIZE: Final = 50
EXPORT_LIMIT: Final = 100_000  # lines of one file
CHUNK: Final = 1_000


@dataclass(frozen=True)
class HistoryLine:
    """One change: `actor` is the user's name, empty for the system; `changes` maps a field to [before, after]."""

    id: int
    at: datetime
    actor_id: int | None
    actor: str
    command: str
    changes: dict[str, Any]


@dataclass(frozen=True)
class TrailFilters:
    """Which part of the trail: `who` is "people", "system", "all" or a user's number; days; one command."""

    who: str = "people"
    since: date | None = None
    until: date | None = None
    command: str = ""


@dataclass(frozen=True)
class TrailPage:
    """Some lines, newest first; `next_before` is where older ones begin, None where there are none."""

    lines: list[TrailLine]
    next_before: int | None


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


def read_history(kind: str, keys: Sequence[str], *, before: int | None = None, size: int = PAGE_SIZE) -> TrailPage:
    """What was done to rows of one kind, newest first. Who may see it is for the caller to decide."""
    return _page(AuditEntry.objects.filter(target_kind=kind, target_key__in=keys), before, size)


def list_trail(actor: Actor, filters: TrailFilters, *, before: int | None = None, size: int = PAGE_SIZE) -> TrailPage:
    """What was done by whom, newest first.

    Raises
    ------
    PermissionDenied
        The actor does not manage settings.
    """
    if not actor.may(PERMISSION):
        raise PermissionDenied(permission=PERMISSION)
    return _page(_filtered(filters), before, size)


def iterate_trail(actor: Actor, filters: TrailFilters) -> Iterator[TrailLine]:
    """The same line by line, at most `EXPORT_LIMIT` of them; `commands.note_export` keeps who took them away."""
    before: int | None = None
    for _ in range(EXPORT_LIMIT // CHUNK):
        page = list_trail(actor, filters, before=before, size=CHUNK)
        yield from page.lines
        before = page.next_before
        if before is None:
            return


def _page(entries: models.QuerySet[AuditEntry], before: int | None, size: int) -> TrailPage:
    if before is not None:
        entries = entries.filter(pk__lt=before)
    rows = list(entries.order_by("-id")[: size + 1])
    return TrailPage(tell_entries(rows[:size]), rows[size - 1].pk if len(rows) > size else None)


def _filtered(filters: TrailFilters) -> models.QuerySet[AuditEntry]:
    entries: models.QuerySet[AuditEntry] = AuditEntry.objects.all()
    if filters.who.isdecimal():
        entries = entries.filter(actor_id=int(filters.who))
    elif filters.who != "all":
        entries = entries.filter(actor_id__isnull=filters.who == "system")
    if filters.since is not None:
        entries = entries.filter(at__gte=_midnight(filters.since))
    if filters.until is not None:
        entries = entries.filter(at__lt=_midnight(filters.until + timedelta(days=1)))
    if filters.command:
        entries = entries.filter(command=filters.command)
    return entries


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))

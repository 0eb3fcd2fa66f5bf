"""What bulk actions did to one row, for its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext

from guanxi.kernel.access.models import User
from guanxi.kernel.batches.errors import ActionUnknown
from guanxi.kernel.batches.models import BatchChunk
from guanxi.kernel.batches.registry import get_action


@dataclass(frozen=True)
class RowChange:
    """One bulk action that changed the row: when, who asked for it (empty for the system), and what was done."""

    at: datetime
    by: str
    sentence: str


def list_changes_of_row(
    subject: str, row_id: int, *, since: datetime | None = None, until: datetime | None = None
) -> list[RowChange]:
    """The bulk actions that changed a row between two times, newest first. Who may see them is for the caller."""
    wanted = Q(batch__subject=subject, first_id__lte=row_id, last_id__gte=row_id, before__has_key=str(row_id))
    if since is not None:
        wanted &= Q(done_at__gte=since)
    if until is not None:
        wanted &= Q(done_at__lt=until)
    chunks = BatchChunk.objects.filter(wanted, done_at__isnull=False).select_related("batch").defer("ids", "before")
    found = list(chunks.order_by("-done_at", "-pk"))
    people = User.objects.in_bulk({chunk.batch.asked_by for chunk in found if chunk.batch.asked_by is not None})
    return [
        RowChange(chunk.done_at, str(people.get(chunk.batch.asked_by or 0, "")), _sentence(chunk))
        for chunk in found
        if chunk.done_at is not None
    ]


def _sentence(chunk: BatchChunk) -> str:
    batch = chunk.batch
    try:
        said = get_action(batch.kind).sentence(batch.options, batch.total)
    except ActionUnknown:
        said = batch.kind
    return gettext("Took back: %(what)s") % {"what": said} if batch.undoes_id else said

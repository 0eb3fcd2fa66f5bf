"""What changed in the columns of the deliveries: by feed, and in one data update."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from guanxi.intelligence.models import Delivery
from guanxi.intelligence.sources.drift import Drift
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied


@dataclass(frozen=True)
class ColumnChange:
    """A delivery whose columns differ from those of the one before it."""

    source: str
    feed: str
    file: str
    run_id: int
    since: datetime
    drift: Drift


@dataclass
class FeedColumns:
    """The columns of a feed: those of its latest file, and every change so far, oldest first."""

    source: str
    feed: str
    file: str = ""
    columns: Sequence[str] = ()
    drift: Drift = field(default_factory=Drift)
    changes: list[ColumnChange] = field(default_factory=list)


def list_columns(actor: Actor, source: str | None = None) -> list[FeedColumns]:
    """Every feed whose files name their columns, or those of one source; needs `updates.view`."""
    if not actor.may("updates.view"):
        raise PermissionDenied(permission="updates.view")
    rows = Delivery.objects.exclude(columns=[]).defer("files")
    if source is not None:
        rows = rows.filter(source=source)
    found: dict[tuple[str, str], FeedColumns] = {}
    for row in rows.order_by("source", "feed", "run_id", "name", "pk").iterator():
        feed = found.setdefault((row.source, row.feed), FeedColumns(row.source, row.feed))
        feed.file, feed.columns, feed.drift = row.name, row.columns, Drift.from_json(row.drift)
        if change := change_of(row):
            feed.changes.append(change)
    return list(found.values())


def columns_before(source: str, feed: str) -> list[tuple[str, Sequence[str]]]:
    """The files that a feed delivered, with the columns they name, in the order in which they came."""
    rows = Delivery.objects.filter(source=source, feed=feed).exclude(columns=[]).order_by("run_id", "name", "pk")
    return list(rows.values_list("name", "columns"))


def change_of(row: Delivery) -> ColumnChange | None:
    """What is to be told of a delivery, if its columns changed."""
    drift = Drift.from_json(row.drift)
    if not drift.is_change:
        return None
    return ColumnChange(row.source, row.feed, row.name, row.run_id, row.landed_at, drift)

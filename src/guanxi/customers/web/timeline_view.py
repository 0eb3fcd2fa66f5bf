"""What the timeline's template shows: days, under each what happened, little things folded; filters; the way back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext

from guanxi.customers.queries.timeline import load_pinned
from guanxi.kernel.commands import Actor
from guanxi.kernel.timeline import Entry, Shown, Text, Timeline, read_timeline
from guanxi.kernel.ui import formats

SLOT: Final = "customer"
STRETCH: Final = 30


@dataclass(frozen=True)
class Chip:
    """A filter of the timeline: pressing it shows these entries alone, or all again."""

    title: Text
    icon: str
    url: str
    is_on: bool


@dataclass(frozen=True)
class Fold:
    """Entries of quiet sources that follow one another, shown as one line that opens."""

    title: str
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Day:
    """A day and what happened on it; a day that goes on from the stretch before bears no heading."""

    day: date
    title: str
    items: Sequence[Entry | Fold]


@dataclass(frozen=True)
class TimelineView:
    """One stretch of a customer's timeline."""

    days: Sequence[Day]
    chips: Sequence[Chip] = field(default_factory=list)
    pinned: Entry | None = None
    silent: Sequence[Text] = field(default_factory=list)
    more_url: str = ""
    is_filtered: bool = False


def timeline_view(
    reader: Actor, ids: Sequence[int], *, today: date, only: Collection[str] = (), cursor: str = ""
) -> TimelineView:
    """The stretch behind `cursor`; the first one with its filters and what is pinned on top.

    Raises
    ------
    CursorUnreadable
        `cursor` is none.
    """
    timeline = read_timeline(SLOT, reader, ids, only=only, cursor=cursor, limit=STRETCH)
    before = _local_day(datetime.fromisoformat(cursor.partition("~")[0])) if cursor else None
    return TimelineView(
        days=list(_days(timeline.shown, today, before)),
        chips=[] if cursor else list(_chips(timeline, ids[0], only)),
        pinned=None if cursor or only else load_pinned(reader, ids),
        silent=[source.title for source in timeline.silent],
        more_url=_more_url(ids[0], only, timeline.next_cursor),
        is_filtered=bool(only),
    )


def _days(shown: Sequence[Shown], today: date, before: date | None) -> Iterator[Day]:
    for day, of_day in groupby(shown, key=lambda one: _local_day(one.entry.at)):
        title = "" if day == before else _day_title(day, today)
        yield Day(day, title, list(_folded(list(of_day))))


def _folded(shown: Sequence[Shown]) -> Iterator[Entry | Fold]:
    for is_quiet, following in groupby(shown, key=lambda one: one.source.is_quiet):
        entries = [one.entry for one in following]
        if is_quiet and len(entries) > 1:
            yield Fold(gettext("%(count)s changes") % {"count": formats.number(len(entries))}, entries)
        else:
            yield from entries


def _chips(timeline: Timeline, customer_id: int, only: Collection[str]) -> Iterator[Chip]:
    page = reverse("customer", args=[customer_id])
    yield Chip(gettext("All"), "list", page, is_on=not only)
    for source in timeline.sources:
        yield Chip(source.title, source.icon, f"{page}?{urlencode({'only': source.key})}", is_on=source.key in only)


def _more_url(customer_id: int, only: Collection[str], cursor: str) -> str:
    if not cursor:
        return ""
    asked: dict[str, Any] = {"only": sorted(only), "cursor": cursor}
    return f"{reverse('customer-timeline', args=[customer_id])}?{urlencode(asked, doseq=True)}"


def _day_title(day: date, today: date) -> str:
    told = formats.ago(day, today)
    return told if told == formats.day(day) else f"{told} · {formats.day(day)}"


def _local_day(at: datetime) -> date:
    return timezone.localtime(at).date()

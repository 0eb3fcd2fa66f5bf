"""What the timeline's template shows: days, under each what happened, little things folded; filters; the way back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext

from guanxi.kernel.commands import Actor
from guanxi.kernel.timeline import Entry, Shown, Text, Timeline, read_timeline
from guanxi.kernel.ui import formats

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
    """One stretch of a record's timeline, as `ui/_timeline.html` draws it."""

    days: Sequence[Day]
    chips: Sequence[Chip] = field(default_factory=list)
    pinned: Entry | None = None
    silent: Sequence[Text] = field(default_factory=list)
    more_url: str = ""
    is_filtered: bool = False


def timeline_view(
    slot: str,
    reader: Actor,
    ids: Sequence[int],
    *,
    today: date,
    page_url: str,
    more_url: str,
    pinned: Callable[[], Entry | None] = lambda: None,
    only: Collection[str] = (),
    cursor: str = "",
) -> TimelineView:
    """The stretch behind `cursor`; the first one with its filters and what is pinned on top.

    `page_url` is the page of the record, `more_url` answers with the next stretch; both take `only` and the latter
    `cursor`. The caller has made sure that `reader` may see the record.

    Raises
    ------
    CursorUnreadable
        `cursor` is none.
    """
    timeline = read_timeline(slot, reader, ids, only=only, cursor=cursor, limit=STRETCH)
    before = _local_day(datetime.fromisoformat(cursor.partition("~")[0])) if cursor else None
    return TimelineView(
        days=list(days_of(timeline.shown, today, before)),
        chips=[] if cursor else list(_chips(timeline, page_url, only)),
        pinned=None if cursor or only else pinned(),
        silent=[source.title for source in timeline.silent],
        more_url=_more_url(more_url, only, timeline.next_cursor),
        is_filtered=bool(only),
    )


def days_of(shown: Sequence[Shown], today: date, before: date | None = None) -> Iterator[Day]:
    """Entries, newest first, under the days they are of; `before` is the day the stretch above ended with."""
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


def _chips(timeline: Timeline, page_url: str, only: Collection[str]) -> Iterator[Chip]:
    yield Chip(gettext("All"), "list", page_url, is_on=not only)
    for source in timeline.sources:
        yield Chip(source.title, source.icon, f"{page_url}?{urlencode({'only': source.key})}", is_on=source.key in only)


def _more_url(url: str, only: Collection[str], cursor: str) -> str:
    if not cursor:
        return ""
    asked: dict[str, Any] = {"only": sorted(only), "cursor": cursor}
    return f"{url}?{urlencode(asked, doseq=True)}"


def _day_title(day: date, today: date) -> str:
    told = formats.ago(day, today)
    return told if told == formats.day(day) else f"{told} · {formats.day(day)}"


def _local_day(at: datetime) -> date:
    return timezone.localtime(at).date()

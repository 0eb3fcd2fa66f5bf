"""One timeline of a record out of many sources: an app adds a source, the engine merges them, newest first.

A source answers for its own rows only: "the latest `limit` before this mark". The engine asks each one once, whatever
the length of the timeline, and pages by a key that no two entries share: moment, source, id.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import GuanxiError

Text = str | Promise
LAST: Final = 2**63 - 1  # no row has a larger id


class CursorUnreadable(GuanxiError):
    """The address asks for a place on a timeline that is none."""

    code = "timeline_cursor_unreadable"
    sentence = _("This place on the timeline cannot be read.")
    cure = _("Begin at the top of the timeline.")


class SourceSilent(GuanxiError):
    """A source of a timeline does not answer just now; raised by the source."""

    code = "timeline_source_silent"
    sentence = _("It cannot be read just now.")
    cure = _("Load the page again in a while.")
    is_passing = True


@dataclass(frozen=True)
class Mark:
    """A place on the timeline: entries behind it are older, or as old with a smaller id."""

    at: datetime
    id: int = LAST

    def behind(self, at: str, key: str = "id") -> Q:
        """Rows behind this mark, whose moment and id stand in the columns `at` and `key`."""
        return Q(**{f"{at}__lt": self.at}) | Q(**{at: self.at, f"{key}__lt": self.id})

    def is_ahead_of(self, entry: Entry) -> bool:
        """Whether an entry is behind this mark, for sources that are no table."""
        return (entry.at, entry.id) < (self.at, self.id)


@dataclass(frozen=True)
class Note:
    """A word beside an entry, with its icon and tone."""

    text: Text
    icon: str = ""
    tone: str = "neutral"


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `id` is unique and rising within the source; `template` draws `facts` in its own way."""

    at: datetime
    id: int
    title: Text
    icon: str
    who: str = ""
    text: Text = ""
    url: str = ""
    notes: Sequence[Note] = ()
    is_whole_day: bool = False  # the source knows the day only
    template: str = ""
    facts: Any = None


Load = Callable[[Actor, Sequence[int], "Mark | None", int], Sequence[Entry]]


@dataclass(frozen=True)
class Source:
    """Something that happens to records, of one app.

    `load(actor, ids, before, limit)` gives the latest entries of the records `ids` (the living one first, then those
    merged into it) behind the mark, newest first. The entries of a quiet source are folded where several follow.
    """

    key: str
    title: Text
    icon: str
    permission: str
    load: Load
    order: int = 50
    is_quiet: bool = False


@dataclass(frozen=True)
class Shown:
    """An entry and the source it is of."""

    source: Source
    entry: Entry


@dataclass(frozen=True)
class Timeline:
    """One stretch of a timeline: `sources` are all that the reader may see, `silent` those that did not answer."""

    shown: Sequence[Shown]
    sources: Sequence[Source]
    silent: Sequence[Source] = field(default_factory=list)
    next_cursor: str = ""


_sources: dict[str, dict[str, Source]] = {}


def add_source(slot: str, source: Source) -> None:
    """Let `source` speak on the timelines of `slot` ("customer"); the same key replaces."""
    _sources.setdefault(slot, {})[source.key] = source


def sources_for(slot: str, actor: Actor) -> list[Source]:
    """The sources of `slot` that `actor` may see, in order."""
    found = (source for source in _sources.get(slot, {}).values() if actor.may(source.permission))
    return sorted(found, key=_rank)


def read_timeline(
    slot: str, actor: Actor, ids: Sequence[int], *, only: Collection[str] = (), cursor: str = "", limit: int = 30
) -> Timeline:
    """The latest entries behind `cursor`, newest first, of the sources `only` (all, where none are named).

    The caller has made sure that `actor` may see the record.

    Raises
    ------
    CursorUnreadable
        `cursor` is no `next_cursor` of a timeline.
    """
    allowed = sources_for(slot, actor)
    asked = [source for source in allowed if not only or source.key in only]
    marks = _marks(cursor, asked)
    silent: list[Source] = []
    streams: list[Iterable[Shown]] = []
    for source in asked:
        try:
            found = source.load(actor, ids, marks.get(source.key), limit + 1)
        except SourceSilent:
            silent.append(source)
        else:
            streams.append([Shown(source, entry) for entry in found])
    merged = list(islice(heapq.merge(*streams, key=_place), limit + 1))
    shown = merged[:limit]
    return Timeline(shown, allowed, silent, _cursor(shown[-1]) if len(merged) > limit else "")


def _rank(source: Source) -> tuple[int, str]:
    return source.order, source.key


def _place(shown: Shown) -> tuple[float, tuple[int, str], int]:
    return -shown.entry.at.timestamp(), _rank(shown.source), -shown.entry.id


def _cursor(last: Shown) -> str:
    return f"{last.entry.at.isoformat()}~{last.source.key}~{last.entry.id}"


def _marks(cursor: str, sources: Sequence[Source]) -> dict[str, Mark]:
    """Where each source goes on: at the cursor's moment, those before its source are through, those behind are not."""
    if not cursor:
        return {}
    try:
        moment, key, number = cursor.split("~")
        at, last = datetime.fromisoformat(moment), int(number)
        if at.tzinfo is None or not -LAST <= last <= LAST:
            raise CursorUnreadable(place="cursor")
    except ValueError:
        raise CursorUnreadable(place="cursor") from None
    here = next((_rank(source) for source in sources if source.key == key), None)
    if here is None:
        raise CursorUnreadable(place="cursor")
    return {
        source.key: Mark(at, last if source.key == key else -LAST if _rank(source) < here else LAST)
        for source in sources
    }

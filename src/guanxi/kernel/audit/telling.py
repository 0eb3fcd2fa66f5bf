"""Entries of the trail as lines to read: names instead of numbers, words instead of codes."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, pgettext

from guanxi.kernel.access.models import User
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.audit.words import Fact, Names, fact_of, in_order, rows_of, title_of
from guanxi.kernel.ui.formats import listed

LONGEST: Final = 200
NOT_TOLD: Final = "changed"  # what the trail keeps of a personal field, before and after


@dataclass(frozen=True)
class Change:
    """One field of a line: from `before` to `after`; or only `told`, what can be said of it in one."""

    label: str
    before: str = ""
    after: str = ""
    told: str = ""

    def __str__(self) -> str:
        if self.told:
            return f"{self.label}: {self.told}" if self.label else self.told
        return f"{self.label}: {self.before} → {self.after}"


@dataclass(frozen=True)
class TrailLine:
    """Who did what, when, to what; `actor` is empty for the system."""

    id: int
    at: datetime
    actor: str
    title: str
    about: str
    url: str
    changes: Sequence[Change]


def tell_entries(entries: Sequence[AuditEntry]) -> list[TrailLine]:
    """The entries in the reader's language, in the same order; each kind of name is read once for all of them."""
    actors = User.objects.in_bulk({entry.actor_id for entry in entries if entry.actor_id is not None})
    names = _names_for(entries)
    return [
        TrailLine(
            id=entry.pk, at=entry.at,
            actor=str(actors.get(entry.actor_id) or gettext("a user who is gone")) if entry.actor_id else "",
            title=title_of(entry.command), about=_about(entry, names), url=_url(entry),
            changes=list(_changes(entry, names)),
        )
        for entry in entries
    ]  # fmt: skip


Known = Mapping[Names, Mapping[Any, Any]]


def _names_for(entries: Iterable[AuditEntry]) -> Known:
    wanted: defaultdict[Names, set[Any]] = defaultdict(set)
    for entry in entries:
        rows = rows_of(entry.target_kind)
        if rows.names is not None and entry.target_key.isdecimal():
            wanted[rows.names].add(int(entry.target_key))
        for name, value in entry.changes.items():
            fact = fact_of(entry.target_kind, name)
            if fact.names is not None:
                wanted[fact.names] |= set(_atoms(value))
    return {names: names(values) for names, values in wanted.items()}


def _atoms(value: Any) -> Iterable[Any]:
    if isinstance(value, list):
        for inner in value:
            yield from _atoms(inner)
    elif isinstance(value, str | int | float | bool):
        yield value


def _about(entry: AuditEntry, names: Known) -> str:
    rows = rows_of(entry.target_kind)
    if not entry.target_kind:
        return entry.target_key
    name = names[rows.names].get(int(entry.target_key)) if rows.names and entry.target_key.isdecimal() else None
    return f"{rows.noun} {name or entry.target_key}"


def _url(entry: AuditEntry) -> str:
    rows = rows_of(entry.target_kind)
    if not rows.url_name or not entry.target_key.isdecimal():
        return ""
    try:
        return reverse(rows.url_name, args=[entry.target_key])
    except NoReverseMatch:
        return ""


def _changes(entry: AuditEntry, names: Known) -> Iterable[Change]:
    for name in in_order(entry.target_kind, entry.changes):
        fact, value = fact_of(entry.target_kind, name), entry.changes[name]
        label = str(fact.label)
        if fact.is_thing:
            yield Change(label, told=_told_thing(value))
        elif isinstance(value, list) and len(value) == 2:
            if value == [NOT_TOLD, NOT_TOLD]:
                yield Change(label, told=gettext("changed"))
            else:
                yield Change(label, _words(fact, value[0], names), _words(fact, value[1], names))
        elif value is True:
            yield Change("", told=label)
        else:
            yield Change(label, told=_words(fact, value, names))


def _told_thing(value: Any) -> str:
    if not isinstance(value, list) or len(value) != 2:
        return gettext("changed")
    return gettext("added") if value[0] is None else gettext("removed")


def _words(fact: Fact, value: Any, names: Known) -> str:
    if isinstance(value, list):
        return listed(_words(fact, inner, names) for inner in value) or "—"
    if value is None or value == "":
        return "—"
    known = names[fact.names].get(value) if fact.names is not None else None
    if known is not None:
        return str(known)
    if isinstance(value, bool):
        return pgettext("answer", "yes") if value else pgettext("answer", "no")
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"

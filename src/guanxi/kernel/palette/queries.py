"""What the palette shows for what was typed, where the reader is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext

from guanxi.kernel.commands import Actor
from guanxi.kernel.palette.registry import Hit, actions_for, creations_for, finders_for
from guanxi.kernel.ui.registry import Text, allowed, menu_for

LONGEST = 200
HITS = 8


@dataclass(frozen=True)
class Section:
    """Lines under one heading."""

    title: Text
    hits: Sequence[Hit]


def find_records(actor: Actor, text: str) -> list[Section]:
    """Records that match what was typed, by source; nothing where nothing was typed."""
    text = text.strip()[:LONGEST]
    if not text:
        return []
    found = ((finder.title, finder.find(actor, text, HITS)) for finder in finders_for(actor))
    return [Section(title, hits) for title, hits in found if hits]


def find_commands(actor: Actor, text: str, at: str) -> list[Section]:
    """What can be done with the record at the address `at`, what can be made, where one can go.

    What was typed narrows them by their words; nothing typed shows all.
    """
    text = text.strip()[:LONGEST]
    sections = (
        Section(gettext("With this record"), _matching(text, _on_record(actor, at))),
        Section(gettext("Create"), _matching(text, _creations(actor))),
        Section(gettext("Go to"), _matching(text, _pages(actor))),
    )
    return [section for section in sections if section.hits]


def _matching(text: str, hits: Iterable[Hit]) -> list[Hit]:
    words = text.casefold().split()
    return [hit for hit in hits if all(word in str(hit.title).casefold() for word in words)]


def _on_record(actor: Actor, at: str) -> Iterator[Hit]:
    try:
        place = resolve(at)
    except Resolver404:
        return
    for action in actions_for(place.url_name or "", actor):
        url = reverse(action.url_name, kwargs=place.kwargs) + (f"#{action.anchor}" if action.anchor else "")
        yield Hit(action.label, url, icon=action.icon)


def _creations(actor: Actor) -> Iterator[Hit]:
    for creation in creations_for(actor):
        yield Hit(creation.label, reverse(creation.url_name), icon=creation.icon)


def _pages(actor: Actor) -> Iterator[Hit]:
    for entry in menu_for(actor):
        children = allowed(entry.children, actor)
        if not children:
            yield Hit(entry.title, reverse(entry.url_name), icon=entry.icon)
        for child in children:
            yield Hit(child.title, reverse(child.url_name), note=entry.title, icon=entry.icon)

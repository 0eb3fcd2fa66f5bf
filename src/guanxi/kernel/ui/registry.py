"""What the apps put into the frame: menu entries, panels on a record page, first-run doors.

An app plugs itself in from its `panels.py`; the kernel keeps the lists and never names an app.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from guanxi.kernel.commands import Actor

Text = str | Promise
Load = Callable[[Actor, int], Mapping[str, Any] | None]


@dataclass(frozen=True)
class MenuEntry:
    """One line of the menu, shown to those who hold `permission`.

    `home` ranks the entry as a home page: the smallest a user may open is where he lands.
    """

    key: str
    title: Text
    url_name: str
    permission: str
    icon: str = ""
    order: int = 50
    home: int | None = None
    children: tuple[MenuEntry, ...] = ()
    jump: str = ""  # the letter that leads here after "g"


@dataclass(frozen=True)
class Panel:
    """A part of a record page that another app fills; `load` says nothing with `None`."""

    key: str
    title: Text
    template: str
    load: Load
    permission: str
    order: int = 50


@dataclass(frozen=True)
class Door:
    """A way into an empty home: a page (`url_name`) or a job that prepares one (`job`)."""

    key: str
    title: Text
    text: Text
    icon: str
    order: int
    url_name: str = ""
    job: str = ""


@dataclass(frozen=True)
class Strip:
    """A part above the content of every page; its template is filled with what `load` says."""

    key: str
    template: str
    load: Callable[[Actor], Mapping[str, Any]]


@dataclass(frozen=True)
class SettingsPage:
    """A page of settings, offered on the page *Settings* to those who hold `permission`."""

    key: str
    title: Text
    text: Text
    url_name: str
    icon: str
    permission: str = "settings.manage"
    order: int = 50


@dataclass(frozen=True)
class SearchBox:
    """The page that answers the search box of the top bar (GET, parameter `q`)."""

    url_name: str
    placeholder: Text
    permission: str


class UnknownSlot(LookupError):
    """No panel of that key in that slot."""


_entries: dict[str, MenuEntry] = {}
_panels: dict[str, dict[str, Panel]] = {}
_doors: dict[str, Door] = {}
_search: list[SearchBox] = []
_strips: dict[str, Strip] = {}
_settings: dict[str, SettingsPage] = {}


def add_menu_entry(entry: MenuEntry) -> None:
    """Put `entry` into the menu; the same key replaces, so loading twice is safe."""
    _entries[entry.key] = entry


def add_panel(slot: str, panel: Panel) -> None:
    """Put `panel` into `slot` ("customer", "settings", or "leaver": what a user who leaves hands over)."""
    _panels.setdefault(slot, {})[panel.key] = panel


def add_door(door: Door) -> None:
    """Put `door` on the first-run page."""
    _doors[door.key] = door


def add_strip(strip: Strip) -> None:
    """Put `strip` above the content of every page."""
    _strips[strip.key] = strip


def strips() -> list[Strip]:
    """The strips, in order."""
    return sorted(_strips.values(), key=lambda strip: strip.key)


def add_settings_page(page: SettingsPage) -> None:
    """Offer `page` among the settings."""
    _settings[page.key] = page


def settings_pages_for(actor: Actor) -> list[SettingsPage]:
    """The pages of settings `actor` may open, in order."""
    pages = (page for page in _settings.values() if actor.may(page.permission))
    return sorted(pages, key=lambda page: (page.order, page.key))


def set_search_box(box: SearchBox) -> None:
    """Say which page answers the search box."""
    _search[:] = [box]


def allowed(entries: Iterable[MenuEntry], actor: Actor) -> tuple[MenuEntry, ...]:
    """Those of `entries` that `actor` may open, in their order."""
    return tuple(entry for entry in entries if actor.may(entry.permission))


def menu_for(actor: Actor) -> list[MenuEntry]:
    """The entries `actor` may open, in order."""
    return sorted(allowed(_entries.values(), actor), key=lambda entry: (entry.order, entry.key))


def panels_for(slot: str, actor: Actor) -> list[Panel]:
    """The panels of `slot` that `actor` may see, in order."""
    panels = _panels.get(slot, {}).values()
    return sorted((p for p in panels if actor.may(p.permission)), key=lambda p: (p.order, p.key))


def get_panel(slot: str, key: str, actor: Actor) -> Panel:
    """The panel, if it exists and `actor` may see it.

    Raises
    ------
    UnknownSlot
        There is none, or not for this actor.
    """
    for panel in panels_for(slot, actor):
        if panel.key == key:
            return panel
    raise UnknownSlot(f"{slot}/{key}")


def doors() -> list[Door]:
    """The first-run doors, in order."""
    return sorted(_doors.values(), key=lambda door: (door.order, door.key))


def find_door(key: str) -> Door | None:
    """The door of that key, or none."""
    return _doors.get(key)


def search_box_for(actor: Actor) -> SearchBox | None:
    """The search box, if there is one that `actor` may use."""
    return next((box for box in _search if actor.may(box.permission)), None)


def home_entry_for(actor: Actor) -> MenuEntry | None:
    """Where `actor` lands after log-in: his menu entry with the smallest `home`."""

    def ranked() -> Iterator[tuple[int, str, MenuEntry]]:
        for entry in menu_for(actor):
            if entry.home is not None:
                yield entry.home, entry.key, entry

    return min(ranked(), default=(0, "", None))[2]

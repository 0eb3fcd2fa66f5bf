"""What can be found and done from anywhere: apps put it there from their `panels.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from guanxi.kernel.commands import Actor
from guanxi.kernel.ui.registry import Text


@dataclass(frozen=True)
class Hit:
    """One line of the palette: it opens `url`."""

    title: Text
    url: str
    note: Text = ""
    icon: str = ""


@dataclass(frozen=True)
class Finder:
    """Records that are found by what is typed; `find` gives at most `limit` that the actor may see, best first."""

    key: str
    title: Text
    permission: str
    find: Callable[[Actor, str, int], Sequence[Hit]]
    order: int = 50


@dataclass(frozen=True)
class Creation:
    """Something that can be made: a page with a form."""

    key: str
    label: Text
    icon: str
    permission: str
    url_name: str
    order: int = 50


@dataclass(frozen=True)
class RecordAction:
    """Something that can be done with the record whose page is open: `page` is that page's address name.

    `url_name` is reversed with the page's own arguments; `anchor` leads to a place on the page itself.
    """

    page: str
    key: str
    label: Text
    icon: str
    permission: str
    url_name: str
    anchor: str = ""
    order: int = 50


_finders: dict[str, Finder] = {}
_creations: dict[str, Creation] = {}
_actions: dict[tuple[str, str], RecordAction] = {}


def add_finder(finder: Finder) -> None:
    """Let records of an app be found; the same key replaces, so loading twice is safe."""
    _finders[finder.key] = finder


def add_creation(creation: Creation) -> None:
    """Let something be made from anywhere."""
    _creations[creation.key] = creation


def add_record_action(action: RecordAction) -> None:
    """Let something be done with an open record."""
    _actions[action.page, action.key] = action


def finders_for(actor: Actor) -> list[Finder]:
    """The finders `actor` may search, in order."""
    held = (finder for finder in _finders.values() if actor.may(finder.permission))
    return sorted(held, key=lambda finder: (finder.order, finder.key))


def creations_for(actor: Actor) -> list[Creation]:
    """What `actor` may make, in order."""
    held = (creation for creation in _creations.values() if actor.may(creation.permission))
    return sorted(held, key=lambda creation: (creation.order, creation.key))


def actions_for(page: str, actor: Actor) -> list[RecordAction]:
    """What `actor` may do with a record on that page, in order."""
    held = (action for (at, _), action in _actions.items() if at == page and actor.may(action.permission))
    return sorted(held, key=lambda action: (action.order, action.key))

"""The trail in words. An app says in its `trail_words.py` what its commands, facts and rows are called.

    describe_commands({"customers.commands.edit.edit_customer": _("Changed the customer")})
    describe_rows("customers.Customer", _("customer"), url_name="customer")
    describe_facts("customers.Customer", {"owner_id": Fact(_("Owner"), names=names_of_users)})

What nobody described is told by its own name, so that no line of the trail is ever missing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise

Text = str | Promise
Names = Callable[[Collection[Any]], Mapping[Any, Text]]


@dataclass(frozen=True)
class Fact:
    """One field or fact of an entry.

    Attributes
    ----------
    names
        Words for its values; a value without words speaks for itself.
    is_thing
        Its value is the number of something attached: told is only that it was added, changed or removed.
    """

    label: Text
    names: Names | None = None
    is_thing: bool = False


@dataclass(frozen=True)
class Rows:
    """Rows of one kind: what one is called, the page that shows it, and its name where the trail may tell it."""

    noun: Text
    url_name: str = ""
    names: Names | None = None


_commands: Final[dict[str, Text]] = {}
_rows: Final[dict[str, Rows]] = {}
_facts: Final[dict[str, dict[str, Fact]]] = {}


def describe_commands(titles: Mapping[str, Text]) -> None:
    """Say what commands do, each in the past tense and without its object's name: "Changed the customer"."""
    _commands.update(titles)


def describe_rows(kind: str, noun: Text, *, url_name: str = "", names: Names | None = None) -> None:
    """Say what a row of `kind` ("app.Model", or "" for what has only a name) is called."""
    _rows[kind] = Rows(noun, url_name, names)


def describe_facts(kind: str, facts: Mapping[str, Fact]) -> None:
    """Say what the facts of entries about `kind` are called; of "" for what has only a name."""
    _facts.setdefault(kind, {}).update(facts)


def words_of(words: Mapping[Any, Any]) -> Names:
    """Names from a dictionary of words: a text, or something with a `label`."""
    return lambda values: {value: getattr(words[value], "label", words[value]) for value in values if value in words}


def title_of(command: str) -> str:
    """What a command did."""
    return str(_commands.get(command) or command.rpartition(".")[2].replace("_", " ").capitalize())


def commands_by_title() -> list[tuple[str, str]]:
    """Every described command with its title, in the order of the titles."""
    return sorted(((name, str(title)) for name, title in _commands.items()), key=lambda pair: (pair[1], pair[0]))


def is_described(command: str) -> bool:
    """Whether an app said what the command does."""
    return command in _commands


def rows_of(kind: str) -> Rows:
    """How rows of that kind are called."""
    return _rows.get(kind) or Rows(kind.rpartition(".")[2])


def in_order(kind: str, names: Iterable[str]) -> list[str]:
    """Facts as they were described, then the others by name: a database may keep them in any order."""
    known = list(_facts.get(kind, {}))
    return sorted(names, key=lambda name: (known.index(name) if name in known else len(known), name))


def fact_of(kind: str, name: str) -> Fact:
    """How a fact of entries about that kind is told."""
    return _facts.get(kind, {}).get(name) or Fact(name.removesuffix("_id").replace("_", " ").capitalize())

"""What a list is narrowed to: conditions joined by "and" and "or", and how they are written in an address.

    tier:is:vip                              one condition: field, operator, value
    tier:in:vip;major                        several values
    stage:empty                              an operator that needs none
    tier:is:vip,last:within:90d              both
    (tier:is:vip|owner:is:me),stage:is:stable    groups stand in brackets; a list holds one kind of joiner

The signs , | ( ) ; : ~ inside a value are written with ~ before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from guanxi.kernel.lists.errors import FilterUnreadable

Join = Literal["and", "or"]
SIGNS: Final[dict[Join, str]] = {"and": ",", "or": "|"}
DEEPEST: Final = 3  # groups in groups that anybody can still read
MOST: Final = 40  # conditions
LONGEST: Final = 4_000

_SPECIAL: Final = re.compile(r"[,|();:~]")
_NAME: Final = re.compile(r"[a-z0-9_]+")


@dataclass(frozen=True)
class Condition:
    """One comparison: a field, an operator and its values as they are written."""

    field: str
    op: str = "is"
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Conditions of which all hold ("and"), or at least one ("or"); with no items it holds for every row."""

    join: Join = "and"
    items: tuple[Condition | Group, ...] = ()

    def conditions(self) -> Iterator[Condition]:
        """Every condition, however deep."""
        for item in self.items:
            if isinstance(item, Condition):
                yield item
            else:
                yield from item.conditions()


Node = Condition | Group
EVERYTHING: Final = Group()


def tidy(group: Group) -> Group:
    """The same without empty groups, groups of one, and groups within a group of their own kind."""
    items: list[Node] = []
    for item in group.items:
        if isinstance(item, Condition):
            items.append(item)
            continue
        inner = tidy(item)
        if len(inner.items) == 1 or inner.join == group.join:
            items += inner.items
        elif inner.items:
            items.append(inner)
    if len(items) == 1 and isinstance(items[0], Group):
        return items[0]
    return Group(group.join, tuple(dict.fromkeys(items)))


def as_all(group: Group) -> Group:
    """The same as items that must all hold: what the chips of a page show."""
    tidied = tidy(group)
    if tidied.join == "or" and len(tidied.items) > 1:
        return Group("and", (tidied,))
    return Group("and", tidied.items)


def write(group: Group) -> str:
    """The group as it stands in an address; empty for everything.

    >>> write(Group("and", (Condition("tier", "in", ("vip", "major")), Condition("city", "is", ("a,b",)))))
    'tier:in:vip;major,city:is:a~,b'
    """
    return SIGNS[group.join].join(_written(item) for item in group.items)


def _written(node: Node) -> str:
    if isinstance(node, Group):
        return f"({write(node)})"
    head = f"{node.field}:{node.op}"
    values = ";".join(_SPECIAL.sub(r"~\g<0>", value) for value in node.values)
    return f"{head}:{values}" if node.values else head


def read(text: str) -> Group:
    """The group an address holds.

    Raises
    ------
    FilterUnreadable
        It is no such text.
    """
    if not text.strip():
        return EVERYTHING
    if len(text) > LONGEST:
        raise FilterUnreadable(text=f"{text[:60]}…")
    reader = _Reader(text)
    group = reader.group(0)
    if reader.at < len(text):
        reader.refuse()
    if sum(1 for _condition in group.conditions()) > MOST:
        reader.refuse()
    return tidy(group)


class _Reader:
    """Reads the text from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def refuse(self) -> None:
        """Say where it stops making sense."""
        raise FilterUnreadable(text=self.text[max(0, self.at - 20) : self.at + 40] or self.text[-40:])

    def next_is(self, sign: str) -> bool:
        """Whether `sign` comes next; then it is read."""
        if self.text.startswith(sign, self.at):
            self.at += 1
            return True
        return False

    def group(self, depth: int) -> Group:
        """Items joined by one kind of sign."""
        if depth > DEEPEST:
            self.refuse()
        items, joins = [self.item(depth)], set[Join]()
        while self.at < len(self.text) and self.text[self.at] in ",|":
            joins.add("and" if self.text[self.at] == "," else "or")
            self.at += 1
            items.append(self.item(depth))
        if len(joins) > 1:
            self.refuse()
        return Group(joins.pop() if joins else "and", tuple(items))

    def item(self, depth: int) -> Node:
        """A group in brackets, or a condition."""
        if self.next_is("("):
            inner = self.group(depth + 1)
            if not self.next_is(")"):
                self.refuse()
            return inner
        field = self.name()
        if not self.next_is(":"):
            self.refuse()
        op = self.name()
        values: list[str] = []
        if self.next_is(":"):
            values.append(self.value())
            while self.next_is(";"):
                values.append(self.value())
        return Condition(field, op, tuple(values))

    def name(self) -> str:
        """The name of a field or an operator."""
        found = _NAME.match(self.text, self.at)
        if found is None:
            self.refuse()
            raise AssertionError  # refused above
        self.at = found.end()
        return found[0]

    def value(self) -> str:
        """A value up to the next sign that is not escaped."""
        signs: list[str] = []
        while self.at < len(self.text) and self.text[self.at] not in ",|();":
            if self.text[self.at] == "~" and self.at + 1 < len(self.text):
                self.at += 1
            signs.append(self.text[self.at])
            self.at += 1
        return "".join(signs)

"""A walk through the product: an app above the others says what to look at; the frame shows one stop at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from guanxi.kernel.commands import Actor
from guanxi.kernel.ui.registry import Text

Address = Callable[[Actor], str | None]


@dataclass(frozen=True)
class Stop:
    """One stop: what to see, and where. `address` says nothing where the reader cannot go there."""

    key: str
    title: Text
    text: Text
    address: Address


@dataclass(frozen=True)
class Tour:
    """The stops, and whether this home is one that can be toured."""

    stops: Sequence[Stop]
    is_here: Callable[[], bool]


_tour: list[Tour] = []


def set_tour(tour: Tour) -> None:
    """Say what the walk is; there is one."""
    _tour[:] = [tour]


def find_tour() -> Tour | None:
    """The walk of this home, if there is one."""
    return next((tour for tour in _tour if tour.is_here()), None)

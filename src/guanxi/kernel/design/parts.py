"""What the component page tells of a component: what to write, what it takes, its states, its keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from guanxi.kernel.ui.registry import Text


@dataclass(frozen=True)
class Parameter:
    """One thing the component takes; `kind` as a program says it."""

    name: str
    kind: str
    does: Text


@dataclass(frozen=True)
class State:
    """The component with something in it; the template of the component finds it as `example`."""

    title: Text
    example: Any


@dataclass(frozen=True)
class Press:
    """Keys one after the other, and what they do."""

    keys: str
    does: Text

    @property
    def presses(self) -> Sequence[str]:
        """The keys one after the other."""
        return self.keys.split()


@dataclass(frozen=True)
class Component:
    """A component.

    Parameters
    ----------
    code
        What a page writes to have it.
    source
        Where it lives.
    states
        Made-up examples, read when the page is asked for.
    """

    key: str
    title: Text
    text: Text
    icon: str
    code: str
    source: str
    takes: Sequence[Parameter]
    states: Callable[[HttpRequest], Sequence[State]]
    keys: Sequence[Press] = ()

    @property
    def template(self) -> str:
        """What draws one state with the real component."""
        return f"design/show/{self.key}.html"

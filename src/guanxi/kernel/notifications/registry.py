"""The kinds of news there are: apps say how each is put into words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guanxi.kernel.commands import Actor
from guanxi.kernel.ui.registry import Text

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class NewsKind:
    """One kind of news.

    Attributes
    ----------
    title
        What it is about, for the reader who chooses what to be told.
    words
        Puts several pieces of this kind into words at once, in the language that is active and with no more than the
        reader may know; None for a piece there is nothing left to say about.
    """

    key: str
    title: Text
    icon: str
    words: Callable[[Actor, Sequence[Facts]], Sequence[str | None]]


_kinds: dict[str, NewsKind] = {}


def add_news_kind(kind: NewsKind) -> None:
    """Make a kind of news known; the same key replaces, so loading twice is safe."""
    _kinds[kind.key] = kind


def news_kinds() -> list[NewsKind]:
    """All kinds, by key."""
    return [_kinds[key] for key in sorted(_kinds)]


def find_news_kind(key: str) -> NewsKind | None:
    """The kind of that key; None once no app knows it any more."""
    return _kinds.get(key)

"""What the source systems are called on the screen; who knows their contracts says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Reader = Callable[[], Mapping[str, str]]

_readers: list[Reader] = []


def set_source_names(reader: Reader) -> None:
    """Let `reader` answer with source -> title in the language that is active."""
    _readers[:] = [reader]


def source_names() -> Mapping[str, str]:
    """Titles of the known sources; a source without one is called by its own name."""
    return _readers[0]() if _readers else {}

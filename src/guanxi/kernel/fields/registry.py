"""Which records can have fields of their own. An app declares its table in its `panels.py`."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Model

from guanxi.kernel.ui.registry import Text


@dataclass(frozen=True)
class Holder:
    """A table whose JSON column `column` (a `CustomValues`) holds the values; `key` is its name in settings."""

    key: str
    title: Text
    model: type[Model]
    column: str = "custom"


_holders: dict[str, Holder] = {}


def add_holder(holder: Holder) -> None:
    """Let records have fields of their own; the same key replaces, so loading twice is safe."""
    _holders[holder.key] = holder


def find_holder(key: str) -> Holder | None:
    """The records of that name, if they can."""
    return _holders.get(key)


def holders() -> list[Holder]:
    """All of them, in the order they were declared."""
    return list(_holders.values())

"""Actors for tests of permissions."""

from __future__ import annotations

from dataclasses import dataclass, field

from guanxi.kernel.commands import Actor


@dataclass(frozen=True)
class Holding:
    """Holds exactly the named permissions."""

    permissions: frozenset[str] = field(default_factory=frozenset)
    pk: int | None = 99

    def may(self, permission: str) -> bool:
        return permission in self.permissions


NOBODY: Actor = Holding()


def holding(*permissions: str) -> Actor:
    return Holding(frozenset(permissions))

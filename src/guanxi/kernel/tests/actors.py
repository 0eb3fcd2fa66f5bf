"""Who acts in tests: actors with chosen permissions, and a process that is gone."""

from __future__ import annotations

from dataclasses import dataclass, field

import psutil  # type: ignore[import-untyped]

from guanxi.kernel.commands import Actor
from guanxi.kernel.process import Holder, this_process


@dataclass(frozen=True)
class Holding:
    """Holds exactly the named permissions."""

    permissions: frozenset[str] = field(default_factory=frozenset)
    pk: int | None = 99
    owners: frozenset[int] | None = None

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def seen_owners(self) -> frozenset[int] | None:
        return self.owners


NOBODY: Actor = Holding()


def holding(*permissions: str) -> Actor:
    return Holding(frozenset(permissions))


def gone_process() -> Holder:
    """A process of this machine that lives no more."""
    return {**this_process(), "pid": max(psutil.pids()) + 100_000}

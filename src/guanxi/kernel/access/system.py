"""The system itself as an actor: jobs and the command line act in its name."""

from __future__ import annotations

from guanxi.kernel.commands import Actor


class _System:
    """May do everything; its deeds are audited with no user."""

    @property
    def pk(self) -> int | None:
        return None

    def may(self, permission: str) -> bool:  # noqa: ARG002  # the shape of an Actor
        return True

    def seen_owners(self) -> frozenset[int] | None:
        return None

    def __str__(self) -> str:
        return "system"


SYSTEM: Actor = _System()

"""What happened to users."""

from __future__ import annotations

from dataclasses import dataclass

from guanxi.kernel.events.outbox import Event


@dataclass(frozen=True)
class UserDeactivated(Event):
    """Somebody left, or was switched off."""

    user_id: int

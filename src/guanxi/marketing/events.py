"""What happened to groups and follow-ups."""

from __future__ import annotations

from dataclasses import dataclass

from guanxi.kernel.events.outbox import Event


@dataclass(frozen=True)
class FollowUpStarted(Event):
    """The owners have their tasks, the control group is drawn."""

    follow_up_id: int
    treated: int
    control: int


@dataclass(frozen=True)
class FollowUpMeasured(Event):
    """What a follow-up brought was measured anew."""

    follow_up_id: int

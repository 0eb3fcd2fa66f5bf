"""What happened to groups and follow-ups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.events.outbox import Event


@dataclass(frozen=True)
class FollowUpStarted(Event):
    """The owners have their tasks, the control group is drawn."""

    title: ClassVar = _("Follow-up of a group started")
    follow_up_id: int
    treated: int
    control: int


@dataclass(frozen=True)
class FollowUpMeasured(Event):
    """What a follow-up brought was measured anew."""

    title: ClassVar = _("Result of a follow-up measured")
    follow_up_id: int

"""What happened to users."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.events.outbox import Event


@dataclass(frozen=True)
class UserDeactivated(Event):
    """Somebody left, or was switched off."""

    title: ClassVar = _("User switched off")
    user_id: int

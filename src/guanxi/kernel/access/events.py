"""What happened to users."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.events.outbox import Event


@dataclass(frozen=True)
class UserDeactivated(Event):
    """Somebody left, or was switched off."""

    title: ClassVar = _("User switched off")
    user_id: int


@dataclass(frozen=True)
class SecondFactorReset(Event):
    """An administrator took the second factor from somebody."""

    title: ClassVar = _("Two-step log-in reset")
    user_id: int
    at: datetime


@dataclass(frozen=True)
class OidcUnlinked(Event):
    """An administrator undid the link of somebody to an OpenID Connect provider."""

    title: ClassVar = _("Link to OpenID Connect undone")
    user_id: int
    at: datetime

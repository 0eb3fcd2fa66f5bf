"""Rules for passwords, told in words that exist in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from guanxi.kernel.access.models import User

SHORTEST = 8


class LongEnough:
    """Refuses short passwords; Django's own rule has no Chinese words."""

    def __init__(self, shortest: int = SHORTEST) -> None:
        self.shortest = shortest

    def validate(self, password: str, user: User | None = None) -> None:  # noqa: ARG002  # Django's signature
        """Raise if the password is too short."""
        if len(password) < self.shortest:
            raise ValidationError(self.get_help_text(), code="password_too_short")

    def get_help_text(self) -> str:
        """The rule in words."""
        return ngettext(
            "It needs at least %(count)d character.", "It needs at least %(count)d characters.", self.shortest
        ) % {"count": self.shortest}

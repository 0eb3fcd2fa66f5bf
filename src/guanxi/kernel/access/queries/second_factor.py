"""The second factor of a log-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator

from guanxi.kernel.access.second_factor import APP, RECOVERY, is_second_factor_required, list_recovery_codes
from guanxi.kernel.commands import Actor


@dataclass(frozen=True)
class SecondFactor:
    """Whether a code is asked for, since when, and how many recovery codes are left."""

    is_on: bool
    since: datetime | None
    last_used_at: datetime | None
    codes_left: int
    is_required: bool


def get_second_factor(actor: Actor) -> SecondFactor:
    """The actor's own."""
    kept = {row.type: row for row in Authenticator.objects.filter(user=actor.pk)}
    app, spare = kept.get(APP), kept.get(RECOVERY)
    return SecondFactor(
        is_on=app is not None, since=app.created_at if app else None, last_used_at=app.last_used_at if app else None,
        codes_left=len(list_recovery_codes(spare)) if spare else 0, is_required=is_second_factor_required(),
    )  # fmt: skip

"""Where a user is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from guanxi.kernel.access.devices import device_words, is_mobile
from guanxi.kernel.access.models import SignIn
from guanxi.kernel.commands import Actor


@dataclass(frozen=True)
class SignInLine:
    """One device: `number` names it in commands; `seen_at` is known to five minutes."""

    number: str
    device: str
    is_mobile: bool
    address: str
    since: datetime | None
    seen_at: datetime | None
    is_here: bool


def list_sign_ins(actor: Actor, session_key: str | None) -> list[SignInLine]:
    """The actor's own living sessions: the one with `session_key` first, then the others as they were seen last."""
    living = SignIn.objects.filter(user=actor.pk, expire_date__gt=timezone.now()).order_by("-seen_at", "session_key")
    lines = [
        SignInLine(
            row.number, device_words(row.device), is_mobile(row.device), row.address, row.since, row.seen_at,
            row.session_key == session_key,
        )
        for row in living
    ]  # fmt: skip
    return sorted(lines, key=lambda line: not line.is_here)

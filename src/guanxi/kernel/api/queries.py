"""The tokens of a user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from guanxi.kernel.api.models import ApiToken
from guanxi.kernel.commands import Actor


@dataclass(frozen=True)
class TokenLine:
    """A token as its owner sees it later: never the token itself."""

    id: int
    name: str
    start: str
    created_at: datetime
    last_used_on: date | None


def list_tokens(actor: Actor) -> Sequence[TokenLine]:
    """The actor's own tokens that are valid, newest first."""
    rows = ApiToken.objects.filter(user=actor.pk, revoked_at=None).order_by("-pk")
    return [TokenLine(row.pk, row.name, row.start, row.created_at, row.last_used_on) for row in rows]

"""Giving out tokens and taking them back."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from guanxi.kernel.api.errors import TokenNameMissing, TokenUnknown
from guanxi.kernel.api.models import ApiToken, IdempotentCall
from guanxi.kernel.commands import Work, command

PREFIX = "gx_"
START = 8


def digest_of(token: str) -> str:
    """What is kept of a token: it has 256 random bits, so a plain hash cannot be tried through."""
    return hashlib.sha256(token.encode()).hexdigest()


@command("api.use")
def create_token(work: Work, *, name: str) -> str:
    """Give the actor a token for a program and return it, this once.

    Raises
    ------
    TokenNameMissing
        It would have no name.
    """
    name = " ".join(name.split())[:80]
    if not name:
        raise TokenNameMissing(place="name")
    assert work.actor.pk is not None  # noqa: S101  # the system holds no tokens
    token = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        user_id=work.actor.pk, name=name, start=token[:START], digest=digest_of(token), created_at=work.at
    )
    work.record(row, {"created": True})
    return token


@command("api.use")
def revoke_token(work: Work, *, token_id: int) -> None:
    """Let one of the actor's tokens open nothing any more.

    Raises
    ------
    TokenUnknown
        It is none of theirs.
    """
    row = ApiToken.objects.select_for_update().filter(pk=token_id, user=work.actor.pk).first()
    if row is None:
        raise TokenUnknown(token_id=token_id)
    if row.revoked_at is not None:
        work.nothing_changed()
        return
    row.revoked_at = work.at
    row.save(update_fields=["revoked_at"])
    work.record(row, {"revoked": True})


@command("settings.manage")
def expire_calls(work: Work, *, before: datetime, limit: int = 5_000) -> int:
    """Forget at most `limit` answers kept for keys from before that time; returns how many."""
    old = list(IdempotentCall.objects.filter(at__lt=before).order_by("pk").values_list("pk", flat=True)[:limit])
    IdempotentCall.objects.filter(pk__in=old).delete()
    if old:
        work.record("idempotent calls", {"expired": len(old)})
    else:
        work.nothing_changed()
    return len(old)

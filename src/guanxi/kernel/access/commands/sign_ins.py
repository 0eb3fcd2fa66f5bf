"""Being signed in on several devices, and ending it."""

from __future__ import annotations

from guanxi.kernel.access.errors import SignInNotFound
from guanxi.kernel.access.models import SignIn
from guanxi.kernel.commands import Work, command


@command(None)
def end_sign_in(work: Work, *, number: str) -> None:
    """Sign oneself out on one device; `number` is the `SignInLine.number` of it.

    Raises
    ------
    SignInNotFound
        One has none of that number.
    """
    for row in SignIn.objects.select_for_update().filter(user=work.actor.pk):
        if row.number == number:
            row.delete()
            work.record(f"user {work.actor.pk}", {"signed_out": 1})
            return
    raise SignInNotFound


@command(None)
def end_other_sign_ins(work: Work, *, session_key: str | None) -> int:
    """Sign oneself out on all devices but the one with `session_key`; returns on how many."""
    ended = SignIn.objects.filter(user=work.actor.pk).exclude(session_key=session_key).delete()[0]
    if ended:
        work.record(f"user {work.actor.pk}", {"signed_out": ended})
    else:
        work.nothing_changed()
    return ended

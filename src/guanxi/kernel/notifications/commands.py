"""Reading news, and choosing what to be told. Everybody may, for themselves."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils import timezone

from guanxi.kernel.commands import Actor, Work, command
from guanxi.kernel.notifications.models import Muted, Notification
from guanxi.kernel.notifications.registry import news_kinds
from guanxi.kernel.turns import wait_for_turn

CHUNK = 5_000


def mark_read(actor: Actor, *, upto: int) -> int:
    """Mark the actor's own news up to a number as read; returns how many. Not audited: nothing but a bell changes."""
    return Notification.objects.filter(user=actor.pk, pk__lte=upto, read_at=None).update(read_at=timezone.now())


@command("settings.manage")
def choose_news(work: Work, *, user_id: int, wanted: Collection[str]) -> None:
    """Keep the kinds of news a user wants; the others are muted.

    Run by the system in the user's name: everybody may choose, nobody needs a permission for it.
    """
    wait_for_turn(f"news of {user_id}")
    muted = {kind.key for kind in news_kinds()} - set(wanted)
    before = set(Muted.objects.filter(user=user_id).values_list("kind", flat=True))
    if muted == before:
        work.nothing_changed()
        return
    Muted.objects.filter(user=user_id).exclude(kind__in=muted).delete()
    Muted.objects.bulk_create(Muted(user_id=user_id, kind=kind) for kind in sorted(muted - before))
    work.record(f"news of user {user_id}", {"muted": [sorted(before), sorted(muted)]})


@command("settings.manage")
def expire_news(work: Work, *, before: datetime, limit: int = CHUNK) -> int:
    """Remove at most `limit` pieces of news from before that time; returns how many."""
    old = list(Notification.objects.filter(at__lt=before).order_by("at", "pk").values_list("pk", flat=True)[:limit])
    Notification.objects.filter(pk__in=old).delete()
    if old:
        work.record("news", {"expired": len(old)})
    else:
        work.nothing_changed()
    return len(old)

"""Telling users something, in the transaction in which it became true."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from guanxi.kernel.access.models import User
from guanxi.kernel.notifications.models import Muted, Notification


def tell(user_ids: Iterable[int], kind: str, facts: Mapping[str, Any], *, url: str, key: str | None = None) -> None:
    """Tell active users who have not muted this kind.

    Parameters
    ----------
    facts
        Ids and counts, as JSON; never personal values.
    url
        The page it leads to.
    key
        Names this news: whoever was told it already is not told again, so a job may run twice.
    """
    wanted = User.objects.filter(pk__in=set(user_ids), is_active=True)
    wanted = wanted.exclude(pk__in=Muted.objects.filter(kind=kind).values("user"))
    now = timezone.now()
    Notification.objects.bulk_create(
        [
            Notification(user_id=pk, kind=kind, facts=dict(facts), url=url, key=key, at=now)
            for pk in wanted.order_by("pk").values_list("pk", flat=True)
        ],
        ignore_conflicts=key is not None,
    )

"""Whose groups and follow-ups a reader sees."""

from __future__ import annotations

from django.db.models import Q

from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied

PERMISSION = "groups.view"


def made_by_seen(actor: Actor, maker: str) -> Q:
    """Rows whose maker the actor sees the records of; all for who sees all.

    Raises
    ------
    PermissionDenied
        The actor lacks `groups.view`.
    """
    if not actor.may(PERMISSION):
        raise PermissionDenied(permission=PERMISSION)
    owners = actor.seen_owners()
    return Q() if owners is None else Q(**{f"{maker}__in": sorted(owners)})

"""What a follow-up would mean, before it starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guanxi.kernel.access.models import User
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.lists.actions import Selection
from guanxi.kernel.lists.reading import COUNT_LIMIT
from guanxi.marketing.choice import chosen_customers, words_of


@dataclass(frozen=True)
class Plan:
    """How many customers were chosen, how many of them nobody owns (both counted up to one more than the limit)."""

    words: str
    count: int
    without_owner: int
    helpers: Sequence[User]  # who could take customers without an owner


def get_plan(actor: Actor, choice: Selection) -> Plan:
    """What following up the chosen customers would mean.

    Raises
    ------
    PermissionDenied, FilterUnknown
        The actor may start no follow-up; or the address is none of the list's.
    """
    if not actor.may("groups.manage"):
        raise PermissionDenied(permission="groups.manage")
    chosen = chosen_customers(actor, choice).order_by().values("pk")
    owners = actor.seen_owners()
    return Plan(
        words=words_of(actor, choice),
        count=chosen[: COUNT_LIMIT + 1].count(),
        without_owner=chosen.filter(owner=None)[: COUNT_LIMIT + 1].count() if owners is None else 0,
        helpers=list_helpers(actor),
    )


def list_helpers(actor: Actor) -> list[User]:
    """Who could take customers without an owner: those that may edit customers and whose records the actor sees."""
    owners = actor.seen_owners()
    users = (
        User.objects.filter(is_active=True, roles__permissions__isnull=False).distinct().order_by("display_name", "pk")
    )
    able = [user for user in users.prefetch_related("roles") if user.may("customers.edit")]
    return [user for user in able if owners is None or user.pk in owners]

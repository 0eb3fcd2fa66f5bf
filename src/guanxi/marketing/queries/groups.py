"""Customer groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from guanxi.kernel.commands import Actor
from guanxi.marketing.errors import GroupUnknown
from guanxi.marketing.models import CustomerGroup
from guanxi.marketing.visible import made_by_seen

SHOWN = 200


@dataclass(frozen=True)
class GroupLine:
    """A group: who is in it, in words, how many, made by whom and when, and how often it was followed up."""

    id: int
    name: str
    words: str
    size: int
    is_complete: bool
    made_by: str
    made_at: datetime
    follow_ups: int


def list_groups(actor: Actor) -> Sequence[GroupLine]:
    """The latest groups the actor may see, newest first."""
    return [_line(group) for group in _seen(actor).order_by("-pk")[:SHOWN]]


def get_group(actor: Actor, group_id: int) -> GroupLine:
    """One group.

    Raises
    ------
    GroupUnknown
        There is none that the actor may see.
    """
    group = _seen(actor).filter(pk=group_id).first()
    if group is None:
        raise GroupUnknown(group_id=group_id)
    return _line(group)


def _seen(actor: Actor) -> QuerySet[CustomerGroup]:
    groups = CustomerGroup.objects.filter(made_by_seen(actor, "created_by"))
    return groups.select_related("created_by").prefetch_related("follow_ups")


def _line(group: CustomerGroup) -> GroupLine:
    return GroupLine(
        id=group.pk, name=group.name, words=group.words, size=group.size, is_complete=group.is_complete,
        made_by=str(group.created_by or ""), made_at=group.created_at, follow_ups=len(group.follow_ups.all()),
    )  # fmt: skip

"""Saving customers as a group."""

from __future__ import annotations

from guanxi.kernel.bulk import write_rows
from guanxi.kernel.commands import Work, command
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.queue import enqueue
from guanxi.kernel.lists.actions import Selection
from guanxi.marketing.choice import choice_of, chosen_customers, words_of
from guanxi.marketing.errors import GroupEmpty, GroupNameMissing
from guanxi.marketing.models import CustomerGroup, GroupMember

PREPARE = "marketing.prepare"
CHUNK = 5_000


@command("groups.manage")
def save_group(work: Work, *, name: str, choice: Selection) -> CustomerGroup:
    """Keep the chosen customers as a group; the worker puts them in.

    Raises
    ------
    GroupNameMissing, GroupEmpty, FilterUnknown
        Nothing is kept.
    """
    name = " ".join(name.split())[:120]
    if not name:
        raise GroupNameMissing(place="name")
    if not chosen_customers(work.actor, choice).exists():
        raise GroupEmpty
    group = CustomerGroup.objects.create(
        name=name, words=words_of(work.actor, choice)[:500], address=choice.state.query() if choice.state else "",
        chosen=sorted(choice.ids),
        created_by_id=work.actor.pk, created_at=work.at,
    )  # fmt: skip
    work.record(group, {"created": True, "ids": len(group.chosen) or "all that match"})
    ask_to_prepare(work, group)
    return group


def ask_to_prepare(work: Work, group: CustomerGroup) -> Job:
    """Ask the worker to fill the group, and to begin the follow-ups that wait for it."""
    return enqueue(
        PREPARE, {"group_id": group.pk}, key=f"{PREPARE}.{group.pk}", asked_by=work.actor,
        priority=Job.Priority.INTERACTIVE,
    )  # fmt: skip


@command("groups.manage")
def fill_group(work: Work, *, group_id: int) -> int:
    """Put the next chunk of chosen customers into the group; returns how many, 0 once it is complete.

    In the order of their numbers, so that a killed worker's successor goes on where it stopped.
    """
    group = CustomerGroup.objects.select_for_update().get(pk=group_id)
    work.nothing_changed()
    if group.is_complete:
        return 0
    chosen = chosen_customers(work.actor, choice_of(group))
    last = (
        GroupMember.objects.filter(group=group).order_by("-customer_id").values_list("customer_id", flat=True).first()
    )
    found = chosen.order_by("pk").filter(pk__gt=last or 0).values_list("pk", flat=True)[:CHUNK]
    ids = list(found)
    write_rows(GroupMember, ("group_id", "customer_id"), [(group.pk, pk) for pk in ids])
    group.size += len(ids)
    group.is_complete = len(ids) < CHUNK
    group.save(update_fields=["size", "is_complete"])
    if group.is_complete:
        work.record(group, {"size": group.size})
    return len(ids)

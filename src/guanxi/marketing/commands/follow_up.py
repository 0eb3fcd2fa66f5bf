"""Following a group up: some are left alone by chance, the rest go to their owners as tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa
from django.db.models import Exists, F, OuterRef

from guanxi.customers.errors import OwnerUnknown
from guanxi.customers.models import Customer, Task
from guanxi.customers.queries.follow_up_reasons import reasons_to_follow_up
from guanxi.kernel.access.models import User
from guanxi.kernel.bulk import write_rows
from guanxi.kernel.commands import Work, command
from guanxi.kernel.lists.actions import Selection
from guanxi.marketing.commands.group import CHUNK, ask_to_prepare, save_group
from guanxi.marketing.errors import FollowUpOver, FollowUpUnknown, GroupUnknown
from guanxi.marketing.events import FollowUpStarted
from guanxi.marketing.models import CustomerGroup, FollowUp, FollowUpMember, GroupMember
from guanxi.marketing.queries.plan import list_helpers
from guanxi.marketing.rules import CONTROL_PERCENT, MEASURED_DAYS, why_not_start
from guanxi.marketing.visible import made_by_seen

TASK_COLUMNS = (
    "customer_id", "title", "reason", "assignee_id", "due_on", "state", "outcome", "batch", "created_by_id",
    "created_at",
)  # fmt: skip


@dataclass(frozen=True)
class Terms:
    """How a group is followed up.

    Attributes
    ----------
    title, reason
        What every task is called, and why it is there, in words.
    control_percent
        How much of the group is left alone; 0 needs `control_reason`.
    measured_days
        Over how many days from `started_on` on purchases count for the result.
    fallback_id
        Who takes the customers that have no owner; None leaves those tasks to be taken.
    """

    title: str
    reason: str
    started_on: date
    due_on: date
    control_percent: int = CONTROL_PERCENT
    control_reason: str = ""
    measured_days: int = MEASURED_DAYS
    fallback_id: int | None = None


@command("groups.manage")
def follow_up_chosen(work: Work, *, name: str, choice: Selection, terms: Terms) -> FollowUp:
    """Save the chosen customers as a group and start following them up, both or neither.

    Raises
    ------
    GroupNameMissing, GroupEmpty, FilterUnknown, and what `start_follow_up` raises
        Nothing is kept.
    """
    work.nothing_changed()  # the two commands within tell what they did
    group = save_group(work.actor, name=name, choice=choice)
    return start_follow_up(work.actor, group_id=group.pk, terms=terms)


@command("groups.manage")
def start_follow_up(work: Work, *, group_id: int, terms: Terms) -> FollowUp:
    """Start following a group up; the worker draws the control group and hands out the tasks.

    Raises
    ------
    GroupUnknown, ReasonMissing, ControlReasonMissing, ControlTooLarge, DueTooEarly, DaysOutOfRange, OwnerUnknown
        Nothing is kept.
    """
    group = CustomerGroup.objects.filter(made_by_seen(work.actor, "created_by"), pk=group_id).first()
    if group is None:
        raise GroupUnknown(group_id=group_id)
    refusal = why_not_start(
        reason=terms.reason, control_percent=terms.control_percent, control_reason=terms.control_reason,
        started_on=terms.started_on, due_on=terms.due_on, measured_days=terms.measured_days,
    )  # fmt: skip
    if refusal is not None:
        raise refusal
    if terms.fallback_id is not None and terms.fallback_id not in {user.pk for user in list_helpers(work.actor)}:
        raise OwnerUnknown(place="fallback", owner_id=terms.fallback_id)
    follow_up = FollowUp.objects.create(
        group=group, title=" ".join(terms.title.split())[:120] or group.name, reason=terms.reason.strip()[:200],
        control_percent=terms.control_percent, control_reason=terms.control_reason.strip()[:200],
        fallback_id=terms.fallback_id, started_on=terms.started_on, due_on=terms.due_on,
        measured_days=terms.measured_days, started_by_id=work.actor.pk, started_at=work.at,
    )  # fmt: skip
    work.record(follow_up, {"group": group.pk, "control_percent": terms.control_percent})
    ask_to_prepare(work, group)
    return follow_up


@command("groups.manage")
def draw_arms(work: Work, *, follow_up_id: int) -> None:
    """Draw the control group by chance, once: the same follow-up always draws the same customers."""
    from guanxi.insight import duckdb_engine  # the engine is opened by who needs it
    from guanxi.insight.experiment import control_split

    follow_up = FollowUp.objects.select_for_update().get(pk=follow_up_id)
    if follow_up.members.exists() or follow_up.state != FollowUp.State.PREPARING:
        work.nothing_changed()
        return
    ids = list(GroupMember.objects.filter(group=follow_up.group_id).values_list("customer_id", flat=True))
    with duckdb_engine(threads=1) as engine:
        member = engine.arrow(pa.table({"customer_id": pa.array(ids, pa.int64())}))
        arms = control_split(member, follow_up.batch, follow_up.control_percent / 100).rows(["customer_id"])
    rows = [(follow_up.pk, row["customer_id"], row["arm"], False) for row in arms]
    write_rows(FollowUpMember, ("follow_up_id", "customer_id", "arm", "has_task"), rows)
    control = sum(row["arm"] == FollowUpMember.Arm.CONTROL for row in arms)
    work.record(follow_up, {"treated": len(arms) - control, "control": control})


@command("groups.manage")
def hand_out_tasks(work: Work, *, follow_up_id: int) -> int:
    """Give the next chunk of treated customers to their owners as tasks; returns how many, 0 once all have theirs.

    Who is in the bin gets none, nor who was merged with one drawn before: that draw counts for both. Those whose owner
    has left go where those without an owner go.
    """
    follow_up = FollowUp.objects.select_for_update().get(pk=follow_up_id)
    work.nothing_changed()
    if follow_up.state != FollowUp.State.PREPARING:
        return 0
    drawn_before = FollowUpMember.objects.filter(
        follow_up=follow_up, customer__main=OuterRef("customer__main"), customer__lt=OuterRef("customer")
    )
    waiting = follow_up.members.filter(
        ~Exists(drawn_before), arm=FollowUpMember.Arm.TREATED, has_task=False, customer__main__deleted_at__isnull=True
    )
    ids = list(waiting.order_by("customer_id").values_list("customer_id", flat=True)[:CHUNK])
    owned = Customer.objects.filter(pk__in=ids, main__owner__is_active=True)
    owners = dict(owned.values_list("pk", F("main__owner")))
    fallback_id = follow_up.fallback_id if _is_able(follow_up.fallback_id) else None
    why = reasons_to_follow_up(ids)
    write_rows(
        Task,
        TASK_COLUMNS,
        [
            (pk, follow_up.title, _reason(follow_up.reason, why.get(pk, "")), owners.get(pk, fallback_id),
             follow_up.due_on, Task.State.OPEN.value, "", follow_up.batch, follow_up.started_by_id, work.at)
            for pk in ids
        ],
    )  # fmt: skip
    follow_up.members.filter(customer__in=ids).update(has_task=True)
    if len(ids) < CHUNK:
        follow_up.state = FollowUp.State.RUNNING
        follow_up.save(update_fields=["state"])
        treated = follow_up.members.filter(arm=FollowUpMember.Arm.TREATED).count()
        control = follow_up.members.filter(arm=FollowUpMember.Arm.CONTROL).count()
        work.record(follow_up, {"state": ["preparing", "running"], "tasks": treated})
        work.emit(FollowUpStarted(follow_up.pk, treated, control))
    return len(ids)


@command("groups.manage")
def cancel_follow_up(work: Work, *, follow_up_id: int) -> int:
    """Take back all tasks that are still open; returns how many. What was done stays and is measured no more.

    Raises
    ------
    FollowUpUnknown, FollowUpOver
        There is none that the actor may see, or it was cancelled before.
    """
    seen = FollowUp.objects.filter(made_by_seen(work.actor, "started_by"), pk=follow_up_id)
    follow_up = seen.select_for_update().first()
    if follow_up is None:
        raise FollowUpUnknown(follow_up_id=follow_up_id)
    if follow_up.state == FollowUp.State.CANCELLED:
        raise FollowUpOver
    work.record(follow_up, {"state": [follow_up.state, "cancelled"]})
    follow_up.state = FollowUp.State.CANCELLED
    follow_up.save(update_fields=["state"])
    open_tasks = Task.objects.filter(batch=follow_up.batch, state=Task.State.OPEN)
    return open_tasks.update(state=Task.State.DROPPED, done_at=work.at)


def _is_able(user_id: int | None) -> bool:
    return user_id is not None and User.objects.filter(pk=user_id, is_active=True).exists()


def _reason(common: str, own: str) -> str:
    return (f"{common} · {own}" if own else common)[:300]

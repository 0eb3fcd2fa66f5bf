"""Follow-ups and what they brought."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet

from guanxi.customers.models import Task
from guanxi.kernel.access.models import User
from guanxi.kernel.commands import Actor
from guanxi.marketing.errors import FollowUpUnknown
from guanxi.marketing.models import FollowUp, FollowUpMember
from guanxi.marketing.result import Result
from guanxi.marketing.visible import made_by_seen

SHOWN = 200
States = dict[str, int]


@dataclass(frozen=True)
class OwnerLine:
    """What one owner did of it; no name: tasks that nobody has taken."""

    name: str
    tasks: int
    done: int
    open: int


@dataclass(frozen=True)
class FollowUpLine:
    """One follow-up in a list."""

    id: int
    title: str
    group_id: int
    group: str
    state: str
    started_on: date
    due_on: date
    tasks: int
    done: int
    result: Result | None


@dataclass(frozen=True)
class FollowUpPage:
    """One follow-up with all that its page tells; `members` and `control` are how many chance drew."""

    line: FollowUpLine
    reason: str
    started_by: str
    started_at: datetime
    control_percent: int
    control_reason: str
    measured_days: int
    members: int
    control: int
    owners: Sequence[OwnerLine]
    batch: str

    @property
    def result(self) -> Result | None:
        """As last measured."""
        return self.line.result


def list_follow_ups(actor: Actor) -> Sequence[FollowUpLine]:
    """The latest follow-ups the actor may see, newest first."""
    rows = list(_seen(actor).order_by("-pk")[:SHOWN])
    counted = _states([row.batch for row in rows])
    return [_line(row, counted[row.batch]) for row in rows]


def get_follow_up(actor: Actor, follow_up_id: int) -> FollowUpPage:
    """One follow-up and its result.

    Raises
    ------
    FollowUpUnknown
        There is none that the actor may see.
    """
    row = _seen(actor).filter(pk=follow_up_id).first()
    if row is None:
        raise FollowUpUnknown(follow_up_id=follow_up_id)
    arms = dict(row.members.values_list("arm").annotate(count=Count("pk")).order_by("arm"))
    line = _line(row, _states([row.batch])[row.batch])
    return FollowUpPage(
        line=line, reason=row.reason, started_by=str(row.started_by or ""),
        started_at=row.started_at, control_percent=row.control_percent, control_reason=row.control_reason,
        measured_days=row.measured_days, members=sum(arms.values()),
        control=arms.get(FollowUpMember.Arm.CONTROL, 0), owners=_owners(row.batch), batch=row.batch,
    )  # fmt: skip


def _seen(actor: Actor) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(made_by_seen(actor, "started_by")).select_related("group", "started_by")


def _states(batches: Sequence[str]) -> defaultdict[str, States]:
    """How many tasks of each batch are in each state."""
    found: defaultdict[str, States] = defaultdict(dict)
    rows = Task.objects.filter(batch__in=batches).values_list("batch", "state").annotate(count=Count("pk"))
    for batch, state, count in rows.order_by("batch", "state"):
        found[batch][state] = count
    return found


def _owners(batch: str) -> list[OwnerLine]:
    rows = Task.objects.filter(batch=batch).values_list("assignee", "state").annotate(count=Count("pk"))
    by_owner: defaultdict[int | None, States] = defaultdict(dict)
    for assignee, state, count in rows.order_by("assignee", "state"):
        by_owner[assignee][state] = count
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=[pk for pk in by_owner if pk is not None])}
    lines = [
        OwnerLine(
            names.get(owner, "") if owner is not None else "", sum(states.values()),
            states.get(Task.State.DONE, 0), states.get(Task.State.OPEN, 0),
        )
        for owner, states in by_owner.items()
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (not line.name, -line.tasks, line.name))


def _line(row: FollowUp, states: States) -> FollowUpLine:
    return FollowUpLine(
        id=row.pk, title=row.title, group_id=row.group_id, group=row.group.name, state=row.state,
        started_on=row.started_on, due_on=row.due_on, tasks=sum(states.values()),
        done=states.get(Task.State.DONE, 0),
        result=Result.from_json(row.result),
    )  # fmt: skip

"""The day of somebody who looks after customers: what is due, who went quiet, whose birthday comes, who was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, Final

from django.db.models import F, FilteredRelation, Q, QuerySet

from guanxi.customers.models import CurrentStanding, Customer, Task
from guanxi.customers.rules import is_birthday, mask_phone, year_before
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied

PERMISSION: Final = "customers.edit"
LONGEST: Final = 100  # steps shown of one group
QUIET_SHOWN: Final = 5
AHEAD: Final = 7  # days in which birthdays are told
BIRTHDAYS_SHOWN: Final = 10


@dataclass(frozen=True)
class DayStep:
    """A next step as My day and the calendar show it; of a customer the reader may not see, only that there is one."""

    id: int
    title: str
    reason: str
    due_on: date
    due_time: time | None
    customer_id: int | None
    customer: str
    phone: str
    assignee: str
    is_hidden: bool = False


@dataclass(frozen=True)
class Group:
    """Steps that are due alike: `count` is how many there are in all."""

    key: str  # overdue, today, week
    steps: Sequence[DayStep]
    count: int


@dataclass(frozen=True)
class Quiet:
    """A customer of the reader's who bought in the last twelve months and has gone quiet since."""

    id: int
    name: str
    tier: str
    last_purchase_on: date
    phone: str


@dataclass(frozen=True)
class Birthday:
    """A birthday in the next days; `turns` is the age."""

    id: int
    name: str
    on: date
    turns: int


@dataclass(frozen=True)
class Seen:
    """A customer the reader looked at lately."""

    id: int
    kind: str
    name: str
    tier: str


@dataclass(frozen=True)
class MyDay:
    """What My day shows. `as_of` is the day the standings are of."""

    today: date
    groups: Sequence[Group]
    later: int
    done_today: int
    quiet: Sequence[Quiet]
    quiet_count: int
    birthdays: Sequence[Birthday]
    seen: Sequence[Seen]
    as_of: date | None

    @property
    def is_done(self) -> bool:
        """Whether nothing is due today or before."""
        return not any(group.count for group in self.groups if group.key != "week")


def get_my_day(actor: Actor, *, today: date, seen_ids: Sequence[int] = ()) -> MyDay:
    """The reader's day.

    Parameters
    ----------
    seen_ids
        The customers looked at lately, the latest first.

    Raises
    ------
    PermissionDenied
        The actor looks after no customers.
    """
    refuse_idle(actor)
    open_steps = _living(Task.objects.filter(assignee=actor.pk, state=Task.State.OPEN))
    sunday = today + timedelta(days=6 - today.weekday())
    until = max(sunday, today + timedelta(days=1))  # on Sunday Monday belongs to the week too
    current = CurrentStanding.objects.filter(pk=1).first()
    quiet = _quiet(actor, current)
    return MyDay(
        today=today,
        groups=[
            _group(actor, "overdue", open_steps.filter(due_on__lt=today)),
            _group(actor, "today", open_steps.filter(due_on=today)),
            _group(actor, "week", open_steps.filter(due_on__gt=today, due_on__lte=until)),
        ],
        later=open_steps.filter(due_on__gt=until).count(),
        done_today=Task.objects.filter(assignee=actor.pk, state=Task.State.DONE, done_at__date=today).count(),
        quiet=[
            Quiet(row["pk"], row["name"], row["now__tier"], row["now__last_purchase_on"], mask_phone(row["phone"]))
            for row in quiet.order_by("-now__spend_12m", "pk").values(
                "pk", "name", "phone", "now__tier", "now__last_purchase_on"
            )[:QUIET_SHOWN]
        ],
        quiet_count=quiet.count(),
        birthdays=_birthdays(actor, today),
        seen=_seen(actor, current, seen_ids),
        as_of=current.as_of if current else None,
    )  # fmt: skip


def refuse_idle(actor: Actor) -> None:
    """Refuse who looks after no customers.

    Raises
    ------
    PermissionDenied
        The actor lacks `customers.edit`.
    """
    if not actor.may(PERMISSION):
        raise PermissionDenied(permission=PERMISSION)


def steps_of(actor: Actor, rows: QuerySet[Task], limit: int) -> list[DayStep]:
    """Next steps in the order of their time, ready to show."""
    owners = actor.seen_owners()
    found = rows.select_related("customer__main", "assignee").order_by(
        "due_on", F("due_time").asc(nulls_last=True), "pk"
    )
    return [_step(row, owners) for row in found[:limit]]


def _step(row: Task, owners: frozenset[int] | None) -> DayStep:
    customer = row.customer.main if row.customer is not None else None
    is_hidden = customer is not None and owners is not None and customer.owner_id not in owners
    shown = None if is_hidden else customer
    return DayStep(
        row.pk, row.title, row.reason, row.due_on, row.due_time, shown.pk if shown else None,
        shown.name if shown else "", mask_phone(shown.phone) if shown else "", str(row.assignee or ""), is_hidden,
    )  # fmt: skip


def _living(rows: QuerySet[Task]) -> QuerySet[Task]:
    """Without those of customers in the bin."""
    return rows.filter(Q(customer__isnull=True) | Q(customer__main__deleted_at__isnull=True))


def _group(actor: Actor, key: str, rows: QuerySet[Task]) -> Group:
    steps = steps_of(actor, rows, LONGEST)
    return Group(key, steps, len(steps) if len(steps) < LONGEST else rows.count())


def _mine(actor: Actor) -> QuerySet[Customer]:
    return Customer.objects.living().filter(owner=actor.pk)


def _with_standing(rows: QuerySet[Customer], current: CurrentStanding | None) -> QuerySet[Any]:
    run_id = current.run_id if current else -1
    return rows.annotate(now=FilteredRelation("standings", condition=Q(standings__run_id=run_id)))


def _quiet(actor: Actor, current: CurrentStanding | None) -> QuerySet[Any]:
    """As the filter "gone quiet" of the customer list has it."""
    rows = _with_standing(_mine(actor), current)
    if current is None:
        return rows.none()
    return rows.filter(now__stage="decline", now__last_purchase_on__gt=year_before(current.as_of))


def _birthdays(actor: Actor, today: date) -> list[Birthday]:
    days = [today + timedelta(days=ahead) for ahead in range(AHEAD + 1)]
    rows = _mine(actor).filter(birth_on__month__in={day.month for day in days})
    found = []
    for pk, name, birth_on in rows.values_list("pk", "name", "birth_on"):
        on = next((day for day in days if birth_on is not None and is_birthday(birth_on, day)), None)
        if on is not None and birth_on is not None:
            found.append(Birthday(pk, name, on, on.year - birth_on.year))
    return sorted(found, key=lambda one: (one.on, one.id))[:BIRTHDAYS_SHOWN]


def _seen(actor: Actor, current: CurrentStanding | None, ids: Sequence[int]) -> list[Seen]:
    rows = _with_standing(Customer.objects.living().visible_to(actor).filter(pk__in=ids), current)
    columns = rows.values_list("pk", "kind", "name", "now__tier")
    found = {pk: Seen(pk, kind, name, tier or "") for pk, kind, name, tier in columns}
    return [found[key] for key in ids if key in found]

"""Next steps: what somebody will do, until when and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.customers.attached_fields import OUTCOME, TASK
from guanxi.customers.errors import CannotSeeCustomer, EntryUnknown, FieldInvalid, OwnerUnknown, TaskIsOver
from guanxi.customers.events import TaskClosed, TaskGiven
from guanxi.customers.fields import read_all
from guanxi.customers.models import Customer, Task
from guanxi.customers.queries.access import lock_customer, task_seen_by
from guanxi.customers.rules import can_move_task
from guanxi.kernel.access.models import User
from guanxi.kernel.commands import Work, command


@command("customers.edit")
def create_task(work: Work, *, customer_id: int | None = None, values: Mapping[str, Any]) -> Task:
    """Make a next step, for oneself unless `assignee_id` names somebody who may see the customer.

    Raises
    ------
    CustomerUnknown, OwnerUnknown, CannotSeeCustomer, FieldUnknown, FieldInvalid, FieldMissing
        Nothing is kept.
    """
    customer = None if customer_id is None else lock_customer(work.actor, customer_id)
    return make_task(work, customer, values)


@command("customers.edit")
def edit_task(work: Work, *, task_id: int, values: Mapping[str, Any]) -> None:
    """Change an open next step: another day, other words, or somebody else who does it.

    Raises
    ------
    EntryUnknown, TaskIsOver, OwnerUnknown, CannotSeeCustomer, FieldUnknown, FieldInvalid, FieldMissing
        Nothing is changed.
    """
    task = lock_task(work, task_id)
    read = read_all(TASK, values)
    changed = {name: value for name, value in read.items() if getattr(task, name) != value}
    if not changed:
        work.nothing_changed()
        return
    if task.state != Task.State.OPEN:
        raise TaskIsOver(title=task.title)
    if "due_on" in changed:
        _refuse_past(work, changed["due_on"])
    if "assignee_id" in changed:
        _refuse_blind(task.customer, changed["assignee_id"])
    told = {name: _told(name, getattr(task, name), value) for name, value in changed.items()}
    for name, value in changed.items():
        setattr(task, name, value)
    task.save(update_fields=list(changed))
    work.record(task, told)
    if "assignee_id" in changed:
        work.emit(TaskGiven(task.pk, task.assignee_id, work.actor.pk))


@command("customers.edit")
def finish_task(work: Work, *, task_id: int, outcome: str = "") -> None:
    """Say that a next step is done, and how it ended.

    Raises
    ------
    EntryUnknown, TaskIsOver, FieldInvalid
        Nothing is changed.
    """
    close_task(work, lock_task(work, task_id), Task.State.DONE, outcome=outcome)


@command("customers.edit")
def drop_task(work: Work, *, task_id: int, outcome: str = "") -> None:
    """Say that a next step will not be done, and why.

    Raises
    ------
    EntryUnknown, TaskIsOver, FieldInvalid
        Nothing is changed.
    """
    close_task(work, lock_task(work, task_id), Task.State.DROPPED, outcome=outcome)


@command("customers.edit")
def reopen_task(work: Work, *, task_id: int) -> None:
    """Take back that a next step is over.

    Raises
    ------
    EntryUnknown
        It is gone, or none the actor may see.
    """
    task = lock_task(work, task_id)
    if not can_move_task(task.state, Task.State.OPEN):
        work.nothing_changed()
        return
    work.record(task, {"state": [task.state, Task.State.OPEN]})
    task.state, task.done_at, task.outcome, task.interaction_id = Task.State.OPEN, None, "", None
    task.save(update_fields=["state", "done_at", "outcome", "interaction"])


def make_task(work: Work, customer: Customer | None, values: Mapping[str, Any]) -> Task:
    """Write a next step inside a running command."""
    read = read_all(TASK, {"title": "", "due_on": ""} | dict(values))
    _refuse_past(work, read["due_on"])
    if read.get("assignee_id") is None:
        read["assignee_id"] = work.actor.pk
    else:
        _refuse_blind(customer, read["assignee_id"])
    task = Task.objects.create(customer=customer, created_by_id=work.actor.pk, created_at=work.at, **read)
    work.record(task, {"created": True, "due_on": task.due_on.isoformat()})
    work.emit(TaskGiven(task.pk, task.assignee_id, work.actor.pk))
    return task


def close_task(work: Work, task: Task, state: Task.State, *, outcome: str, interaction_id: int | None = None) -> None:
    """Write the end of a next step inside a running command.

    Raises
    ------
    TaskIsOver
        It ended before.
    """
    if not can_move_task(task.state, state):
        raise TaskIsOver(title=task.title)
    work.record(task, {"state": [task.state, state]})
    task.state, task.done_at, task.outcome = state, work.at, OUTCOME["outcome"].parse(outcome)
    task.interaction_id = interaction_id
    task.save(update_fields=["state", "done_at", "outcome", "interaction"])
    work.emit(TaskClosed(task.pk, state))


def lock_task(work: Work, task_id: int) -> Task:
    """A next step that the actor may see, locked for the running command.

    Raises
    ------
    EntryUnknown
        There is none, or none the actor may know of.
    """
    seen = Task.objects.filter(task_seen_by(work.actor), pk=task_id).values("pk")
    task = Task.objects.select_for_update(of=("self",)).filter(pk__in=seen).first()
    if task is None:
        raise EntryUnknown
    if task.customer is not None:
        task.customer = task.customer.main
    return task


def task_of(customer: Customer, task_id: int) -> Task:
    """A next step of this customer, locked for the running command.

    Raises
    ------
    EntryUnknown
        The customer has none of that number.
    """
    task = Task.objects.select_for_update(of=("self",)).filter(pk=task_id, customer__main=customer).first()
    if task is None:
        raise EntryUnknown
    task.customer = customer
    return task


def _refuse_past(work: Work, due_on: Any) -> None:
    if due_on < timezone.localdate(work.at):
        reason = _("this day is over")
        raise FieldInvalid(place="due_on", field=str(TASK["due_on"].label), value=due_on.isoformat(), reason=reason)


def _refuse_blind(customer: Customer | None, assignee_id: int | None) -> None:
    """Refuse to give a next step to somebody who is gone or may not see its customer."""
    if assignee_id is None:
        return
    assignee = User.objects.filter(pk=assignee_id, is_active=True).first()
    if assignee is None:
        raise OwnerUnknown(place="assignee_id", owner_id=assignee_id)
    if customer is not None and not Customer.objects.visible_to(assignee).filter(pk=customer.pk).exists():
        raise CannotSeeCustomer(place="assignee_id", name=str(assignee))


def _told(name: str, before: Any, after: Any) -> list[Any]:
    """What the trail keeps: days, times and people, but no words."""
    if name in {"title", "reason"}:
        return ["changed", "changed"]
    return [value.isoformat() if hasattr(value, "isoformat") else value for value in (before, after)]

"""Next steps, and the states they go through."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from guanxi.customers.commands import create_customer, create_task, drop_task, edit_task, finish_task, reopen_task
from guanxi.customers.errors import (
    CannotSeeCustomer,
    CustomerUnknown,
    EntryUnknown,
    FieldInvalid,
    FieldMissing,
    OwnerUnknown,
    TaskIsOver,
)
from guanxi.customers.models import Customer, Task
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.queries import history_of
from guanxi.kernel.events.models import EventRecord

pytestmark = pytest.mark.django_db
Everything = Callable[..., list[Any]]
TODAY = timezone.localdate()
TOMORROW = TODAY + timedelta(days=1)


def step(actor: User, customer: Customer | None, **values: Any) -> Task:
    asked = {"title": "回访", "due_on": TOMORROW, **values}
    return create_task(actor, customer_id=customer.pk if customer else None, values=asked)


def payloads(name: str) -> list[dict[str, Any]]:
    return list(EventRecord.objects.filter(name=name).order_by("pk").values_list("payload", flat=True))


def test_a_step_is_ones_own_unless_told_otherwise(seller: User, wang: Customer) -> None:
    task = step(seller, wang, due_time="09:30", reason="上次没接")
    assert (task.assignee_id, task.created_by_id, task.state) == (seller.pk, seller.pk, "open")
    assert (task.due_on, task.due_time, task.reason) == (TOMORROW, time(9, 30), "上次没接")
    assert history_of(task)[0].changes == {"created": True, "due_on": TOMORROW.isoformat()}
    assert payloads("customers.TaskGiven") == [{"task_id": task.pk, "assignee_id": seller.pk, "by": seller.pk}]


def test_a_step_without_customer_is_told_on_itself(seller: User) -> None:
    task = step(seller, None)
    finish_task(seller, task_id=task.pk, outcome="好了")
    assert [line.changes for line in history_of(task)] == [
        {"state": ["open", "done"]}, {"created": True, "due_on": TOMORROW.isoformat()},
    ]  # fmt: skip


def test_a_step_moves_and_is_handed_on(seller: User, manager: User, wang: Customer) -> None:
    task = step(seller, wang)
    edit_task(seller, task_id=task.pk, values={"due_on": TODAY, "title": "拜访", "assignee_id": manager.pk})
    moved = Task.objects.get()
    assert (moved.due_on, moved.title, moved.assignee_id) == (TODAY, "拜访", manager.pk)
    assert history_of(task)[0].changes == {
        "due_on": [TOMORROW.isoformat(), TODAY.isoformat()], "title": ["changed", "changed"],
        "assignee_id": [seller.pk, manager.pk],
    }  # fmt: skip
    assert payloads("customers.TaskGiven")[1:] == [{"task_id": task.pk, "assignee_id": manager.pk, "by": seller.pk}]
    edit_task(seller, task_id=task.pk, values={"title": "拜访"})
    assert len(history_of(task)) == 2


def test_steps_that_cannot_be_are_refused(
    seller: User, colleague: User, manager: User, wang: Customer, everything: Everything
) -> None:
    task = step(seller, wang)
    hidden = create_customer(manager, values={"name": "不可见"})
    before = everything(Task)
    for values, error, place in (
        ({"title": ""}, FieldMissing, "title"),
        ({"due_on": ""}, FieldMissing, "due_on"),
        ({"due_on": TODAY - timedelta(days=1)}, FieldInvalid, "due_on"),
        ({"due_time": "25:00"}, FieldInvalid, "due_time"),
        ({"assignee_id": colleague.pk}, CannotSeeCustomer, "assignee_id"),
        ({"assignee_id": 404}, OwnerUnknown, "assignee_id"),
    ):
        with pytest.raises(error) as told:
            step(seller, wang, **values)
        assert told.value.place == place
        with pytest.raises(error):
            edit_task(seller, task_id=task.pk, values=values)
    with pytest.raises(CustomerUnknown):
        step(seller, hidden)
    for attempt in (finish_task, drop_task, reopen_task):
        with pytest.raises(EntryUnknown):
            attempt(colleague, task_id=task.pk)
    with pytest.raises(EntryUnknown):
        edit_task(colleague, task_id=task.pk, values={"title": "x"})
    with pytest.raises(FieldInvalid):
        finish_task(seller, task_id=task.pk, outcome="x" * 301)
    assert everything(Task) == before


def test_a_step_stays_with_who_has_it_when_the_customer_goes(seller: User, colleague: User, wang: Customer) -> None:
    task = step(seller, wang)
    Customer.objects.filter(pk=wang.pk).update(owner=colleague)
    drop_task(seller, task_id=task.pk, outcome="客户已移交")
    assert Task.objects.values_list("state", "outcome").get() == ("dropped", "客户已移交")
    reopen_task(colleague, task_id=task.pk)
    assert Task.objects.values_list("state", "outcome", "done_at").get() == ("open", "", None)


class StepStates(RuleBasedStateMachine):
    """Whatever is asked in whatever order, a step is in one known state and its end is told with it."""

    def __init__(self) -> None:
        super().__init__()
        self.task = create_task(SYSTEM, values={"title": "x", "due_on": TOMORROW})
        self.state, self.closed = "open", 0
        self.told = EventRecord.objects.filter(name="customers.TaskClosed").count()

    @rule()
    def finish(self) -> None:
        self.close("done")

    @rule()
    def drop(self) -> None:
        self.close("dropped")

    @rule()
    def reopen(self) -> None:
        reopen_task(SYSTEM, task_id=self.task.pk)
        self.state = "open"

    @precondition(lambda self: self.state != "open")
    @rule()
    def move_what_is_over(self) -> None:
        with pytest.raises(TaskIsOver):
            edit_task(SYSTEM, task_id=self.task.pk, values={"title": "y"})

    @precondition(lambda self: self.state == "open")
    @rule()
    def move(self) -> None:
        edit_task(SYSTEM, task_id=self.task.pk, values={"due_on": TODAY})

    @invariant()
    def it_is_what_was_asked(self) -> None:
        row = Task.objects.get(pk=self.task.pk)
        assert (row.state, row.done_at is None, row.outcome) == (
            self.state, self.state == "open", "" if self.state == "open" else self.state,
        )  # fmt: skip
        assert EventRecord.objects.filter(name="customers.TaskClosed").count() - self.told == self.closed

    def close(self, state: str) -> None:
        ask = finish_task if state == "done" else drop_task
        if self.state != "open":
            with pytest.raises(TaskIsOver):
                ask(SYSTEM, task_id=self.task.pk, outcome=state)
            return
        ask(SYSTEM, task_id=self.task.pk, outcome=state)
        self.state, self.closed = state, self.closed + 1


def test_whatever_is_asked_a_step_is_in_one_known_state() -> None:
    run_state_machine_as_test(
        StepStates,
        settings=settings(max_examples=20, stateful_step_count=12, suppress_health_check=list(HealthCheck)),
    )

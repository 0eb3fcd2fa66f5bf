"""What the day of somebody who looks after customers holds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.customers.commands import create_customer, create_task, delete_customer, finish_task
from guanxi.customers.models import Customer, Task
from guanxi.customers.queries.calendar import list_calendar
from guanxi.customers.queries.my_day import get_my_day
from guanxi.customers.tests.factories import AS_OF, make_customers, make_standings
from guanxi.kernel.access.models import User
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.tests.actors import holding

pytestmark = pytest.mark.django_db
THURSDAY = date(2026, 11, 26)


def due(actor: User, customer: Customer | None, day: date, title: str = "回访", **values: object) -> Task:
    """A step that is due on a day, however long ago that is."""
    asked = {"title": title, "due_on": date(2999, 1, 1), **values}
    task = create_task(actor, customer_id=customer.pk if customer else None, values=asked)
    Task.objects.filter(pk=task.pk).update(due_on=day)
    return task


def titles(actor: User, today: date = THURSDAY) -> dict[str, list[str]]:
    return {group.key: [step.title for step in group.steps] for group in get_my_day(actor, today=today).groups}


def test_steps_are_overdue_today_or_this_week(seller: User, colleague: User, wang: Customer) -> None:
    due(seller, wang, THURSDAY + timedelta(days=3), "Sunday")
    due(seller, wang, THURSDAY + timedelta(days=4), "next Monday")
    due(seller, wang, THURSDAY, "without a time")
    due(seller, wang, THURSDAY, "at nine", due_time="09:00")
    due(seller, wang, THURSDAY - timedelta(days=40), "long ago")
    due(seller, wang, THURSDAY - timedelta(days=1), "yesterday")
    due(colleague, None, THURSDAY, "somebody else's")
    finish_task(seller, task_id=due(seller, wang, THURSDAY, "over").pk)
    assert titles(seller) == {
        "overdue": ["long ago", "yesterday"], "today": ["at nine", "without a time"], "week": ["Sunday"],
    }  # fmt: skip
    day = get_my_day(seller, today=THURSDAY)
    assert (day.later, day.is_done, [group.count for group in day.groups]) == (1, False, [2, 2, 1])
    sunday = THURSDAY + timedelta(days=3)
    assert titles(seller, sunday)["week"] == ["next Monday"]


def test_a_step_shows_its_customer_masked_or_not_at_all(seller: User, colleague: User, wang: Customer) -> None:
    due(seller, wang, THURSDAY)
    step = get_my_day(seller, today=THURSDAY).groups[1].steps[0]
    assert (step.customer_id, step.customer, step.phone, step.is_hidden) == (wang.pk, "王伟", "138****5678", False)
    Customer.objects.filter(pk=wang.pk).update(owner=colleague)
    step = get_my_day(seller, today=THURSDAY).groups[1].steps[0]
    assert (step.customer_id, step.customer, step.phone, step.is_hidden) == (None, "", "", True)


def test_steps_of_customers_in_the_bin_wait_there(seller: User, manager: User, wang: Customer) -> None:
    due(seller, wang, THURSDAY)
    delete_customer(manager, customer_id=wang.pk)
    assert titles(seller)["today"] == []
    assert list_calendar(seller, THURSDAY, THURSDAY, is_mine=True) == {}


def test_who_went_quiet_by_what_they_spent(seller: User, colleague: User) -> None:
    make_customers(
        {"id": key, "name": f"n{key}", "phone": "+8613812345678", "owner_id": owner.pk}
        for key, owner in ((1, seller), (2, seller), (3, seller), (4, colleague), (5, seller))
    )
    quiet = {"status": "loyal", "stage": "decline", "last_purchase_on": AS_OF - timedelta(days=200)}
    make_standings(
        [
            {"customer_id": 1, "spend_12m": 5, **quiet}, {"customer_id": 2, "spend_12m": 50, "tier": "vip", **quiet},
            {"customer_id": 3, **quiet, "stage": "stable"}, {"customer_id": 4, "spend_12m": 9, **quiet},
            {"customer_id": 5, **quiet, "last_purchase_on": AS_OF - timedelta(days=400)},
        ]
    )  # fmt: skip
    day = get_my_day(seller, today=THURSDAY)
    assert [(one.id, one.tier, one.phone) for one in day.quiet] == [
        (2, "vip", "138****5678"), (1, "", "138****5678"),
    ]  # fmt: skip
    assert (day.quiet_count, day.as_of, day.is_done) == (2, AS_OF, True)


def test_birthdays_of_the_next_seven_days(seller: User, manager: User) -> None:
    for name, born in (
        ("today", "1990-11-26"), ("in seven days", "1985-12-03"), ("in eight", "1985-12-04"),
        ("yesterday", "1985-11-25"),
        ("in three", "2000-11-29"),
    ):  # fmt: skip
        create_customer(seller, values={"name": name, "birth_on": born})
    create_customer(manager, values={"name": "of others", "birth_on": "1990-11-26"})
    found = get_my_day(seller, today=THURSDAY).birthdays
    assert [(one.name, one.on, one.turns) for one in found] == [
        ("today", THURSDAY, 36), ("in three", date(2026, 11, 29), 26), ("in seven days", date(2026, 12, 3), 41),
    ]  # fmt: skip


def test_leap_days_and_the_turn_of_the_year(seller: User) -> None:
    create_customer(seller, values={"name": "leap", "birth_on": "1984-02-29"})
    create_customer(seller, values={"name": "new year", "birth_on": "1990-01-02"})
    assert [(b.name, b.on, b.turns) for b in get_my_day(seller, today=date(2027, 2, 25)).birthdays] == [
        ("leap", date(2027, 2, 28), 43)
    ]
    assert [(b.name, b.on) for b in get_my_day(seller, today=date(2028, 2, 25)).birthdays] == [
        ("leap", date(2028, 2, 29))
    ]
    assert [(b.name, b.on, b.turns) for b in get_my_day(seller, today=date(2026, 12, 30)).birthdays] == [
        ("new year", date(2027, 1, 2), 37)
    ]


def test_lately_seen_are_those_still_to_be_seen(seller: User, manager: User, wang: Customer, tea: Customer) -> None:
    hidden = create_customer(manager, values={"name": "不可见"})
    day = get_my_day(seller, today=THURSDAY, seen_ids=[tea.pk, hidden.pk, 404, wang.pk])
    assert [(one.id, one.kind) for one in day.seen] == [(tea.pk, "organisation"), (wang.pk, "person")]


def test_the_calendar_shows_ones_own_or_all_one_sees(
    seller: User, colleague: User, manager: User, wang: Customer
) -> None:
    due(seller, wang, THURSDAY, "mine")
    due(manager, wang, THURSDAY, "the manager's for my customer")
    due(colleague, None, THURSDAY, "a colleague's")
    due(seller, wang, THURSDAY + timedelta(days=1), "tomorrow")

    def shown(actor: User, *, is_mine: bool) -> list[str]:
        days = list_calendar(actor, THURSDAY, THURSDAY, is_mine=is_mine)
        return [step.title for steps in days.values() for step in steps]

    assert shown(seller, is_mine=True) == ["mine"]
    assert shown(seller, is_mine=False) == ["mine", "the manager's for my customer"]
    assert shown(manager, is_mine=False) == ["mine", "the manager's for my customer", "a colleague's"]


def test_it_asks_as_often_however_much_there_is(seller: User, wang: Customer) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            get_my_day(seller, today=THURSDAY, seen_ids=[wang.pk])
        return len(captured)

    due(seller, wang, THURSDAY)
    few = asked()
    for day in range(-10, 30):
        due(seller, wang, THURSDAY + timedelta(days=day))
    assert asked() == few == 8


def test_who_looks_after_nobody_has_no_day() -> None:
    with pytest.raises(PermissionDenied):
        get_my_day(holding("customers.view"), today=THURSDAY)
    with pytest.raises(PermissionDenied):
        list_calendar(holding("customers.view"), THURSDAY, THURSDAY, is_mine=False)

"""My day and the calendar as pages, and where everybody lands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.customers.commands import create_task
from guanxi.customers.models import Customer, Task
from guanxi.kernel.access.commands import create_user
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.mark.parametrize(
    ("role", "home"),
    [("seller", "/my-day/"), ("service", "/my-day/"), ("team_leader", "/my-day/"), ("manager", "/insight/"),
     ("operator", "/updates/")],
)  # fmt: skip
def test_everybody_lands_where_their_work_is(seller: User, role: str, home: str) -> None:
    client = Client()
    client.force_login(create_user(SYSTEM, "new", "correct horse battery", roles=[role]))
    assert client.get("/")["Location"].startswith(home)


def test_the_day_with_little_and_much(desk: Client, seller: User, wang: Customer) -> None:
    empty = desk.get("/my-day/").content.decode()
    assert "All done for today." in empty
    create_task(seller, customer_id=wang.pk, values={"title": "Send samples", "due_on": TODAY, "reason": "promised"})
    Task.objects.update(due_on=TODAY - timedelta(days=3))
    desk.get(f"/customers/{wang.pk}/")
    page = desk.get("/my-day/").content.decode()
    for text in ("Overdue", "3 days overdue", "Send samples", "promised", "王伟", "138****5678", "Lately looked at"):
        assert text in page
    assert "All done" not in page
    assert "13812345678" not in page
    part = desk.get("/my-day/", headers={"HX-Request": "true"}).content.decode()
    assert "<title>" not in part
    assert "Send samples" in part


def test_lately_seen_is_of_this_user_only(desk: Client, chief: Client, wang: Customer, tea: Customer) -> None:
    for customer in (wang, tea, wang):
        desk.get(f"/customers/{customer.pk}/")
    names = [name for name in desk.cookies if name.startswith("guanxi_seen_")]
    assert len(names) == 1
    assert desk.cookies[names[0]].value == f"{wang.pk}.{tea.pk}"
    assert desk.cookies[names[0]]["httponly"]
    desk.cookies[names[0]] = "x.404.999999999999999999999.-1"
    assert desk.get("/my-day/").status_code == 200


def test_the_calendar_by_month_and_week(desk: Client, chief: Client, seller: User, wang: Customer) -> None:
    for number in range(6):
        create_task(seller, customer_id=wang.pk, values={"title": f"step {number}", "due_on": TODAY})
    month = desk.get("/my-day/calendar/").content.decode()
    assert month.count('draggable="true"') == 4
    assert "2 more" in month
    week = desk.get(f"/my-day/calendar/?span=week&day={TODAY}").content.decode()
    assert week.count('draggable="true"') == 6
    assert week.count("data-gx-day=") == 7
    assert "Team" not in week  # a seller sees nobody else's
    assert "step 0" not in chief.get("/my-day/calendar/").content.decode()
    team = chief.get("/my-day/calendar/?whose=team").content.decode()
    assert "step 0" in team
    assert "沈嘉敏" in team


@pytest.mark.parametrize("day", ["moon", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_a_day_that_is_none_is_today(desk: Client, day: str) -> None:
    assert TODAY.isoformat() in desk.get(f"/my-day/calendar/?day={day}").content.decode()


@pytest.mark.parametrize(
    ("day", "first", "last"), [("2026-12-05", "2026-11-30", "2027-01-03"), ("2027-02-10", "2027-02-01", "2027-02-28")]
)
def test_a_month_is_whole_weeks(desk: Client, day: str, first: str, last: str) -> None:
    page = desk.get(f"/my-day/calendar/?day={day}").content.decode()
    days = [part.split('"')[0] for part in page.split('data-gx-day="')[1:]]
    assert (days[0], days[-1], len(days) % 7) == (first, last, 0)


def test_who_looks_after_nobody_is_refused(wang: Customer) -> None:
    reader = Client()
    reader.force_login(create_user(SYSTEM, "wu", "correct horse battery", roles=["marketer"]))
    assert reader.get("/my-day/").status_code == 403
    assert reader.get("/my-day/calendar/").status_code == 403

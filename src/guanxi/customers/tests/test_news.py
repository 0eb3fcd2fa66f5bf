"""Who is told what, once, in words, unless they do not want it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation

from guanxi.customers.commands import create_task, log_interaction
from guanxi.customers.jobs import tell_of_due
from guanxi.customers.models import Customer, Interaction
from guanxi.customers.tests.factories import make_customers
from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.queue import enqueue
from guanxi.kernel.jobs.registry import MAX_ATTEMPTS
from guanxi.kernel.jobs.worker import Worker
from guanxi.kernel.notifications.commands import choose_news, expire_news, mark_read
from guanxi.kernel.notifications.models import Notification
from guanxi.kernel.notifications.queries import get_bell, list_choices, list_news
from guanxi.kernel.notifications.registry import news_kinds

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def people() -> dict[str, User]:
    ensure_roles(SYSTEM)
    roles = {"liu": "manager", "shen": "seller", "fang": "seller", "zheng": "operator"}
    shown = {"liu": "刘总", "shen": "沈嘉敏", "fang": "", "zheng": ""}
    made = {
        name: create_user(SYSTEM, name, "correct horse battery", roles=[role], display_name=shown[name])
        for name, role in roles.items()
    }
    make_customers([{"id": 1, "name": "王伟", "owner_id": made["shen"].pk}])
    return made


def work_off() -> None:
    worker = Worker(threading.Event())
    while worker.run_one():
        pass


def told(user: User) -> list[str]:
    return [line.text for line in list_news(user)]


def give(giver: User, taker: User) -> None:
    values = {"title": "寄样", "due_on": "2099-01-02", "assignee_id": taker.pk}
    create_task(giver, customer_id=1, values=values)
    work_off()


def test_who_is_given_a_task_is_told_and_who_gave_it_is_not(people: dict[str, User]) -> None:
    give(people["liu"], people["shen"])
    assert told(people["shen"]) == ["刘总 gave you: 寄样, due 2099-01-02"]
    assert told(people["liu"]) == []
    give(people["shen"], people["shen"])
    assert len(told(people["shen"])) == 1
    stored = str(list(Notification.objects.values("facts")))
    assert "寄样" not in stored


def test_a_mention_reaches_whom_it_may(people: dict[str, User]) -> None:
    body = "@刘总 请看 @fang @shen @nobody"
    log_interaction(people["shen"], customer_id=1, values={"kind": "note", "body": body})
    work_off()
    assert told(people["liu"]) == ["沈嘉敏 mentioned you at 王伟"]
    assert (told(people["fang"]), told(people["shen"])) == ([], []), "fang may not see the customer; shen wrote it"
    Interaction.objects.update(deleted_at=datetime.now(UTC))
    assert told(people["liu"]) == [], "what was removed is told no more"


def test_news_ends_with_the_right_to_see(people: dict[str, User]) -> None:
    log_interaction(people["liu"], customer_id=1, values={"kind": "note", "body": "@沈嘉敏"})
    work_off()
    assert len(told(people["shen"])) == 1
    Customer.objects.filter(pk=1).update(owner=people["fang"])
    assert told(User.objects.get(pk=people["shen"].pk)) == []


def test_every_morning_once(people: dict[str, User]) -> None:
    values = {"title": "回访", "due_on": "2099-01-02"}
    for _ in range(2):
        create_task(people["shen"], customer_id=1, values=values)
    for _ in range(2):
        tell_of_due({"day": "2099-01-02"})
    tell_of_due({"day": "2099-01-01"})
    assert told(people["shen"]) == ["2 follow-ups are due today or overdue"]
    assert told(people["fang"]) == []


def test_a_failure_is_told_to_who_asked_or_who_runs_updates(people: dict[str, User]) -> None:
    enqueue("no.such.job", {}, asked_by=people["shen"])
    enqueue("no.such.job.either", {})
    Job.objects.update(attempts=MAX_ATTEMPTS - 1)
    work_off()
    assert [row.state for row in Job.objects.filter(name__startswith="no.such")] == ["failed", "failed"]
    assert len(told(people["shen"])) == 1 == len(told(people["zheng"]))
    assert told(people["shen"])[0].startswith("It did not work: ")
    assert told(people["liu"]) == []


def test_what_is_muted_is_not_told(people: dict[str, User]) -> None:
    wanted = {kind.key for kind in news_kinds()} - {"task_given"}
    choose_news(SYSTEM, user_id=people["shen"].pk, wanted=wanted)
    give(people["liu"], people["shen"])
    assert told(people["shen"]) == []
    assert [choice.key for choice in list_choices(people["shen"]) if not choice.is_wanted] == ["task_given"]
    choose_news(SYSTEM, user_id=people["shen"].pk, wanted=wanted | {"task_given"})
    give(people["liu"], people["shen"])
    assert len(told(people["shen"])) == 1


def test_the_bell_counts_what_is_unread_and_costs_nothing_while_nothing_changes(
    people: dict[str, User], client: Client
) -> None:
    client.force_login(people["shen"])
    client.cookies.load({"django_language": "en"})
    first = client.get("/news/bell/")
    assert (first.status_code, "gx-bell-count" in first.content.decode()) == (200, False)
    seen = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/news/bell/", headers=seen).status_code == 304
    give(people["liu"], people["shen"])
    rung = client.get("/news/bell/", headers=seen)
    assert (rung.status_code, "News: 1 unread" in rung.content.decode()) == (200, True)
    page = client.get("/news/").content.decode()
    assert "刘总 gave you: 寄样" in page
    latest = get_bell(people["shen"]).latest
    assert client.post("/news/read/", {"upto": "x"}).status_code == 302
    assert get_bell(people["shen"]).unread == 1
    client.post("/news/read/", {"upto": str(latest)})
    assert get_bell(people["shen"]).unread == 0
    assert mark_read(people["fang"], upto=latest) == 0, "nobody reads for another"
    client.post("/news/choose/", {"kind": ["mentioned"]})
    assert [choice.key for choice in list_choices(people["shen"]) if choice.is_wanted] == ["mentioned"]


def test_old_news_goes(people: dict[str, User]) -> None:
    give(people["liu"], people["shen"])
    now = datetime.now(UTC)
    assert expire_news(SYSTEM, before=now - timedelta(days=1)) == 0
    assert expire_news(SYSTEM, before=now + timedelta(days=1)) == 1
    assert told(people["shen"]) == []

"""From a list to groups, tasks, a control group and what it all brought."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from pytest_django import Settings

from guanxi.customers.commands import merge_customers
from guanxi.customers.errors import OwnerUnknown
from guanxi.customers.models import Customer, Interaction, Task
from guanxi.customers.tests.factories import make_customers, make_standings
from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.models import Role, User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.errors import GuanxiError, PermissionDenied
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.worker import Worker
from guanxi.kernel.lists.actions import Selection
from guanxi.kernel.lists.spec import get_list
from guanxi.kernel.lists.state import ListState
from guanxi.marketing.commands import Terms, cancel_follow_up, fill_group, follow_up_chosen, save_group, start_follow_up
from guanxi.marketing.errors import (
    ControlReasonMissing,
    ControlTooLarge,
    DaysOutOfRange,
    DueTooEarly,
    FollowUpOver,
    FollowUpUnknown,
    GroupEmpty,
    GroupNameMissing,
    GroupUnknown,
    ReasonMissing,
)
from guanxi.marketing.models import CustomerGroup, FollowUp, FollowUpMember, GroupMember
from guanxi.marketing.queries import get_follow_up, list_follow_ups, list_groups

pytestmark = pytest.mark.django_db
START, DUE = date(2026, 11, 23), date(2026, 11, 30)
TERMS = Terms(title="回访", reason="好久没来", started_on=START, due_on=DUE)


@pytest.fixture
def people() -> dict[str, User]:
    ensure_roles(SYSTEM)
    roles = {"liu": "manager", "shen": "seller", "fang": "seller", "wu": "marketer", "zheng": "operator"}
    return {name: create_user(SYSTEM, name, "correct horse battery", roles=[role]) for name, role in roles.items()}


@pytest.fixture
def customers(people: dict[str, User]) -> None:
    owners = (people["shen"].pk, people["fang"].pk, None)
    make_customers(
        {"id": key, "name": f"客户{key}", "owner_id": owners[key % 3], "region_code": "CN-ZJ" if key <= 30 else "CN-FJ"}
        for key in range(1, 41)
    )
    make_standings(
        {"customer_id": key, "tier": "vip", "stage": "decline", "frequency": 3, "first_purchase_on": date(2025, 1, 1),
         "last_purchase_on": date(2026, 3, 22)} for key in range(1, 31)
    )  # fmt: skip


def work_off() -> None:
    worker = Worker(threading.Event())
    while worker.run_one():
        pass


def everything() -> list[Any]:
    return [
        model.objects.count() for model in (CustomerGroup, GroupMember, FollowUp, FollowUpMember, Task, AuditEntry, Job)
    ]


def matching(address: str = "") -> Selection:
    return Selection(state=ListState.from_address(get_list("customers"), QueryDict(address)))


def begin(actor: User, **terms: Any) -> FollowUp:
    wanted = Terms(**{**vars(TERMS), **terms})
    started = follow_up_chosen(actor, name="浙江", choice=matching("region=CN-ZJ"), terms=wanted)
    work_off()
    started.refresh_from_db()
    return started


@pytest.mark.usefixtures("customers")
def test_the_owners_have_their_tasks_and_some_are_left_alone(people: dict[str, User]) -> None:
    started = begin(people["liu"], fallback_id=people["fang"].pk)
    assert (started.state, started.group.size, started.group.words) == ("running", 30, "Region is Zhejiang")
    control = set(started.members.filter(arm="control").values_list("customer_id", flat=True))
    tasks = Task.objects.filter(batch=started.batch)
    assert len(control) == 3
    assert set(tasks.values_list("customer_id", flat=True)) == set(range(1, 31)) - control
    for task in tasks.select_related("customer"):
        expected = people["fang"] if task.customer is None or task.customer.owner is None else task.customer.owner
        assert task.assignee == expected
    one = tasks.order_by("pk")[0]
    assert (one.title, one.due_on, one.state, one.created_by) == ("回访", DUE, "open", people["liu"])
    assert one.reason == "好久没来 · VIP, Decline, last purchase 8 months ago, 3 orders"


@pytest.mark.usefixtures("customers")
def test_a_worker_that_dies_leaves_nobody_out_and_hands_nothing_out_twice(
    people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    from guanxi.marketing.commands import follow_up, group

    monkeypatch.setattr(group, "CHUNK", 7)
    monkeypatch.setattr(follow_up, "CHUNK", 7)
    started = follow_up_chosen(people["liu"], name="浙江", choice=matching("region=CN-ZJ"), terms=TERMS)
    assert fill_group(people["liu"], group_id=started.group_id) == 7  # and the worker died here
    work_off()
    Job.objects.create(name="marketing.prepare", payload={"group_id": started.group_id}, created_at=started.started_at,
                       run_at=started.started_at)  # fmt: skip
    work_off()
    started.refresh_from_db()
    assert (started.group.size, GroupMember.objects.count(), started.members.count()) == (30, 30, 30)
    assert Task.objects.count() == 27 == Task.objects.values("customer").distinct().count()


@pytest.mark.usefixtures("customers")
@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        ({"reason": " "}, ReasonMissing),
        ({"control_percent": 0}, ControlReasonMissing),
        ({"control_percent": 51}, ControlTooLarge),
        ({"control_percent": -1}, ControlTooLarge),
        ({"due_on": date(2026, 11, 22)}, DueTooEarly),
        ({"measured_days": 0}, DaysOutOfRange),
        ({"measured_days": 366}, DaysOutOfRange),
        ({"fallback_id": 999_999}, OwnerUnknown),
        ({"fallback_id": "zheng"}, OwnerUnknown),  # sees no customers
    ],
)
def test_what_cannot_be_followed_up_is_refused_whole(
    people: dict[str, User], terms: dict[str, Any], refusal: type[GuanxiError]
) -> None:
    before = everything()
    if terms.get("fallback_id") in people:
        terms = {"fallback_id": people[terms["fallback_id"]].pk}
    with pytest.raises(refusal):
        begin(people["liu"], **terms)
    assert everything() == before


@pytest.mark.usefixtures("customers")
def test_a_group_needs_a_name_and_somebody(people: dict[str, User]) -> None:
    before = everything()
    with pytest.raises(GroupNameMissing):
        save_group(people["liu"], name=" ", choice=matching())
    with pytest.raises(GroupEmpty):
        save_group(people["liu"], name="nobody", choice=matching("region=CN-TJ"))
    with pytest.raises(PermissionDenied):
        save_group(people["shen"], name="mine", choice=matching())
    assert everything() == before


@pytest.mark.usefixtures("customers")
def test_nobody_works_for_the_bin_nor_twice_for_one_nor_who_has_left(people: dict[str, User]) -> None:
    everybody = {"control_percent": 0, "control_reason": "全部都要通知", "fallback_id": people["liu"].pk}
    started = follow_up_chosen(
        people["liu"], name="浙江", choice=matching("region=CN-ZJ"), terms=Terms(**{**vars(TERMS), **everybody})
    )
    group = CustomerGroup.objects.get()
    assert fill_group(people["liu"], group_id=group.pk) == 30
    Customer.objects.filter(pk=3).update(deleted_at="2026-11-22T00:00:00Z")
    merge_customers(SYSTEM, main_id=6, others=[9, 12])
    User.objects.filter(pk=people["fang"].pk).update(is_active=False)
    work_off()
    tasks = dict(Task.objects.filter(batch=started.batch).values_list("customer_id", "assignee__username"))
    assert tasks == {
        key: "shen" if key % 3 == 0 else "liu" for key in range(1, 31) if key not in (3, 9, 12)
    }  # fmt: skip
    started.refresh_from_db()
    assert (started.state, Task.objects.count()) == ("running", 27)


@pytest.mark.usefixtures("customers")
def test_nobody_is_left_alone_only_for_a_reason(people: dict[str, User]) -> None:
    started = begin(people["liu"], control_percent=0, control_reason="全部都要通知")
    assert started.members.filter(arm="control").count() == 0
    assert Task.objects.filter(batch=started.batch).count() == 30


@pytest.mark.usefixtures("customers")
def test_ticked_rows_are_the_group_and_no_more(people: dict[str, User]) -> None:
    Customer.objects.filter(pk=3).update(deleted_at="2026-11-22T00:00:00Z")
    group = save_group(people["wu"], name="三位", choice=Selection((1, 2, 3, 999)))
    work_off()
    assert sorted(GroupMember.objects.values_list("customer_id", flat=True)) == [1, 2]
    group.refresh_from_db()
    assert (group.size, group.is_complete, group.words) == (2, True, "")


@pytest.mark.usefixtures("customers")
def test_open_tasks_are_taken_back_and_done_ones_stay(people: dict[str, User]) -> None:
    started = begin(people["liu"])
    done = Task.objects.order_by("pk")[0]
    Task.objects.filter(pk=done.pk).update(state="done")
    assert cancel_follow_up(people["liu"], follow_up_id=started.pk) == 26
    assert Task.objects.filter(state="dropped").count() == 26
    assert Task.objects.get(state="done") == done
    before = everything()
    with pytest.raises(FollowUpOver):
        cancel_follow_up(people["liu"], follow_up_id=started.pk)
    with pytest.raises(FollowUpUnknown):
        cancel_follow_up(people["liu"], follow_up_id=9999)
    with pytest.raises(PermissionDenied):
        cancel_follow_up(people["shen"], follow_up_id=started.pk)
    assert everything() == before


@pytest.mark.usefixtures("customers")
def test_who_was_reached_counts_from_the_start_on(people: dict[str, User]) -> None:
    from guanxi.marketing.commands import measure_follow_up

    started = begin(people["liu"])
    treated = list(started.members.filter(arm="treated").values_list("customer_id", flat=True))
    control = started.members.filter(arm="control").values_list("customer_id", flat=True)[0]
    said = {"kind": "call", "created_at": "2026-11-24T08:00:00Z"}
    for customer_id, at, reached in (
        (treated[0], "2026-11-24T08:00:00Z", True), (treated[0], "2026-11-25T08:00:00Z", True),
        (treated[1], "2026-11-24T08:00:00Z", False), (treated[2], "2026-11-20T08:00:00Z", True),
        (control, "2026-11-24T08:00:00Z", True),
    ):  # fmt: skip
        Interaction.objects.create(customer_id=customer_id, at=at, reached=reached, **said)
    assert measure_follow_up(SYSTEM, follow_up_id=started.pk).reached == 1


@pytest.mark.usefixtures("customers")
def test_pages_of_groups_and_follow_ups(people: dict[str, User], client: Client) -> None:
    client.force_login(people["liu"])
    client.cookies.load({"django_language": "en"})
    form = client.get("/marketing/new/?all=1&state=region%3DCN-ZJ%26cursor%3Dx").content.decode()
    assert "Region is Zhejiang" in form
    assert 'name="state" value="region=CN-ZJ&amp;cursor=x"' in form
    given = {"all": "1", "state": "region=CN-ZJ", "name": "浙江<b>", "reason": "好久没来", "due_on": "2099-01-01",
             "control_percent": "10", "control_reason": "", "measured_days": "30", "fallback": ""}  # fmt: skip
    before = everything()
    refused = client.post("/marketing/new/", given | {"control_percent": "0", "what": "follow-up"})
    assert (refused.status_code, everything()) == (400, before)
    assert "nobody will know what the follow-up brought" in refused.content.decode()
    answer = client.post("/marketing/new/", given | {"what": "follow-up"})
    started = FollowUp.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/marketing/follow-ups/{started.pk}/")
    assert "being handed out" in client.get(answer.headers["Location"]).content.decode()
    work_off()
    page = client.get(answer.headers["Location"]).content.decode()
    assert "0 of 27 done" in page
    assert "浙江&lt;b&gt;" in page
    assert "<b>" not in page.replace("<b>10", "")
    for address in ("/marketing/", f"/marketing/{started.group_id}/", "/marketing/follow-ups/"):
        assert "浙江&lt;b&gt;" in client.get(address).content.decode()
    taken = client.post(f"/marketing/follow-ups/{started.pk}/cancel/", follow=True).content.decode()
    assert "27 open tasks were taken back" in taken
    only = client.post("/marketing/new/", {"all": "1", "state": "region=CN-FJ", "name": "福建", "what": "group"})
    assert only.headers["Location"] == f"/marketing/{CustomerGroup.objects.get(name='福建').pk}/"


@pytest.mark.usefixtures("customers")
def test_who_sees_what(people: dict[str, User], client: Client) -> None:
    started = begin(people["liu"])
    assert [line.id for line in list_follow_ups(people["wu"])] == [started.pk]
    assert list_groups(people["shen"]) == []
    with pytest.raises(FollowUpUnknown):
        get_follow_up(people["shen"], started.pk)
    statuses = {}
    for name in ("liu", "shen", "zheng"):
        client.force_login(people[name])
        statuses[name] = [
            client.get(address).status_code
            for address in (
                "/marketing/",
                "/marketing/new/?all=1",
                f"/marketing/follow-ups/{started.pk}/",
                "/marketing/9999/",
            )
        ]
    assert statuses == {"liu": [200, 200, 200, 404], "shen": [200, 403, 404, 404], "zheng": [403, 403, 403, 403]}


def test_a_follow_up_without_a_warehouse_waits_for_one(
    people: dict[str, User], customers: None, settings: Settings, tmp_path: Path
) -> None:
    settings.WAREHOUSE = tmp_path / "none"
    page = get_follow_up(people["liu"], begin(people["liu"]).pk)
    assert page.result is not None
    assert (page.result.known_until, page.result.treated.members, page.result.control.members) == (None, 27, 3)


@pytest.mark.usefixtures("customers")
def test_what_one_does_not_see_one_can_neither_start_nor_cancel(people: dict[str, User]) -> None:
    started = begin(people["liu"])
    Role.objects.create(name="own groups", permissions=["groups.view", "groups.manage"], visibility="own")
    stranger = create_user(SYSTEM, "qian", "correct horse battery", roles=["own groups"])
    before = everything()
    with pytest.raises(GroupUnknown):
        start_follow_up(stranger, group_id=started.group_id, terms=TERMS)
    with pytest.raises(FollowUpUnknown):
        cancel_follow_up(stranger, follow_up_id=started.pk)
    assert everything() == before


@pytest.mark.usefixtures("customers")
def test_groups_that_one_may_not_see_tell_neither_their_name_nor_who_is_in_them(
    people: dict[str, User], client: Client
) -> None:
    client.cookies.load({"django_language": "en"})
    group = save_group(people["liu"], name="秘密", choice=Selection((1, 3)))
    work_off()
    shown = {}
    for name in ("liu", "shen", "zhou"):
        client.force_login(people.get(name) or create_user(SYSTEM, name, "correct horse battery", roles=["service"]))
        page = client.get(f"/customers/?group={group.pk}").content.decode()
        counted = client.get(f"/lists/customers/count/?state=group%3D{group.pk}").content.decode()
        shown[name] = ("秘密" in page, counted)
    assert shown == {"liu": (True, "2"), "shen": (False, "0"), "zhou": (False, "0")}
    for asked in ("group=x", "group=99999999999999999999", "where=group:empty"):
        assert client.get(f"/customers/?{asked}").status_code == 409
    assert client.get("/lists/customers/count/?state=group%3D²").content == b"0"

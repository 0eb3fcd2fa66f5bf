"""Who looked after a customer, why that changed, and who is told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from guanxi.customers.commands import assign_owner, delete_customer, log_interaction, restore_customer
from guanxi.customers.commands.hand_over import hand_over
from guanxi.customers.errors import CustomerUnknown, FieldInvalid, OwnerUnknown
from guanxi.customers.models import Customer, Ownership
from guanxi.customers.queries import get_customer_page
from guanxi.customers.queries.owners import get_periods
from guanxi.customers.tests.factories import make_customers
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.batches.commands import do_next_chunk, settle_batch, start_batch, undo_batch
from guanxi.kernel.batches.jobs import run_batch
from guanxi.kernel.batches.models import Batch
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.notifications.commands import choose_news
from guanxi.kernel.notifications.models import Notification
from guanxi.kernel.notifications.queries import list_news
from guanxi.kernel.notifications.registry import news_kinds

pytestmark = pytest.mark.django_db
TAKEN, DELETED = "customers_taken", "customers_deleted"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def told(user: User) -> list[str]:
    return [line.text for line in list_news(User.objects.get(pk=user.pk))]


def told_of(user: User, kind: str) -> list[tuple[dict[str, Any], str]]:
    return list(Notification.objects.filter(user=user, kind=kind).order_by("pk").values_list("facts", "url"))


def done(batch: Batch) -> Batch:
    run_batch({"batch": batch.pk})
    batch.refresh_from_db()
    return batch


def test_a_period_says_how_it_began_how_it_ended_and_why(
    seller: User, colleague: User, manager: User, wang: Customer
) -> None:
    said = log_interaction(seller, customer_id=wang.pk, values={"kind": "call", "subject": "茶"})
    assign_owner(manager, customer_id=wang.pk, owner_id=colleague.pk, because=" 搬到北京\n了 ")
    assign_owner(manager, customer_id=wang.pk, owner_id=None)
    periods = get_periods(manager, wang.pk)
    assert [
        (one.owner, one.got, one.got_because, one.lost, one.lost_because, one.last_follow_up_at) for one in periods
    ] == [
        ("方磊", "assigned", "搬到北京 了", "released", "", None),
        ("沈嘉敏", "created", "", "reassigned", "搬到北京 了", said.at),
    ]
    assert periods[0].since == periods[1].until
    assert periods == get_customer_page(manager, wang.pk).periods
    assert "北京" not in str(list(AuditEntry.objects.values())), "the trail keeps no free text"


def test_the_present_owner_is_followed_up_by_nobody_before(seller: User, manager: User, wang: Customer) -> None:
    said = log_interaction(seller, customer_id=wang.pk, values={"kind": "call", "subject": "茶"})
    assert [one.last_follow_up_at for one in get_periods(seller, wang.pk)] == [said.at]
    assign_owner(manager, customer_id=wang.pk, owner_id=manager.pk)
    assert [one.last_follow_up_at for one in get_periods(manager, wang.pk)] == [None, said.at]


def test_a_refusal_keeps_nothing(
    seller: User, colleague: User, manager: User, wang: Customer, everything: Callable[..., list[Any]]
) -> None:
    before = everything(Ownership, Notification)
    for refusal, actor, values in (
        (FieldInvalid, manager, {"owner_id": colleague.pk, "because": "x" * 301}),
        (OwnerUnknown, manager, {"owner_id": 9_999}),
        (PermissionDenied, seller, {"owner_id": colleague.pk}),
    ):
        with pytest.raises(refusal):
            assign_owner(actor, customer_id=wang.pk, **values)
    with pytest.raises(CustomerUnknown):
        get_periods(colleague, wang.pk)
    assert everything(Ownership, Notification) == before


def test_whose_customer_is_taken_is_told_and_nobody_of_his_own_act(
    seller: User, colleague: User, manager: User, wang: Customer
) -> None:
    assign_owner(manager, customer_id=wang.pk, owner_id=colleague.pk)
    assert told(seller) == [f"刘总 handed your customer No. {wang.pk} to somebody else"], "shen sees it no more"
    assert told_of(seller, TAKEN) == [({"by": manager.pk, "count": 1, "customer_id": wang.pk}, "/customers/?owner=me")]
    assign_owner(manager, customer_id=wang.pk, owner_id=manager.pk)
    assign_owner(manager, customer_id=wang.pk, owner_id=manager.pk)
    assign_owner(manager, customer_id=wang.pk, owner_id=seller.pk)
    assert told_of(manager, TAKEN) == [], "his own act"
    assert len(told_of(colleague, TAKEN)) == 1
    assert "王伟" not in str(list(Notification.objects.values()))


def test_whose_customer_is_deleted_is_told_while_it_lies_in_the_bin(
    seller: User, manager: User, wang: Customer
) -> None:
    delete_customer(manager, customer_id=wang.pk)
    assert told(seller) == ["刘总 put your customer 王伟 into the bin"]
    assert told_of(seller, DELETED)[0][1] == f"/customers/{wang.pk}/"
    restore_customer(manager, customer_id=wang.pk)
    assert told(seller) == []
    assign_owner(manager, customer_id=wang.pk, owner_id=manager.pk)
    delete_customer(manager, customer_id=wang.pk)
    assert told_of(manager, DELETED) == []


def test_a_bulk_act_is_one_piece_of_news_for_each_owner(seller: User, colleague: User, manager: User) -> None:
    make_customers({"id": key, "name": f"客户{key}", "owner_id": seller.pk} for key in range(1, 6))
    make_customers([{"id": 6, "name": "客户6", "owner_id": colleague.pk}, {"id": 7, "name": "客户7"}])
    moved = done(
        start_batch(manager, kind="customers.assign", options={"owner_id": manager.pk}, ids=range(1, 8))
    )  # fmt: skip
    assert told(seller) == ["刘总 handed 5 customers of yours to somebody else"]
    assert told(colleague) == ["刘总 handed 1 customer of yours to somebody else"]
    done(undo_batch(manager, batch_id=moved.pk))
    assert told_of(manager, TAKEN) == []
    done(start_batch(manager, kind="customers.delete", options={}, ids=range(1, 8)))
    assert told(seller)[0] == "刘总 put 5 customers of yours into the bin"
    assert [facts for facts, _url in told_of(colleague, DELETED)] == [{"by": manager.pk, "count": 1}]
    assert Notification.objects.filter(kind__in=(TAKEN, DELETED)).count() == 4


def test_a_hand_over_and_its_undo_are_told(seller: User, colleague: User, manager: User) -> None:
    make_customers({"id": key, "name": f"客户{key}", "owner_id": seller.pk} for key in (1, 2))
    given = done(hand_over(manager, from_id=seller.pk, to_id=colleague.pk))
    assert told(seller) == ["刘总 handed 2 customers of yours to somebody else"]
    done(undo_batch(manager, batch_id=given.pk))
    assert told_of(colleague, TAKEN) == [({"by": manager.pk, "count": 2}, "/customers/?owner=me")]


def test_what_another_ended_is_told_of_who_asked(seller: User, manager: User) -> None:
    make_customers({"id": key, "name": f"客户{key}", "owner_id": manager.pk} for key in (1, 2))
    batch = start_batch(manager, kind="customers.delete", options={}, ids=[1, 2])
    do_next_chunk(manager, batch_id=batch.pk)
    settle_batch(SYSTEM, batch_id=batch.pk)
    assert Customer.objects.living().count() == 0
    assert told_of(manager, DELETED) == []


def test_who_does_not_want_it_is_not_told(seller: User, manager: User, wang: Customer) -> None:
    choose_news(SYSTEM, user_id=seller.pk, wanted={kind.key for kind in news_kinds()} - {TAKEN, DELETED})
    delete_customer(manager, customer_id=wang.pk)
    restore_customer(manager, customer_id=wang.pk)
    assign_owner(manager, customer_id=wang.pk, owner_id=manager.pk)
    assert told(seller) == []


def test_the_owner_is_changed_in_a_dialog(
    seller: User, colleague: User, manager: User, wang: Customer, everything: Callable[..., list[Any]]
) -> None:
    chief, desk = Client(), Client()
    for client, user in ((chief, manager), (desk, seller)):
        client.force_login(user)
        client.cookies.load({"django_language": "en"})
    place = f"/customers/{wang.pk}/owner/"
    assert place in chief.get(f"/customers/{wang.pk}/").text
    assert place not in desk.get(f"/customers/{wang.pk}/").text
    before = everything(Ownership)
    assert desk.get(place).status_code == desk.post(place, {"owner_id": colleague.pk}).status_code == 403
    asked = chief.get(place, headers={"HX-Request": "true"}).text
    assert "Who is to look after 王伟?" in asked
    assert f'value="{colleague.pk}"' in asked
    assert f'value="{seller.pk}"' not in asked, "who owns it now is no choice"
    for typed in ({}, {"owner_id": "x"}, {"owner_id": "999"}, {"owner_id": colleague.pk, "because": "x" * 301}):
        refused = chief.post(place, typed)
        assert (refused.status_code, str(typed.get("because", "")) in refused.text) == (422, True)
    assert everything(Ownership) == before
    answer = chief.post(place, {"owner_id": colleague.pk, "because": "搬到北京"}, follow=True)
    assert answer.redirect_chain == [(f"/customers/{wang.pk}/", 302)]
    assert "搬到北京" in answer.text.split('id="owners"')[1].split("</section>")[0]
    table = chief.get(f"/customers/{wang.pk}/owners/").text
    for word in ("方磊", "was given the customer: 搬到北京", "somebody else was given the customer: 搬到北京"):
        assert word in table
    assert desk.get(f"/customers/{wang.pk}/owners/").status_code == 404
    chief.post(place, {"owner_id": "0"})
    assert Customer.objects.get().owner is None

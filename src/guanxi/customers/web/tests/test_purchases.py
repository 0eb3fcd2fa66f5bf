"""A purchase is written down on the customer's page, once, and taken back."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.customers.models import Purchase
from guanxi.customers.tests.factories import make_customers
from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM

pytestmark = pytest.mark.django_db
NEW = "/customers/1/purchases/new/"
INSIDE = {"HX-Request": "true"}


@pytest.fixture
def seller(client: Client) -> User:
    ensure_roles(SYSTEM)
    user = create_user(SYSTEM, "wu", "correct horse battery", roles=["seller"])
    client.force_login(user)
    client.cookies.load({"django_language": "en"})
    make_customers([{"id": 1, "name": "王伟", "owner_id": user.pk}, {"id": 2, "name": "别人的"}])
    return user


def typed(**given: str) -> dict[str, str]:
    return {
        "bought_on": "2026-03-01", "order_no": "", "key": "abc", "lines": "1", "line-0-product_name": "紫砂壶",
        "line-0-product_id": "", "line-0-quantity": "", "line-0-unit_price": "120", **given,
    }  # fmt: skip


def events(answer: Any) -> dict[str, Any]:
    return dict(json.loads(answer.headers["HX-Trigger"]))


def test_the_form_begins_with_today_and_a_key_of_its_own(client: Client, seller: User) -> None:
    first, second = (client.get(NEW, headers=INSIDE) for _ in range(2))
    page = first.content.decode()
    assert f'value="{timezone.localdate()}"' in page
    assert "<html" not in page
    assert page.count("line-") > 0
    assert first.context["forms"].purchase.initial["key"] != second.context["forms"].purchase.initial["key"]
    assert "<html" in client.get(NEW).content.decode()


def test_it_is_written_down_once_and_can_be_undone(client: Client, seller: User) -> None:
    for _ in range(2):
        answer = client.post(NEW, typed(order_no="A17"), headers=INSIDE)
        assert answer.status_code == 204
    kept = Purchase.objects.get()
    assert (kept.total, kept.order_no, kept.recorded_by, kept.channel) == (Decimal(120), "A17", seller, "screen")
    assert timezone.localtime(kept.bought_at).strftime("%Y-%m-%d %H:%M") == "2026-03-01 12:00"
    toast = events(answer)
    assert toast["gx:purchases"] is True
    assert toast["gx:toast"]["text"] == "Written down: ¥120.00 on 2026-03-01. The value follows in a moment."
    back = client.post(toast["gx:toast"]["undoUrl"], headers=INSIDE)
    assert (back.status_code, events(back)["gx:purchases"]) == (204, True)
    assert Purchase.objects.get(reverses=kept).total == Decimal(-120)
    assert client.post(toast["gx:toast"]["undoUrl"], headers=INSIDE).status_code == 409


def test_without_scripts_it_leads_back_to_the_customer(client: Client, seller: User) -> None:
    answer = client.post(NEW, typed(bought_on=f"{timezone.localdate()}"))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/customers/1/")
    assert timezone.now() - Purchase.objects.get().bought_at < timedelta(minutes=1)
    assert client.post("/customers/purchases/1/back/").status_code == 302
    assert Purchase.objects.count() == 2


def test_another_line_keeps_what_was_typed(client: Client, seller: User) -> None:
    answer = client.post(NEW, typed(more="1", order_no="A17"), headers=INSIDE)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not Purchase.objects.exists()
    for kept in (
        'value="A17"',
        'value="abc"',
        'value="紫砂壶"',
        'name="line-1-product_name"',
        'name="lines" value="2"',
    ):
        assert kept in page
    two = typed(lines="2", **{"line-1-product_name": "杯", "line-1-unit_price": "9.50", "line-1-quantity": "4"})
    assert client.post(NEW, two, headers=INSIDE).status_code == 204
    assert (Purchase.objects.get().total, Purchase.objects.get().items.count()) == (Decimal(158), 2)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"bought_on": "yesterday"}, "Give the day as YYYY-MM-DD."),
        ({"bought_on": "2999-01-01"}, "its day is still to come."),
        ({"line-0-unit_price": ""}, "Give the price."),
        ({"line-0-unit_price": "much"}, "Enter a number."),
        ({"line-0-product_name": ""}, "Name the product."),
        ({"line-0-product_name": "", "line-0-unit_price": ""}, "it has no line."),
        ({"line-0-quantity": "-1"}, "a quantity is not above zero."),
        ({"lines": "junk", "line-0-product_name": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_kept(
    client: Client, seller: User, wrong: dict[str, str], told: str
) -> None:
    answer = client.post(NEW, typed(**wrong), headers=INSIDE)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Purchase.objects.exists()


def test_others_customers_and_readers_are_refused(client: Client, seller: User) -> None:
    assert client.get("/customers/2/purchases/new/").status_code == 404
    assert client.post("/customers/2/purchases/new/", typed()).status_code == 404
    analyst = create_user(SYSTEM, "an", "correct horse battery", roles=["analyst"])
    client.post(NEW, typed())
    client.force_login(analyst)
    assert client.get(NEW).status_code == 403
    assert client.post("/customers/purchases/1/back/").status_code == 403
    assert Purchase.objects.count() == 1

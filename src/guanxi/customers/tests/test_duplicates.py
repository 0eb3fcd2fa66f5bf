"""Who might be the same customer, told without what the reader may not see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.customers.commands import add_certificate, add_contact_point, create_customer, delete_customer
from guanxi.customers.models import Customer
from guanxi.customers.queries.duplicates import find_duplicates
from guanxi.customers.tests.factories import make_customers, make_records
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.tests.actors import NOBODY

pytestmark = pytest.mark.django_db
ID_CARD = "360426199101010071"


def hits(actor: User, **asked: Any) -> list[tuple[int | None, tuple[str, ...]]]:
    return [(one.id, one.reasons) for one in find_duplicates(actor, **asked)]


def test_the_same_phone_mail_and_certificate(seller: User, wang: Customer) -> None:
    add_contact_point(seller, customer_id=wang.pk, values={"kind": "email", "value": "wang@example.com"})
    add_certificate(seller, customer_id=wang.pk, values={"kind": "id_card", "number": ID_CARD})
    assert hits(seller, phone="138-1234-5678") == [(wang.pk, ("phone",))]
    assert hits(seller, email=" Wang@Example.com") == [(wang.pk, ("email",))]
    assert hits(seller, certificate=("id_card", "360426 19910101 0071")) == [(wang.pk, ("certificate",))]
    assert hits(seller, certificate=("passport", ID_CARD)) == []
    assert hits(seller, name="王伟", phone="13812345678", email="wang@example.com") == [
        (wang.pk, ("phone", "email", "name"))
    ]
    assert hits(seller, phone="13812345678", but=wang.pk) == []
    hit = find_duplicates(seller, phone="13812345678")[0]
    assert (hit.name, hit.phone, hit.email, hit.owner) == ("王伟", "138****5678", "w***@example.com", "沈嘉敏")


def test_what_a_source_knows_counts_too(seller: User) -> None:
    make_customers([{"id": 7, "name": "李雷", "owner_id": seller.pk, "search_text": "李雷 +8613700000001"}])
    make_records([{"source": "shop", "source_key": "1", "customer_id": 7, "phone": "+8613700000001"}])
    assert hits(seller, phone="13700000001") == [(7, ("phone",))]


@pytest.mark.parametrize(
    ("known", "typed", "is_same"),
    [
        ("天元茶业有限公司", "天元茶业", True), ("天元茶业", "天元茶业股份有限公司", True),
        ("天元茶业", "天元茶叶", False),
        ("Acme Co., Ltd.", "ACME", True), ("David Li", "david  li", True), ("David Li", "David", False),
        ("王伟", "王伟民", False), ("王伟民", "王伟", False), ("王", "王", False),
    ],
)  # fmt: skip
def test_names_that_are_the_same_but_for_their_ends(seller: User, known: str, typed: str, is_same: bool) -> None:
    customer = create_customer(seller, values={"name": known})
    assert hits(seller, name=typed) == ([(customer.pk, ("name",))] if is_same else [])


def test_of_a_strangers_customer_only_whom_to_ask_is_told(seller: User, colleague: User, wang: Customer) -> None:
    assert hits(colleague, name="王伟") == []  # a name alone tells nothing of others
    (hit,) = find_duplicates(colleague, name="王伟", phone="13812345678")
    assert (hit.id, hit.name, hit.place, hit.phone, hit.email) == (None, "", "", "", "")
    assert (hit.owner, hit.reasons, hit.is_certain) == ("沈嘉敏", ("phone",), True)
    Customer.objects.filter(pk=wang.pk).update(owner=None)
    assert find_duplicates(colleague, phone="13812345678")[0].owner == ""


@pytest.mark.parametrize(
    "typed",
    [{"phone": "1"}, {"phone": "abc"}, {"email": "wang@"}, {"name": "  "}, {"name": "%%"}, {"certificate": ("x", "1")},
     {"certificate": ("id_card", "36")}, {"name": "x" * 10_000}, {}],
)  # fmt: skip
def test_what_cannot_be_read_yet_finds_nobody(seller: User, wang: Customer, typed: Mapping[str, Any]) -> None:
    assert find_duplicates(seller, **typed) == []


def test_neither_the_bin_nor_who_gave_way_is_found(seller: User, manager: User, wang: Customer) -> None:
    make_customers([{"id": 900, "name": "王伟", "phone": "+8613812345678", "owner_id": seller.pk}])
    Customer.objects.filter(pk=900).update(main=wang.pk)
    assert hits(seller, phone="13812345678") == [(wang.pk, ("phone",))]
    delete_customer(manager, customer_id=wang.pk)
    assert hits(seller, phone="13812345678") == []
    with pytest.raises(PermissionDenied):
        find_duplicates(NOBODY, phone="13812345678")


def test_it_asks_as_often_however_many_there_are(seller: User) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            found = find_duplicates(SYSTEM, name="王伟", phone="13812345678", email="w@example.com")
        assert len(found) <= 8
        return len(captured)

    make_customers([{"id": 1, "name": "王伟", "phone": "+8613812345678"}])
    few = asked()
    make_customers({"id": key, "name": "王伟", "phone": "+8613812345678"} for key in range(2, 60))
    assert asked() == few == 5

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from guanxi.customers import source_names
from guanxi.customers.errors import CustomerUnknown
from guanxi.customers.models import Address, Customer, Relation
from guanxi.customers.queries import StandingCard, get_customer_page
from guanxi.customers.queries.page_parts import list_rare
from guanxi.customers.standing_words import reasons
from guanxi.customers.tests.factories import AS_OF, make_customers, make_records, make_standings
from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.system import SYSTEM


@pytest.fixture(autouse=True)
def titles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_names, "_readers", [lambda: {"shop": "Web shop"}])


@pytest.fixture
def wang(db: None) -> None:
    make_customers(
        [
            {"id": 1, "name": "王伟", "region_code": "CN-ZJ", "city": "杭州", "phone": "+8613812345678",
             "email": "wang@example.com", "owner_code": "S07", "first_seen_on": date(2024, 12, 1), "source_records": 2},
            {"id": 2, "name": "王 伟"},
        ]
    )  # fmt: skip
    make_records(
        [
            {"source": "store", "source_key": "M-9", "customer_id": 1, "name": "王伟", "phone": "+8613812345678"},
            {"source": "shop", "source_key": "A1", "customer_id": 1, "is_main": True, "name": "王  伟",
             "phone": "+8613900001111", "email": "wang@example.com"},
            {"source": "calls", "source_key": "C1", "customer_id": 2, "name": "老王", "email": "w@example.org"},
        ]
    )  # fmt: skip
    Customer.objects.filter(pk=2).update(main=1)


def test_the_page_shows_who_and_where_from(wang: None) -> None:
    with override("zh-hans"):
        page = get_customer_page(SYSTEM, 1)
    assert (page.id, page.name, page.place) == (1, "王伟", "浙江 · 杭州")
    assert (page.owner, page.left_owner) == ("", "S07")
    assert [(record.source, record.key, record.is_main) for record in page.records] == [
        ("Web shop", "A1", True), ("calls", "C1", False), ("store", "M-9", False),
    ]  # fmt: skip
    assert (page.record_count, list(page.merged_ids)) == (2, [2])
    assert page.standing is None


def test_contacts_are_masked_once_each_and_the_best_first(wang: None) -> None:
    contacts = get_customer_page(SYSTEM, 1).contacts
    assert [(c.kind, c.masked, c.sources, c.is_best) for c in contacts] == [
        ("phone", "138****5678", "store", True),
        ("phone", "139****1111", "Web shop", False),
        ("email", "w***@example.com", "Web shop", True),
        ("email", "w***@example.org", "calls", False),
    ]


def test_no_contact_point_leaves_the_query_unmasked(wang: None) -> None:
    shown = repr(get_customer_page(SYSTEM, 1))
    for secret in ("13812345678", "13900001111", "wang@example", "w@example"):
        assert secret not in shown


def test_a_merged_number_answers_with_the_living_record(wang: None) -> None:
    assert get_customer_page(SYSTEM, 2) == get_customer_page(SYSTEM, 1)


def test_an_unknown_number_is_told(db: None) -> None:
    with pytest.raises(CustomerUnknown) as told:
        get_customer_page(SYSTEM, 99)
    assert told.value.facts == {"customer_id": 99}


def test_an_owner_who_is_a_user_is_named(wang: None) -> None:
    ensure_roles(SYSTEM)
    seller = create_user(SYSTEM, "liu", "correct horse battery", roles=["seller"], display_name="刘敏")
    Customer.objects.filter(pk=1).update(owner=seller)
    page = get_customer_page(SYSTEM, 1)
    assert (page.owner, page.left_owner) == ("刘敏", "")


def test_the_standing_is_the_current_one(wang: None) -> None:
    make_standings([{"customer_id": 1, "tier": "small", "status": "repeat"}], run_id=6)
    make_standings(
        [{"customer_id": 1, "tier": "vip", "status": "loyal", "spend_12m": "12345.67", "monetary": 20000}], run_id=7
    )
    standing = get_customer_page(SYSTEM, 1).standing
    assert standing is not None
    assert (standing.tier, standing.spend_12m, standing.as_of) == ("vip", Decimal("12345.6700"), AS_OF)


def test_a_page_takes_the_same_queries_however_many_records(wang: None) -> None:
    make_standings([{"customer_id": 1, "status": "loyal"}])

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            get_customer_page(SYSTEM, 1)
        return len(captured)

    few = asked()
    make_records({"source": "fair", "source_key": str(n), "customer_id": 1} for n in range(30))
    many = asked()
    assert (few, many) == (12, 12)  # one asks for merges, since numbers lead here


def test_parts_that_few_have_are_asked_for_where_there_are_any(wang: None) -> None:
    make_customers([{"id": 20, "name": "王小明"}, {"id": 21, "name": "赵敏"}])
    assert list_rare([20]) == set()
    Relation.objects.create(customer_id=21, other_id=20, kind=Relation.Kind.PARTNER)
    Address.objects.create(customer_id=21, kind=Address.Kind.HOME, line="6 Lane")
    assert (list_rare([20]), list_rare([21]), list_rare([20, 21])) == (
        {"related"}, {"related", "addresses"}, {"related", "addresses"},
    )  # fmt: skip


CARD = StandingCard(
    as_of=AS_OF, currency="GBP", tier="vip", stage="decline", status="loyal", rfm_group="LHH", r=1, f=5, m=5, abc="A",
    recency_days=143, frequency=8, monetary=Decimal(20000), spend_12m=Decimal("12345.67"),
    first_purchase_on=date(2024, 12, 5), last_purchase_on=date(2026, 7, 2),
)  # fmt: skip


def test_every_class_comes_with_its_reason() -> None:
    with override("en"):
        told = [(r.title, str(r.word.label), r.why, r.is_badge) for r in reasons(CARD)]
    assert told == [
        ("Tier", "VIP", "Spent £12,346 in the 12 months to 2026-11-22.", True),
        ("Stage", "Decline",
         "Away much longer than their own rhythm: 8 orders since 2024-12-05, the last one 4 months ago.", True),
        ("Status", "Loyal", "Buys again and again.", False),
        ("RFM group", "Must win back",
         "Recency 1, frequency 5, spend 5, each of 5: has not bought for long, bought often, spent much.", False),
    ]  # fmt: skip


def test_the_reasons_speak_chinese() -> None:
    with override("zh-hans"):
        told = [str(r.word.label) + r.why for r in reasons(CARD)]
    assert told[0] == "VIP客户截至 2026年11月22日 的 12 个月内消费 £12,346。"
    assert told[2] == "忠诚客户反复购买。"

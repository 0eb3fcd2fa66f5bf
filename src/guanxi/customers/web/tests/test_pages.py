"""The customer list and the customer page as a reader gets them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client

from guanxi.customers.models import Customer
from guanxi.customers.tests.factories import AS_OF, make_customers, make_records, make_standings
from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.commands import Actor
from guanxi.kernel.ui import registry
from guanxi.kernel.ui.registry import Door, Panel

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> User:
    ensure_roles(SYSTEM)
    return create_user(SYSTEM, "liu", "correct horse battery", roles=["service"], display_name="刘敏")


@pytest.fixture
def reader(client: Client, agent: User) -> Client:
    client.force_login(agent)
    client.cookies.load({"django_language": "en"})
    return client


@pytest.fixture
def wang(agent: User) -> None:
    make_customers(
        [
            {"id": 1, "name": "王伟", "region_code": "CN-ZJ", "phone": "+8613812345678", "email": "wang@example.com",
             "owner_code": "S07"},
            {"id": 2, "name": "<b>茶业</b>", "kind": "organisation", "owner_id": agent.pk},
            {"id": 3, "name": "", "region_code": "GB"},
        ]
    )  # fmt: skip
    make_standings(
        [
            {"customer_id": 1, "tier": "vip", "stage": "stable", "status": "loyal", "spend_12m": "12345.67",
             "frequency": 8, "last_purchase_on": AS_OF, "first_purchase_on": AS_OF},
            {"customer_id": 2, "status": "prospect"},
        ]
    )  # fmt: skip
    make_records([{"source": "shop", "source_key": "A1", "customer_id": 1, "is_main": True, "name": "王伟"}])


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    page = answer.content.decode()
    assert " style=" not in page
    assert not re.search(r"<script(?! src=| id=\S+ type=\"application/json\")", page)
    return page


def test_the_list_in_english_and_chinese(reader: Client, wang: None) -> None:
    english = text_of(reader, "/customers/")
    for text in (
        ">12,346<",
        "VIP",
        "Stable",
        "today",
        "Zhejiang",
        "138****5678",
        "S07",
        "刘敏",
        "No name",
        "2026-11-22",
    ):
        assert text in english
    assert "&lt;b&gt;茶业&lt;/b&gt;" in english
    assert "13812345678" not in english
    reader.cookies.load({"django_language": "zh-hans"})
    chinese = text_of(reader, "/customers/")
    for text in ("客户管理", "VIP客户", "稳定期", "今天", "浙江", "未留姓名", "2026年11月22日", "筛选"):
        assert text in chinese


def test_a_row_leads_to_its_page_and_a_head_to_its_order(reader: Client, wang: None) -> None:
    page = text_of(reader, "/customers/?tier=vip")
    assert 'data-href="/customers/1/"' in page
    assert 'href="/customers/?tier=vip&amp;sort=name"' in page
    assert "1 of 3" in page


def test_filters_are_sentences_that_can_be_taken_away(reader: Client, wang: None) -> None:
    page = text_of(reader, "/customers/?tier=vip&region=CN-ZJ")
    assert "Tier is VIP" in page
    assert 'href="/customers/?region=CN-ZJ" aria-label="Remove: Tier is VIP"' in page
    assert 'href="/customers/?tier=vip" aria-label="Remove: Region is Zhejiang"' in page
    assert "Clear all" in page


def test_paging_keeps_filters_and_order(reader: Client, wang: None) -> None:
    make_customers({"id": key, "name": f"n{key:03}"} for key in range(10, 80))
    page = text_of(reader, "/customers/?sort=name&kind=person")
    onward = re.search(r'rel="next" href="([^"]+)"', page)
    assert onward is not None
    address = onward[1].replace("&amp;", "&")
    assert address.startswith("/customers/?kind=person&sort=name&cursor=")
    second = text_of(reader, address)
    assert 'rel="prev"' in second
    assert 'rel="next"' not in second
    rows = [set(re.findall(r'data-href="/customers/(\d+)/"', text)) for text in (page, second)]
    assert (len(rows[0]), len(rows[1]), rows[0] & rows[1]) == (50, 22, set())


def test_the_search_box_finds_and_keeps_what_was_typed(reader: Client, wang: None) -> None:
    page = text_of(reader, "/customers/?q=%E7%8E%8B")
    assert 'value="王"' in page
    assert 'data-href="/customers/1/"' in page
    assert 'data-href="/customers/2/"' not in page


def test_an_empty_home_offers_the_first_step_to_whom_may_take_it(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_doors", {})
    registry.add_door(Door("data", "Bring", "", "users", 1, url_name="customers"))
    page = text_of(reader, "/customers/")
    assert "No customers yet. Import a sheet or add the first one." in page
    assert "Import a sheet</a>" not in page
    reader.force_login(create_user(SYSTEM, "op", "correct horse battery", roles=["administrator"]))
    assert "Import a sheet</a>" in text_of(reader, "/customers/")


def test_a_search_and_filters_that_find_nothing_say_the_way_on(reader: Client, wang: None) -> None:
    assert "Nothing found that you may see." in text_of(reader, "/customers/?q=nobody")
    page = text_of(reader, "/customers/?region=GB&tier=vip&stage=stable")
    assert "No match for all 3 filters. Without “Region is United Kingdom”: 1." in page
    assert 'href="/customers/?tier=vip&amp;stage=stable"' in page
    assert "No customer matches. Without “Region is France”: 3." in text_of(reader, "/customers/?region=FR")


def test_a_filter_nobody_knows_is_told(reader: Client, wang: None) -> None:
    page = text_of(reader, "/customers/?tier=gold", 409)
    assert "The list cannot be filtered by tier = “gold”." in page


def test_the_page_masks_and_tells(reader: Client, wang: None) -> None:
    page = text_of(reader, "/customers/1/")
    for text in (
        "王伟", "VIP", "Stable", "138****5678", "w***@example.com", "Seller left: S07", "main record", "A1",
        "¥12,345.67", "Spent ¥12,346 in the 12 months to 2026-11-22.", "Zhejiang",
    ):  # fmt: skip
        assert text in page
    for secret in ("13812345678", "wang@example"):
        assert secret not in page
    reader.cookies.load({"django_language": "zh-hans"})
    assert "原销售已离职：S07" in text_of(reader, "/customers/1/")


def test_what_is_expected_is_told_with_its_range(reader: Client, wang: None) -> None:
    make_standings(
        [
            {"customer_id": 1, "status": "loyal", "frequency": 8, "expected_12m": "900.40", "expected_low": 0,
             "expected_high": "2100.60"},
            {"customer_id": 3, "status": "prospect"},
        ]
    )  # fmt: skip
    page = text_of(reader, "/customers/1/")
    for text in ("Expected next 12 months (likely range)", "¥900", "(¥0 – ¥2,101)"):
        assert text in page
    assert "Too little history" not in page
    quiet = text_of(reader, "/customers/3/")  # never bought: nothing to expect, and no excuse
    assert "Expected next 12 months" not in quiet
    assert "Too little history" not in quiet


def test_too_little_history_is_said_in_words(reader: Client, wang: None) -> None:
    assert "Too little history to predict. Showing what was spent." in text_of(reader, "/customers/1/")
    reader.cookies.load({"django_language": "zh-hans"})
    assert "购买记录太少，还不足以预测。目前先看实际消费。" in text_of(reader, "/customers/1/")


def test_money_is_told_in_the_currency_of_the_run(reader: Client, wang: None) -> None:
    make_standings([{"customer_id": 1, "status": "loyal", "spend_12m": 5}], currency="GBP")
    assert "£5.00" in text_of(reader, "/customers/1/")
    assert "12-month spend, £" in text_of(reader, "/customers/")


def test_a_customer_without_name_or_standing_has_a_page(reader: Client, wang: None) -> None:
    page = text_of(reader, "/customers/3/")
    assert "No name" in page
    assert "No phone and no e-mail known." in page
    assert "Nothing yet. Value, stage and status follow" in page


def test_a_merged_number_leads_on_and_an_unknown_one_is_told(reader: Client, wang: None) -> None:
    Customer.objects.filter(pk=3).update(main=1)
    assert reader.get("/customers/3/")["Location"] == "/customers/1/"
    assert "There is no customer 99." in text_of(reader, "/customers/99/", 404)


def test_panels_of_other_apps_come_after_the_page(reader: Client, wang: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def load(_actor: Actor, customer_id: int) -> Mapping[str, Any] | None:
        asked.append(customer_id)
        return None

    monkeypatch.setattr(registry, "_panels", {})
    assert "Purchases show here once orders have been added." in text_of(reader, "/customers/1/")
    registry.add_panel("customer", Panel("bought", "What they bought", "none.html", load, "customers.view"))
    registry.add_panel("customer", Panel("secret", "Secret", "none.html", load, "settings.manage"))
    page = text_of(reader, "/customers/1/")
    assert 'hx-get="/customers/1/panels/bought/"' in page
    assert "Secret" not in page
    assert asked == []
    assert "Nothing yet." in text_of(reader, "/customers/1/panels/bought/")
    assert asked == [1]
    assert reader.get("/customers/1/panels/secret/").status_code == 404
    assert reader.get("/customers/1/panels/other/").status_code == 404


def test_who_may_not_see_customers_is_refused_everywhere(reader: Client, wang: None) -> None:
    reader.force_login(create_user(SYSTEM, "op", "correct horse battery", roles=["operator"]))
    for address in ("/customers/", "/customers/1/", "/customers/?q=王"):
        page = text_of(reader, address, 403)
        assert "“See customers”" in page
        assert "王伟" not in page
    assert reader.get("/customers/1/panels/purchases/").status_code == 404

"""The page "Who are our customers": words, drills, refusals, and what it leaves out."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from django.test import Client

from guanxi.intelligence.models import Source
from guanxi.intelligence.tests.demo_figures import AS_OF, Row, demo_figures, publish_figures
from guanxi.intelligence.web.tests.conftest import SignIn
from guanxi.intelligence.web.who_page import emphasise

pytestmark = pytest.mark.django_db


def page_of(client: Client, address: str = "/insight/", status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def words_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"(?s)<script.*?</script>", "", page))).split())


def chart(page: str, key: str) -> dict[str, Any]:
    """The data a chart is drawn from."""
    found = re.search(rf'<script id="chart-{key}-data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found is not None, f"no chart {key}"
    data: dict[str, Any] = json.loads(found[1])
    return data


def without_purchases() -> dict[str, list[Row]]:
    figures = demo_figures()
    figures["headline"][0] |= {
        "bought_ever": 0, "bought_12m": 0, "quiet": 0, "spend_12m": "0.0000", "top1_customers": 0, "top1_share": None,
        "first_purchase_on": None,
    }  # fmt: skip
    return {name: figures[name] for name in ("headline", "region", "source")}


def test_the_headline_is_computed(sign_in: SignIn) -> None:
    publish_figures()
    assert (
        "80,000 records are really 61,384 customers; 23,051 bought in the past year, and 1% of them brought 31% of"
        " the revenue."
    ) in words_of(page_of(sign_in("manager")))
    assert "8 万条记录，其实是 61,384 位客户；过去一年买过的有 23,051 位，其中 1% 带来 31% 的收入" in words_of(
        page_of(sign_in("manager", "zh-hans"))
    )


def test_numbers_stand_out_and_nothing_else_is_markup() -> None:
    assert emphasise("<i>7,340 & 8 万条, 31%") == "&lt;i&gt;<b>7,340</b> &amp; <b>8 万</b>条, <b>31%</b>"


def test_figures_tell_their_change_against_the_year_before(sign_in: SignIn) -> None:
    publish_figures()
    words = words_of(page_of(sign_in("manager")))
    assert "+7.3% vs the 12 months before" in words
    assert "-2.6% vs the 12 months before" in words
    assert "¥15.5M" in words
    assert "5,210 purchase lines without a customer (¥412.3k) count for nobody · as of 2026-11-21" in words


def test_half_a_year_before_is_not_compared_with(sign_in: SignIn) -> None:
    figures = demo_figures()
    figures["headline"][0]["first_purchase_on"] = "2025-06-01"
    publish_figures(figures)
    words = words_of(page_of(sign_in("manager")))
    assert "no whole year before to compare with" in words
    assert "vs the 12 months before" not in words


def test_every_step_leads_to_its_customers(sign_in: SignIn) -> None:
    publish_figures()
    items = chart(page_of(sign_in("manager")), "steps")["items"]
    assert [(item["label"], item["text"], item["note"], item["href"]) for item in items] == [
        ("Records", "80,000", "", ""),
        ("Duplicates folded", "-18,616", "", "/customers/?records=many"),
        ("Customers", "61,384", "76.7% of records", "/customers/?where=all"),
        ("Ever bought", "35,120", "57.2% of customers", "/customers/?bought=ever"),
        ("Bought in 12 months", "23,051", "37.6% of customers", "/customers/?bought=12m"),
        ("Gone quiet", "3,412", "14.8% of them", "/customers/?quiet=1"),
    ]


def test_every_drill_is_an_address_the_customer_list_answers(sign_in: SignIn) -> None:
    publish_figures()
    client = sign_in("manager")
    page = page_of(client) + page_of(client, "/insight/value/")
    drills = {html.unescape(found) for found in re.findall(r"/customers/\?[^\"\\ ]+", page)}
    assert len(drills) > 80
    for address in drills:
        assert client.get(address).status_code == 200, address


def test_places_are_named_and_lead_to_their_customers(sign_in: SignIn) -> None:
    publish_figures()
    english = page_of(sign_in("manager"))
    assert '<a class="gx-tile' in english
    assert "/customers/?region=CN-ZJ" in english
    assert "1,451 customers without a province" in english
    assert [item["label"] for item in chart(english, "abroad")["items"]] == [
        "United States", "United Kingdom", "Germany", "Japan", "France", "United Arab Emirates",
    ]  # fmt: skip
    chinese = page_of(sign_in("manager", "zh-hans"))
    assert [item["label"] for item in chart(chinese, "regions")["items"]][:3] == ["广东", "浙江", "江苏"]
    assert chart(chinese, "abroad")["items"][0] == {
        "label": "美国", "value": 210, "text": "210", "href": "/customers/?region=US",
    }  # fmt: skip


def test_the_pyramid_shows_both_shares_and_leads_to_the_tiers(sign_in: SignIn) -> None:
    publish_figures()
    data = chart(page_of(sign_in("manager")), "pyramid")
    assert [(item["label"], item["left_text"], item["right_text"], item["href"]) for item in data["items"]] == [
        ("VIP", "1.0%", "31.0%", "/customers/?tier=vip"),
        ("Major", "4.0%", "25.2%", "/customers/?tier=major"),
        ("Regular", "15.0%", "24.0%", "/customers/?tier=regular"),
        ("Small", "80.0%", "19.8%", "/customers/?tier=small"),
    ]


def test_the_pyramid_leads_nowhere_when_tiers_are_made_otherwise(sign_in: SignIn) -> None:
    publish_figures(tier_method="rfm")
    data = chart(page_of(sign_in("manager")), "pyramid")
    assert {item["href"] for item in data["items"]} == {""}


def test_the_curve_names_the_pyramid_s_edges(sign_in: SignIn) -> None:
    publish_figures()
    marks = chart(page_of(sign_in("manager")), "pareto")["marks"]
    assert [mark["text"] for mark in marks] == ["1% bring 31%", "5% bring 56%", "20% bring 80%"]


def test_only_today_s_stages_have_their_customers_at_hand(sign_in: SignIn) -> None:
    publish_figures()
    series = chart(page_of(sign_in("manager")), "stages")["series"]
    stable = next(one for one in series if one["name"] == "Stable")
    assert stable["values"][-1]["href"] == "/customers/?stage=stable"
    assert {value["href"] for value in stable["values"][:-1]} == {""}


def test_moves_are_the_last_month_s_unless_another_is_asked_for(sign_in: SignIn) -> None:
    publish_figures()
    client = sign_in("manager")
    latest = page_of(client)
    assert "Moves between stages in 2026-11" in latest
    assert "/insight/?moves=2026-10-31" in latest
    assert chart(latest, "moves")["links"][0] == {
        "from": "New", "to": "Exploration", "value": 673, "text": "673", "href": "",
    }  # fmt: skip
    earlier = page_of(client, "/insight/?moves=2026-10-31")
    assert "Moves between stages in 2026-10" in earlier
    assert f"/insight/?moves={AS_OF}" in earlier
    for nonsense in ("2026-10-30", "yesterday"):
        assert "Moves between stages in 2026-11" in page_of(client, f"/insight/?moves={nonsense}")


def test_lost_customers_hang_below_zero(sign_in: SignIn) -> None:
    publish_figures()
    series = chart(page_of(sign_in("manager")), "flow")["series"]
    assert [(one["name"], one["values"][0]["value"], one["values"][0]["text"]) for one in series] == [
        ("New", 520, "520"), ("Returned", 74, "74"), ("Lost", -380, "380"),
    ]  # fmt: skip


def test_sources_are_called_by_their_titles(sign_in: SignIn) -> None:
    publish_figures()
    Source.objects.create(
        name="shop", contract_path="shop.toml", title={"zh": "网店", "en": "Web shop"}, priority=10, currency="CNY",
        added_at="2026-11-01T00:00:00Z",
    )  # fmt: skip
    labels = [item["label"] for item in chart(page_of(sign_in("manager", "zh-hans")), "sources")["items"]]
    assert labels == ["网店", "members", "callcentre", "fair"]


def test_every_chart_has_its_table_and_its_date(sign_in: SignIn) -> None:
    publish_figures()
    page = page_of(sign_in("manager"))
    cards = re.findall(
        r'<section class="card gx-card gx-chart-card" id="chart-([\w-]+)">(.*?)</section>', page, re.DOTALL
    )
    assert [key for key, _card in cards] == [
        "steps", "sources", "provinces", "regions", "abroad", "pyramid", "pareto", "rfm", "rfm-groups",
        "stages", "moves", "flow", "active", "rises",
    ]  # fmt: skip
    for key, card in cards:
        assert "data-gx-table" in card, key
        assert "as of 2026-11-21" in card, key


def test_without_customers_it_says_so_and_offers_the_first_step(sign_in: SignIn) -> None:
    page = page_of(sign_in("administrator"))
    assert "No customers yet. Import a sheet or add the first one." in words_of(page)
    assert 'href="/updates/"' in page
    assert "gx-chart-card" not in page
    assert "还没有客户。导入一份表格，或新建第一位客户。" in words_of(page_of(sign_in("manager", "zh-hans")))


def test_without_purchases_values_are_hidden_with_the_sentence(sign_in: SignIn) -> None:
    publish_figures(without_purchases())
    page = page_of(sign_in("manager"))
    words = words_of(page)
    assert "80,000 records are really 61,384 customers." in words
    assert "We know who they are, not what they bought. Add orders to see value and risk." in words
    assert re.findall(r'id="chart-([\w-]+)">', page) == ["steps", "sources", "provinces", "regions", "abroad"]
    assert [item["label"] for item in chart(page, "steps")["items"]] == ["Records", "Duplicates folded", "Customers"]
    assert "gx-figure-value" not in page


def test_with_two_months_of_purchases_nothing_is_said_about_stages(sign_in: SignIn) -> None:
    figures = demo_figures()
    figures["headline"][0]["first_purchase_on"] = "2026-10-05"
    publish_figures(figures)
    page = page_of(sign_in("manager"))
    assert "2 months of purchases are too few to predict. Showing what was spent." in words_of(page)
    keys = re.findall(r'id="chart-([\w-]+)">', page)
    assert "pyramid" in keys
    assert not {"stages", "moves", "flow", "active", "rises"} & set(keys)
    assert "Gone quiet" not in page


@pytest.mark.parametrize("role", ["seller", "operator"])
@pytest.mark.parametrize("address", ["/insight/", "/insight/value/"])
def test_a_refused_reader_sees_nothing(sign_in: SignIn, role: str, address: str) -> None:
    publish_figures()
    page = page_of(sign_in(role), address, status=403)
    assert "“See the figures of the company”" in page
    assert "61,384" not in page


def test_reading_the_page_takes_few_queries(sign_in: SignIn, django_assert_max_num_queries: Any) -> None:
    publish_figures()
    client = sign_in("manager")
    with django_assert_max_num_queries(10):
        client.get("/insight/")

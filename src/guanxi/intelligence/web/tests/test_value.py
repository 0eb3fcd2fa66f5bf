"""The page "Value": every class with its rule, its number and its customers."""

from __future__ import annotations

import re

import pytest

from guanxi.intelligence.tests.demo_figures import demo_figures, publish_figures
from guanxi.intelligence.web.tests.conftest import SignIn
from guanxi.intelligence.web.tests.test_who import page_of, without_purchases, words_of
from guanxi.kernel.access.commands import choose_tier_method
from guanxi.kernel.access.system import SYSTEM

pytestmark = pytest.mark.django_db


def rows(page: str, key: str) -> list[list[str]]:
    """The cells of a class table, as words."""
    section = re.search(rf'<section class="gx-class" id="{key}".*?</section>', page, re.DOTALL)
    assert section is not None, f"no table {key}"
    found = re.findall(r"<tr\b.*?</tr>", section[0], re.DOTALL)[1:]
    return [[words_of(cell) for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)] for row in found]


def test_tiers_have_their_edges_in_words(sign_in: SignIn) -> None:
    publish_figures()
    page = page_of(sign_in("manager"), "/insight/value/")
    assert rows(page, "tier") == [
        ["VIP", "Top 1%: spent ¥12,345 or more in the last 12 months", "231", "1.0%", "¥4,805,709", "31.0%"],
        ["Major", "Top 1%–5%: spent ¥2,980 or more in the last 12 months", "922", "4.0%", "¥3,901,540", "25.2%"],
        ["Regular", "Top 5%–20%: spent ¥620 or more in the last 12 months", "3,457", "15.0%", "¥3,715,754", "24.0%"],
        [
            "Small",
            "The other 80%: spent less than ¥620 in the last 12 months",
            "18,441",
            "80.0%",
            "¥3,059,307",
            "19.8%",
        ],
    ]
    assert 'href="/customers/?tier=vip"' in page


def test_tiers_are_told_by_the_method_the_run_used(sign_in: SignIn) -> None:
    publish_figures(tier_method="abc")
    choose_tier_method(SYSTEM, "rfm")
    page = page_of(sign_in("manager"), "/insight/value/")
    assert rows(page, "tier")[1][1] == "Class A: together the first 80% of the last 12 months' revenue"
    assert "Another way was chosen in the settings; it holds from the next data update on." in words_of(page)


def test_every_class_has_a_rule_and_its_customers(sign_in: SignIn) -> None:
    publish_figures()
    page = page_of(sign_in("manager"), "/insight/value/")
    assert [row[0] for row in rows(page, "abc")] == ["Class A", "Class B", "Class C"]
    assert rows(page, "rfm")[0] == [
        "Champions", "bought in the last 260 days; 3 orders or more; spent more than ¥310 in all", "4,820", "13.7%",
        "¥5,543,000", "43.1%",
    ]  # fmt: skip
    assert rows(page, "stage")[2] == [
        "Stable", "4 orders or more, at least 180 days from the first to the last", "10,788", "31.0%",
    ]  # fmt: skip
    assert rows(page, "status")[-1] == [
        "Lost", "Bought before, but not in the last 12 months", "12,069", "19.7%", "¥0", "0.0%",
    ]  # fmt: skip
    for drill in ("abc=A", "rfm=HHH", "stage=stable", "status=lost"):
        assert f'href="/customers/?{drill}"' in page


def test_stages_carry_their_spend_where_it_was_published(sign_in: SignIn) -> None:
    figures = demo_figures()
    figures["stage"] = [{"stage": "stable", "customers": 4, "spend_12m": "10.0000"}]
    publish_figures(figures)
    page = page_of(sign_in("manager"), "/insight/value/")
    assert rows(page, "stage")[0][2:] == ["4", "100.0%", "¥10", "100.0%"]


def test_without_purchases_only_the_status_is_told(sign_in: SignIn) -> None:
    figures = without_purchases() | {"status": demo_figures()["status"][:2]}
    publish_figures(figures)
    page = page_of(sign_in("manager"), "/insight/value/")
    assert "We know who they are, not what they bought." in words_of(page)
    assert re.findall(r'<section class="gx-class" id="(\w+)"', page) == ["status"]
    assert "gx-chart-card" not in page


def test_only_who_manages_settings_is_sent_there(sign_in: SignIn) -> None:
    publish_figures()
    assert "Choose the tier" in page_of(sign_in("administrator"), "/insight/value/")
    assert "Choose the tier" not in page_of(sign_in("manager"), "/insight/value/")

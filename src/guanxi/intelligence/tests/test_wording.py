"""The sentences, exactly as they are read."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from guanxi.insight.lifecycle import StageRules, StatusRules
from guanxi.intelligence import wording
from guanxi.intelligence.tests.demo_figures import EDGES
from guanxi.intelligence.wording import Edges, HeadlineFacts

SEED = HeadlineFacts(
    records=80_000, customers=61_384, bought_ever=35_120, bought_12m=23_051, top_customers=231, top_share=0.3104
)
EDGED = Edges(
    currency="CNY",
    spend_from={"vip": Decimal("12345.0000"), "major": Decimal("2980.50"), "regular": Decimal(620)},
    high=wording.rfm_high(EDGES["rfm"]),
)
EDGELESS = Edges(currency="CNY", spend_from={}, high={})

HEADLINES = {
    "the seed": (
        SEED,
        (
            "80,000 records are really 61,384 customers; 23,051 bought in the past year,"
            " and 1% of them brought 31% of the revenue."
        ),
        "8 万条记录，其实是 61,384 位客户；过去一年买过的有 23,051 位，其中 1% 带来 31% 的收入",
    ),
    "records that are no round number": (
        replace(SEED, records=80_112),
        (
            "80,112 records are really 61,384 customers; 23,051 bought in the past year,"
            " and 1% of them brought 31% of the revenue."
        ),
        "80,112 条记录，其实是 61,384 位客户；过去一年买过的有 23,051 位，其中 1% 带来 31% 的收入",
    ),
    "half a ten thousand": (
        replace(SEED, records=85_000, top_share=0.0),
        "85,000 records are really 61,384 customers; 23,051 bought in the past year.",
        "8.5 万条记录，其实是 61,384 位客户；过去一年买过的有 23,051 位",
    ),
    "no duplicates": (
        HeadlineFacts(records=4_372, customers=4_372, bought_ever=4_339, bought_12m=4_298, top_customers=43,
                      top_share=0.2987),
        "4,372 customers; 4,298 bought in the past year, and 1% of them brought 30% of the revenue.",
        "4,372 位客户；过去一年买过的有 4,298 位，其中 1% 带来 30% 的收入",
    ),
    "too few buyers for one percent": (
        HeadlineFacts(records=60, customers=50, bought_ever=30, bought_12m=20, top_customers=1, top_share=0.42),
        (
            "60 records are really 50 customers; 20 bought in the past year,"
            " and the biggest of them brought 42% of the revenue."
        ),
        "60 条记录，其实是 50 位客户；过去一年买过的有 20 位，其中消费最多的 1 位带来 42% 的收入",
    ),
    "one buyer": (
        HeadlineFacts(records=2, customers=1, bought_ever=1, bought_12m=1, top_customers=1, top_share=1.0),
        "2 records are really 1 customer; 1 bought in the past year.",
        "2 条记录，其实是 1 位客户；过去一年买过的有 1 位",
    ),
    "nobody lately": (
        HeadlineFacts(records=90, customers=80, bought_ever=30, bought_12m=0, top_customers=0, top_share=None),
        "90 records are really 80 customers; nobody bought in the past year.",
        "90 条记录，其实是 80 位客户；过去一年没有人买过",
    ),
    "no purchases at all": (
        HeadlineFacts(records=90, customers=80, bought_ever=0, bought_12m=0, top_customers=0, top_share=None),
        "90 records are really 80 customers.",
        "90 条记录，其实是 80 位客户",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("facts", "english", "chinese"), HEADLINES.values(), ids=HEADLINES)
def test_the_headline_in_both_languages(facts: HeadlineFacts, english: str, chinese: str) -> None:
    with translation.override("en"):
        assert wording.headline(facts) == english
    with translation.override("zh-hans"):
        assert wording.headline(facts) == chinese


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [(23_051, 21_480, "+7.3%"), (90, 100, "-10.0%"), (100, 100, "0.0%"), (100_001, 100_000, "0.0%")],
)
def test_a_change_has_a_sign_unless_nothing_moved(now: int, before: int, text: str) -> None:
    found = wording.change(now, before)
    assert found is not None
    assert found.text == text
    assert found.share == pytest.approx(now / before - 1)


@pytest.mark.parametrize("before", [0, Decimal(-5)])
def test_there_is_no_change_against_nothing(before: Decimal | int) -> None:
    assert wording.change(7, before) is None


def test_empty_states_speak_as_decided() -> None:
    with translation.override("en"):
        assert wording.no_customers() == "No customers yet. Import a sheet or add the first one."
        assert wording.no_purchases() == (
            "We know who they are, not what they bought. Add orders to see value and risk."
        )
        assert wording.too_little_history(1) == "1 month of purchases is too little to predict. Showing what was spent."
        assert wording.too_little_history(2) == (
            "2 months of purchases are too few to predict. Showing what was spent."
        )
    with translation.override("zh-hans"):
        assert wording.no_customers() == "还没有客户。导入一份表格，或新建第一位客户。"
        assert wording.no_purchases() == "知道有谁，还不知道他们买过什么。加入订单数据，就能看到价值和流失风险。"
        assert wording.too_little_history(2) == "只有 2 个月的购买记录，还不足以预测。目前先看实际消费。"


def test_what_counts_as_high_comes_from_the_kept_edges() -> None:
    # Average scores 105000/35120 = 2.99, 98000/35120 = 2.79, 105300/35120 = 2.998: 3 and more is high in each.
    assert wording.rfm_high(EDGES["rfm"]) == {"r": Decimal(260), "f": Decimal(3), "m": Decimal("310.0000")}


def test_an_average_that_is_whole_makes_the_next_score_high() -> None:
    kept = EDGES["rfm"] | {"customers": 10, "r_total": 30, "f_total": 10, "m_total": 49}
    assert wording.rfm_high(kept) == {"r": Decimal(140), "f": Decimal(2), "m": Decimal("1800.0000")}


def test_where_nobody_can_be_high_no_edge_is_told() -> None:
    kept = EDGES["rfm"] | {"customers": 10, "r_total": 50, "f_total": 50, "m_total": 50}
    assert wording.rfm_high(kept) == {}
    assert wording.rfm_high({}) == {}


@pytest.mark.parametrize(
    ("tier", "english", "chinese"),
    [
        ("vip", "Top 1%: spent ¥12,345 or more in the last 12 months", "前 1%：近 12 个月消费 ≥ ¥12,345"),
        ("major", "Top 1%–5%: spent ¥2,980 or more in the last 12 months", "前 1%–5%：近 12 个月消费 ≥ ¥2,980"),
        ("regular", "Top 5%–20%: spent ¥620 or more in the last 12 months", "前 5%–20%：近 12 个月消费 ≥ ¥620"),
        ("small", "The other 80%: spent less than ¥620 in the last 12 months", "其余 80%：近 12 个月消费 < ¥620"),
    ],
)
def test_the_rule_of_a_tier_names_its_edge(tier: str, english: str, chinese: str) -> None:
    with translation.override("en"):
        assert wording.tier_rule(tier, "pyramid", EDGED) == english
    with translation.override("zh-hans"):
        assert wording.tier_rule(tier, "pyramid", EDGED) == chinese


def test_a_tier_without_edges_still_has_a_rule() -> None:
    with translation.override("en"):
        assert wording.pyramid_rule("vip", EDGELESS) == "Top 1% by spend in the last 12 months"
        assert wording.pyramid_rule("small", EDGELESS) == "The other 80% of those who bought in the last 12 months"


def test_the_rule_of_an_rfm_group_names_the_edges() -> None:
    with translation.override("en"):
        assert wording.rfm_rule("HHH", EDGED) == (
            "bought in the last 260 days; 3 orders or more; spent more than ¥310 in all"
        )
        assert wording.rfm_rule("LLH", EDGELESS) == "has not bought for long; buys seldom; spends much"
    with translation.override("zh-hans"):
        assert wording.rfm_rule("LLL", EDGED) == "已有 260 天以上没买，不到 3 笔订单，累计消费不超过 ¥310"


def test_the_rules_of_stages_and_statuses_name_their_thresholds() -> None:
    stages, statuses = StageRules(quiet_gaps=Decimal("2.5")), StatusRules()
    with translation.override("en"):
        assert wording.stage_rule("stable", stages) == (
            "4 orders or more, at least 180 days from the first to the last"
        )
        assert wording.stage_rule("decline", stages).startswith(
            "No order for more than 90 days and more than 2.5 times their own usual gap"
        )
        assert wording.status_rule("loyal", statuses) == "5 orders or more, the first at least 365 days ago"
        assert wording.status_rule("lost", statuses) == "Bought before, but not in the last 12 months"


@pytest.mark.parametrize("method", ["pyramid", "abc", "rfm"])
def test_every_method_has_a_rule_for_every_tier(method: str) -> None:
    rules = {wording.tier_rule(tier, method, EDGED) for tier in ("vip", "major", "regular", "small")}
    assert len(rules) == 4
    assert wording.method_rule(method)

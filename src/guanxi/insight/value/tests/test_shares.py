from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from random import Random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.insight import Engine, InsightError
from guanxi.insight.tests.make import MONEY, column, spends
from guanxi.insight.value import (
    AbcEdges,
    PyramidEdges,
    abc,
    abc_classes,
    abc_edges,
    pareto_curve,
    pyramid,
    pyramid_edges,
    pyramid_tiers,
)

Amounts = Sequence[Decimal | int | str | None]
AMOUNTS = st.lists(st.integers(-3, 12).map(lambda n: Decimal(n) / 4), max_size=60)


def tiers(engine: Engine, amounts: Amounts) -> list[object]:
    return column(pyramid(spends(engine, amounts)), "tier")


def classes(engine: Engine, amounts: Amounts) -> str:
    return "".join(str(name) for name in column(abc(spends(engine, amounts)), "abc"))


def curve(engine: Engine, amounts: Amounts, points: int = 100) -> list[tuple[float, float]]:
    rows = pareto_curve(spends(engine, amounts), points).rows(["customer_share"])
    return [(row["customer_share"], row["spend_share"]) for row in rows]


# -- the pyramid (N10)


def test_a_hundred_customers_are_cut_at_1_5_and_20(engine: Engine) -> None:
    amounts = list(range(100, 0, -1))

    assert tiers(engine, amounts) == ["vip"] + ["major"] * 4 + ["regular"] * 15 + ["small"] * 80


def test_the_tiers_are_told_with_their_smallest_spend(engine: Engine) -> None:
    rows = pyramid_tiers(pyramid(spends(engine, list(range(100, 0, -1))))).rows(["position"])

    assert [tuple(row.values()) for row in rows] == [
        (1, "vip", 1, Decimal(100), Decimal(100)),
        (2, "major", 4, Decimal(390), Decimal(96)),
        (3, "regular", 15, Decimal(1320), Decimal(81)),
        (4, "small", 80, Decimal(3240), Decimal(1)),
    ]


def test_a_share_is_filled_to_at_least_its_size(engine: Engine) -> None:
    # 1 % of 150 is one and a half customers: two are VIP; 5 % is seven and a half: eight with them; 20 % is thirty.
    found = tiers(engine, list(range(150, 0, -1)))

    assert [found.count(tier) for tier in ("vip", "major", "regular", "small")] == [2, 6, 22, 120]


def test_equal_spenders_share_the_better_tier(engine: Engine) -> None:
    amounts = [90, 50, 50, 50] + [1] * 96

    # Three share second place, which is within 5 %; ninety-six share fifth place, which is within 20 %.
    assert tiers(engine, amounts) == ["vip"] + ["major"] * 3 + ["major"] * 96


def test_where_all_spent_alike_all_are_at_the_top(engine: Engine) -> None:
    assert set(tiers(engine, [5] * 30)) == {"vip"}


def test_a_single_customer_is_at_the_top(engine: Engine) -> None:
    assert tiers(engine, [5]) == ["vip"]


def test_who_spent_nothing_or_less_is_in_no_tier(engine: Engine) -> None:
    assert tiers(engine, [5, 0, "-0.0001", None]) == ["vip", None, None, None]


def test_nobody_gives_no_tier(engine: Engine) -> None:
    assert tiers(engine, []) == []
    assert pyramid_edges(spends(engine, [0, -1])) == PyramidEdges((None, None, None))
    rows = pyramid_tiers(pyramid(spends(engine, []))).rows(["position"])
    assert [(row["tier"], row["customers"], row["spend"], row["spend_from"]) for row in rows] == [
        (tier, 0, Decimal(0), None) for tier in ("vip", "major", "regular", "small")
    ]


def test_frozen_edges_put_the_same_customers_in_the_same_tiers(engine: Engine) -> None:
    amounts = [Random(7).randint(-5, 40) for _ in range(200)]
    table = spends(engine, amounts)
    stored = PyramidEdges.from_dict(json.loads(json.dumps(pyramid_edges(table).to_dict())))

    assert stored == pyramid_edges(table)
    assert column(pyramid(table, frozen=stored), "tier") == tiers(engine, amounts)


@settings(deadline=None, max_examples=30)
@given(amounts=AMOUNTS)
def test_the_pyramid_is_as_the_rule_says(embedded: Engine, amounts: list[Decimal]) -> None:
    spent = [amount for amount in amounts if amount > 0]

    def tier(amount: Decimal) -> str | None:
        if amount <= 0:
            return None
        above = Fraction(sum(other > amount for other in spent), len(spent))
        shares = {"vip": Fraction(1, 100), "major": Fraction(5, 100), "regular": Fraction(20, 100)}
        return next((name for name, share in shares.items() if above < share), "small")

    assert tiers(embedded, amounts) == [tier(amount) for amount in amounts]


# -- the classes A, B and C


def test_a_brings_80_and_b_the_next_15(engine: Engine) -> None:
    assert classes(engine, [50, 30, 10, 5, 4, 1]) == "AABBCC"


def test_who_crosses_the_line_is_still_in_the_class(engine: Engine) -> None:
    # Before the second there are 79 of 100, less than 80 %, so the second is needed for A.
    assert classes(engine, [79, 20, 1]) == "AAC"


def test_a_single_customer_brings_it_all(engine: Engine) -> None:
    assert classes(engine, [5]) == "A"


def test_equal_spenders_share_one_class(engine: Engine) -> None:
    assert classes(engine, [5] * 10) == "A" * 10
    assert classes(engine, [80, 5, 5, 5, 5]) == "ABBBB"


def test_who_spent_nothing_or_less_is_in_c_and_takes_nothing_from_the_total(engine: Engine) -> None:
    assert classes(engine, [80, 15, 5, 0, -40, None]) == "ABCCCC"


def test_nobody_gives_no_class(engine: Engine) -> None:
    assert classes(engine, []) == ""
    assert abc_edges(spends(engine, [-1])) == AbcEdges((None, None))


def test_the_classes_are_told_with_their_smallest_spend(engine: Engine) -> None:
    rows = abc_classes(abc(spends(engine, [50, 30, 10, 5, 4, 1]))).rows(["position"])

    assert [tuple(row.values())[1:] for row in rows] == [
        ("A", 2, Decimal(80), Decimal(30)),
        ("B", 2, Decimal(15), Decimal(5)),
        ("C", 2, Decimal(5), Decimal(1)),
    ]


def test_the_column_can_be_named_and_be_a_double(engine: Engine) -> None:
    table = engine.arrow(pa.table({"customer_id": ["x", "y"], "value": [0.1, 0.9]}))

    assert column(abc(table, column="value"), "abc") == ["B", "A"]
    assert column(pyramid(table, column="value"), "tier") == ["small", "vip"]


@settings(deadline=None, max_examples=30)
@given(amounts=AMOUNTS)
def test_abc_is_as_the_rule_says(embedded: Engine, amounts: list[Decimal]) -> None:
    total = sum(amount for amount in amounts if amount > 0)

    def class_(amount: Decimal) -> str:
        if amount <= 0:
            return "C"
        above = Fraction(sum(other for other in amounts if other > amount)) / Fraction(total)
        return "A" if above < Fraction(80, 100) else "B" if above < Fraction(95, 100) else "C"

    assert classes(embedded, amounts) == "".join(class_(amount) for amount in amounts)


def test_very_large_amounts_are_compared_exactly(engine: Engine) -> None:
    large = Decimal("9999999999999.9999")

    assert classes(engine, [large] * 4 + [Decimal("0.0001")]) == "AAAAC"
    assert tiers(engine, [large, *[large - Decimal("0.0001")] * 99]) == ["vip"] + ["major"] * 99
    assert abc_classes(abc(spends(engine, [large] * 50))).rows(["position"])[0]["spend"] == large * 50


# -- the Pareto curve (N11)


def test_the_curve_runs_from_nobody_to_everybody(engine: Engine) -> None:
    assert curve(engine, [60, 20, 10, 10, 0, -5]) == [(0, 0), (0.25, 0.6), (0.5, 0.8), (0.75, 0.9), (1, 1)]


def test_the_curve_has_no_more_points_than_asked_for(engine: Engine) -> None:
    found = curve(engine, [1] * 1000, points=10)

    assert found == [(step / 10, step / 10) for step in range(11)]


def test_twenty_percent_bring_eighty(engine: Engine) -> None:
    assert (0.2, 0.8) in curve(engine, [40, 40] + [Decimal("2.5")] * 8, points=5)


def test_a_single_customer_is_the_whole_curve(engine: Engine) -> None:
    assert curve(engine, [7]) == [(0, 0), (1, 1)]


def test_where_nobody_spent_there_is_only_the_start(engine: Engine) -> None:
    assert curve(engine, [0, -1]) == [(0, 0)]


@settings(deadline=None, max_examples=30)
@given(amounts=st.lists(st.integers(1, 9), min_size=1, max_size=50), points=st.integers(1, 60))
def test_the_curve_is_as_the_rule_says(embedded: Engine, amounts: list[int], points: int) -> None:
    ranked = sorted(amounts, reverse=True)
    count = len(ranked)
    steps = sorted({-(-step * count // points) for step in range(points + 1)})

    expected = [(step / count, sum(ranked[:step]) / sum(ranked)) for step in steps]

    assert curve(embedded, amounts, points) == [pytest.approx(point, abs=1e-12) for point in expected]


# -- refusals


@pytest.mark.parametrize(
    "shares", [(0.05, 0.01, 0.2), (0.01, 0.05), (0, 0.05, 0.2), (0.01, 0.05, 1.1), (1e-7, 0.1, 0.2)]
)
def test_wrong_shares_are_refused(engine: Engine, shares: tuple[float, ...]) -> None:
    with pytest.raises(InsightError) as error:
        pyramid(spends(engine, [1]), shares)
    assert error.value.code == "wrong_shares"


def test_a_missing_column_is_named(engine: Engine) -> None:
    with pytest.raises(InsightError, match=r"no column “spend_window”.*customer_id, spend"):
        pyramid(spends(engine, [1]), column="spend_window")


def test_a_curve_needs_a_point(engine: Engine) -> None:
    with pytest.raises(InsightError) as error:
        pareto_curve(spends(engine, [1]), 0)
    assert error.value.code == "wrong_points"


# -- the order of rows


@settings(deadline=None, max_examples=20)
@given(amounts=AMOUNTS, seed=st.integers(0, 99))
def test_shuffled_rows_give_equal_results(embedded: Engine, amounts: list[Decimal], seed: int) -> None:
    shuffled = list(enumerate(amounts))
    Random(seed).shuffle(shuffled)
    tables = [
        embedded.arrow(
            pa.table(
                {
                    "customer_id": pa.array([number for number, _ in rows], pa.int64()),
                    "spend": pa.array([amount for _, amount in rows], MONEY),
                }
            )
        )
        for rows in (list(enumerate(amounts)), shuffled)
    ]

    for method in (abc, pyramid):
        straight, mixed = (method(table).rows(["customer_id"]) for table in tables)
        assert straight == mixed
    straight, mixed = (pareto_curve(table).rows(["customer_share"]) for table in tables)
    assert straight == mixed

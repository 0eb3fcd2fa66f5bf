"""Splits that nobody chooses, and differences against published intervals."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from guanxi.insight import InsightError, duckdb_engine
from guanxi.insight.engines import Engine
from guanxi.insight.experiment import Arm, control_split, mean_difference, rate_difference, uplift

START = date(2026, 3, 1)


def members_of(engine: Engine, ids: list[int], arms: list[str] | None = None) -> Any:
    columns: dict[str, Any] = {"customer_id": pa.array(ids, pa.int64())}
    return engine.arrow(pa.table(columns | ({"arm": arms} if arms else {})))


@pytest.mark.parametrize(
    ("members", "share", "controls"),
    [(0, 0.1, 0), (1, 0.1, 0), (2, 0.1, 1), (10, 0.1, 1), (14, 0.1, 1), (15, 0.1, 2), (100, 0.0, 0), (3, 0.99, 2)],
)
def test_the_control_group_has_its_exact_size(engine: Engine, members: int, share: float, controls: int) -> None:
    rows = control_split(members_of(engine, list(range(members))), "spring", share).rows(["customer_id"])
    assert [row["customer_id"] for row in rows] == list(range(members))
    assert sum(row["arm"] == "control" for row in rows) == controls


def test_a_split_repeats_and_another_salt_draws_others(engine: Engine) -> None:
    def control(ids: list[int], salt: str) -> set[int]:
        rows = control_split(members_of(engine, ids), salt, 0.1).rows(["customer_id"])
        return {row["customer_id"] for row in rows if row["arm"] == "control"}

    ids = list(range(1, 1001))
    first = control(ids, "spring")
    assert len(first) == 100
    assert control(ids[::-1], "spring") == first, "the order they come in does not matter"
    assert len(first & control(ids, "autumn")) == 11, "about a tenth of a tenth by chance"


@pytest.mark.parametrize("share", [-0.1, 1.0, 2.0])
def test_a_share_that_is_none_is_refused(engine: Engine, share: float) -> None:
    with pytest.raises(InsightError) as refused:
        control_split(members_of(engine, [1, 2]), "x", share)
    assert refused.value.code == "bad_share"


@pytest.mark.parametrize(
    ("treated", "control", "low", "high"),
    [
        (Arm(70, 56), Arm(80, 48), 0.0524, 0.3339),
        (Arm(10, 9), Arm(10, 3), 0.1705, 0.8090),
        (Arm(7, 6), Arm(7, 2), 0.0582, 0.8062),
        (Arm(56, 5), Arm(29, 0), -0.0381, 0.1926),
        (Arm(10, 0), Arm(20, 0), -0.1611, 0.2775),
        (Arm(10, 0), Arm(10, 0), -0.2775, 0.2775),
        (Arm(10, 10), Arm(20, 0), 0.6791, 1.0),
        (Arm(10, 10), Arm(10, 0), 0.6075, 1.0),
    ],
)
def test_rates_against_newcombes_table(treated: Arm, control: Arm, low: float, high: float) -> None:
    """Newcombe 1998, table II, method 10."""
    found = rate_difference(treated, control)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(st.lists(st.integers(0, 5000), min_size=2, max_size=40), st.lists(st.integers(0, 5000), min_size=2, max_size=40))
def test_means_against_welch(treated: list[int], control: list[int]) -> None:
    def arm(values: list[int]) -> Arm:
        return Arm(len(values), 0, float(sum(values)), float(sum(value * value for value in values)))

    found = mean_difference(arm(treated), arm(control))
    if np.var(treated) == 0 and np.var(control) == 0:
        assert found is None
        return
    assert found is not None
    if np.var(treated) == 0 or np.var(control) == 0:
        assert found.low < found.value < found.high
        return
    expected = stats.ttest_ind(treated, control, equal_var=False).confidence_interval(0.95)
    assert found.value == pytest.approx(np.mean(treated) - np.mean(control), abs=1e-6)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-6, abs=1e-6)


def test_only_the_window_and_only_purchases_count(engine: Engine) -> None:
    ids, arms = [1, 2, 3, 4, 5], ["treated", "treated", "treated", "control", "control"]
    orders = [
        (1, date(2026, 3, 1), 500, False, False),  # on the day itself: not yet
        (1, date(2026, 3, 31), 100, False, False),
        (1, date(2026, 4, 1), 900, False, False),  # a day too late
        (2, date(2026, 3, 2), -30, True, False),  # a return is no purchase, but it is money
        (3, date(2026, 3, 9), 60, False, True),  # void
        (3, date(2026, 3, 9), -60, True, False),
        (4, date(2026, 3, 5), 40, False, False),
        (9, date(2026, 3, 5), 999, False, False),  # not of the experiment
        (None, date(2026, 3, 5), 999, False, False),
    ]
    names = ("customer_id", "ordered_at", "revenue", "is_return", "is_void")
    purchase = engine.arrow(pa.table(dict(zip(names, map(list, zip(*orders, strict=True)), strict=True))))
    found = uplift(members_of(engine, ids, arms), purchase, START, 30)
    assert found.treated == Arm(3, 1, 70.0, 100.0**2 + 30.0**2)
    assert found.control == Arm(2, 1, 40.0, 1600.0)
    assert found.rate is not None
    assert (round(found.rate.value, 6), found.rate.verdict) == (-0.166667, "unclear")


def test_an_arm_with_nobody_tells_nothing() -> None:
    with duckdb_engine() as engine:
        purchase = engine.arrow(
            pa.table({
                "customer_id": pa.array([], pa.int64()), "ordered_at": pa.array([], pa.date32()),
                "revenue": pa.array([], pa.int64()), "is_return": pa.array([], pa.bool_()),
                "is_void": pa.array([], pa.bool_()),
            })
        )  # fmt: skip
        found = uplift(members_of(engine, [1, 2], ["treated", "treated"]), purchase, START, 30)
    assert (found.treated, found.control, found.rate, found.revenue) == (Arm(2), Arm(0), None, None)


def test_a_verdict_needs_the_whole_range_on_one_side() -> None:
    gain, loss = rate_difference(Arm(900, 300), Arm(100, 10)), rate_difference(Arm(900, 30), Arm(100, 20))
    assert gain is not None
    assert loss is not None
    assert (gain.verdict, loss.verdict) == ("gain", "loss")
    with pytest.raises(InsightError):
        rate_difference(Arm(2), Arm(2), level=1.0)

from __future__ import annotations

import hashlib
import math
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from guanxi.insight import Engine, Step
from guanxi.insight.tests.make import MONEY


def value(engine: Engine, expression: str, **params: Any) -> Any:
    table = engine.run(Step.from_text("probe", f"select {expression} as it"), {}, params)
    return table.rows()[0]["it"]


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2024, 2, 28), date(2024, 3, 1), 2),
        (datetime.fromisoformat("2024-01-01 23:59:00"), datetime.fromisoformat("2024-01-02 00:01:00"), 1),
        (datetime.fromisoformat("2024-01-01 00:01:00"), datetime.fromisoformat("2024-01-01 23:59:00"), 0),
        (date(2024, 3, 1), date(2024, 2, 28), -2),
    ],
)
def test_days_between_counts_midnights(engine: Engine, start: date, end: date, days: int) -> None:
    assert value(engine, "gx_days_between($a, $b)", a=start, b=end) == days


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 2, 29), 1, date(2024, 3, 29)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (datetime.fromisoformat("2011-12-09 12:50:00"), -12, date(2010, 12, 9)),
    ],
)
def test_months_later_stays_inside_the_month(engine: Engine, day: date, months: int, then: date) -> None:
    assert value(engine, "gx_add_months($d, $n)", d=day, n=months) == then


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("gx_add_days($d, 1)", date(2024, 3, 1)),
        ("gx_add_days($d, -29)", date(2024, 1, 31)),
        ("gx_month_start($d)", date(2024, 2, 1)),
        ("gx_month_end($d)", date(2024, 2, 29)),
        ("gx_weekday($d)", 4),
        ("gx_date($d)", date(2024, 2, 29)),
    ],
)
def test_dates(engine: Engine, expression: str, result: object) -> None:
    assert value(engine, expression, d=datetime.fromisoformat("2024-02-29 18:30:00")) == result


def test_the_week_begins_on_monday(engine: Engine) -> None:
    assert [value(engine, "gx_weekday($d)", d=date(2024, 1, day)) for day in range(1, 8)] == [1, 2, 3, 4, 5, 6, 7]


def test_a_ratio_is_a_double_and_null_over_nothing(engine: Engine) -> None:
    assert value(engine, "gx_ratio($a, 3)", a=Decimal("1.0000")) == pytest.approx(1 / 3, abs=1e-15)
    assert value(engine, "gx_ratio(7, 2)") == 3.5
    assert value(engine, "gx_ratio(1, 0)") is None
    assert value(engine, "gx_ratio($a, 1)", a=None) is None


def test_money_has_one_scale_and_rounds_half_up(engine: Engine) -> None:
    assert value(engine, "gx_money($a)", a=Decimal("0.00005")) == Decimal("0.0001")
    assert value(engine, "gx_money(2)") == Decimal("2.0000")


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        ("2.00005", "2.0000"),
        ("2.00015", "2.0002"),
        ("-2.00005", "-2.0000"),
        ("-2.00015", "-2.0002"),
        ("2.000050000001", "2.0001"),
        ("98765432101234.123450000000", "98765432101234.1234"),
        ("98765432101234.123550000000", "98765432101234.1236"),
    ],
)
def test_money_rounds_half_even_where_it_is_asked_to(engine: Engine, exact: str, rounded: str) -> None:
    assert value(engine, f"gx_money_even(cast('{exact}' as decimal(38, 12)))") == Decimal(rounded)
    product = f"gx_money_even(cast('{exact}' as decimal(19, 4)) * cast('1' as decimal(18, 12)))"
    assert value(engine, product) == Decimal(exact).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    assert value(engine, "gx_money_even(cast(null as decimal(38, 12)))") is None


def test_log_is_the_natural_one_and_null_where_there_is_none(engine: Engine) -> None:
    assert value(engine, "gx_log($x)", x=math.e) == pytest.approx(1, abs=1e-15)
    assert value(engine, "gx_log(0)") is None
    assert value(engine, "gx_log(-1)") is None


def test_above_counts_the_edges_passed(engine: Engine) -> None:
    for number, passed in [(0, 0), (1, 0), (2, 2), (3, 2), (4, 3)]:
        assert value(engine, "gx_above($v, $edges)", v=number, edges=[3, 1, 1]) == passed
    assert value(engine, "gx_above(5, $edges)", edges=[]) == 0
    assert value(engine, "gx_above(cast(null as integer), $edges)", edges=[1]) is None


def test_texts_are_joined_in_the_order_of_their_keys(engine: Engine) -> None:
    rows = [("a", 2, "two"), ("a", 10, "ten"), ("b", 1, None), ("a", 1, "one"), ("a", 3, None)]
    data = pa.table({name: [row[at] for row in rows] for at, name in enumerate(("name", "at", "told"))})
    sql = "select name, gx_joined_by(told, at) as joined, gx_joined_by(name || '!', at) as names from t group by name"

    joined = engine.run(Step.from_text("probe", sql), {"t": engine.arrow(data)}).rows(["name"])

    assert joined == [
        {"name": "a", "joined": "one,two,ten", "names": "a!,a!,a!,a!"}, {"name": "b", "joined": None, "names": "b!"},
    ]  # fmt: skip


def test_a_mean_leaves_nulls_out(engine: Engine) -> None:
    data = pa.table({"x": pa.array([Decimal(1), None, Decimal(2)], MONEY), "y": pa.array([None] * 3, MONEY)})
    table = engine.arrow(data)

    rows = engine.run(Step.from_text("probe", "select gx_mean(x) as x, gx_mean(y) as y from t"), {"t": table}).rows()

    assert rows == [{"x": 1.5, "y": None}]


def test_first_and_last_by_key_skip_nulls(engine: Engine) -> None:
    table = engine.arrow(pa.table({"k": [1, 2, 3, 4], "v": [None, "b", "c", None]}))
    step = Step.from_text("probe", "select gx_first_by(v, k) as first_one, gx_last_by(v, k) as last_one from t")

    assert engine.run(step, {"t": table}).rows() == [{"first_one": "b", "last_one": "c"}]


def test_a_bucket_comes_from_md5_of_the_text(engine: Engine) -> None:
    expected = [int(hashlib.md5(str(number).encode()).hexdigest()[:12], 16) % 100 for number in (17850, 1, 0)]

    assert [value(engine, "gx_bucket($id, 100)", id=number) for number in (17850, 1, 0)] == expected
    assert value(engine, "gx_bucket($id, 100)", id="17850") == expected[0]


def test_buckets_are_about_equal(engine: Engine) -> None:
    table = engine.arrow(pa.table({"id": list(range(10_000))}))
    step = Step.from_text("probe", "select gx_bucket(id, 10) as b, count(*) as n from t group by gx_bucket(id, 10)")

    rows = engine.run(step, {"t": table}).rows(["b"])

    assert [row["b"] for row in rows] == list(range(10))
    assert all(900 < row["n"] < 1100 for row in rows)


@pytest.mark.parametrize("count", [1, 2, 4, 5, 7, 10, 100, 1000])
def test_a_quantile_is_the_nearest_rank(engine: Engine, count: int) -> None:
    values = list(range(1, count + 1))
    Random(count).shuffle(values)
    table = engine.arrow(pa.table({"v": pa.array([*values, None], pa.int64())}))

    edges = [(k, groups) for groups in (2, 5, 7, 10, 100) for k in {1, groups // 2, groups - 1}]
    picks = ", ".join(f"gx_quantile(v, {k}, {groups}) as q_{k}_{groups}" for k, groups in edges)

    rows = engine.run(Step.from_text("probe", f"select {picks} from t"), {"t": table}).rows()

    assert rows == [{f"q_{k}_{groups}": -(-k * count // groups) for k, groups in edges}]


def test_a_quantile_of_nothing_is_null(engine: Engine) -> None:
    table = engine.arrow(pa.table({"v": pa.array([], pa.int64())}))

    assert engine.run(Step.from_text("probe", "select gx_quantile(v, 1, 5) as q from t"), {"t": table}).rows() == [
        {"q": None}
    ]

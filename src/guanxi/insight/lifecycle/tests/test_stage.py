from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.insight import Engine, InsightError, Table
from guanxi.insight.lifecycle import StageRules, month_ends, moves, stage, stages_by_month
from guanxi.insight.tests.make import Basket, purchases
from guanxi.insight.value import purchase_summary

AS_OF = date(2024, 12, 31)


def before(days: int) -> date:
    return AS_OF - timedelta(days=days)


def relation(engine: Engine, orders: int, first: int, last: int) -> Table:
    """A summary of one customer who ordered first and last so many days before."""
    dates = pa.date32()
    return engine.arrow(
        pa.table(
            {
                "customer_id": [1],
                "as_of": pa.array([AS_OF], dates),
                "frequency": [orders],
                "first_purchase_on": pa.array([before(first)], dates),
                "last_purchase_on": pa.array([before(last)], dates),
            }
        )
    )


@pytest.mark.parametrize(
    ("orders", "first", "last", "expected"),
    [
        (1, 0, 0, "exploration"),
        (1, 180, 180, "exploration"),
        (1, 181, 181, "decline"),
        (2, 100, 0, "build_up"),
        (2, 90, 90, "build_up"),  # both on one day: no gap at all, but ninety days are never a decline
        (2, 91, 91, "decline"),
        (3, 300, 100, "build_up"),  # a mean gap of 100: 100 days of silence are not long
        (3, 140, 100, "decline"),  # a mean gap of 20: 100 days are more than 50, and more than 90
        (3, 140, 90, "build_up"),  # as before, but not more than 90
        (3, 350, 250, "decline"),
        (4, 179, 0, "build_up"),
        (4, 180, 0, "stable"),
        (4, 230, 50, "stable"),
        (3, 360, 0, "build_up"),
        (20, 2000, 91, "stable"),
        (9, 480, 160, "decline"),  # a mean gap of 40: 160 days are four gaps
        (5, 860, 300, "stable"),  # a mean gap of 140: 300 days are less than 350
    ],
)
def test_the_rules_in_words(engine: Engine, orders: int, first: int, last: int, expected: str) -> None:
    assert stage(relation(engine, orders, first, last)).rows() == [{"customer_id": 1, "stage": expected}]


def test_exactly_two_and_a_half_gaps_are_not_yet_a_decline(engine: Engine) -> None:
    # Four gaps over 160 days are 40 days each; 100 days are two and a half of them.
    assert stage(relation(engine, 5, 260, 100)).rows()[0]["stage"] == "build_up"
    assert stage(relation(engine, 5, 261, 101)).rows()[0]["stage"] == "decline"


def test_who_is_lost_is_in_decline_whatever_his_gaps(engine: Engine) -> None:
    # As of 31 December 2024 the last twelve months begin after 31 December 2023, 366 days before.
    assert stage(relation(engine, 4, 1500, 365)).rows()[0]["stage"] == "stable"
    assert stage(relation(engine, 4, 1500, 366)).rows()[0]["stage"] == "decline"


def test_the_rules_can_be_changed(engine: Engine) -> None:
    rules = StageRules(
        quiet_days=10, quiet_gaps=Decimal("1.5"), single_order_quiet_days=5, stable_orders=2, stable_days=30
    )

    assert stage(relation(engine, 1, 6, 6), rules).rows()[0]["stage"] == "decline"
    assert stage(relation(engine, 2, 50, 20), rules).rows()[0]["stage"] == "stable"
    assert stage(relation(engine, 2, 76, 46), rules).rows()[0]["stage"] == "decline"


@pytest.mark.parametrize("gaps", ["0", "-1", "2.50001"])
def test_rules_that_are_none_are_refused(gaps: str) -> None:
    with pytest.raises(InsightError) as error:
        StageRules(quiet_gaps=Decimal(gaps))
    assert error.value.code == "wrong_rules"


def test_who_never_bought_has_no_stage(engine: Engine) -> None:
    returned = purchases(engine, [Basket(1, AS_OF, -5, is_return=True), Basket(2, AS_OF, 5)])

    assert stage(purchase_summary(returned, AS_OF, before(365))).rows() == [{"customer_id": 2, "stage": "exploration"}]


ENDS = [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31)]


def stages(engine: Engine, *baskets: Basket) -> list[tuple[object, ...]]:
    rows = stages_by_month(purchases(engine, baskets), ENDS).rows(["customer_id", "month_on"])
    return [(row["customer_id"], row["month_on"].month, row["stage"]) for row in rows]


def test_month_ends_end_with_the_day_itself() -> None:
    assert month_ends(date(2024, 3, 9), 4) == [
        date(2023, 12, 31),
        date(2024, 1, 31),
        date(2024, 2, 29),
        date(2024, 3, 9),
    ]
    assert month_ends(date(2024, 2, 29), 2) == [date(2024, 1, 31), date(2024, 2, 29)]
    assert month_ends(date(2024, 2, 29), 1) == [date(2024, 2, 29)]


def test_a_stage_is_what_was_known_then(engine: Engine) -> None:
    found = stages(
        engine,
        Basket(1, date(2023, 8, 1)),  # single and quiet: decline from the 29th of January on
        Basket(2, date(2024, 1, 31)),  # on the month end itself: known then
        Basket(2, date(2024, 3, 1)),
        Basket(3, date(2024, 3, 15)),
        Basket(4, date(2024, 4, 1)),  # later than all
        Basket(5, date(2024, 2, 1), is_void=True),
        Basket(6, date(2024, 2, 1), -3, is_return=True),
        Basket(None, date(2024, 2, 1)),
    )

    assert found == [
        (1, 1, "decline"),
        (1, 2, "decline"),
        (1, 3, "decline"),
        (2, 1, "exploration"),
        (2, 2, "exploration"),
        (2, 3, "build_up"),
        (3, 3, "exploration"),
    ]


def test_the_last_month_end_is_the_stage_of_the_day(engine: Engine) -> None:
    chance = Random(3)
    baskets = [Basket(chance.randint(1, 40), before(chance.randint(0, 700))) for _ in range(150)]
    table = purchases(engine, baskets)

    by_month = stages_by_month(table, month_ends(AS_OF, 3)).rows(["customer_id", "month_on"])

    today = {row["customer_id"]: row["stage"] for row in stage(purchase_summary(table, AS_OF, before(365))).rows()}
    assert {row["customer_id"]: row["stage"] for row in by_month if row["month_on"] == AS_OF} == today


@pytest.mark.parametrize("ends", [[], [AS_OF, AS_OF], [AS_OF, before(1)]])
def test_month_ends_that_do_not_rise_are_refused(engine: Engine, ends: list[date]) -> None:
    with pytest.raises(InsightError) as error:
        stages_by_month(purchases(engine, []), ends)
    assert error.value.code == "wrong_months"


def staged(engine: Engine, rows: Sequence[tuple[int, date, str]]) -> Table:
    columns = {"customer_id": [row[0] for row in rows], "month_on": pa.array([row[1] for row in rows], pa.date32())}
    return engine.arrow(pa.table(columns | {"stage": pa.array([row[2] for row in rows], pa.string())}))


def test_moves_are_counted_between_neighbouring_month_ends(engine: Engine) -> None:
    january, february, march = ENDS
    table = staged(
        engine,
        [
            (1, january, "stable"),
            (1, february, "stable"),
            (1, march, "decline"),
            (2, january, "stable"),
            (2, february, "decline"),
            (2, march, "decline"),
            (3, february, "exploration"),
            (3, march, "build_up"),
        ],
    )

    rows = moves(table).rows(["month_on", "from_stage", "to_stage"])

    assert [tuple(row.values()) for row in rows] == [
        (february, "stable", "decline", 1),
        (february, "stable", "stable", 1),
        (february, None, "exploration", 1),
        (march, "decline", "decline", 1),
        (march, "exploration", "build_up", 1),
        (march, "stable", "decline", 1),
    ]


def test_nothing_moves_where_there_is_one_month_end_or_none(engine: Engine) -> None:
    assert moves(staged(engine, [(1, AS_OF, "stable")])).rows() == []
    assert moves(staged(engine, [])).rows() == []


@settings(deadline=None, max_examples=25)
@given(
    bought=st.lists(st.tuples(st.integers(1, 4), st.integers(0, 120)), max_size=15),
    seed=st.integers(0, 99),
)
def test_shuffled_purchases_give_equal_stages(embedded: Engine, bought: list[tuple[int, int]], seed: int) -> None:
    baskets = [Basket(customer, date(2023, 12, 15) + timedelta(days=days)) for customer, days in bought]
    shuffled = list(baskets)
    Random(seed).shuffle(shuffled)

    assert stages(embedded, *baskets) == stages(embedded, *shuffled)

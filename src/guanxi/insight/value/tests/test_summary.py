from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from guanxi.insight import Engine, InsightError
from guanxi.insight.tests.make import Basket, purchases, spends
from guanxi.insight.value import purchase_summary

AS_OF = date(2024, 12, 31)
START = date(2023, 12, 31)


def summary(engine: Engine, *baskets: Basket) -> dict[object, tuple[object, ...]]:
    rows = purchase_summary(purchases(engine, baskets), AS_OF, START).rows(["customer_id"])
    assert all(row["as_of"] == AS_OF for row in rows)
    return {row["customer_id"]: tuple(row.values())[2:] for row in rows}


def test_orders_are_counted_and_money_is_netted(engine: Engine) -> None:
    found = summary(
        engine,
        Basket(1, date(2024, 1, 10), Decimal("100.10")),
        Basket(1, date(2024, 3, 1), Decimal("50.05")),
        Basket(1, date(2024, 6, 1), Decimal("-20.00"), is_return=True),
    )

    assert found == {1: (date(2024, 1, 10), date(2024, 3, 1), 2, 305, Decimal("130.15"), Decimal("130.15"))}


def test_a_void_order_counts_as_none_and_its_money_cancels_out(engine: Engine) -> None:
    found = summary(
        engine,
        Basket(1, date(2024, 1, 10), 10),
        Basket(1, date(2024, 5, 1), 77, is_void=True),
        Basket(1, date(2024, 5, 2), -77, is_return=True),
    )

    assert found == {1: (date(2024, 1, 10), date(2024, 1, 10), 1, 356, Decimal(10), Decimal(10))}


def test_who_only_returned_has_no_orders_and_no_dates(engine: Engine) -> None:
    assert summary(engine, Basket(1, date(2024, 6, 1), -20, is_return=True)) == {
        1: (None, None, 0, None, Decimal(-20), Decimal(-20))
    }


def test_the_window_leaves_its_first_day_out_and_its_last_in(engine: Engine) -> None:
    found = summary(
        engine,
        Basket(1, START, 1),
        Basket(1, date(2024, 1, 1), 10),
        Basket(1, AS_OF, 100),
        Basket(1, date(2025, 1, 1), 9),
    )

    assert found == {1: (START, AS_OF, 3, 0, Decimal(111), Decimal(110))}


def test_what_came_later_and_what_is_nobodys_is_left_out(engine: Engine) -> None:
    found = summary(
        engine, Basket(None, date(2024, 6, 1), 500), Basket(2, date(2025, 6, 1), 500), Basket(3, date(2020, 1, 1), 5)
    )

    assert found == {3: (date(2020, 1, 1), date(2020, 1, 1), 1, 1826, Decimal(5), Decimal(0))}


def test_nothing_gives_nothing(engine: Engine) -> None:
    assert summary(engine) == {}


def test_cents_add_up_exactly(engine: Engine) -> None:
    found = summary(engine, *[Basket(1, date(2024, 6, 1), Decimal("0.0001")) for _ in range(1000)])

    assert found[1][4] == Decimal("0.1000")


def test_a_missing_column_is_named(engine: Engine) -> None:
    with pytest.raises(InsightError, match="ordered_at") as error:
        purchase_summary(spends(engine, [1]), AS_OF, START)
    assert error.value.code == "step_failed"

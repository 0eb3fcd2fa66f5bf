from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.insight import Engine, InsightError
from guanxi.insight.lifecycle import flow_by_month, month_ends
from guanxi.insight.tests.make import Basket, purchases

AS_OF = date(2024, 12, 31)


def flows(engine: Engine, ends: list[date], *baskets: Basket, months: int = 12) -> list[tuple[object, ...]]:
    return [
        tuple(row.values())[1:] for row in flow_by_month(purchases(engine, baskets), ends, months).rows(["month_on"])
    ]


def test_a_customer_comes_goes_and_comes_back(engine: Engine) -> None:
    ends = month_ends(AS_OF, 15)
    found = flows(engine, ends, Basket(1, date(2023, 11, 30)), Basket(1, date(2024, 12, 1)))

    # (new, active, lost, returned) from November 2023 on: active for twelve months, lost at the end of
    # November 2024, back in December.
    assert found == [(1, 1, 0, 0)] + [(0, 1, 0, 0)] * 11 + [(0, 0, 1, 0)] + [(0, 1, 0, 1)]


def test_months_without_anybody_are_told_too(engine: Engine) -> None:
    assert flows(engine, month_ends(AS_OF, 3)) == [(0, 0, 0, 0), (0, 0, 0, 0)]


def test_the_first_month_end_only_opens_the_account(engine: Engine) -> None:
    ends = month_ends(AS_OF, 2)

    assert flows(engine, ends, Basket(1, ends[0]), Basket(2, ends[0] + timedelta(days=1))) == [(1, 2, 0, 0)]
    assert flows(engine, ends[:1], Basket(1, ends[0])) == []


def test_returns_voids_and_nobody_are_no_customers(engine: Engine) -> None:
    day = date(2024, 12, 5)

    assert flows(
        engine,
        month_ends(AS_OF, 2),
        Basket(1, day, -1, is_return=True),
        Basket(2, day, is_void=True),
        Basket(None, day),
    ) == [(0, 0, 0, 0)]


def test_the_time_of_staying_can_be_changed(engine: Engine) -> None:
    ends = month_ends(AS_OF, 4)

    assert flows(engine, ends, Basket(1, date(2024, 9, 30)), months=2) == [(0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 0)]


def test_no_time_at_all_is_refused(engine: Engine) -> None:
    with pytest.raises(InsightError) as error:
        flows(engine, month_ends(AS_OF, 2), months=0)
    assert error.value.code == "wrong_months"


@settings(deadline=None, max_examples=25)
@given(bought=st.lists(st.tuples(st.integers(1, 5), st.integers(0, 900)), max_size=25))
def test_nobody_is_lost_on_the_way(embedded: Engine, bought: list[tuple[int, int]]) -> None:
    baskets = [Basket(customer, AS_OF - timedelta(days=days)) for customer, days in bought]
    rows = flow_by_month(purchases(embedded, baskets), month_ends(AS_OF, 36)).rows(["month_on"])

    active = 0
    for row in rows:
        active += row["new"] + row["returned"] - row["lost"]
        assert row["active"] == active
    assert sum(row["new"] for row in rows) == len({customer for customer, _ in bought})

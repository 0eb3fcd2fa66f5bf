"""What one customer bought, by month and lately."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from guanxi.intelligence.marts.lookup import Order
from guanxi.intelligence.queries.purchases import get_purchases, months_of
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.tests.actors import NOBODY, holding


def order(at: str, revenue: str, *, is_return: bool = False, is_void: bool = False) -> Order:
    return Order(datetime.fromisoformat(at), "shop", at, Decimal(revenue), 1, is_return, is_void)


def test_months_are_the_last_24_with_returns_taken_off() -> None:
    orders = [
        order("2026-11-20T09:00", "100"),
        order("2026-11-21T09:00", "-30", is_return=True),
        order("2026-01-01T00:00", "7", is_void=True),
        order("2024-12-01T00:00", "5"),
        order("2024-11-30T23:59", "1000"),
    ]
    months = months_of(orders, date(2026, 11, 21))
    assert len(months) == 24
    assert (months[0].month, months[-1].month) == (date(2024, 12, 1), date(2026, 11, 1))
    assert {month.month: (month.revenue, month.orders) for month in months if month.revenue} == {
        date(2024, 12, 1): (Decimal(5), 1),
        date(2026, 1, 1): (Decimal(7), 0),
        date(2026, 11, 1): (Decimal(70), 1),
    }


@pytest.mark.django_db
def test_a_refused_reader_learns_nothing() -> None:
    with pytest.raises(PermissionDenied):
        get_purchases(NOBODY, 1)


@pytest.mark.django_db
def test_before_the_first_update_there_is_nothing_to_say() -> None:
    assert get_purchases(holding("customers.view"), 1) is None

"""What one customer bought, by month and lately."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from guanxi.customers.commands import record_purchase, reverse_purchase
from guanxi.customers.errors import CustomerUnknown
from guanxi.customers.rules import Line
from guanxi.customers.tests.factories import make_customers
from guanxi.intelligence.marts.lookup import Order
from guanxi.intelligence.queries.purchases import MonthSpend, get_purchases, months_of
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.tests.actors import NOBODY, Holding, holding


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
def test_who_may_not_see_the_customer_learns_nothing_either() -> None:
    make_customers([{"id": 1}])
    with pytest.raises(CustomerUnknown):
        get_purchases(Holding(frozenset({"customers.view"}), owners=frozenset({99})), 1)


@pytest.mark.django_db
def test_what_was_written_down_shows_before_the_first_update() -> None:
    make_customers([{"id": 1}])
    assert get_purchases(holding("customers.view"), 1) is None
    for day, order_no in ((1, "A1"), (3, ""), (2, "")):
        record_purchase(
            SYSTEM, customer_id=1, lines=[Line("x", unit_price=Decimal(day))], order_no=order_no, key=f"k{day}",
            bought_at=datetime(2026, 11, day, 4, tzinfo=UTC),
        )  # fmt: skip
    reverse_purchase(SYSTEM, purchase_id=3)
    found = get_purchases(holding("customers.view"), 1)
    assert found is not None
    assert [(one.order_id, one.revenue, one.is_void, one.purchase_id) for one in found.recent] == [
        ("#2", Decimal(3), False, 2), ("#3", Decimal(2), True, 3), ("A1", Decimal(1), False, 1),
    ]  # fmt: skip
    assert (found.as_of, found.currency, found.orders) == (date(2026, 11, 3), "CNY", 3)
    assert found.months[-1] == MonthSpend(date(2026, 11, 1), Decimal(4), 2)  # the counter-entry is in the sum

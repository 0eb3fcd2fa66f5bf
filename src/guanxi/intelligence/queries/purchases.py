"""What one customer bought, read from the current snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from guanxi.customers.models import CurrentStanding, Customer
from guanxi.intelligence.models import Figure
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied

if TYPE_CHECKING:
    from guanxi.intelligence.marts.lookup import Order

MONTHS = 24
RECENT = 8


@dataclass(frozen=True)
class MonthSpend:
    """What the customer spent in one calendar month, returns taken off."""

    month: date
    revenue: Decimal
    orders: int


@dataclass(frozen=True)
class Purchases:
    """The last 24 months, the latest 8 orders, and how many there are in all."""

    as_of: date
    currency: str
    months: Sequence[MonthSpend]
    recent: Sequence[Order]
    orders: int


def get_purchases(actor: Actor, customer_id: int) -> Purchases | None:
    """The purchases of the living record of this customer; None before the first update or without any.

    Raises
    ------
    PermissionDenied
        The actor lacks `customers.view`.
    """
    from guanxi.intelligence.marts.lookup import purchases_of  # the engine is opened by who needs it

    if not actor.may("customers.view"):
        raise PermissionDenied(permission="customers.view")
    current = CurrentStanding.objects.first()
    main_id = Customer.objects.filter(pk=customer_id).values_list("main_id", flat=True).first()
    if current is None or main_id is None:
        return None
    orders = purchases_of(main_id)
    if not orders:
        return None
    headline = Figure.objects.filter(run_id=current.run_id, name="headline").values_list("rows", flat=True).first()
    return Purchases(
        as_of=current.as_of,
        currency=str(headline[0].get("currency") or "") if headline else "",
        months=months_of(orders, current.as_of),
        recent=orders[:RECENT],
        orders=len(orders),
    )


def months_of(orders: Sequence[Order], as_of: date) -> list[MonthSpend]:
    """The last 24 calendar months to `as_of`, oldest first, also those in which nothing was bought."""
    last = as_of.year * 12 + as_of.month - 1
    revenue, count = [Decimal(0)] * MONTHS, [0] * MONTHS
    for order in orders:
        place = MONTHS - 1 - (last - (order.ordered_at.year * 12 + order.ordered_at.month - 1))
        if 0 <= place < MONTHS:
            revenue[place] += order.revenue
            count[place] += not (order.is_return or order.is_void)
    return [MonthSpend(_month(last - MONTHS + 1 + place), revenue[place], count[place]) for place in range(MONTHS)]


def _month(number: int) -> date:
    """The first day of the month counted from year 0."""
    year, month = divmod(number, 12)
    return date(year, month + 1, 1)

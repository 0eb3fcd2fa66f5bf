"""What one customer bought: as sources delivered it, and as it was written down here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from guanxi.customers.models import CurrentStanding, Customer
from guanxi.customers.queries.access import find_main_id
from guanxi.customers.queries.purchases import company_currency, list_purchases
from guanxi.intelligence.small.touches import last_scored_at
from guanxi.intelligence.sources.terms import OWN_SOURCE
from guanxi.kernel.commands import Actor

if TYPE_CHECKING:
    from guanxi.intelligence.marts.lookup import Order

MONTHS = 24
RECENT = 8
PATIENCE = timedelta(minutes=2)  # after it nobody waits for the value any more
FRESH = timedelta(seconds=15)


@dataclass(frozen=True)
class MonthSpend:
    """What the customer spent in one calendar month, returns taken off."""

    month: date
    revenue: Decimal
    orders: int


@dataclass(frozen=True)
class Purchases:
    """The last 24 months, the latest 8 orders, and how many there are in all; counter-entries only in the sums."""

    as_of: date
    currency: str
    months: Sequence[MonthSpend]
    recent: Sequence[Order]
    orders: int


@dataclass(frozen=True)
class Following:
    """Whether the value still follows what was written down lately, or has just done so."""

    is_due: bool
    is_fresh: bool


def find_following(actor: Actor, customer_id: int) -> Following:
    """How the customer's value stands to what was written down within the last minutes.

    Raises
    ------
    PermissionDenied, CustomerUnknown
        As `get_purchases`.
    """
    lately = timezone.now() - PATIENCE
    written = [row.recorded_at for row in list_purchases(actor, customer_id) if row.recorded_at > lately]
    if not written or not CurrentStanding.objects.exists():
        return Following(is_due=False, is_fresh=False)
    main_id = find_main_id(actor, customer_id)
    members = Customer.objects.filter(main_id=main_id).values_list("pk", flat=True)
    scored_at = last_scored_at(list(members))
    if scored_at is None or scored_at < max(written):
        return Following(is_due=True, is_fresh=False)
    return Following(is_due=False, is_fresh=scored_at > timezone.now() - FRESH)


def get_purchases(actor: Actor, customer_id: int) -> Purchases | None:
    """The purchases of the living record of this customer, delivered or written down here; None without any.

    Raises
    ------
    PermissionDenied, CustomerUnknown
        The actor lacks `customers.view`, or may not see this customer.
    SourceSilent
        The warehouse cannot be read.
    """
    from guanxi.intelligence.marts.lookup import Order, purchases_of  # pyarrow is loaded by who needs it

    own = list_purchases(actor, customer_id)
    delivered = purchases_of(find_main_id(actor, customer_id))
    written = [
        Order(
            ordered_at=timezone.localtime(row.bought_at).replace(tzinfo=None), source=OWN_SOURCE,
            order_id=row.order_no or f"#{row.id}", revenue=row.total, lines=row.lines,
            is_return=row.reverses is not None, is_void=row.is_reversed, purchase_id=row.id,
        )
        for row in own
    ]  # fmt: skip
    orders = sorted([*delivered, *written], key=lambda order: order.ordered_at, reverse=True)
    if not orders:
        return None
    known_to = CurrentStanding.objects.values_list("as_of", flat=True).first()
    as_of = max(orders[0].ordered_at.date(), known_to or date.min)
    shown = [order for order in orders if order.purchase_id is None or not order.is_return]
    return Purchases(
        as_of=as_of, currency=company_currency(), months=months_of(orders, as_of), recent=shown[:RECENT],
        orders=len(shown),
    )  # fmt: skip


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

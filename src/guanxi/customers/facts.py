"""What customers feed into the warehouse: the purchases written down here."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Max, QuerySet

from guanxi.customers.models import Purchase, PurchaseItem
from guanxi.kernel.facts import PurchaseFeed, PurchaseLine, add_purchase_feed


def last_number() -> int:
    """The latest purchase."""
    return Purchase.objects.aggregate(last=Max("pk"))["last"] or 0


def lines_between(after: int, upto: int) -> list[PurchaseLine]:
    """The lines of purchases by their numbers."""
    return _lines(PurchaseItem.objects.filter(purchase_id__gt=after, purchase_id__lte=upto))


def lines_of(customer_ids: Collection[int]) -> list[PurchaseLine]:
    """All lines written down for some customers."""
    return _lines(PurchaseItem.objects.filter(purchase__customer_id__in=customer_ids))


def currencies() -> set[str]:
    """What was paid in."""
    return set(Purchase.objects.order_by().values_list("currency", flat=True).distinct())


def last_bought_at() -> datetime | None:
    """When the latest purchase took place."""
    last: datetime | None = Purchase.objects.aggregate(last=Max("bought_at"))["last"]
    return last


def _lines(items: QuerySet[PurchaseItem]) -> list[PurchaseLine]:
    rows = items.select_related("purchase").order_by("purchase_id", "line")
    return [
        PurchaseLine(
            number=row.purchase_id, customer_id=row.purchase.customer_id,
            order_id=str(row.purchase.reverses_id or row.purchase_id), bought_at=row.purchase.bought_at,
            product_id=row.product_id, product_name=row.product_name, quantity=row.quantity,
            unit_price=row.unit_price, amount=row.amount, currency=row.purchase.currency,
            is_return=row.purchase.reverses_id is not None,
        )
        for row in rows
    ]  # fmt: skip


add_purchase_feed(
    PurchaseFeed(
        name="purchases", last_number=last_number, lines_between=lines_between, lines_of=lines_of,
        currencies=currencies, last_bought_at=last_bought_at,
    )
)  # fmt: skip

"""Reading purchases that were written down here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db.models import Count

from guanxi.customers.errors import CustomerUnknown, PurchaseUnknown
from guanxi.customers.models import CurrentStanding, Purchase
from guanxi.customers.queries.access import find_main_id
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied

USUAL_CURRENCY: Final = "CNY"


@dataclass(frozen=True)
class PurchaseRow:
    """A purchase, or with `reverses` the counter-entry of one; `is_reversed` once there is such an entry for it."""

    id: int
    order_no: str
    bought_at: datetime
    total: Decimal
    currency: str
    lines: int
    reverses: int | None
    is_reversed: bool
    recorded_by: str
    recorded_at: datetime


def list_purchases(actor: Actor, customer_id: int) -> list[PurchaseRow]:
    """What was written down for a customer and the records merged into it, the latest purchase first.

    Raises
    ------
    PermissionDenied, CustomerUnknown
        The actor may not look.
    """
    if not actor.may("customers.view"):
        raise PermissionDenied(permission="customers.view")
    main_id = find_main_id(actor, customer_id)
    kept = Purchase.objects.filter(customer__main_id=main_id).select_related("recorded_by", "reversed_by")
    rows = kept.annotate(lines=Count("items")).order_by("-bought_at", "-pk")
    return [
        PurchaseRow(
            id=row.pk, order_no=row.order_no, bought_at=row.bought_at, total=row.total, currency=row.currency,
            lines=row.lines, reverses=row.reverses_id, is_reversed=hasattr(row, "reversed_by"),
            recorded_by=str(row.recorded_by or ""), recorded_at=row.recorded_at,
        )
        for row in rows
    ]  # fmt: skip


def get_purchase(actor: Actor, purchase_id: int) -> Purchase:
    """One purchase.

    Raises
    ------
    PurchaseUnknown
        No such number, or a customer the actor may not know of: both are told alike.
    """
    found = Purchase.objects.filter(pk=purchase_id).first()
    if found is not None:
        try:
            find_main_id(actor, found.customer_id)
        except CustomerUnknown:
            found = None
    if found is None:
        raise PurchaseUnknown(purchase_id=purchase_id)
    return found


def company_currency() -> str:
    """The one currency the company counts in: that of its value figures, else of its first purchase."""
    for known in (CurrentStanding.objects.order_by("pk"), Purchase.objects.order_by("pk")):
        currency = known.values_list("currency", flat=True).first()
        if currency:
            return str(currency)
    return USUAL_CURRENCY

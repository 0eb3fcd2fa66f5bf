"""Writing down what a customer bought, and taking a mistake back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import F

from guanxi.customers.errors import (
    CounterEntryStays,
    PurchaseAlreadyReversed,
    PurchaseCurrencyDiffers,
    PurchaseInvalid,
    PurchaseKeyUsed,
    PurchaseOrderKnown,
)
from guanxi.customers.events import PurchaseRecorded, PurchaseReversed
from guanxi.customers.models import Customer, Purchase, PurchaseItem, PurchaseNumber
from guanxi.customers.queries.access import lock_customer
from guanxi.customers.queries.purchases import company_currency, get_purchase
from guanxi.customers.rules import Line, plain_text, why_not_purchase
from guanxi.kernel.commands import Work, command


@command("customers.edit")
def record_purchase(
    work: Work,
    *,
    customer_id: int,
    lines: Sequence[Line],
    bought_at: datetime,
    key: str,
    order_no: str = "",
    currency: str = "",
    channel: Purchase.Channel = Purchase.Channel.SCREEN,
) -> Purchase:
    """Write down a purchase of a customer; the same `key` again finds the one that is there.

    Parameters
    ----------
    key
        Names this purchase for its sender, so that sending it twice keeps it once.
    currency
        The company's own where none is given.

    Raises
    ------
    CustomerUnknown, PurchaseInvalid, PurchaseOrderKnown, PurchaseCurrencyDiffers, PurchaseKeyUsed
        Nothing is kept.
    """
    customer = lock_customer(work.actor, customer_id)
    lines, order_no = [line.tidied() for line in lines], plain_text(order_no)
    company = company_currency()
    currency = currency or company
    if currency != company:
        raise PurchaseCurrencyDiffers(currency=currency, company=company)
    reason = why_not_purchase(lines, order_no=order_no, bought_at=bought_at, now=work.at)
    if reason is not None:
        raise PurchaseInvalid(reason=str(reason))
    amounts = [line.amount_in(currency) for line in lines]
    number = _take_number()
    wanted = Purchase(
        id=number, customer=customer, order_no=order_no, bought_at=bought_at, currency=currency,
        total=sum(amounts, Decimal(0)), channel=channel, key=key, recorded_by_id=work.actor.pk, recorded_at=work.at,
    )  # fmt: skip
    known = Purchase.objects.filter(key=key).first()
    if known is not None:
        return _known(work, known, wanted, customer)
    living = Purchase.objects.filter(customer__main=customer, reverses__isnull=True, reversed_by__isnull=True)
    if order_no and living.filter(order_no=order_no).exists():
        raise PurchaseOrderKnown(order_no=order_no)
    items = [
        PurchaseItem(
            purchase=wanted, line=line, product_id=given.product_id, product_name=given.product_name,
            quantity=given.quantity, unit_price=given.unit_price, amount=amount,
        )
        for line, (given, amount) in enumerate(zip(lines, amounts, strict=True), 1)
    ]  # fmt: skip
    _keep(work, wanted, items)
    work.emit(PurchaseRecorded(wanted.pk, customer.pk))
    return wanted


@command("customers.edit")
def reverse_purchase(work: Work, *, purchase_id: int, channel: Purchase.Channel = Purchase.Channel.SCREEN) -> Purchase:
    """Take a purchase back whole by a counter-entry, as if it had never been; returns the counter-entry.

    Raises
    ------
    PurchaseUnknown, PurchaseAlreadyReversed, CounterEntryStays
        Nothing is changed.
    """
    found = get_purchase(work.actor, purchase_id)
    customer = lock_customer(work.actor, found.customer_id)
    number = _take_number()
    if found.reverses_id is not None:
        raise CounterEntryStays(purchase_id=purchase_id)
    if Purchase.objects.filter(reverses=found).exists():
        raise PurchaseAlreadyReversed(purchase_id=purchase_id)
    counter = Purchase(
        id=number, customer_id=found.customer_id, order_no=found.order_no, bought_at=found.bought_at,
        currency=found.currency, total=-found.total, channel=channel, reverses=found, recorded_by_id=work.actor.pk,
        recorded_at=work.at,
    )  # fmt: skip
    items = [
        PurchaseItem(
            purchase=counter, line=item.line, product_id=item.product_id, product_name=item.product_name,
            quantity=-item.quantity, unit_price=item.unit_price, amount=-item.amount,
        )
        for item in found.items.order_by("line")
    ]  # fmt: skip
    _keep(work, counter, items)
    work.emit(PurchaseReversed(counter.pk, customer.pk))
    return counter


def _take_number() -> int:
    """The next number; until the command commits nobody else gets one, so numbers rise in the order of commits."""
    PurchaseNumber.objects.get_or_create(pk=1)
    counter = PurchaseNumber.objects.select_for_update().get(pk=1)
    return counter.next_id


def _keep(work: Work, purchase: Purchase, items: Iterable[PurchaseItem]) -> None:
    PurchaseNumber.objects.filter(pk=1).update(next_id=F("next_id") + 1)
    purchase.save()
    PurchaseItem.objects.bulk_create(items)
    facts = {"customer": purchase.customer_id, "total": str(purchase.total), "reverses": purchase.reverses_id}
    work.record(purchase, {name: fact for name, fact in facts.items() if fact is not None})


def _known(work: Work, known: Purchase, wanted: Purchase, customer: Customer) -> Purchase:
    """The purchase that was kept under the key before, if it is the one that is wanted now."""
    same = ("order_no", "currency", "total")
    is_same = all(getattr(known, name) == getattr(wanted, name) for name in same)
    if not is_same or known.customer.main_id != customer.pk:
        raise PurchaseKeyUsed(key=wanted.key)
    work.nothing_changed()
    return known

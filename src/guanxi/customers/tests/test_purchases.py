"""Purchases are written down once, seen by whom may see the customer, and taken back by a counter-entry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone, translation

from guanxi.customers.commands import delete_customer, record_purchase, retire_customers, reverse_purchase
from guanxi.customers.errors import (
    CounterEntryStays,
    CustomerUnknown,
    PurchaseAlreadyReversed,
    PurchaseCurrencyDiffers,
    PurchaseInvalid,
    PurchaseKeyUsed,
    PurchaseOrderKnown,
    PurchaseUnknown,
)
from guanxi.customers.facts import currencies, last_number, lines_between, lines_of
from guanxi.customers.models import Purchase, PurchaseItem
from guanxi.customers.queries.purchases import list_purchases
from guanxi.customers.rules import Line
from guanxi.customers.tests.factories import make_customers, make_standings
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.append_only import RowsStay
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.audit.telling import tell_entries
from guanxi.kernel.errors import GuanxiError, PermissionDenied
from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.tests.actors import Holding, holding

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 3, 1, 4, 30, tzinfo=UTC)
POT = Line("紫砂壶", "POT", Decimal(2), Decimal("120.00"))
CUPS = Line("品茗杯", "CUP", Decimal(3), Decimal("9.9950"))


@pytest.fixture(autouse=True)
def _customers() -> None:
    make_customers([{"id": 1, "name": "王伟"}, {"id": 2, "name": "李娜"}])


def record(**given: Any) -> Purchase:
    asked: dict[str, Any] = {"customer_id": 1, "lines": [POT, CUPS], "bought_at": DAY, "key": "k1", **given}
    return record_purchase(asked.pop("actor", SYSTEM), **asked)


def test_a_purchase_is_kept_with_its_lines_and_told() -> None:
    kept = record(order_no=" A\x00 17 ")
    assert (kept.pk, kept.order_no, kept.total, kept.currency, kept.channel) == (
        1, "A 17", Decimal("269.98"), "CNY", "screen",
    )  # fmt: skip
    assert list(kept.items.values_list("line", "product_id", "quantity", "unit_price", "amount")) == [
        (1, "POT", Decimal(2), Decimal(120), Decimal(240)),
        (2, "CUP", Decimal(3), Decimal("9.995"), Decimal("29.98")),  # 29.985, half to even
    ]
    event = EventRecord.objects.get()
    assert (event.name, event.payload) == ("customers.PurchaseRecorded", {"purchase_id": 1, "customer_id": 1})
    audit = AuditEntry.objects.latest("pk")
    assert (audit.target_kind, audit.changes) == ("customers.Purchase", {"customer": 1, "total": "269.98"})
    with translation.override("zh-hans"):
        assert [str(change) for change in tell_entries([audit])[0].changes] == ["客户: #1", "金额: 269.98"]
    assert record(key="k2").pk == 2


def test_sent_twice_it_is_kept_once_and_the_key_serves_nothing_else() -> None:
    first = record()
    assert record() == first
    for other in ({"customer_id": 2}, {"lines": [POT]}, {"order_no": "A9"}):
        with pytest.raises(PurchaseKeyUsed):
            record(**other)
    assert (Purchase.objects.count(), PurchaseItem.objects.count(), EventRecord.objects.count()) == (1, 2, 1)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"lines": []}, PurchaseInvalid),
        ({"lines": [POT] * 201}, PurchaseInvalid),
        ({"lines": [Line(quantity=Decimal(1), unit_price=Decimal(1))]}, PurchaseInvalid),
        ({"lines": [Line("x", quantity=Decimal(0))]}, PurchaseInvalid),
        ({"lines": [Line("x", quantity=Decimal("1.00001"))]}, PurchaseInvalid),
        ({"lines": [Line("x", unit_price=Decimal("NaN"))]}, PurchaseInvalid),
        ({"lines": [Line("x", unit_price=Decimal(-1))]}, PurchaseInvalid),
        ({"lines": [Line("x", unit_price=Decimal("1e13"))]}, PurchaseInvalid),
        ({"lines": [Line("x", quantity=Decimal("1e11"), unit_price=Decimal("1e11"))]}, PurchaseInvalid),
        ({"lines": [Line("x" * 201)]}, PurchaseInvalid),
        ({"order_no": "x" * 41}, PurchaseInvalid),
        ({"bought_at": timezone.now() + timedelta(days=1)}, PurchaseInvalid),
        ({"bought_at": datetime(1899, 12, 31, tzinfo=UTC)}, PurchaseInvalid),
        ({"currency": "USD"}, PurchaseCurrencyDiffers),
        ({"customer_id": 99}, CustomerUnknown),
        ({"actor": holding("customers.view")}, PermissionDenied),
        ({"actor": Holding(frozenset({"customers.edit"}), owners=frozenset({99}))}, CustomerUnknown),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(wrong: dict[str, Any], refusal: type[GuanxiError]) -> None:
    trail = AuditEntry.objects.count()
    with pytest.raises(refusal):
        record(**wrong)
    assert (Purchase.objects.count(), EventRecord.objects.count(), AuditEntry.objects.count()) == (0, 0, trail)


def test_nothing_is_sold_to_the_bin() -> None:
    delete_customer(SYSTEM, customer_id=1)
    with pytest.raises(CustomerUnknown):
        record()
    assert not Purchase.objects.exists()


def test_the_company_counts_in_one_currency() -> None:
    make_standings([{"customer_id": 1}], currency="EUR")
    with pytest.raises(PurchaseCurrencyDiffers):
        record(currency="CNY")
    assert record().currency == "EUR"


def test_a_mistake_is_taken_back_once_and_as_a_whole() -> None:
    kept = record(order_no="A17")
    counter = reverse_purchase(SYSTEM, purchase_id=kept.pk)
    assert (counter.pk, counter.reverses, counter.total, counter.bought_at) == (2, kept, Decimal("-269.98"), DAY)
    assert sum(PurchaseItem.objects.values_list("amount", flat=True)) == 0
    assert EventRecord.objects.latest("pk").name == "customers.PurchaseReversed"
    with pytest.raises(PurchaseAlreadyReversed):
        reverse_purchase(SYSTEM, purchase_id=kept.pk)
    with pytest.raises(CounterEntryStays):
        reverse_purchase(SYSTEM, purchase_id=counter.pk)
    with pytest.raises(PurchaseUnknown):
        reverse_purchase(SYSTEM, purchase_id=77)
    stranger = Holding(frozenset({"customers.edit"}), owners=frozenset({99}))
    with pytest.raises(PurchaseUnknown):
        reverse_purchase(stranger, purchase_id=kept.pk)
    assert Purchase.objects.count() == 2


def test_an_order_number_is_a_customers_once_unless_it_was_taken_back() -> None:
    first = record(order_no="A17")
    with pytest.raises(PurchaseOrderKnown):
        record(order_no="A17", key="k2")
    record(order_no="A17", key="k3", customer_id=2)
    reverse_purchase(SYSTEM, purchase_id=first.pk)
    record(order_no="A17", key="k4")
    assert list(Purchase.objects.order_by("pk").values_list("customer_id", "order_no")) == [
        (1, "A17"), (2, "A17"), (1, "A17"), (1, "A17"),
    ]  # fmt: skip


def test_nothing_written_down_is_changed_or_deleted() -> None:
    kept = record()
    for change in (
        kept.save,
        kept.delete,
        Purchase.objects.all().delete,
        lambda: Purchase.objects.update(total=0),
        lambda: PurchaseItem.objects.update(amount=0),
        kept.items.get(line=1).delete,
    ):
        with pytest.raises(RowsStay):
            change()
    assert Purchase.objects.get().total == Decimal("269.98")


def test_purchases_of_merged_records_are_listed_together() -> None:
    record()
    record(customer_id=2, key="k2", bought_at=DAY + timedelta(days=1), lines=[POT])
    reverse_purchase(SYSTEM, purchase_id=1)
    retire_customers(SYSTEM, batch="test", retired=[(2, 1)])
    record(customer_id=2, key="k3", bought_at=DAY - timedelta(days=1), lines=[CUPS])
    rows = list_purchases(SYSTEM, 2)
    assert [(row.id, row.total, row.lines, row.reverses, row.is_reversed) for row in rows] == [
        (2, Decimal(240), 1, None, False),
        (3, Decimal("-269.98"), 2, 1, False),
        (1, Decimal("269.98"), 2, None, True),
        (4, Decimal("29.98"), 1, None, False),
    ]
    assert Purchase.objects.get(pk=4).customer_id == 1  # what comes after a merge stays with the survivor
    with pytest.raises(PermissionDenied):
        list_purchases(holding("customers.edit"), 1)


def test_the_feed_holds_every_line_in_the_order_of_commits() -> None:
    assert (last_number(), lines_between(0, 9), currencies()) == (0, [], set())
    record()
    record(customer_id=2, key="k2", lines=[POT])
    reverse_purchase(SYSTEM, purchase_id=1)
    assert (last_number(), currencies()) == (3, {"CNY"})
    lines = lines_between(0, 3)
    assert [(row.number, row.order_id, row.product_id, row.quantity, row.amount, row.is_return) for row in lines] == [
        (1, "1", "POT", Decimal(2), Decimal(240), False),
        (1, "1", "CUP", Decimal(3), Decimal("29.98"), False),
        (2, "2", "POT", Decimal(2), Decimal(240), False),
        (3, "1", "POT", Decimal(-2), Decimal(-240), True),
        (3, "1", "CUP", Decimal(-3), Decimal("-29.98"), True),
    ]
    assert lines_between(0, 2) + lines_between(2, 3) == lines
    assert lines_of([1]) == [row for row in lines if row.customer_id == 1]

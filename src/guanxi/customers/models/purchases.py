"""What customers bought, as people and programs write it down here: added to, never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from guanxi.customers.models.records import Customer
from guanxi.kernel.append_only import AppendOnly, AppendOnlyRows
from guanxi.kernel.money import MoneyField


class PurchaseNumber(models.Model):
    """The one counter of purchases. It is locked by who takes a number, so numbers rise in the order of commits."""

    next_id = models.BigIntegerField(default=1)

    class Meta:
        app_label = "customers"


class Purchase(AppendOnly):
    """A purchase written down here, or the counter-entry that takes one back whole. `id` is its number."""

    class Channel(models.TextChoices):
        SCREEN = "screen"
        API = "api"

    id = models.BigIntegerField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="purchases")
    order_no = models.CharField(max_length=40, blank=True)  # as the receipt or contract has it
    bought_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    total = MoneyField()  # negative in a counter-entry
    channel = models.CharField(max_length=6, choices=Channel.choices)
    key = models.CharField(max_length=80, null=True, unique=True)  # the same purchase sent twice is kept once
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField()

    objects = models.Manager.from_queryset(AppendOnlyRows["Purchase"])()

    class Meta:
        app_label = "customers"
        indexes = (models.Index(fields=["customer", "-bought_at", "-id"], name="customers_purchases"),)


class PurchaseItem(AppendOnly):
    """One line of a purchase."""

    purchase = models.ForeignKey(Purchase, on_delete=models.PROTECT, related_name="items")
    line = models.PositiveSmallIntegerField()
    product_id = models.CharField(max_length=80, blank=True)  # the company's product code
    product_name = models.CharField(max_length=200, blank=True)
    quantity = MoneyField()  # pieces, on the same scale of four places
    unit_price = MoneyField()
    amount = MoneyField()

    objects = models.Manager.from_queryset(AppendOnlyRows["PurchaseItem"])()

    class Meta:
        app_label = "customers"
        constraints = (models.UniqueConstraint(fields=["purchase", "line"], name="customers_purchase_line_once"),)

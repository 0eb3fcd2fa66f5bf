"""Where customers stand, as the runs computed it."""

from __future__ import annotations

from typing import Final

from django.db import models

from guanxi.customers.models.records import Customer
from guanxi.kernel.money import MoneyField

STANDING_COPIES: Final = ("region_code", "last_contact_at")  # what standings have of their customer


class Standing(models.Model):
    """Where a customer stands, as one run computed it. Lists filter and sort by it with a plain join."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="standings", db_index=False)
    run_id = models.BigIntegerField()
    as_of = models.DateField()
    tier = models.CharField(max_length=8, blank=True)  # vip, major, regular, small
    stage = models.CharField(max_length=12, blank=True)  # exploration, build_up, stable, decline
    status = models.CharField(max_length=12)  # non_customer, prospect, first_time, repeat, loyal, lost
    rfm_group = models.CharField(max_length=3, blank=True)  # HHH .. LLL
    r = models.PositiveSmallIntegerField(null=True)
    f = models.PositiveSmallIntegerField(null=True)
    m = models.PositiveSmallIntegerField(null=True)
    abc = models.CharField(max_length=1, blank=True)
    recency_days = models.IntegerField(null=True)
    frequency = models.IntegerField(default=0)  # orders, all time, without returns and cancelled ones
    monetary = MoneyField(default=0)  # net revenue, all time
    spend_12m = MoneyField(default=0)  # net revenue in the twelve months to as_of
    first_purchase_on = models.DateField(null=True)
    last_purchase_on = models.DateField(null=True)
    expected_12m = MoneyField(null=True)  # spend to expect in the next 52 weeks; null: too little history
    expected_low = MoneyField(null=True)  # four in five spend between this ...
    expected_high = MoneyField(null=True)  # ... and this
    # The customer's own: lists are filtered and sorted by them. A trigger keeps them (migration 0016, ADR 0019).
    region_code = models.CharField(max_length=6, blank=True, default="", db_default="")
    last_contact_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "customers"
        constraints = (models.UniqueConstraint(fields=["run_id", "customer"], name="customers_standing_once"),)
        indexes = (
            # By class; the region stands in each index, so that lists are filtered by it without the rows.
            models.Index(fields=["run_id", "tier", "last_contact_at", "customer", "region_code"], name="standing_tier"),
            models.Index(
                fields=["run_id", "stage", "last_purchase_on", "customer", "region_code"], name="standing_stage"
            ),
            models.Index(fields=["run_id", "status", "customer", "region_code"], name="standing_status"),
            models.Index(  # the orders of a few known customers, without their rows
                fields=["customer", "run_id", "spend_12m", "last_purchase_on", "frequency", "expected_12m"],
                name="standing_glance",
            ),
            # The orders of lists; the classes stand in them too.
            *(
                models.Index(fields=["run_id", column, "customer", "stage", "status", "tier", "region_code"], name=name)
                for column, name in (
                    ("spend_12m", "standing_spend"),
                    ("last_purchase_on", "standing_last"),
                    ("frequency", "standing_orders"),
                    ("expected_12m", "standing_expected"),
                )
            ),
        )


class CurrentStanding(models.Model):
    """The one row that says which run's standings are current."""

    run_id = models.BigIntegerField()
    as_of = models.DateField()
    currency = models.CharField(max_length=3, default="CNY")  # of all its money
    published_at = models.DateTimeField()

    class Meta:
        app_label = "customers"
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="customers_one_current"),)

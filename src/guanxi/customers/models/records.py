"""Who the customers are, and where they stand."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from guanxi.kernel.money import MoneyField


class CustomerNumber(models.Model):
    """The one counter of customer ids; an id given out is never given again."""

    next_id = models.BigIntegerField(default=1)

    class Meta:
        app_label = "customers"


class Customer(models.Model):
    """One customer: a person or an organisation. `id` is `customer_id` everywhere.

    A merged record keeps its id and names the living one in `main`; an unmerged one names itself.
    """

    class Kind(models.TextChoices):
        PERSON = "person"
        ORGANISATION = "organisation"

    id = models.BigIntegerField(primary_key=True)
    main = models.ForeignKey("self", on_delete=models.PROTECT, related_name="merged", db_index=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=200, blank=True)
    region_code = models.CharField(max_length=6, blank=True)  # ISO 3166-2 for China (CN-ZJ), else ISO 3166-1
    city = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=32, blank=True)  # best known; all of them are ContactPoint rows
    email = models.CharField(max_length=254, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    owner_code = models.CharField(max_length=40, blank=True)  # the seller as the source system names them
    first_seen_on = models.DateField(null=True)
    source_records = models.PositiveIntegerField(default=0)
    edited = models.JSONField(default=dict)  # field -> when a person last edited it; publish leaves it alone
    published = models.CharField(max_length=32, blank=True)  # digest of what the last run sent

    class Meta:
        app_label = "customers"
        indexes = (
            models.Index(fields=["name", "id"], name="customers_name"),
            models.Index(fields=["region_code", "id"], name="customers_region"),
        )


class SourceRecord(models.Model):
    """The record of one source system that is (part of) this customer: lineage and contacts (S1j)."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="sources")
    source = models.CharField(max_length=40)
    source_key = models.CharField(max_length=120)
    is_main = models.BooleanField(default=False)
    name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    email = models.CharField(max_length=254, blank=True)
    address = models.CharField(max_length=300, blank=True)
    published = models.CharField(max_length=32, blank=True)

    class Meta:
        app_label = "customers"
        constraints = (models.UniqueConstraint(fields=["source", "source_key"], name="customers_source_once"),)


class Standing(models.Model):
    """Where a customer stands, as one run computed it. Lists filter and sort by it with a plain join."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="standings")
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

    class Meta:
        app_label = "customers"
        constraints = (models.UniqueConstraint(fields=["run_id", "customer"], name="customers_standing_once"),)
        indexes = (
            models.Index(fields=["run_id", "tier", "customer"], name="standing_tier"),
            models.Index(fields=["run_id", "stage", "customer"], name="standing_stage"),
            models.Index(fields=["run_id", "status", "customer"], name="standing_status"),
            models.Index(fields=["run_id", "spend_12m", "customer"], name="standing_spend"),
            models.Index(fields=["run_id", "last_purchase_on", "customer"], name="standing_last"),
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

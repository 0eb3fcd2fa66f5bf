"""What the road keeps in the operational database: sources, deliveries, snapshots, figures."""

from __future__ import annotations

from django.db import models

from guanxi.customers.models import Customer


class Source(models.Model):
    """A source system the company has brought, by the contract that describes it."""

    name = models.SlugField(max_length=40, unique=True)
    contract_path = models.CharField(max_length=500)
    title = models.JSONField(default=dict)  # language -> name
    priority = models.PositiveSmallIntegerField()
    currency = models.CharField(max_length=3)
    sells = models.BooleanField(default=False)  # whether it delivers purchases
    added_at = models.DateTimeField()

    class Meta:
        app_label = "intelligence"


class Delivery(models.Model):
    """One file a source delivered: what was in it, and what became of every row."""

    source = models.CharField(max_length=40)
    feed = models.CharField(max_length=40)
    name = models.CharField(max_length=300)  # file name, or archive!member
    digest = models.CharField(max_length=64)  # sha256 of the bytes and of what the contract does with them
    run_id = models.BigIntegerField()
    landed_at = models.DateTimeField()
    rows = models.BigIntegerField()
    landed = models.BigIntegerField()
    rejected = models.BigIntegerField()
    filtered = models.BigIntegerField()
    files = models.JSONField(default=dict)  # landed table -> its files; "rejects" too
    is_current = models.BooleanField(default=True)  # false once a later full delivery replaced it
    columns = models.JSONField(default=list)  # as the file names them; empty where the contract does
    drift = models.JSONField(default=dict)  # what is to be told of the columns: `sources.drift.Drift`
    upto = models.BigIntegerField(null=True)  # of an app's feed: the number of the last fact in it

    class Meta:
        app_label = "intelligence"
        constraints = (models.UniqueConstraint(fields=["source", "feed", "digest"], name="intelligence_delivery_once"),)


class Snapshot(models.Model):
    """An immutable set of warehouse files; the row, not the folder, says which one is current."""

    run_id = models.BigIntegerField(unique=True)
    business_date = models.DateField()
    made_at = models.DateTimeField()
    tables = models.JSONField(default=dict)  # table -> files, relative to the warehouse folder
    hash = models.CharField(max_length=64, blank=True)
    is_current = models.BooleanField(default=False)

    class Meta:
        app_label = "intelligence"
        constraints = (
            models.UniqueConstraint(
                fields=["is_current"], condition=models.Q(is_current=True), name="intelligence_one_current"
            ),
        )


class Figure(models.Model):
    """A small published aggregate: what a dashboard reads."""

    run_id = models.BigIntegerField()
    name = models.CharField(max_length=40)
    rows = models.JSONField(default=list)

    class Meta:
        app_label = "intelligence"
        constraints = (models.UniqueConstraint(fields=["run_id", "name"], name="intelligence_figure_once"),)


class Touch(models.Model):
    """A customer of whom something changed since the last full refresh looked, so that the value may differ."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    touched_at = models.DateTimeField()
    run_id = models.BigIntegerField(default=0)  # the full refresh whose standing was brought up to date; 0: none yet
    scored_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "intelligence"
        indexes = (models.Index(fields=["run_id", "id"], name="intelligence_touches"),)

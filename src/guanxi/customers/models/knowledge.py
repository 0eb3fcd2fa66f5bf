"""What the people here know of a customer: likes and taboos, tags, relations, files, who looked after them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from guanxi.customers.models.records import Customer


class Preference(models.Model):
    """What the customer likes, dislikes or must never meet, and who said so when (C12, N35)."""

    class Attitude(models.TextChoices):
        LIKE = "like"
        DISLIKE = "dislike"
        NEVER = "never"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="preferences")
    kind = models.CharField(max_length=40)  # drink, food, room, seat, topic, contact time ...
    value = models.CharField(max_length=200)
    attitude = models.CharField(max_length=8, choices=Attitude.choices)
    said_by = models.CharField(max_length=80, blank=True)  # the customer, the assistant, a colleague
    said_on = models.DateField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        app_label = "customers"


class Tag(models.Model):
    """A word people put on customers."""

    name = models.CharField(max_length=40, unique=True)

    class Meta:
        app_label = "customers"

    def __str__(self) -> str:
        return self.name


class CustomerTag(models.Model):
    """A tag on a customer; `batch` names the bulk action that put it there, so that it can be undone."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="tags")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="on", db_index=False)  # the constraint's serves
    batch = models.CharField(max_length=40, blank=True)

    class Meta:
        app_label = "customers"
        constraints = (models.UniqueConstraint(fields=["tag", "customer"], name="customers_tag_once"),)


class Relation(models.Model):
    """How two customers belong together; read from either side."""

    class Kind(models.TextChoices):
        PARENT = "parent"  # `other` belongs to `customer`: parent company, head of the family
        SPOUSE = "spouse"
        FAMILY = "family"
        COLLEAGUE = "colleague"
        REFERRER = "referrer"  # `customer` recommended us to `other`
        PARTNER = "partner"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="relations")
    other = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="related_from")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        app_label = "customers"
        constraints = (
            models.UniqueConstraint(fields=["customer", "other", "kind"], name="customers_relation_once"),
            models.CheckConstraint(condition=~models.Q(customer=models.F("other")), name="customers_relation_other"),
        )


class Attachment(models.Model):
    """A file kept with a customer. It lies under its digest; `name` is what the reader called it."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()  # bytes
    content_type = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)  # sha256
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "customers"


class Ownership(models.Model):
    """A time during which somebody looked after the customer; the open one has no `until`."""

    class Got(models.TextChoices):
        SOURCE = "source"  # as the source system named the seller
        CREATED = "created"
        ASSIGNED = "assigned"
        HANDED_OVER = "handed_over"  # from somebody who left
        BULK = "bulk"

    class Lost(models.TextChoices):
        REASSIGNED = "reassigned"
        HANDED_OVER = "handed_over"
        RELEASED = "released"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="ownerships")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ownerships")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    got = models.CharField(max_length=12, choices=Got.choices)
    lost = models.CharField(max_length=12, choices=Lost.choices, blank=True)
    got_because = models.CharField(max_length=300, blank=True, default="", db_default="")  # in words of who gave it
    lost_because = models.CharField(max_length=300, blank=True, default="", db_default="")
    last_follow_up_at = models.DateTimeField(null=True)
    batch = models.CharField(max_length=40, blank=True)

    class Meta:
        app_label = "customers"
        constraints = (
            models.UniqueConstraint(
                fields=["customer"], condition=models.Q(until__isnull=True), name="customers_one_owner_now"
            ),
        )
        indexes = (models.Index(fields=["owner", "until"], name="customers_owned"),)

"""Who the customers are, and which records of which systems they were put together from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q

from guanxi.customers.models.living import GONE
from guanxi.kernel.commands import Actor
from guanxi.kernel.fields.lookups import CustomValues


class CustomerId(models.BigIntegerField):  # type: ignore[type-arg]
    """The number of a customer, which Guanxi gives.

    SQLite keeps a table in the order of such a number, and finds its rows without an index, if it is called so.
    """

    if TYPE_CHECKING:  # what the type checker takes the values of a field to be
        _pyi_private_set_type: int
        _pyi_private_get_type: int

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The type of the column."""
        return "integer" if connection.vendor == "sqlite" else "bigint"


class CustomerNumber(models.Model):
    """The one counter of customer ids; an id given out is never given again."""

    next_id = models.BigIntegerField(default=1)

    class Meta:
        app_label = "customers"


def seen_by(actor: Actor, customer: str = "") -> Q:
    """What `actor` may see, for rows in which the living customer stands at `customer` ("customer__main__")."""
    owners = actor.seen_owners()
    return Q() if owners is None else Q(**{f"{customer}owner_id__in": sorted(owners)})


def is_living(customer: str = "") -> Q:
    """Neither merged into another record nor in the bin, for rows in which the customer stands at `customer`.

    Hardly any customer is gone: a list looks through an index of these few (`customers_gone`), and need not read the
    row of everybody who is not.
    """
    return ~Q(**{f"{customer}pk__in": Customer.objects.filter(GONE).values("pk")})


class CustomerRows(models.QuerySet["Customer"]):
    """Customers, narrowed by what is alive and by who asks."""

    def living(self) -> CustomerRows:
        """Neither merged into another record nor in the bin."""
        return self.filter(is_living())

    def purged(self) -> CustomerRows:
        """Those deleted for ever; the index of the bin finds them."""
        return self.filter(deleted_at__isnull=False, purged_at__isnull=False)

    def binned(self) -> CustomerRows:
        """Those in the bin, each for itself and with what was merged into it."""
        return self.filter(main__itself=True, deleted_at__isnull=False, purged_at__isnull=True)

    def visible_to(self, actor: Actor) -> CustomerRows:
        """Those the actor may see: their own, their team's or branch's, or all."""
        return self.filter(seen_by(actor))


class Customer(models.Model):
    """One customer: a person or an organisation. `id` is `customer_id` everywhere.

    A merged record keeps its id and names the living one in `main`; an unmerged one names itself.
    """

    class Kind(models.TextChoices):
        PERSON = "person"
        ORGANISATION = "organisation"

    id = CustomerId(primary_key=True)
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
    gender = models.CharField(max_length=1, blank=True, default="", db_default="")  # m, f
    birth_on = models.DateField(null=True)
    company = models.CharField(max_length=200, blank=True, default="", db_default="")  # where a person works
    industry = models.CharField(max_length=80, blank=True, default="", db_default="")
    remark = models.TextField(blank=True, default="", db_default="")
    custom = CustomValues(default=dict, db_default={})  # values of the company's own fields, by key
    last_contact_at = models.DateTimeField(null=True)  # the latest logged call, visit, mail, meeting
    satisfaction = models.PositiveSmallIntegerField(null=True)  # 1 to 5, as last told on a contact
    created_at = models.DateTimeField(null=True)  # null: known before this was kept
    deleted_at = models.DateTimeField(null=True)  # in the bin since
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    purged_at = models.DateTimeField(null=True)  # deleted for ever: nothing says any more who it was
    edited = models.JSONField(default=dict)  # field (custom.KEY too) -> when a person edited it; publish lets it be
    published = models.CharField(max_length=32, blank=True)  # digest of what the last run sent

    objects = models.Manager.from_queryset(CustomerRows)()

    class Meta:
        app_label = "customers"
        indexes = (
            models.Index(fields=["name", "id"], name="customers_name"),
            models.Index(fields=["region_code", "id"], name="customers_region"),
            models.Index(fields=["owner", "last_contact_at", "id"], name="customers_owner"),
            models.Index(fields=["last_contact_at", "id"], name="customers_contacted"),
            models.Index(fields=["created_at", "id"], name="customers_created"),
            models.Index(fields=["source_records", "id"], name="customers_records"),
            # What lists ask of thousands, without their rows.
            models.Index(fields=["id", "main", "owner", "region_code", "last_contact_at"], name="customers_glance"),
            models.Index(fields=["id", "main", "deleted_at"], condition=GONE, name="customers_gone"),
            models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="customers_bin"),
        )


class SourceRecord(models.Model):
    """The record of one source system that is (part of) this customer: lineage and contacts (S1j)."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="sources", db_index=False)
    source = models.CharField(max_length=40)
    source_key = models.CharField(max_length=120)
    is_main = models.BooleanField(default=False)
    name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    email = models.CharField(max_length=254, blank=True)
    address = models.CharField(max_length=300, blank=True)
    custom = models.JSONField(null=True)  # what it says of the company's own fields, by key
    published = models.CharField(max_length=32, blank=True)

    class Meta:
        app_label = "customers"
        constraints = (models.UniqueConstraint(fields=["source", "source_key"], name="customers_source_once"),)
        indexes = (models.Index(fields=["customer", "source"], name="customers_sources"),)

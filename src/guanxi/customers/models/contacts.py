"""How a customer is reached and proved to be who they are; who speaks for an organisation."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from guanxi.customers.models.records import Customer


class ContactPoint(models.Model):
    """A phone, mail address or other way to reach the customer that a person typed in; sources keep theirs."""

    class Kind(models.TextChoices):
        PHONE = "phone"
        EMAIL = "email"
        WECHAT = "wechat"
        OTHER = "other"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contact_points")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=254)
    label = models.CharField(max_length=40, blank=True)  # work, home, assistant ...
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        app_label = "customers"
        constraints = (
            models.UniqueConstraint(fields=["customer", "kind", "value"], name="customers_contact_point_once"),
        )
        indexes = (models.Index(fields=["kind", "value"], name="customers_contact_value"),)


class Address(models.Model):
    """A postal address that a person typed in."""

    class Kind(models.TextChoices):
        POST = "post"
        DELIVERY = "delivery"
        INVOICE = "invoice"
        HOME = "home"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="addresses")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.POST)
    region_code = models.CharField(max_length=6, blank=True)
    city = models.CharField(max_length=80, blank=True)
    line = models.CharField(max_length=300)
    postcode = models.CharField(max_length=12, blank=True)

    class Meta:
        app_label = "customers"


class Certificate(models.Model):
    """An identity document (S1j): the number is encrypted, found by its keyed hash, shown masked."""

    class Kind(models.TextChoices):
        ID_CARD = "id_card"
        PASSPORT = "passport"
        CREDIT_CODE = "credit_code"  # 统一社会信用代码
        OTHER = "other"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="certificates")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    sealed = models.BinaryField()  # guanxi.kernel.vault.seal
    digest = models.CharField(max_length=64)  # guanxi.kernel.vault.digest
    masked = models.CharField(max_length=40)
    valid_until_on = models.DateField(null=True)

    class Meta:
        app_label = "customers"
        constraints = (
            models.UniqueConstraint(fields=["customer", "kind", "digest"], name="customers_certificate_once"),
        )
        indexes = (models.Index(fields=["digest"], name="customers_certificate_digest"),)


class Contact(models.Model):
    """Somebody who speaks for an organisation, with a part in its buying (C10)."""

    class Role(models.TextChoices):
        USER = "user"
        INFLUENCER = "influencer"
        DECIDER = "decider"
        APPROVER = "approver"
        BUYER = "buyer"
        GATEKEEPER = "gatekeeper"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contacts")  # the organisation
    person = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="posts")
    name = models.CharField(max_length=200)
    post = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=12, choices=Role.choices, blank=True)
    is_key_decision_maker = models.BooleanField(default=False)
    phone = models.CharField(max_length=32, blank=True)
    email = models.CharField(max_length=254, blank=True)
    left_on = models.DateField(null=True)  # left the firm

    class Meta:
        app_label = "customers"

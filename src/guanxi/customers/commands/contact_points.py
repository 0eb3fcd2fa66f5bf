"""Phones, mail addresses and other ways to reach a customer, as people type them in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guanxi.customers.attached_fields import CONTACT_POINT, CONTACT_VALUES
from guanxi.customers.commands.attached import attach, change, detach, lock_attached
from guanxi.customers.errors import AlreadyThere
from guanxi.customers.fields import read_all
from guanxi.customers.models import ContactPoint, Customer, SourceRecord
from guanxi.customers.queries.access import lock_customer
from guanxi.customers.search_texts import reindex
from guanxi.kernel.commands import Work, command

BEST = ("phone", "email")  # the kinds of which a customer's own row holds the one used first


@command("customers.edit")
def add_contact_point(work: Work, *, customer_id: int, values: Mapping[str, Any]) -> ContactPoint:
    """Add a way to reach the customer; the first phone and the first mail become the ones used first.

    Raises
    ------
    CustomerUnknown, FieldUnknown, FieldInvalid, FieldMissing, AlreadyThere
        Nothing is kept.
    """
    customer = lock_customer(work.actor, customer_id)
    read = _read({"kind": "", "value": ""} | dict(values))
    point = ContactPoint(customer_id=customer.pk, added_by_id=work.actor.pk, added_at=work.at, **read)
    _refuse_twin(customer, point)
    attach(work, customer, point)
    _settle_best(work, customer, point.kind)
    reindex([customer.pk])
    return point


@command("customers.edit")
def edit_contact_point(work: Work, *, point_id: int, values: Mapping[str, Any]) -> None:
    """Correct a way to reach the customer.

    Raises
    ------
    EntryUnknown, FieldUnknown, FieldInvalid, FieldMissing, AlreadyThere
        Nothing is changed.
    """
    customer, point = lock_attached(work.actor, ContactPoint, point_id)
    before = point.value
    kept = {name: getattr(point, name) for name in CONTACT_POINT}
    read = _read(kept | {name: value for name, value in values.items() if name != "kind"})
    _refuse_twin(customer, ContactPoint(pk=point.pk, customer_id=point.customer_id, **read))
    if change(work, customer, point, read):
        _settle_best(work, customer, point.kind, gone=before, instead=point.value)
        reindex([customer.pk])


@command("customers.edit")
def remove_contact_point(work: Work, *, point_id: int) -> None:
    """Take a way to reach the customer away.

    Raises
    ------
    EntryUnknown
        It is gone already, or the actor may not see its customer.
    """
    customer, point = lock_attached(work.actor, ContactPoint, point_id)
    detach(work, customer, point)
    _settle_best(work, customer, point.kind, gone=point.value)
    reindex([customer.pk])


def _read(typed: Mapping[str, Any]) -> dict[str, Any]:
    read = read_all(CONTACT_POINT, typed)
    return read | {"value": CONTACT_VALUES[read["kind"]].parse(read["value"])}


def _refuse_twin(customer: Customer, point: ContactPoint) -> None:
    same = ContactPoint.objects.filter(customer__main=customer, kind=point.kind, value=point.value)
    if same.exclude(pk=point.pk).exists():
        raise AlreadyThere(place="value", what=point.value)


def _settle_best(work: Work, customer: Customer, kind: str, *, gone: str = "", instead: str = "") -> None:
    """Keep the phone or mail used first on the customer's own row in step with what is known of it."""
    if kind not in BEST or getattr(customer, kind) != gone:
        return
    typed = ContactPoint.objects.filter(customer__main=customer, kind=kind).order_by("pk")
    sources = SourceRecord.objects.filter(customer__main=customer).exclude(**{kind: ""}).order_by("-is_main", "pk")
    if gone and not instead and sources.filter(**{kind: gone}).exists():
        return  # a source still says so
    best = instead or typed.values_list("value", flat=True).first() or sources.values_list(kind, flat=True).first()
    setattr(customer, kind, best or "")
    customer.edited = customer.edited | {kind: work.at.isoformat()}
    customer.save(update_fields=[kind, "edited"])

"""What hangs on a customer: getting at it, adding, changing and removing it, each told to trail and listeners."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models

from guanxi.customers.errors import CustomerUnknown, EntryUnknown
from guanxi.customers.events import CustomersEdited
from guanxi.customers.models import Customer
from guanxi.customers.queries.access import lock_customer
from guanxi.kernel.commands import Actor, Work

M = TypeVar("M", bound=models.Model)


def lock_attached(actor: Actor, kind: type[M], pk: int) -> tuple[Customer, M]:
    """The living customer and what hangs on it, both locked for the running command.

    Raises
    ------
    EntryUnknown
        There is no such row, or its customer is none the actor may know of: both are told alike.
    """
    customer_id = kind._default_manager.filter(pk=pk).values_list("customer_id", flat=True).first()
    if customer_id is None:
        raise EntryUnknown
    try:
        customer = lock_customer(actor, customer_id)
    except CustomerUnknown:
        raise EntryUnknown from None
    row = kind._default_manager.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise EntryUnknown
    return customer, row


def attach(work: Work, customer: Customer, row: models.Model) -> None:
    """Write a new row that hangs on `customer`."""
    row.save(force_insert=True)
    _tell(work, customer, row, {noun_of(row): [None, row.pk]})


def change(work: Work, customer: Customer, row: models.Model, values: Mapping[str, Any]) -> frozenset[str]:
    """Write what differs of `values`; returns the names of what did."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        work.nothing_changed()
        return frozenset()
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(update_fields=list(changed))
    _tell(work, customer, row, {noun_of(row): row.pk, "fields": sorted(changed)})
    return frozenset(changed)


def detach(work: Work, customer: Customer, row: models.Model) -> None:
    """Remove a row that hangs on `customer`."""
    key, noun = row.pk, noun_of(row)
    row.delete()
    _tell(work, customer, row, {noun: [key, None]})


def noun_of(row: models.Model) -> str:
    """What a row is called in the trail and in events: contact_point, address ..."""
    return str(row._meta.verbose_name).replace(" ", "_")


def _tell(work: Work, customer: Customer, row: models.Model, changes: Mapping[str, Any]) -> None:
    work.record(customer, changes)
    work.emit(CustomersEdited((customer.pk,), (noun_of(row),)))

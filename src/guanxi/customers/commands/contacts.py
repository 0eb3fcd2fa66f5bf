"""The people who speak for an organisation, and their part in its purchases (C10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guanxi.customers.attached_fields import CONTACT
from guanxi.customers.commands.attached import attach, change, detach, lock_attached
from guanxi.customers.errors import NoOrganisation
from guanxi.customers.fields import read_all
from guanxi.customers.models import Contact, Customer
from guanxi.customers.queries.access import find_main_id, lock_customer
from guanxi.customers.search_texts import reindex
from guanxi.kernel.commands import Actor, Work, command


@command("customers.edit")
def add_contact(work: Work, *, customer_id: int, values: Mapping[str, Any]) -> Contact:
    """Add somebody who speaks for an organisation.

    Raises
    ------
    CustomerUnknown, NoOrganisation, FieldUnknown, FieldInvalid, FieldMissing
        Nothing is kept.
    """
    customer = lock_customer(work.actor, customer_id)
    if customer.kind != Customer.Kind.ORGANISATION:
        raise NoOrganisation
    contact = Contact(customer_id=customer.pk, **_read(work.actor, {"name": ""} | dict(values)))
    attach(work, customer, contact)
    reindex([customer.pk])
    return contact


@command("customers.edit")
def edit_contact(work: Work, *, contact_id: int, values: Mapping[str, Any]) -> None:
    """Correct a contact; with `left_on` they have left the firm and are found by no search any more.

    Raises
    ------
    EntryUnknown, CustomerUnknown, FieldUnknown, FieldInvalid, FieldMissing
        Nothing is changed.
    """
    customer, contact = lock_attached(work.actor, Contact, contact_id)
    if change(work, customer, contact, _read(work.actor, values)):
        reindex([customer.pk])


@command("customers.edit")
def remove_contact(work: Work, *, contact_id: int) -> None:
    """Take a contact away that never was one; who left the firm gets `left_on` instead.

    Raises
    ------
    EntryUnknown
        It is gone already, or the actor may not see its customer.
    """
    customer, contact = lock_attached(work.actor, Contact, contact_id)
    detach(work, customer, contact)
    reindex([customer.pk])


def _read(actor: Actor, typed: Mapping[str, Any]) -> dict[str, Any]:
    read = read_all(CONTACT, typed)
    if read.get("person_id"):
        read["person_id"] = find_main_id(actor, read["person_id"])
    return read

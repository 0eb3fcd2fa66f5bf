"""Postal addresses, as people type them in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guanxi.customers.attached_fields import ADDRESS
from guanxi.customers.commands.attached import attach, change, detach, lock_attached
from guanxi.customers.fields import read_all
from guanxi.customers.models import Address
from guanxi.customers.queries.access import lock_customer
from guanxi.kernel.commands import Work, command


@command("customers.edit")
def add_address(work: Work, *, customer_id: int, values: Mapping[str, Any]) -> Address:
    """Add an address.

    Raises
    ------
    CustomerUnknown, FieldUnknown, FieldInvalid, FieldMissing
        Nothing is kept.
    """
    customer = lock_customer(work.actor, customer_id)
    read = read_all(ADDRESS, {"kind": Address.Kind.POST, "line": ""} | dict(values))
    address = Address(customer_id=customer.pk, **read)
    attach(work, customer, address)
    return address


@command("customers.edit")
def edit_address(work: Work, *, address_id: int, values: Mapping[str, Any]) -> None:
    """Correct an address.

    Raises
    ------
    EntryUnknown, FieldUnknown, FieldInvalid, FieldMissing
        Nothing is changed.
    """
    customer, address = lock_attached(work.actor, Address, address_id)
    change(work, customer, address, read_all(ADDRESS, values))


@command("customers.edit")
def remove_address(work: Work, *, address_id: int) -> None:
    """Take an address away.

    Raises
    ------
    EntryUnknown
        It is gone already, or the actor may not see its customer.
    """
    customer, address = lock_attached(work.actor, Address, address_id)
    detach(work, customer, address)

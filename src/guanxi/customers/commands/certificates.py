"""Identity documents (S1j): checked, sealed, found again by a keyed hash, shown masked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guanxi.customers.attached_fields import CERTIFICATE, CERTIFICATE_NUMBERS
from guanxi.customers.commands.attached import attach, detach, lock_attached
from guanxi.customers.errors import AlreadyThere
from guanxi.customers.fields import read_all
from guanxi.customers.models import Certificate
from guanxi.customers.queries.access import lock_customer
from guanxi.customers.rules import mask_certificate
from guanxi.kernel.commands import Work, command
from guanxi.kernel.vault import digest, seal


@command("customers.edit")
def add_certificate(work: Work, *, customer_id: int, values: Mapping[str, Any]) -> Certificate:
    """Add an identity document. Who else holds the same number is told by `find_duplicates`.

    Raises
    ------
    CustomerUnknown, FieldUnknown, FieldInvalid, FieldMissing, AlreadyThere
        Nothing is kept.
    """
    customer = lock_customer(work.actor, customer_id)
    read = read_all(CERTIFICATE, {"kind": "", "number": ""} | dict(values))
    number = read_certificate(read["kind"], read.pop("number"))
    hashed = digest(number)
    if Certificate.objects.filter(customer__main=customer, kind=read["kind"], digest=hashed).exists():
        raise AlreadyThere(place="number", what=mask_certificate(number))
    certificate = Certificate(
        customer_id=customer.pk, sealed=seal(number), digest=hashed, masked=mask_certificate(number), **read
    )
    attach(work, customer, certificate)
    return certificate


@command("customers.edit")
def remove_certificate(work: Work, *, certificate_id: int) -> None:
    """Take an identity document away.

    Raises
    ------
    EntryUnknown
        It is gone already, or the actor may not see its customer.
    """
    customer, certificate = lock_attached(work.actor, Certificate, certificate_id)
    detach(work, customer, certificate)


def read_certificate(kind: str, typed: str) -> str:
    """The number of a certificate as it is compared.

    Raises
    ------
    FieldInvalid, FieldMissing
        It cannot be the number of one.
    """
    return str(CERTIFICATE_NUMBERS[kind].parse(typed))

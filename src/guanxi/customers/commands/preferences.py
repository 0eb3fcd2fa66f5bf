"""What a customer likes, dislikes and must never meet (C12, N35)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from guanxi.customers.attached_fields import PREFERENCE
from guanxi.customers.commands.attached import attach, change, detach, lock_attached
from guanxi.customers.fields import read_all
from guanxi.customers.models import Preference
from guanxi.customers.queries.access import lock_customer
from guanxi.kernel.commands import Work, command


@command("customers.edit")
def add_preference(work: Work, *, customer_id: int, values: Mapping[str, Any]) -> Preference:
    """Note a preference or a taboo; without `said_on` it was said today.

    Raises
    ------
    CustomerUnknown, FieldUnknown, FieldInvalid, FieldMissing
        Nothing is kept.
    """
    customer = lock_customer(work.actor, customer_id)
    read = read_all(PREFERENCE, {"attitude": "", "kind": "", "value": ""} | dict(values))
    read["said_on"] = read.get("said_on") or timezone.localdate(work.at)
    preference = Preference(customer_id=customer.pk, noted_by_id=work.actor.pk, **read)
    attach(work, customer, preference)
    return preference


@command("customers.edit")
def edit_preference(work: Work, *, preference_id: int, values: Mapping[str, Any]) -> None:
    """Correct a preference.

    Raises
    ------
    EntryUnknown, FieldUnknown, FieldInvalid, FieldMissing
        Nothing is changed.
    """
    customer, preference = lock_attached(work.actor, Preference, preference_id)
    read = read_all(PREFERENCE, values)
    if "said_on" in read:
        read["said_on"] = read["said_on"] or preference.said_on
    change(work, customer, preference, read)


@command("customers.edit")
def remove_preference(work: Work, *, preference_id: int) -> None:
    """Take a preference away that does not hold any more.

    Raises
    ------
    EntryUnknown
        It is gone already, or the actor may not see its customer.
    """
    customer, preference = lock_attached(work.actor, Preference, preference_id)
    detach(work, customer, preference)

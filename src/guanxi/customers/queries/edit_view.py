"""A customer as its edit form shows it: what may be typed over, masked where it is not to be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guanxi.customers.errors import CustomerUnknown
from guanxi.customers.fields import FIELDS
from guanxi.customers.models import Customer, seen_by
from guanxi.customers.own_fields import own_definitions, typed_value, value_of
from guanxi.customers.queries.attached import shown_values
from guanxi.kernel.access.models import User
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied


@dataclass(frozen=True)
class EditView:
    """The values by field as the form shows them."""

    id: int
    name: str
    values: dict[str, Any]


@dataclass(frozen=True)
class LastChange:
    """Who changed a customer last, and when."""

    who: str
    at: datetime


def get_edit_view(actor: Actor, customer_id: int) -> EditView:
    """The living customer of that number, to be edited.

    Raises
    ------
    PermissionDenied, CustomerUnknown
        The actor may not edit it, or there is none that the actor may see.
    """
    if not actor.may("customers.edit"):
        raise PermissionDenied(permission="customers.edit")
    asked = Customer.objects.select_related("main").filter(
        seen_by(actor, "main__"), pk=customer_id, main__deleted_at__isnull=True
    )
    row = asked.first()
    if row is None:
        raise CustomerUnknown(customer_id=customer_id)
    own = {name: typed_value(name, value_of(row.main, name)) for name in own_definitions()}
    return EditView(row.main.pk, row.main.name, shown_values(row.main, FIELDS) | own)


def find_last_change(customer_id: int) -> LastChange | None:
    """Who changed the customer last, as the trail has it."""
    entries = AuditEntry.objects.filter(target_kind=Customer._meta.label, target_key=str(customer_id))
    entry = entries.order_by("-pk").first()
    if entry is None:
        return None
    return LastChange(str(User.objects.filter(pk=entry.actor_id or 0).first() or ""), entry.at)

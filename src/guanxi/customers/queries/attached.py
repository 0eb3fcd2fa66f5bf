"""One thing that hangs on a customer, to be corrected by who may see the customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q

from guanxi.customers.details import MASKS
from guanxi.customers.errors import CustomerUnknown, EntryUnknown
from guanxi.customers.fields import Field
from guanxi.customers.models import Attachment, Contact, ContactPoint, Customer, Tag, Task
from guanxi.customers.queries.access import find_main_id, task_seen_by
from guanxi.customers.rules import mask_phone
from guanxi.customers.search import UNMASK, matching_ids
from guanxi.kernel.access.models import User
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied

M = TypeVar("M", bound=models.Model)
CUSTOMER = "customer_id"


def get_attached(actor: Actor, kind: type[M], pk: int) -> tuple[int, M]:
    """The living number of the customer and what hangs on it.

    Raises
    ------
    PermissionDenied, EntryUnknown
        The actor may not see it, or it is gone: the last two are told alike.
    """
    if not actor.may("customers.view"):
        raise PermissionDenied(permission="customers.view")
    row = kind._default_manager.filter(pk=pk).first()
    customer_id: int | None = getattr(row, CUSTOMER, None)
    if row is None or customer_id is None:
        raise EntryUnknown
    try:
        return find_main_id(actor, customer_id), row
    except CustomerUnknown:
        raise EntryUnknown from None


def get_file(actor: Actor, attachment_id: int) -> Attachment:
    """A file that is not in the bin.

    Raises
    ------
    PermissionDenied, EntryUnknown
        The actor may not see it, or it is gone: the last two are told alike.
    """
    _customer_id, attachment = get_attached(actor, Attachment, attachment_id)
    if attachment.deleted_at is not None:
        raise EntryUnknown
    return attachment


def get_task(actor: Actor, task_id: int) -> Task:
    """A next step.

    Raises
    ------
    PermissionDenied, EntryUnknown
        The actor may not see it, or it is gone: the last two are told alike.
    """
    if not actor.may("customers.view"):
        raise PermissionDenied(permission="customers.view")
    task = Task.objects.select_related("customer").filter(task_seen_by(actor), pk=task_id).first()
    if task is None:
        raise EntryUnknown
    return task


def shown_values(row: models.Model, fields: Mapping[str, Field]) -> dict[str, Any]:
    """The fields of a row as its form shows them: phones, mails and numbers masked, to be typed anew or left."""
    return {name: _shown(row, name) for name in fields}


def _shown(row: models.Model, name: str) -> Any:
    value = getattr(row, name)
    if isinstance(row, ContactPoint) and name == "value":
        return MASKS[row.kind](value)
    if isinstance(row, Customer | Contact) and name in MASKS:
        return MASKS[name](value)
    return value


def list_assignees(actor: Actor) -> list[tuple[str, str]]:
    """Number and name of those whom the actor may give a next step: himself first, then who else he sees."""
    owners = actor.seen_owners()
    seen = Q() if owners is None else Q(pk__in=sorted(owners))
    people = User.objects.filter(seen, is_active=True).order_by("display_name", "username", "pk")
    named = [(str(user.pk), str(user)) for user in people]
    return sorted(named, key=lambda person: person[0] != str(actor.pk))


def list_tag_names() -> list[str]:
    """The tags that are in use, to choose from while typing."""
    return list(Tag.objects.order_by("name").values_list("name", flat=True)[:500])


@dataclass(frozen=True)
class Found:
    """A customer to choose."""

    id: int
    kind: str
    name: str
    phone: str


def list_found(actor: Actor, asked: str, limit: int = 8) -> list[Found]:
    """The first customers that `asked` finds among those the actor may see.

    Raises
    ------
    PermissionDenied
        The actor may not see customers.
    """
    if not actor.may("customers.view"):
        raise PermissionDenied(permission="customers.view")
    ids = matching_ids(asked, unmasked=actor.may(UNMASK))
    if ids is None:
        return []
    rows = Customer.objects.living().visible_to(actor).filter(pk__in=ids).order_by("pk")[:limit]
    return [Found(row.pk, row.kind, row.name, mask_phone(row.phone)) for row in rows]

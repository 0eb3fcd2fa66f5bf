"""What lies in the bin, for those who may know of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model

from guanxi.customers.models import (
    Attachment,
    Contact,
    Customer,
    Interaction,
    Preference,
    Purchase,
    Relation,
    Task,
    seen_by,
)
from guanxi.customers.queries.access import find_main_id
from guanxi.kernel.commands import Actor


@dataclass(frozen=True)
class BinnedCustomer:
    """A deleted customer: who deleted it and when; `may_restore` says whether the reader may take it back."""

    id: int
    name: str
    deleted_at: datetime
    deleted_by: str
    may_restore: bool


@dataclass(frozen=True)
class Hanging:
    """How many things of each kind hang on a customer."""

    purchases: int
    follow_ups: int
    open_tasks: int
    contacts: int
    preferences: int
    relations: int
    files: int


def find_binned(actor: Actor, customer_id: int) -> BinnedCustomer | None:
    """The deleted customer behind a number; nothing where it lives, never was, or the actor may not know of it."""
    if not actor.may("customers.view"):
        return None
    asked = Customer.objects.filter(seen_by(actor, "main__"), pk=customer_id, main__deleted_at__isnull=False)
    found = asked.select_related("main__deleted_by").first()
    if found is None or found.main.deleted_at is None:
        return None
    main = found.main
    return BinnedCustomer(
        main.pk, main.name, found.main.deleted_at, str(main.deleted_by or ""), actor.may("customers.delete")
    )


def count_hanging(actor: Actor, customer_id: int) -> Hanging:
    """What goes into the bin with a living customer.

    Raises
    ------
    CustomerUnknown
        No such number, or a customer the actor may not know of.
    """
    main_id = find_main_id(actor, customer_id)

    def count(table: type[Model], **more: object) -> int:
        return table._default_manager.filter(customer__main=main_id, **more).count()

    return Hanging(
        purchases=count(Purchase), follow_ups=count(Interaction, deleted_at=None),
        open_tasks=count(Task, state=Task.State.OPEN), contacts=count(Contact), preferences=count(Preference),
        relations=count(Relation) + Relation.objects.filter(other__main=main_id).count(),
        files=count(Attachment, deleted_at=None),
    )  # fmt: skip

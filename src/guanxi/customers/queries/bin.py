"""What lies in the bin, for those who may know of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Model
from django.utils import timezone

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
from guanxi.kernel.access.queries import find_company
from guanxi.kernel.commands import Actor


@dataclass(frozen=True)
class BinnedCustomer:
    """A deleted customer: who deleted it and when, and the day on which it is deleted for ever, if there is one.

    `may_restore` says whether the reader may take it back, `may_purge` whether they may delete it for ever.
    """

    id: int
    name: str
    deleted_at: datetime
    deleted_by: str
    may_restore: bool
    may_purge: bool
    goes_on: date | None


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
    asked = Customer.objects.filter(
        seen_by(actor, "main__"), pk=customer_id, main__deleted_at__isnull=False, purged_at=None
    )
    found = asked.select_related("main__deleted_by").first()
    if found is None or found.main.deleted_at is None:
        return None
    main, deleted_at = found.main, found.main.deleted_at
    return BinnedCustomer(
        main.pk, main.name, deleted_at, str(main.deleted_by or ""), actor.may("customers.delete"),
        actor.may("customers.purge"), goes_on(deleted_at, purge_after_days()),
    )  # fmt: skip


def purge_after_days() -> int | None:
    """How long deleted customers lie in the bin before they are deleted for ever; None: until somebody does it."""
    company = find_company()
    return None if company is None else company.purge_after_days


def goes_on(deleted_at: datetime, days: int | None) -> date | None:
    """The day in whose night a customer deleted then is deleted for ever."""
    return None if days is None else timezone.localdate(deleted_at) + timedelta(days=days + 1)


def list_overdue(now: datetime) -> list[int]:
    """The customers who have lain in the bin for longer than the company wants."""
    days = purge_after_days()
    if days is None:
        return []
    overdue = Customer.objects.binned().filter(deleted_at__lt=now - timedelta(days=days))
    return list(overdue.order_by("pk").values_list("pk", flat=True))


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

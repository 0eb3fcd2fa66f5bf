"""The only way to get at one customer: by an actor who may see it."""

from __future__ import annotations

from django.db.models import Q

from guanxi.customers.errors import CustomerUnknown
from guanxi.customers.models import Customer, seen_by
from guanxi.kernel.commands import Actor


def find_main_id(actor: Actor, customer_id: int) -> int:
    """The living record behind a number that the actor may see; the bin counts as seen.

    Raises
    ------
    CustomerUnknown
        No such number, one deleted for ever, or a customer the actor may not know of: all are told alike.
    """
    seen = Customer.objects.filter(seen_by(actor, "main__"), pk=customer_id, purged_at__isnull=True)
    found = seen.values_list("main_id", flat=True).first()
    if found is None:
        raise CustomerUnknown(customer_id=customer_id)
    return found


def lock_customer(actor: Actor, customer_id: int) -> Customer:
    """The living record behind a number, locked for the running command.

    Raises
    ------
    CustomerUnknown
        No such number, one in the bin, or a customer the actor may not know of: all are told alike.
    """
    while True:
        main_id = find_main_id(actor, customer_id)
        customer = Customer.objects.select_for_update().filter(pk=main_id, deleted_at__isnull=True).first()
        if customer is None:
            raise CustomerUnknown(customer_id=customer_id)
        if customer.main_id == main_id:  # it was not merged away while the lock was waited for
            return customer


def task_seen_by(actor: Actor) -> Q:
    """What `actor` may see of the next steps: their own, those of whom they see, and those of customers they see."""
    owners = actor.seen_owners()
    if owners is None:
        return Q()
    return Q(assignee__in=sorted(owners)) | Q(customer__main__owner__in=sorted(owners))

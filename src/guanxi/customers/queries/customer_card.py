"""A customer in short: what the side panel shows beside a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from guanxi.customers.models import Customer, CustomerTag, Preference, Task
from guanxi.customers.queries.customer_page import CustomerPage, get_customer_page
from guanxi.kernel.commands import Actor

PREFERENCES_SHOWN = 6
ORDER = ("never", "like", "dislike")  # a taboo is read first


@dataclass(frozen=True)
class Liking:
    """What the customer likes, dislikes or must never meet."""

    attitude: str
    value: str


@dataclass(frozen=True)
class CustomerCard:
    """The page's facts, and what a caller needs to know first."""

    page: CustomerPage
    tags: Sequence[str]
    likings: Sequence[Liking]
    last_contact_at: datetime | None
    satisfaction: int | None
    follow_up_on: date | None
    follow_up: str


def get_customer_card(actor: Actor, customer_id: int) -> CustomerCard:
    """The card of a customer; a merged number answers with the record it was merged into.

    Raises
    ------
    PermissionDenied, CustomerUnknown
        As for the page.
    """
    page = get_customer_page(actor, customer_id)
    customer = Customer.objects.only("last_contact_at", "satisfaction").get(pk=page.id)
    mine = {"customer__main": page.id}
    likings = Preference.objects.filter(**mine).order_by("-said_on", "-pk")[:PREFERENCES_SHOWN]
    task = Task.objects.filter(**mine, state=Task.State.OPEN).order_by("due_on", "pk").first()
    return CustomerCard(
        page=page,
        tags=list(CustomerTag.objects.filter(**mine).order_by("tag__name").values_list("tag__name", flat=True)),
        likings=sorted((Liking(one.attitude, one.value) for one in likings), key=lambda one: ORDER.index(one.attitude)),
        last_contact_at=customer.last_contact_at,
        satisfaction=customer.satisfaction,
        follow_up_on=task.due_on if task else None,
        follow_up=task.title if task else "",
    )

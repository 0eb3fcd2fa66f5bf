"""What customers are called, for lists of numbers."""

from __future__ import annotations

from collections.abc import Sequence

from guanxi.customers.models import Customer
from guanxi.kernel.commands import Actor


def names_of_customers(actor: Actor, ids: Sequence[int]) -> dict[int, str]:
    """The names of those the actor may see, in the bin too."""
    if not actor.may("customers.view"):
        return {}
    return dict(Customer.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", "name"))

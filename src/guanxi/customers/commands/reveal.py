"""Reading one masked value. Nobody changes anything by it, but who looked is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings

from guanxi.customers.details import find_detail
from guanxi.customers.errors import DetailUnknown, LooksUsedUp
from guanxi.customers.models import Customer
from guanxi.customers.queries.access import find_main_id
from guanxi.customers.queries.looks import REVEALED, count_looks
from guanxi.kernel.access.models import User
from guanxi.kernel.commands import Work, command

PERMISSION: Final = "customers.unmask"
WITHIN: Final = timedelta(hours=1)


@command(PERMISSION)
def reveal(work: Work, *, customer_id: int, name: str) -> str:
    """The clear value behind a mask; `name` says which (`guanxi.customers.details`). The trail keeps who looked.

    Raises
    ------
    PermissionDenied
        The actor may not look behind masks.
    CustomerUnknown, DetailUnknown
        No such customer that the actor may see, or no such value of this customer.
    LooksUsedUp
        The actor has looked at as many values as are allowed in an hour (`REVEALS_PER_HOUR`).
    """
    customer = Customer.objects.get(pk=find_main_id(work.actor, customer_id))
    detail = find_detail(customer, name)
    if detail is None:
        raise DetailUnknown
    if work.actor.pk is not None:
        User.objects.select_for_update().get(pk=work.actor.pk)  # two looks at one time are counted one by one
        if count_looks(work.actor.pk, since=work.at - WITHIN) >= settings.REVEALS_PER_HOUR:
            raise LooksUsedUp(limit=settings.REVEALS_PER_HOUR)
    work.record(customer, {REVEALED: name})
    return detail.value

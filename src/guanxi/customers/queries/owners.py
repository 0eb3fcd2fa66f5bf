"""Who looked after a customer, from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from guanxi.customers.attached_words import GOT, LOST
from guanxi.customers.models import Customer, Ownership
from guanxi.customers.queries.access import find_main_id
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.ui.registry import Text

PERMISSION: Final = "customers.view"


@dataclass(frozen=True)
class Period:
    """A time during which somebody looked after the customer; that of the present owner has no `until`.

    `got` and `lost` are keys, their words are `got_word` and `lost_word`; `got_because` and `lost_because` are what
    somebody typed as the reason. `last_follow_up_at` is the last contact within the period.
    """

    owner: str
    since: datetime
    until: datetime | None
    got: str
    got_because: str
    lost: str
    lost_because: str
    last_follow_up_at: datetime | None

    @property
    def got_word(self) -> Text:
        """How the owner got the customer, in words."""
        return GOT[self.got]

    @property
    def lost_word(self) -> Text:
        """How the owner lost the customer, in words; nothing for the present one."""
        return LOST.get(self.lost, "")


def list_periods(ids: Sequence[int], last_contact_at: datetime | None) -> list[Period]:
    """The periods of a customer with all its numbers, the latest first; `last_contact_at` is the customer's own."""
    rows = Ownership.objects.filter(customer__in=ids).select_related("owner").order_by("-since", "-pk")
    return [_period(row, last_contact_at if row.until is None else row.last_follow_up_at) for row in rows]


def get_periods(actor: Actor, customer_id: int) -> list[Period]:
    """The same of a customer that the actor may see.

    Raises
    ------
    PermissionDenied, CustomerUnknown
        The actor may not see customers, or not this one.
    """
    if not actor.may(PERMISSION):
        raise PermissionDenied(permission=PERMISSION)
    main_id = find_main_id(actor, customer_id)
    rows = Customer.objects.filter(main=main_id).values_list("pk", "last_contact_at")
    contacts = dict(rows)
    return list_periods(list(contacts), contacts[main_id])


def _period(row: Ownership, last: datetime | None) -> Period:
    is_theirs = last is not None and last >= row.since  # else it was a predecessor's
    return Period(
        str(row.owner), row.since, row.until, row.got, row.got_because, row.lost, row.lost_because,
        last if is_theirs else None,
    )  # fmt: skip

"""Who looks after a customer, and the periods in which somebody did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, OuterRef, Q, Subquery

from guanxi.customers.attached_fields import OWNER
from guanxi.customers.errors import OwnerUnknown
from guanxi.customers.events import OwnerChanged
from guanxi.customers.models import Customer, Ownership
from guanxi.customers.news import TAKEN, tell_of_loss
from guanxi.customers.queries.access import lock_customer
from guanxi.kernel.access.models import User
from guanxi.kernel.commands import Work, command


def follow_owners(
    customer_ids: Sequence[int],
    *,
    at: datetime,
    got: Ownership.Got,
    lost: Ownership.Lost = Ownership.Lost.REASSIGNED,
    because: str = "",
    batch: str = "",
) -> None:
    """Close the periods of former owners and open those of the present ones, for customers just written.

    Call it inside the transaction that set the owners; a handful of statements however many customers. `because` says
    why in somebody's own words; both periods keep it.
    """
    now_owned = Subquery(Customer.objects.filter(pk=OuterRef("customer_id")).values("owner_id")[:1])
    last_contact = Subquery(Customer.objects.filter(pk=OuterRef("customer_id")).values("last_contact_at")[:1])
    kept = Ownership.objects.filter(customer_id__in=customer_ids, until__isnull=True)
    former = kept.annotate(now_owned=now_owned).filter(Q(now_owned__isnull=True) | ~Q(owner_id=F("now_owned")))
    closed = list(former.values_list("pk", flat=True))
    Ownership.objects.filter(pk__in=closed).update(
        until=at, lost=lost, lost_because=because, last_follow_up_at=last_contact
    )  # fmt: skip
    with_period = kept.values("customer_id")
    fresh = Customer.objects.filter(pk__in=customer_ids, owner__isnull=False).exclude(pk__in=with_period)
    Ownership.objects.bulk_create(
        Ownership(customer_id=pk, owner_id=owner_id, since=at, got=got, got_because=because, batch=batch)
        for pk, owner_id in fresh.values_list("pk", "owner_id")
    )


@command("customers.assign")
def assign_owner(work: Work, *, customer_id: int, owner_id: int | None, because: str = "") -> None:
    """Hand one customer to another owner, or to nobody; who loses it is told.

    Raises
    ------
    CustomerUnknown, OwnerUnknown, FieldInvalid
        There is no such customer that the actor may see, no such active user, or the reason is too long.
    """
    why = OWNER["because"].parse(because)
    customer = lock_customer(work.actor, customer_id)
    if owner_id is not None and not User.objects.filter(pk=owner_id, is_active=True).exists():
        raise OwnerUnknown(owner_id=owner_id)
    if customer.owner_id == owner_id:
        work.nothing_changed()
        return
    former_id = customer.owner_id
    work.record(customer, {"owner_id": [former_id, owner_id]})
    customer.owner_id = owner_id
    customer.edited = customer.edited | {"owner_id": work.at.isoformat()}
    customer.save(update_fields=["owner", "edited"])
    lost = Ownership.Lost.RELEASED if owner_id is None else Ownership.Lost.REASSIGNED
    follow_owners([customer.pk], at=work.at, got=Ownership.Got.ASSIGNED, lost=lost, because=why)
    tell_of_loss(work.actor.pk, TAKEN, {former_id: 1}, customer_id=customer.pk)
    work.emit(OwnerChanged((customer.pk,), owner_id))

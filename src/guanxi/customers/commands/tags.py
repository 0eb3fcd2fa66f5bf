"""Words put on one customer; many at once are tagged by a bulk action."""

from __future__ import annotations

from guanxi.customers.attached_fields import TAG
from guanxi.customers.events import CustomersEdited
from guanxi.customers.models import CustomerTag, Tag
from guanxi.customers.queries.access import lock_customer
from guanxi.kernel.commands import Work, command


@command("customers.edit")
def put_tag(work: Work, *, customer_id: int, name: str) -> Tag:
    """Put a tag on a customer, making the tag if nobody used it before.

    Raises
    ------
    CustomerUnknown, FieldInvalid, FieldMissing
        Nothing is kept.
    """
    customer = lock_customer(work.actor, customer_id)
    tag, _new = Tag.objects.get_or_create(name=TAG["name"].parse(name))
    if CustomerTag.objects.filter(customer__main=customer, tag=tag).exists():
        work.nothing_changed()
        return tag
    CustomerTag.objects.create(customer=customer, tag=tag)
    work.record(customer, {"tag": [None, tag.pk]})
    work.emit(CustomersEdited((customer.pk,), ("tag",)))
    return tag


@command("customers.edit")
def take_tag(work: Work, *, customer_id: int, tag_id: int) -> None:
    """Take a tag off a customer.

    Raises
    ------
    CustomerUnknown
        No customer of that number lives that the actor may see.
    """
    customer = lock_customer(work.actor, customer_id)
    removed, _each = CustomerTag.objects.filter(customer__main=customer, tag=tag_id).delete()
    if not removed:
        work.nothing_changed()
        return
    work.record(customer, {"tag": [tag_id, None]})
    work.emit(CustomersEdited((customer.pk,), ("tag",)))

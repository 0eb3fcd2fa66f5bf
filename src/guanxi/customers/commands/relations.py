"""How two customers belong together; one row, read from either side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Q

from guanxi.customers.attached_fields import RELATION
from guanxi.customers.commands.attached import noun_of
from guanxi.customers.errors import AlreadyThere, CustomerUnknown, EntryUnknown, RelatedToItself
from guanxi.customers.events import CustomersEdited
from guanxi.customers.fields import read_all
from guanxi.customers.models import Customer, Relation
from guanxi.customers.queries.access import find_main_id, lock_customer
from guanxi.kernel.commands import Work, command

REVERSED: Final = "_of"  # "parent_of" is "parent" told by the other side
ONE_WAY: Final = {Relation.Kind.PARENT, Relation.Kind.REFERRER}


@command("customers.edit")
def add_relation(work: Work, *, customer_id: int, values: Mapping[str, Any]) -> Relation:
    """Say how two customers, both of whom the actor sees, belong together.

    Raises
    ------
    CustomerUnknown, RelatedToItself, AlreadyThere, FieldUnknown, FieldInvalid, FieldMissing
        Nothing is kept.
    """
    read = read_all(RELATION, {"kind": "", "other_id": ""} | dict(values))
    ids = [find_main_id(work.actor, pk) for pk in (customer_id, read["other_id"])]
    locked = {pk: lock_customer(work.actor, pk) for pk in sorted(ids)}  # in one order: nobody waits in a ring
    told_by, about = (locked[pk] for pk in ids)
    if told_by == about:
        raise RelatedToItself(place="other_id")
    customer, other = (about, told_by) if read["kind"].endswith(REVERSED) else (told_by, about)
    kind = Relation.Kind(read["kind"].removesuffix(REVERSED))
    same = Q(customer__main=customer, other__main=other)
    if kind not in ONE_WAY:
        same |= Q(customer__main=other, other__main=customer)
    if Relation.objects.filter(same, kind=kind).exists():
        raise AlreadyThere(place="other_id", what=about.name)
    relation = Relation.objects.create(customer=customer, other=other, kind=kind, note=read.get("note", ""))
    _tell(work, customer, other, relation, [None, relation.pk])
    return relation


@command("customers.edit")
def remove_relation(work: Work, *, relation_id: int) -> None:
    """Say that two customers do not belong together any more; who sees either may.

    Raises
    ------
    EntryUnknown
        It is gone already, or the actor may see neither of the two.
    """
    relation = Relation.objects.select_related("customer__main", "other__main").filter(pk=relation_id).first()
    if relation is None:
        raise EntryUnknown
    try:
        lock_customer(work.actor, relation.customer_id)
    except CustomerUnknown:
        try:
            lock_customer(work.actor, relation.other_id)
        except CustomerUnknown:
            raise EntryUnknown from None
    if not relation.delete()[0]:  # the other side took it away meanwhile
        raise EntryUnknown
    _tell(work, relation.customer.main, relation.other.main, relation, [relation_id, None])


def _tell(work: Work, customer: Customer, other: Customer, relation: Relation, change: list[int | None]) -> None:
    for side in (customer, other):
        work.record(side, {noun_of(relation): change, "relation_kind": relation.kind})
    work.emit(CustomersEdited((customer.pk, other.pk), (noun_of(relation),)))

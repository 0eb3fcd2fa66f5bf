"""People type in customers and correct them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from guanxi.customers.commands.owners import follow_owners
from guanxi.customers.commands.publish import mint_customers
from guanxi.customers.errors import EditConflict, NameMissing
from guanxi.customers.events import CustomerCreated, CustomersDeleted, CustomersEdited, CustomersRestored
from guanxi.customers.fields import SEARCHED, as_typed, read_all
from guanxi.customers.models import Customer, Ownership
from guanxi.customers.news import DELETED, tell_of_loss
from guanxi.customers.own_fields import HEAD, editable_fields, own_definitions, put_value, typed_value, value_of
from guanxi.customers.queries.access import find_main_id, lock_customer
from guanxi.customers.rules import mask_email, mask_phone
from guanxi.customers.search_texts import reindex
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.commands import Work, command

PERSONAL = frozenset({"name", "phone", "email", "birth_on", "gender", "company", "remark"})
NOT_TOLD = "changed"  # the trail says that a personal field changed, never what it was


@dataclass(frozen=True)
class Edit:
    """A field's new value as typed, and, to notice who was faster, the value the editor saw."""

    after: Any
    before: Any = None
    checks_before: bool = False


@command("customers.edit")
def create_customer(work: Work, *, values: Mapping[str, Any]) -> Customer:
    """Type in a new customer; its maker owns it.

    Raises
    ------
    FieldUnknown, FieldInvalid, NameMissing
        Nothing is kept.
    """
    required = {name: "" for name, own in own_definitions().items() if own.is_required}
    read = _read(required | {"kind": Customer.Kind.PERSON} | dict(values))
    if not read.get("name"):
        raise NameMissing
    customer_id = mint_customers(SYSTEM, count=1)
    customer = Customer(
        id=customer_id, main_id=customer_id, owner_id=work.actor.pk, created_at=work.at,
        first_seen_on=timezone.localdate(work.at),
    )  # fmt: skip
    for name, value in read.items():
        put_value(customer, name, value)
    customer.edited = _marks(read, work)
    customer.save(force_insert=True)
    follow_owners([customer_id], at=work.at, got=Ownership.Got.CREATED)
    reindex([customer_id])
    work.record(customer, {"created": True, "fields": sorted(read)})
    work.emit(CustomerCreated(customer_id))
    return customer


@command("customers.edit")
def edit_customer(work: Work, *, customer_id: int, edits: Mapping[str, Edit]) -> Customer:
    """Change fields of one customer. A data update leaves edited fields alone from then on.

    Raises
    ------
    CustomerUnknown, FieldUnknown, FieldInvalid, NameMissing
        It cannot be changed so; nothing is.
    EditConflict
        Somebody was faster: a field no longer holds what the editor saw; nothing is changed.
    """
    customer = lock_customer(work.actor, customer_id)
    read = _read({name: edit.after for name, edit in edits.items()})
    if read.get("name") == "" and customer.name:
        raise NameMissing
    changed = {name: value for name, value in read.items() if value != value_of(customer, name)}
    for name in changed:
        seen, current = edits[name], value_of(customer, name)
        if seen.checks_before and as_typed(seen.before) not in {typed_value(name, current), _shown(name, current)}:
            label = str(editable_fields()[name].label)
            raise EditConflict(place=name, field=label, current=_shown(name, current))
    if not changed:
        work.nothing_changed()
        return customer
    work.record(customer, {name: told(name, value_of(customer, name), value) for name, value in changed.items()})
    columns = {put_value(customer, name, value) for name, value in changed.items()}
    customer.edited = customer.edited | _marks(changed, work)
    customer.save(update_fields=[*columns, "edited"])
    if SEARCHED & set(changed):
        reindex([customer.pk])
    work.emit(CustomersEdited((customer.pk,), tuple(sorted(changed))))
    return customer


@command("customers.delete")
def delete_customer(work: Work, *, customer_id: int) -> None:
    """Put one customer into the bin; everything attached stays and comes back with it.

    Raises
    ------
    CustomerUnknown
        No customer of that number lives that the actor may see.
    """
    customer = lock_customer(work.actor, customer_id)
    customer.deleted_at, customer.deleted_by_id = work.at, work.actor.pk
    customer.save(update_fields=["deleted_at", "deleted_by"])
    work.record(customer, {"deleted": [False, True]})
    tell_of_loss(work.actor.pk, DELETED, {customer.owner_id: 1}, customer_id=customer.pk)
    work.emit(CustomersDeleted((customer.pk,)))


@command("customers.delete")
def restore_customer(work: Work, *, customer_id: int) -> None:
    """Take one customer out of the bin.

    Raises
    ------
    CustomerUnknown
        The actor may see no customer of that number.
    """
    customer = Customer.objects.select_for_update().get(pk=find_main_id(work.actor, customer_id))
    if customer.deleted_at is None:
        work.nothing_changed()
        return
    customer.deleted_at, customer.deleted_by_id = None, None
    customer.save(update_fields=["deleted_at", "deleted_by"])
    work.record(customer, {"deleted": [True, False]})
    work.emit(CustomersRestored((customer.pk,)))


def told(name: str, before: Any, after: Any) -> list[Any]:
    """What the trail keeps of a change: before and after, or only that a field changed that may be personal."""
    is_personal = name in PERSONAL or name.startswith(HEAD)  # a company may keep anything in its own fields
    return [NOT_TOLD, NOT_TOLD] if is_personal else [as_typed(before), as_typed(after)]


def _marks(names: Iterable[str], work: Work) -> dict[str, str]:
    """That people edited these fields."""
    return {name: work.at.isoformat() for name in names}


def _read(typed: Mapping[str, Any]) -> dict[str, Any]:
    return read_all(editable_fields(), {name: as_typed(value) for name, value in typed.items()})


def _shown(name: str, value: Any) -> str:
    """A stored value as a reader sees it who may not unmask."""
    mask = {"phone": mask_phone, "email": mask_email}.get(name, str)
    return mask(typed_value(name, value))

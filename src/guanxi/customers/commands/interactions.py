"""Calls, visits, mails, meetings and notes: what was said and done with a customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from guanxi.customers.attached_fields import INTERACTION
from guanxi.customers.commands.attached import lock_attached
from guanxi.customers.commands.tasks import close_task, make_task, task_of
from guanxi.customers.errors import EntryUnknown, FieldInvalid, FieldMissing, NotYourEntry
from guanxi.customers.events import InteractionLogged
from guanxi.customers.fields import read_all
from guanxi.customers.models import Contact, Customer, Interaction, Task
from guanxi.customers.queries.access import lock_customer
from guanxi.customers.rules import CONTACTS, is_correctable
from guanxi.kernel.commands import Work, command

AHEAD: Final = timedelta(minutes=10)  # clocks differ a little


@command("customers.edit")
def log_interaction(
    work: Work,
    *,
    customer_id: int,
    values: Mapping[str, Any],
    task_id: int | None = None,
    next_step: Mapping[str, Any] | None = None,
) -> Interaction:
    """Log what was said or done.

    A contact moves the customer's last contact and last told satisfaction; `task_id` names the next step it belongs
    to, which is done by it; `next_step` holds the fields of a new one.

    Raises
    ------
    CustomerUnknown, EntryUnknown, TaskIsOver, FieldUnknown, FieldInvalid, FieldMissing
        Nothing is kept.
    """
    customer = lock_customer(work.actor, customer_id)
    read = _read(work, customer, {"kind": ""} | dict(values))
    _refuse_empty_note(read["kind"], read.get("subject", ""), read.get("body", ""))
    at = read.pop("at", None) or work.at
    interaction = Interaction.objects.create(
        customer_id=customer.pk, author_id=work.actor.pk, at=at, created_at=work.at, **read
    )
    work.record(interaction, {"logged": [False, True], "kind": interaction.kind})
    work.emit(InteractionLogged(customer.pk, interaction.pk))
    settle_contact(customer)
    if task_id is not None:
        task = task_of(customer, task_id)
        close_task(work, task, Task.State.DONE, outcome=read.get("subject", ""), interaction_id=interaction.pk)
    if next_step is not None:
        make_task(work, customer, next_step)
    return interaction


@command("customers.edit")
def edit_interaction(work: Work, *, interaction_id: int, values: Mapping[str, Any]) -> None:
    """Correct one's own follow-up, within a day; its kind stays.

    Raises
    ------
    EntryUnknown, NotYourEntry, FieldUnknown, FieldInvalid, FieldMissing
        Nothing is changed.
    """
    customer, interaction = _lock(work, interaction_id)
    if interaction.author_id != work.actor.pk or not is_correctable(interaction.created_at, work.at):
        raise NotYourEntry
    read = _read(work, customer, {name: value for name, value in values.items() if name != "kind"})
    changed = {name: value for name, value in read.items() if getattr(interaction, name) != value}
    if changed.get("at", interaction.at) is None:
        del changed["at"]
    for name, value in changed.items():
        setattr(interaction, name, value)
    _refuse_empty_note(interaction.kind, interaction.subject, interaction.body)
    if not changed:
        work.nothing_changed()
        return
    interaction.save(update_fields=list(changed))
    work.record(interaction, {"fields": sorted(changed)})
    settle_contact(customer)


@command("customers.edit")
def pin_interaction(work: Work, *, interaction_id: int, is_pinned: bool) -> None:
    """Put a follow-up on top of the customer's timeline, in the place of the one that was there; or take it down.

    Raises
    ------
    EntryUnknown
        It is gone, or the actor may not see its customer.
    """
    customer, interaction = _lock(work, interaction_id)
    if interaction.is_pinned == is_pinned:
        work.nothing_changed()
        return
    Interaction.objects.filter(customer__main=customer, is_pinned=True).update(is_pinned=False)
    Interaction.objects.filter(pk=interaction.pk).update(is_pinned=is_pinned)
    work.record(interaction, {"is_pinned": [not is_pinned, is_pinned]})


@command("customers.edit")
def remove_interaction(work: Work, *, interaction_id: int) -> None:
    """Take one's own follow-up back within a day; who may delete customers may take any, whenever.

    The next step that was done by it is open again.

    Raises
    ------
    EntryUnknown, NotYourEntry
        Nothing is changed.
    """
    customer, interaction = _lock(work, interaction_id)
    _refuse_stranger(work, interaction)
    interaction.deleted_at, interaction.is_pinned = work.at, False
    interaction.save(update_fields=["deleted_at", "is_pinned"])
    work.record(interaction, {"logged": [True, False], "kind": interaction.kind})
    _follow(work, interaction, Task.State.DONE, Task.State.OPEN)
    settle_contact(customer)


@command("customers.edit")
def restore_interaction(work: Work, *, interaction_id: int) -> None:
    """Bring a follow-up back that was taken away.

    Raises
    ------
    EntryUnknown, NotYourEntry
        Nothing is changed.
    """
    customer, interaction = lock_attached(work.actor, Interaction, interaction_id)
    if interaction.deleted_at is None:
        work.nothing_changed()
        return
    _refuse_stranger(work, interaction)
    interaction.deleted_at = None
    interaction.save(update_fields=["deleted_at"])
    work.record(interaction, {"logged": [False, True], "kind": interaction.kind})
    _follow(work, interaction, Task.State.OPEN, Task.State.DONE)
    settle_contact(customer)


def _lock(work: Work, interaction_id: int) -> tuple[Customer, Interaction]:
    customer, interaction = lock_attached(work.actor, Interaction, interaction_id)
    if interaction.deleted_at is not None:
        raise EntryUnknown
    return customer, interaction


def _follow(work: Work, interaction: Interaction, before: str, after: str) -> None:
    """Let the next step that a follow-up ended go where the follow-up went."""
    for task in Task.objects.filter(interaction=interaction, state=before):
        task.state, task.done_at = after, work.at if after == Task.State.DONE else None
        task.save(update_fields=["state", "done_at"])
        work.record(task, {"state": [before, after]})


def _refuse_stranger(work: Work, interaction: Interaction) -> None:
    is_own = interaction.author_id == work.actor.pk and is_correctable(interaction.created_at, work.at)
    if not is_own and not work.actor.may("customers.delete"):
        raise NotYourEntry


def _refuse_empty_note(kind: str, subject: str, body: str) -> None:
    if kind == Interaction.Kind.NOTE and not (subject or body):
        raise FieldMissing(place="body", field=str(INTERACTION["body"].label))


def _read(work: Work, customer: Customer, typed: Mapping[str, Any]) -> dict[str, Any]:
    read = read_all(INTERACTION, typed)
    at = read.get("at")
    if at is not None and at > work.at + AHEAD:
        reason = _("it has not happened yet; make it a next step instead")
        raise FieldInvalid(place="at", field=str(INTERACTION["at"].label), value=str(typed["at"]), reason=reason)
    contact_id = read.get("contact_id")
    if contact_id is not None and not Contact.objects.filter(pk=contact_id, customer__main=customer).exists():
        raise EntryUnknown(place="contact_id")
    return read


def settle_contact(customer: Customer) -> None:
    """Bring the customer's last contact and last told satisfaction in step with what is logged."""
    logged = Interaction.objects.filter(customer__main=customer, deleted_at__isnull=True).order_by("-at", "-pk")
    contacts = logged.filter(kind__in=CONTACTS).exclude(reached=False)
    told = logged.filter(satisfaction__isnull=False)
    customer.last_contact_at = contacts.values_list("at", flat=True).first()
    customer.satisfaction = told.values_list("satisfaction", flat=True).first()
    customer.save(update_fields=["last_contact_at", "satisfaction"])

"""What was said and done: logged, corrected, pinned, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from guanxi.customers.commands import (
    add_contact,
    create_task,
    edit_interaction,
    log_interaction,
    pin_interaction,
    remove_interaction,
    restore_interaction,
)
from guanxi.customers.errors import (
    CustomerUnknown,
    EntryUnknown,
    FieldInvalid,
    FieldMissing,
    NotYourEntry,
    TaskIsOver,
)
from guanxi.customers.models import Customer, Interaction, Task
from guanxi.kernel.access.models import User
from guanxi.kernel.audit.queries import history_of
from guanxi.kernel.errors import GuanxiError
from guanxi.kernel.events.models import EventRecord

pytestmark = pytest.mark.django_db
Everything = Callable[..., list[Any]]
TOMORROW = timezone.localdate() + timedelta(days=1)


def standing(customer: Customer) -> tuple[datetime | None, int | None]:
    row = Customer.objects.get(pk=customer.pk)
    return row.last_contact_at, row.satisfaction


def test_a_call_moves_last_contact_and_satisfaction(seller: User, wang: Customer) -> None:
    call = log_interaction(
        seller, customer_id=wang.pk, values={"kind": "call", "reached": "yes", "satisfaction": "4", "body": "很好"}
    )
    assert (call.author_id, call.reached, call.satisfaction, call.body) == (seller.pk, True, 4, "很好")
    assert standing(wang) == (call.at, 4)
    assert history_of(call)[0].changes == {"logged": [False, True], "kind": "call"}
    assert EventRecord.objects.filter(name="customers.InteractionLogged").values_list("payload", flat=True)[0] == {
        "customer_id": wang.pk, "interaction_id": call.pk,
    }  # fmt: skip


def test_a_note_and_a_call_nobody_took_are_no_contact(seller: User, wang: Customer) -> None:
    log_interaction(seller, customer_id=wang.pk, values={"kind": "note", "body": "x", "satisfaction": 2})
    log_interaction(seller, customer_id=wang.pk, values={"kind": "call", "reached": False})
    assert standing(wang) == (None, 2)


def test_an_older_visit_logged_later_does_not_move_the_last_contact_back(seller: User, wang: Customer) -> None:
    call = log_interaction(seller, customer_id=wang.pk, values={"kind": "call", "satisfaction": 5})
    visit = log_interaction(
        seller, customer_id=wang.pk, values={"kind": "visit", "at": "2026-01-02T09:30", "satisfaction": 1}
    )
    assert timezone.localtime(visit.at).isoformat() == "2026-01-02T09:30:00+08:00"
    assert standing(wang) == (call.at, 5)


def test_a_call_ends_the_step_it_belongs_to_and_makes_the_next(seller: User, wang: Customer) -> None:
    task = create_task(seller, customer_id=wang.pk, values={"title": "打电话", "due_on": TOMORROW})
    call = log_interaction(
        seller, customer_id=wang.pk, values={"kind": "call", "subject": "同意"}, task_id=task.pk,
        next_step={"title": "寄样品", "due_on": TOMORROW.isoformat()},
    )  # fmt: skip
    done, following = Task.objects.order_by("pk")
    assert (done.state, done.outcome, done.interaction_id, done.done_at) == ("done", "同意", call.pk, call.created_at)
    assert (following.title, following.state, following.due_on) == ("寄样品", "open", TOMORROW)
    assert (following.assignee_id, following.customer_id) == (seller.pk, wang.pk)
    remove_interaction(seller, interaction_id=call.pk)
    assert list(Task.objects.order_by("pk").values_list("state", flat=True)) == ["open", "open"]
    assert standing(wang) == (None, None)
    restore_interaction(seller, interaction_id=call.pk)
    restore_interaction(seller, interaction_id=call.pk)
    assert list(Task.objects.order_by("pk").values_list("state", flat=True)) == ["done", "open"]
    assert standing(wang)[0] == call.at


@pytest.mark.parametrize(
    ("values", "error", "place"),
    [
        ({"kind": "telegram"}, FieldInvalid, "kind"),
        ({}, FieldMissing, "kind"),
        ({"kind": "note"}, FieldMissing, "body"),
        ({"kind": "call", "satisfaction": "6"}, FieldInvalid, "satisfaction"),
        ({"kind": "call", "reached": "perhaps"}, FieldInvalid, "reached"),
        ({"kind": "call", "at": "2999-01-01"}, FieldInvalid, "at"),
        ({"kind": "call", "at": "0001-01-01"}, FieldInvalid, "at"),
        ({"kind": "call", "at": "soon"}, FieldInvalid, "at"),
        ({"kind": "call", "contact_id": "404"}, EntryUnknown, "contact_id"),
        ({"kind": "call", "body": "x" * 20_001}, FieldInvalid, "body"),
    ],
)
def test_what_is_no_follow_up_is_refused(
    seller: User, wang: Customer, everything: Everything, values: dict[str, str], error: type[GuanxiError], place: str
) -> None:
    before = everything(Interaction, Task)
    with pytest.raises(error) as told:
        log_interaction(seller, customer_id=wang.pk, values=values)
    assert told.value.place == place
    assert everything(Interaction, Task) == before


def test_a_call_with_a_wrong_step_is_not_kept_either(
    seller: User, wang: Customer, tea: Customer, everything: Everything
) -> None:
    task = create_task(seller, customer_id=tea.pk, values={"title": "x", "due_on": TOMORROW})
    call: dict[str, Any] = {"customer_id": wang.pk, "values": {"kind": "call"}}
    before = everything(Interaction, Task)
    with pytest.raises(EntryUnknown):
        log_interaction(seller, **call, task_id=task.pk)
    with pytest.raises(FieldMissing):
        log_interaction(seller, **call, next_step={"title": "", "due_on": TOMORROW})
    with pytest.raises(FieldInvalid):
        log_interaction(seller, **call, next_step={"title": "x", "due_on": "2020-01-01"})
    assert everything(Interaction, Task) == before
    log_interaction(seller, customer_id=tea.pk, values={"kind": "call"}, task_id=task.pk)
    with pytest.raises(TaskIsOver):
        log_interaction(seller, customer_id=tea.pk, values={"kind": "call"}, task_id=task.pk)
    assert Interaction.objects.count() == 1


def test_who_said_it_corrects_it_within_a_day(
    seller: User, manager: User, colleague: User, wang: Customer, everything: Everything
) -> None:
    call = log_interaction(seller, customer_id=wang.pk, values={"kind": "call", "body": "好", "satisfaction": 5})
    edit_interaction(
        seller, interaction_id=call.pk, values={"kind": "visit", "body": "不好", "satisfaction": "1", "at": ""}
    )
    changed = Interaction.objects.get()
    assert (changed.kind, changed.body, changed.at) == ("call", "不好", call.at)
    assert standing(wang) == (call.at, 1)
    assert history_of(call)[0].changes == {"fields": ["body", "satisfaction"]}
    before = everything(Interaction)
    edit_interaction(seller, interaction_id=call.pk, values={"body": "不好"})
    with pytest.raises(NotYourEntry):
        edit_interaction(manager, interaction_id=call.pk, values={"body": "x"})
    with pytest.raises(EntryUnknown):
        edit_interaction(colleague, interaction_id=call.pk, values={"body": "x"})
    assert everything(Interaction) == before
    Interaction.objects.update(created_at=timezone.now() - timedelta(days=1, minutes=1))
    before = everything(Interaction)
    with pytest.raises(NotYourEntry):
        edit_interaction(seller, interaction_id=call.pk, values={"body": "x"})
    with pytest.raises(NotYourEntry):
        remove_interaction(seller, interaction_id=call.pk)
    assert everything(Interaction) == before
    remove_interaction(manager, interaction_id=call.pk)  # may delete customers, so this as well
    assert standing(wang) == (None, None)


def test_one_follow_up_is_pinned_on_top(seller: User, wang: Customer) -> None:
    first, second = (log_interaction(seller, customer_id=wang.pk, values={"kind": "note", "body": b}) for b in "ab")
    pin_interaction(seller, interaction_id=first.pk, is_pinned=True)
    pin_interaction(seller, interaction_id=second.pk, is_pinned=True)
    pin_interaction(seller, interaction_id=second.pk, is_pinned=True)
    assert list(Interaction.objects.filter(is_pinned=True)) == [second]
    remove_interaction(seller, interaction_id=second.pk)
    assert not Interaction.objects.filter(is_pinned=True).exists()
    with pytest.raises(EntryUnknown):
        pin_interaction(seller, interaction_id=second.pk, is_pinned=True)


def test_spoken_with_a_contact_of_the_organisation(seller: User, tea: Customer) -> None:
    contact = add_contact(seller, customer_id=tea.pk, values={"name": "陈红"})
    call = log_interaction(seller, customer_id=tea.pk, values={"kind": "call", "contact_id": contact.pk})
    assert call.contact_id == contact.pk


def test_strangers_log_nothing(colleague: User, wang: Customer, everything: Everything) -> None:
    before = everything(Interaction)
    with pytest.raises(CustomerUnknown):
        log_interaction(colleague, customer_id=wang.pk, values={"kind": "call"})
    assert everything(Interaction) == before

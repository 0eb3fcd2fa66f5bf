"""What stands on the timeline of a customer, and what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from guanxi.customers.commands import (
    Edit,
    add_attachment,
    add_contact,
    assign_owner,
    create_task,
    drop_task,
    edit_customer,
    finish_task,
    log_interaction,
    put_tag,
    remove_interaction,
)
from guanxi.customers.models import Customer, Interaction
from guanxi.customers.queries.timeline import FollowUp, load_changes, load_follow_ups, load_pinned
from guanxi.customers.tests.factories import make_customers
from guanxi.kernel.access.models import User
from guanxi.kernel.timeline import read_timeline

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
OWN = ["talk", "step", "owner", "file", "change"]


def told(reader: User, ids: list[int], only: list[str] | None = None) -> list[tuple[str, str]]:
    with override("en"):
        shown = read_timeline("customer", reader, ids, only=only or OWN).shown
        return [(one.source.key, str(one.entry.title)) for one in shown]


def test_all_that_happened_stands_there_newest_first(seller: User, manager: User, wang: Customer) -> None:
    add_attachment(seller, customer_id=wang.pk, name="报价.pdf", chunks=[b"%PDF-"])
    put_tag(seller, customer_id=wang.pk, name="老客户")
    edit_customer(seller, customer_id=wang.pk, edits={"city": Edit("杭州"), "remark": Edit("x")})
    task = create_task(seller, customer_id=wang.pk, values={"title": "寄样品", "due_on": TODAY})
    other = create_task(seller, customer_id=wang.pk, values={"title": "回访", "due_on": TODAY})
    open_still = create_task(seller, customer_id=wang.pk, values={"title": "约见面", "due_on": TODAY})
    log_interaction(seller, customer_id=wang.pk, values={"kind": "call"}, task_id=other.pk)
    drop_task(seller, task_id=task.pk, outcome="不要了")
    assign_owner(manager, customer_id=wang.pk, owner_id=manager.pk)
    finish_task(seller, task_id=open_still.pk)
    assert told(manager, [wang.pk]) == [
        ("step", "Done: 约见面"),
        ("owner", "刘总 looks after the customer"),
        ("step", "Dropped: 寄样品"),
        ("talk", "Call"),
        ("change", "Changed the customer"),
        ("change", "Put on a tag"),
        ("file", "报价.pdf"),
        ("owner", "沈嘉敏 looks after the customer"),
        ("change", "Created the customer"),
    ]
    assert told(manager, [wang.pk], ["talk"]) == [("talk", "Call")]


def test_a_follow_up_tells_what_belongs_to_it(seller: User, manager: User, tea: Customer) -> None:
    contact = add_contact(seller, customer_id=tea.pk, values={"name": "陈红"})
    task = create_task(seller, customer_id=tea.pk, values={"title": "回访", "due_on": TODAY})
    log_interaction(
        seller, customer_id=tea.pk, task_id=task.pk,
        values={"kind": "call", "direction": "in", "reached": "no", "satisfaction": 2, "body": "x",
                "contact_id": contact.pk},
    )  # fmt: skip
    with override("en"):
        (entry,) = load_follow_ups(seller, [tea.pk], None, 9)
        assert [str(note.text) for note in entry.notes] == ["They called us", "Not reached", "Unhappy"]
    assert isinstance(entry.facts, FollowUp)
    assert (entry.who, entry.facts.body, entry.facts.spoke_with, entry.facts.ended) == ("沈嘉敏", "x", "陈红", ["回访"])
    assert (entry.facts.may_edit, entry.facts.may_remove) == (True, True)
    (of_manager,) = load_follow_ups(manager, [tea.pk], None, 9)
    assert (of_manager.facts.may_edit, of_manager.facts.may_remove) == (False, True)
    Interaction.objects.update(created_at=timezone.now() - timedelta(days=2))
    (later,) = load_follow_ups(seller, [tea.pk], None, 9)
    assert (later.facts.may_edit, later.facts.may_remove) == (False, False)


def test_what_was_taken_back_is_gone_and_nothing_is_pinned(seller: User, wang: Customer) -> None:
    note = log_interaction(seller, customer_id=wang.pk, values={"kind": "note", "body": "x"})
    Interaction.objects.update(is_pinned=True)
    pinned = load_pinned(seller, [wang.pk])
    assert pinned is not None
    assert pinned.id == note.pk
    remove_interaction(seller, interaction_id=note.pk)
    assert load_pinned(seller, [wang.pk]) is None
    assert load_follow_ups(seller, [wang.pk], None, 9) == []


def test_merged_records_bring_theirs_along(seller: User, wang: Customer) -> None:
    make_customers([{"id": 900, "name": "王 伟", "owner_id": seller.pk}])
    log_interaction(seller, customer_id=900, values={"kind": "visit"})
    Customer.objects.filter(pk=900).update(main=wang.pk)
    assert told(seller, [wang.pk, 900], ["talk"]) == [("talk", "Visit")]


def test_every_line_of_the_trail_has_words(seller: User, wang: Customer) -> None:
    edit_customer(seller, customer_id=wang.pk, edits={"city": Edit("杭州"), "remark": Edit("x")})
    with override("en"):
        told = [(entry.title, entry.text) for entry in load_changes(seller, [wang.pk], None, 9)]
    assert told == [
        ("Changed the customer", "City: — → 杭州; Remark: changed"),
        ("Created the customer", "Typed in; Fields: Kind, Name, Phone"),
    ]


def test_five_thousand_follow_ups_cost_as_much_as_five(seller: User, wang: Customer) -> None:
    def fill(many: int) -> None:
        now = timezone.now()
        Interaction.objects.bulk_create(
            Interaction(customer=wang, kind="call", at=now - timedelta(minutes=n), created_at=now, author=seller)
            for n in range(many)
        )

    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            timeline = read_timeline("customer", seller, [wang.pk], only=OWN, limit=30)
        assert len(timeline.shown) <= 30
        return [query["sql"] for query in captured]

    fill(5)
    few = asked()
    fill(5_000)
    assert len(asked()) == len(few) == 7
    talks = next(sql for sql in few if "customers_interaction" in sql and "ORDER BY" in sql)
    if connection.vendor == "sqlite":  # the index gives the order: no row is read that is not shown
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {talks}")
            plan = " ".join(str(row[-1]) for row in cursor.fetchall())
        assert "customers_interactions" in plan
        assert "TEMP B-TREE" not in plan

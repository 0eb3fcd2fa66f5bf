"""Deleted for ever: nothing says any more who it was; what counts stays; nobody undoes it or does it by accident."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone, translation

from guanxi.customers.commands import (
    Edit,
    add_address,
    add_attachment,
    add_certificate,
    add_contact,
    add_contact_point,
    add_preference,
    add_relation,
    assign_owner,
    create_customer,
    delete_customer,
    edit_customer,
    log_interaction,
    merge_customers,
    put_tag,
    record_purchase,
    restore_customer,
    unmerge_customers,
)
from guanxi.customers.commands.purge import purge_customers
from guanxi.customers.errors import CustomerUnknown, MergeUnknown
from guanxi.customers.files import path_of
from guanxi.customers.jobs import purge_bin
from guanxi.customers.models import (
    Attachment,
    Contact,
    Customer,
    Interaction,
    Merge,
    Ownership,
    Purchase,
    Relation,
    SourceRecord,
    Standing,
    Task,
)
from guanxi.customers.queries import get_customer_page
from guanxi.customers.queries.bin import find_binned
from guanxi.customers.queries.history import get_history
from guanxi.customers.queries.hits import find_customers
from guanxi.customers.queries.why import Because, explain_customer
from guanxi.customers.rules import Line
from guanxi.customers.tests.factories import make_customers, make_records, make_standings
from guanxi.kernel.access.commands import choose_purge_after, create_user, set_company
from guanxi.kernel.access.errors import PurgeTimeUnknown
from guanxi.kernel.access.models import Company, User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.batches.commands import start_batch, undo_batch
from guanxi.kernel.batches.errors import NothingToUndo
from guanxi.kernel.batches.jobs import run_batch
from guanxi.kernel.batches.models import Batch, BatchChunk
from guanxi.kernel.batches.queries import get_batch
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.jobs.worker import Worker

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
WORDS = ("王伟", "13812345678", "wang.wei@", "龙井", "湖墅", "报价单", "天元", "E1234567", "老客户会", "寄样", "北京")
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def admin(seller: User) -> User:
    return create_user(SYSTEM, "admin", PASSWORD, roles=["administrator"])


@pytest.fixture
def firm(seller: User) -> Customer:
    return create_customer(seller, values={"name": "大地公司", "kind": "organisation"})


def fill(seller: User, manager: User, firm: Customer) -> list[int]:
    """A delivered customer with all that can hang on one, and a typed-in one merged into it."""
    make_customers([{
        "id": 500, "name": "王伟", "phone": "+8613812345678", "email": "wang.wei@example.com", "city": "杭州王伟巷",
        "region_code": "CN-ZJ", "owner_id": seller.pk, "first_seen_on": datetime(2024, 1, 5, tzinfo=UTC).date(),
    }])  # fmt: skip
    make_records([{
        "source": "shop", "source_key": "1", "customer_id": 500, "name": "王伟", "phone": "+8613812345678",
        "email": "wang.wei@example.com", "address": "湖墅南路 1", "is_main": True, "published": "digest",
    }])  # fmt: skip
    make_standings([{"customer_id": 500, "tier": "vip", "spend_12m": 100, "frequency": 2}])
    other = create_customer(seller, values={"name": "王伟二", "phone": "13812345678", "remark": "爱喝龙井"})
    values: dict[str, Any] = {"kind": "phone", "value": "13812345678"}
    add_contact_point(seller, customer_id=500, values=values)
    add_address(seller, customer_id=500, values={"kind": "home", "line": "湖墅南路 1"})
    add_certificate(seller, customer_id=500, values={"kind": "passport", "number": "E1234567"})
    add_preference(seller, customer_id=500, values={"attitude": "like", "kind": "drink", "value": "龙井"})
    put_tag(seller, customer_id=500, name="老客户会员")
    add_relation(seller, customer_id=500, values={"kind": "family", "other_id": firm.pk, "note": "王伟的弟弟"})
    add_contact(seller, customer_id=firm.pk, values={"name": "王伟", "phone": "13812345678", "person_id": 500})
    add_attachment(seller, customer_id=500, name="报价单.txt", chunks=["给王伟的报价".encode()])
    log_interaction(
        seller, customer_id=500, values={"kind": "call", "subject": "龙井", "body": "王伟要寄样", "reached": "yes"},
        next_step={"title": "给王伟寄样", "due_on": "2099-01-01", "reason": "他要龙井"},
    )  # fmt: skip
    record_purchase(
        seller, customer_id=500, lines=[Line("茶壶", "POT", Decimal(1), Decimal(88))], bought_at=NOW, key="k1"
    )  # fmt: skip
    edit_customer(seller, customer_id=500, edits={"company": Edit("天元茶业"), "birth_on": Edit("1990-03-07")})
    done(start_batch(manager, kind="customers.edit", options={"field": "city", "value": "王伟路"}, ids=[500]))
    merge_customers(seller, main_id=500, others=[other.pk])
    assign_owner(manager, customer_id=500, owner_id=manager.pk, because="王伟搬到北京")
    assign_owner(manager, customer_id=500, owner_id=seller.pk)
    delete_customer(manager, customer_id=500)
    return [500, other.pk]


def done(batch: Batch) -> Batch:
    run_batch({"batch": batch.pk})
    batch.refresh_from_db()
    return batch


def work_off() -> None:
    worker = Worker(threading.Event())
    while worker.run_one():
        pass


def traces() -> set[tuple[str, str]]:
    """Every table that still holds one of the words, and the word."""
    tables = {model._meta.db_table: list(model._default_manager.values()) for model in apps.get_models()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tokens, folded FROM customers_search")
        tables["customers_search"] = cursor.fetchall()
    return {(table, word) for table, rows in tables.items() for word in WORDS if word in str(rows)}


def test_nothing_tells_any_more_who_it_was(seller: User, manager: User, admin: User, firm: Customer) -> None:
    main_id, merged_id = fill(seller, manager, firm)
    digest = Attachment.objects.get().digest
    assert path_of(digest).exists()
    assert len(traces()) > 15
    batch = done(start_batch(admin, kind="customers.purge", options={}, ids=[main_id]))
    work_off()
    assert (batch.state, batch.changed, batch.refused) == ("done", 1, 0)
    left = {found for found in traces() if found[0] not in {"customers_tag", "batches_batch"}}
    assert left == set(), "words people share (tags) and what was typed for many at once stay"
    assert not path_of(digest).exists()
    rows = {row.pk: row for row in Customer.objects.filter(pk__in=[main_id, merged_id])}
    main, merged = rows[main_id], rows[merged_id]
    assert (main.main_id, merged.main_id) == (main_id, main_id)
    assert main.purged_at == merged.purged_at is not None
    assert main.deleted_at is not None
    told = {
        field.attname for field in Customer._meta.concrete_fields
        if getattr(main, field.attname) not in ("", None, {}, 0)
    }  # fmt: skip
    assert told == {
        "id", "main_id", "kind", "region_code", "first_seen_on", "source_records", "deleted_at", "deleted_by_id",
        "purged_at",
    }  # fmt: skip
    record = SourceRecord.objects.get()
    assert (record.source, record.source_key, record.customer_id, record.name, record.published) == (
        "shop", "1", main_id, "", "",
    )  # fmt: skip
    assert Purchase.objects.get().total == Decimal(88)
    assert Standing.objects.get().spend_12m == Decimal(100)
    said, step = Interaction.objects.get(), Task.objects.get()
    assert (said.kind, said.reached, said.author, said.subject, said.body) == ("call", True, seller, "", "")
    assert (step.state, step.title, step.reason) == ("dropped", "", "")
    gone = (Attachment, Contact, Merge, Relation)
    assert [kind._default_manager.count() for kind in gone] == [0, 0, 0, 0]
    assert list(Ownership.objects.values_list("customer", flat=True)) == [firm.pk]


def test_who_did_it_is_told_and_not_to_whom(seller: User, manager: User, admin: User, firm: Customer) -> None:
    ids = fill(seller, manager, firm)
    batch = done(start_batch(admin, kind="customers.purge", options={}, ids=ids[:1]))
    entry = AuditEntry.objects.get(command="customers.commands.purge.purge_customers")
    assert (entry.actor_id, entry.target_key, entry.changes) == (admin.pk, "customers", {"purged": sorted(ids)})
    event = EventRecord.objects.get(name="customers.CustomersPurged")
    assert event.payload == {"customer_ids": [500], "batch": f"batch {batch.pk}"}
    line = get_batch(admin, batch.pk)
    assert (line.sentence, line.can_undo) == ("Delete 1 customer for ever", False)
    with pytest.raises(NothingToUndo):
        undo_batch(admin, batch_id=batch.pk)


def test_no_door_leads_to_it_any_more(seller: User, manager: User, admin: User, firm: Customer) -> None:
    ids = fill(seller, manager, firm)
    merge_id = Merge.objects.get().pk
    purge_customers(admin, customer_ids=[500])
    assert find_customers(admin, "王伟", 9) == find_customers(admin, "13812345678", 9) == []
    for customer_id in ids:
        assert find_binned(admin, customer_id) is None
        assert explain_customer(admin, customer_id).because == Because.UNKNOWN
        for refused in (
            lambda pk: get_customer_page(admin, pk),
            lambda pk: get_history(admin, pk),
            lambda pk: restore_customer(admin, customer_id=pk),
            lambda pk: delete_customer(admin, customer_id=pk),
            lambda pk: log_interaction(admin, customer_id=pk, values={"kind": "note", "body": "x"}),
        ):
            with pytest.raises(CustomerUnknown):
                refused(customer_id)
    with pytest.raises(MergeUnknown):
        unmerge_customers(admin, merge_id=merge_id)


def test_only_who_may_and_only_what_lies_in_the_bin(
    seller: User, manager: User, admin: User, wang: Customer, everything: Callable[..., list[Any]]
) -> None:
    delete_customer(manager, customer_id=wang.pk)
    before = everything(Ownership, Batch)
    for nobody in (seller, manager):
        with pytest.raises(PermissionDenied):
            purge_customers(nobody, customer_ids=[wang.pk])
        with pytest.raises(PermissionDenied):
            start_batch(nobody, kind="customers.purge", options={}, ids=[wang.pk])
    assert everything(Ownership, Batch) == before
    restore_customer(manager, customer_id=wang.pk)
    before = everything(Ownership)
    assert purge_customers(admin, customer_ids=[wang.pk, 999]) == []
    assert everything(Ownership) == before


def test_a_delete_that_is_taken_back_leaves_the_purged_alone(seller: User, manager: User, admin: User) -> None:
    make_customers({"id": key, "name": f"客户{key}", "owner_id": seller.pk} for key in (1, 2, 3))
    deleted = done(start_batch(manager, kind="customers.delete", options={}, ids=[1, 2, 3]))
    undo = undo_batch(manager, batch_id=deleted.pk)
    purge_customers(admin, customer_ids=[2])
    assert sorted(BatchChunk.objects.get(batch=deleted).before) == ["1", "3"]
    assert (done(undo).changed, undo.refused) == (2, 1)
    assert list(Customer.objects.living().order_by("pk").values_list("pk", flat=True)) == [1, 3]


def test_a_data_update_under_way_writes_nobody_back(manager: User, admin: User) -> None:
    make_customers([{"id": 1, "name": "王伟"}, {"id": 2, "name": "李娜"}])
    delete_customer(manager, customer_id=1)
    purge_customers(admin, customer_ids=[1])
    make_customers([{"id": 1, "name": "王伟", "phone": "+8613812345678"}, {"id": 2, "name": "李小娜"}])
    make_records([{"source": "shop", "source_key": str(key), "customer_id": key, "name": "王伟"} for key in (1, 2)])
    assert list(Customer.objects.order_by("pk").values_list("name", flat=True)) == ["", "李小娜"]
    assert list(SourceRecord.objects.values_list("customer", flat=True)) == [2]
    assert [hit.title for hit in find_customers(admin, "李小娜", 9)] == ["李小娜"]


def test_a_file_that_another_customer_has_too_stays(seller: User, manager: User, admin: User, wang: Customer) -> None:
    other = create_customer(seller, values={"name": "李娜"})
    for customer in (wang, other):
        add_attachment(seller, customer_id=customer.pk, name="a.txt", chunks=[b"the same"])
    delete_customer(manager, customer_id=wang.pk)
    purge_customers(admin, customer_ids=[wang.pk])
    work_off()
    kept = Attachment.objects.get()
    assert (kept.customer_id, path_of(kept.digest).exists()) == (other.pk, True)
    delete_customer(manager, customer_id=other.pk)
    purge_customers(admin, customer_ids=[other.pk])
    work_off()
    assert not path_of(kept.digest).exists()


def test_the_night_takes_what_has_lain_long_enough(manager: User, admin: User) -> None:
    set_company(SYSTEM, "T公司")
    make_customers({"id": key, "name": f"客户{key}"} for key in (1, 2, 3, 4))
    for key in (1, 2, 3):
        delete_customer(manager, customer_id=key)
    for key, days in ((1, 91), (2, 89)):
        Customer.objects.filter(pk=key).update(deleted_at=timezone.now() - timedelta(days=days))
    purge_bin({})
    work_off()
    assert not Customer.objects.purged().exists(), "an upgrade and a new company erase nothing by themselves"
    assert find_binned(admin, 1).goes_on is None  # type: ignore[union-attr]
    choose_purge_after(admin, 90)
    assert find_binned(admin, 2).goes_on == timezone.localdate() + timedelta(days=2)  # type: ignore[union-attr]
    for _ in range(2):
        purge_bin({})
        work_off()
    assert list(Customer.objects.purged().values_list("pk", flat=True)) == [1]
    assert Batch.objects.get().asked_by is None
    choose_purge_after(admin, None)
    Customer.objects.filter(pk=2).update(deleted_at=timezone.now() - timedelta(days=999))
    purge_bin({})
    work_off()
    assert Customer.objects.purged().count() == 1
    entries = AuditEntry.objects.filter(command__endswith="choose_purge_after").order_by("pk")
    assert [entry.changes for entry in entries] == [{"purge_after_days": [None, 90]}, {"purge_after_days": [90, None]}]


def test_the_time_is_one_of_the_choices_and_the_administrators(manager: User, admin: User) -> None:
    set_company(SYSTEM, "T公司")
    before = AuditEntry.objects.count()
    with pytest.raises(PermissionDenied):
        choose_purge_after(manager, 30)
    with pytest.raises(PurgeTimeUnknown):
        choose_purge_after(admin, 1)
    assert (Company.objects.get().purge_after_days, AuditEntry.objects.count()) == (None, before)

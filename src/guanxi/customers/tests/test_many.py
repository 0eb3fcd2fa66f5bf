"""Bulk actions on customers: what each changes, whom it never touches, and the way back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from guanxi.customers.commands import assign_owner, delete_customer, edit_customer, put_tag, restore_customer, take_tag
from guanxi.customers.commands.edit import Edit
from guanxi.customers.errors import FieldInvalid, FieldUnknown, OwnerUnknown, TagUnknown
from guanxi.customers.lists import CUSTOMERS
from guanxi.customers.models import Customer, CustomerTag, Ownership, Tag
from guanxi.customers.own_fields import editable_fields
from guanxi.customers.search import matching_ids
from guanxi.customers.tests.factories import make_customers
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.batches.commands import start_batch, undo_batch
from guanxi.kernel.batches.models import Batch
from guanxi.kernel.batches.queries import BatchLine, get_batch, iterate_report
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import GuanxiError, PermissionDenied
from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.fields.commands import Looks, define_field
from guanxi.kernel.jobs.worker import Worker
from guanxi.kernel.lists.actions import Selection

pytestmark = pytest.mark.django_db
MINE, OTHERS, NOBODYS = (1, 2, 3), (4, 5), (6,)
NONE = 10**9  # the number of nothing: PostgreSQL counts on from test to test


@pytest.fixture
def customers(seller: User, colleague: User) -> None:
    owners = dict.fromkeys(MINE, seller.pk) | dict.fromkeys(OTHERS, colleague.pk)
    make_customers(
        {"id": key, "name": f"王伟{key}", "city": "杭州", "owner_id": owners.get(key)} for key in range(1, 7)
    )


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guanxi.kernel.batches.commands.CHUNK", 2)


def work_all() -> None:
    worker = Worker(threading.Event())
    while worker.run_one():
        pass


def do(actor: Actor, kind: str, ids: Any = range(1, 7), **options: Any) -> BatchLine:
    batch = start_batch(actor, kind=kind, options=options, ids=ids)
    work_all()
    return get_batch(actor, batch.pk)


def undo(actor: Actor, line: BatchLine) -> BatchLine:
    batch = undo_batch(actor, batch_id=line.id)
    work_all()
    return get_batch(actor, batch.pk)


def tally(line: BatchLine) -> tuple[str, int, int, int]:
    return line.state, line.changed, line.refused, line.unchanged


def column(name: str) -> list[Any]:
    return list(Customer.objects.order_by("pk").values_list(name, flat=True))


def found(text: str) -> list[int]:
    ids = matching_ids(text)
    assert ids is not None
    return list(Customer.objects.filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))


def rows() -> list[Any]:
    kinds = (Customer, CustomerTag, Tag, Batch)
    return [*(list(kind._default_manager.order_by("pk").values()) for kind in kinds), AuditEntry.objects.count()]


def last_event() -> tuple[str, dict[str, Any]]:
    event = EventRecord.objects.order_by("-pk")[0]
    return event.name.removeprefix("customers."), event.payload


def owned() -> list[tuple[int, str, str, bool]]:
    periods = Ownership.objects.order_by("customer", "pk").select_related("owner")
    return [(row.customer_id, row.owner.username, row.got, row.until is None) for row in periods]


@pytest.mark.parametrize(
    ("kind", "options"),
    [("customers.tag", {"name": "高尔夫"}), ("customers.edit", {"field": "city", "value": "宁波"})],
)
def test_a_sellers_batch_never_touches_anothers_customers(
    customers: None, seller: User, kind: str, options: dict[str, Any]
) -> None:
    others = Customer.objects.filter(pk__in=[*OTHERS, *NOBODYS]).order_by("pk")
    before = list(others.values())
    line = do(seller, kind, **options)
    assert tally(line) == ("done", 3, 3, 0)
    assert [(row.id, row.name, row.reason) for row in iterate_report(seller, line.id)] == [
        (key, "", "is not there any more, or not yours to see") for key in (4, 5, 6)
    ]
    assert list(others.values()) == before
    assert not CustomerTag.objects.filter(customer__in=others).exists()


def test_customers_in_the_bin_and_merged_away_are_left_alone(customers: None, manager: User) -> None:
    delete_customer(manager, customer_id=1)
    Customer.objects.filter(pk=2).update(main=3)
    line = do(manager, "customers.tag", name="高尔夫")
    assert tally(line) == ("done", 4, 2, 0)
    assert list(CustomerTag.objects.order_by("customer").values_list("customer", flat=True)) == [3, 4, 5, 6]


def test_assigning_keeps_the_periods_and_gives_them_back(
    customers: None, manager: User, seller: User, colleague: User
) -> None:
    before = [column("owner_id"), column("edited")]
    line = do(manager, "customers.assign", owner_id=colleague.pk)
    assert (line.sentence, tally(line)) == ("Assign 6 customers to 方磊", ("done", 4, 0, 2))
    assert column("owner_id") == [colleague.pk] * 6
    assert [sorted(edited) for edited in column("edited")] == [["owner_id"]] * 3 + [[]] * 2 + [["owner_id"]]
    batch = f"batch {line.id}"
    assert last_event() == (
        "OwnerChanged", {"customer_ids": [1, 2, 3, 6], "owner_id": colleague.pk, "batch": batch},
    )  # fmt: skip
    assert owned()[:4] == [
        (1, "shen", "source", False), (1, "fang", "bulk", True),
        (2, "shen", "source", False), (2, "fang", "bulk", True),
    ]  # fmt: skip
    assert set(Ownership.objects.filter(got="bulk").values_list("batch", flat=True)) == {batch}
    assign_owner(manager, customer_id=2, owner_id=manager.pk)
    undone = undo(manager, line)
    assert tally(undone) == ("done", 3, 1, 0)
    assert column("owner_id") == [before[0][0], manager.pk, *before[0][2:]]
    assert (column("edited")[0], column("edited")[2:]) == (before[1][0], before[1][2:])
    assert [period for period in owned() if period[0] in (1, 6)] == [
        (1, "shen", "source", False), (1, "fang", "bulk", False), (1, "shen", "bulk", True), (6, "fang", "bulk", False),
    ]  # fmt: skip
    assert last_event() == (
        "CustomersEdited", {"customer_ids": [1, 3, 6], "fields": ["owner_id"], "batch": f"batch {undone.id}"},
    )  # fmt: skip


def test_assigning_to_nobody(customers: None, manager: User) -> None:
    line = do(manager, "customers.assign", ids=[1, 6], owner_id=None)
    assert (line.sentence, tally(line)) == ("Leave 2 customers without an owner", ("done", 1, 0, 1))
    assert (column("owner_id")[0], Ownership.objects.get(customer=1).lost) == (None, "released")


def test_who_hands_customers_out_of_his_own_sight_may_take_them_back(
    customers: None, seller: User, colleague: User
) -> None:
    role = seller.roles.get()
    role.permissions = [*role.permissions, "customers.assign"]
    role.save()
    seller = User.objects.get(pk=seller.pk)
    line = do(seller, "customers.assign", ids=MINE, owner_id=colleague.pk)
    assert Customer.objects.visible_to(seller).count() == 0
    assert tally(undo(seller, line)) == ("done", 3, 0, 0)
    assert set(Customer.objects.visible_to(seller).values_list("pk", flat=True)) == set(MINE)


def test_a_tag_is_put_on_once_and_only_the_batchs_own_is_taken_off(customers: None, manager: User) -> None:
    tag = put_tag(manager, customer_id=2, name="高尔夫")
    line = do(manager, "customers.tag", name=" 高尔夫 ")
    assert (line.sentence, tally(line)) == ("Tag 6 customers “高尔夫”", ("done", 5, 0, 1))
    assert last_event() == (
        "CustomersEdited", {"customer_ids": [1, 3, 4, 5, 6], "fields": ["tag"], "batch": f"batch {line.id}"},
    )  # fmt: skip
    take_tag(manager, customer_id=3, tag_id=tag.pk)
    take_tag(manager, customer_id=4, tag_id=tag.pk)
    put_tag(manager, customer_id=4, name="高尔夫")
    undone = undo(manager, line)
    assert tally(undone) == ("done", 3, 2, 0)
    assert [row.id for row in iterate_report(manager, undone.id)] == [3, 4]
    assert list(CustomerTag.objects.order_by("customer").values_list("customer", "batch")) == [(2, ""), (4, "")]


def test_a_tag_is_taken_off_and_put_back_where_it_was(customers: None, manager: User) -> None:
    first = do(manager, "customers.tag", ids=[1, 2], name="高尔夫")
    tag = put_tag(manager, customer_id=3, name="高尔夫")
    before = list(CustomerTag.objects.order_by("customer").values_list("customer", "tag", "batch"))
    line = do(manager, "customers.untag", tag_id=tag.pk)
    assert (line.sentence, tally(line)) == ("Take the tag “高尔夫” off 6 customers", ("done", 3, 0, 3))
    assert not CustomerTag.objects.exists()
    assert tally(undo(manager, line)) == ("done", 3, 0, 0)
    assert list(CustomerTag.objects.order_by("customer").values_list("customer", "tag", "batch")) == before
    assert tally(undo(manager, first)) == ("done", 2, 0, 0)


def test_an_owner_somebody_else_had_in_between_is_left(customers: None, manager: User, colleague: User) -> None:
    line = do(manager, "customers.assign", ids=MINE, owner_id=colleague.pk)
    for owner_id in (manager.pk, colleague.pk):
        assign_owner(manager, customer_id=2, owner_id=owner_id)
    kept = Customer.objects.get(pk=2).edited
    undone = undo(manager, line)
    assert (tally(undone), [row.id for row in iterate_report(manager, undone.id)]) == (("done", 2, 1, 0), [2])
    assert (Customer.objects.get(pk=2).owner, Customer.objects.get(pk=2).edited) == (colleague, kept)


def test_a_field_that_held_something_else_in_between_is_left(customers: None, manager: User) -> None:
    line = do(manager, "customers.edit", field="company", value="天元茶业")
    for value in ("别家", "天元茶业"):
        edit_customer(manager, customer_id=5, edits={"company": Edit(value)})
    other = do(manager, "customers.edit", ids=[6], field="company", value="别家")
    assert tally(undo(manager, other)) == ("done", 1, 0, 0), "taken back, it changed nothing"
    undone = undo(manager, line)
    assert (tally(undone), [row.id for row in iterate_report(manager, undone.id)]) == (("done", 5, 1, 0), [5])
    assert column("company") == ["", "", "", "", "天元茶业", ""]


def test_a_tag_that_was_put_on_and_taken_off_in_between_stays_off(customers: None, manager: User) -> None:
    tag = put_tag(manager, customer_id=1, name="高尔夫")
    do(manager, "customers.tag", name="高尔夫")
    line = do(manager, "customers.untag", tag_id=tag.pk)
    put_tag(manager, customer_id=3, name="高尔夫")
    take_tag(manager, customer_id=3, tag_id=tag.pk)
    another = put_tag(manager, customer_id=1, name="茶")
    take_tag(manager, customer_id=1, tag_id=another.pk)
    undo(manager, do(manager, "customers.tag", ids=[2], name="高尔夫"))
    do(manager, "customers.tag", ids=[4, 5], name="高尔夫")
    do(manager, "customers.untag", ids=[4, 5], tag_id=tag.pk)
    undone = undo(manager, line)
    assert (tally(undone), [row.id for row in iterate_report(manager, undone.id)]) == (("done", 3, 3, 0), [3, 4, 5])
    assert list(CustomerTag.objects.order_by("customer").values_list("customer", flat=True)) == [1, 2, 6]


def test_who_was_deleted_and_restored_in_between_lives(customers: None, manager: User) -> None:
    do(manager, "customers.delete", ids=MINE)
    line = do(manager, "customers.restore", ids=MINE)
    delete_customer(manager, customer_id=1)
    restore_customer(manager, customer_id=1)
    do(manager, "customers.delete", ids=[2])
    do(manager, "customers.restore", ids=[2])
    undone = undo(manager, line)
    assert (tally(undone), [row.id for row in iterate_report(manager, undone.id)]) == (("done", 1, 2, 0), [1, 2])
    assert [at is None for at in column("deleted_at")] == [True, True, False, True, True, True]


def test_a_field_is_set_found_and_given_back(customers: None, manager: User) -> None:
    edit_customer(manager, customer_id=2, edits={"company": Edit("天元茶业")})
    marks = column("edited")
    line = do(manager, "customers.edit", field="company", value=" 天元  茶业 ")
    assert (line.sentence, tally(line)) == ("Set “Company” of 6 customers to “天元 茶业”", ("done", 6, 0, 0))
    assert column("company") == ["天元 茶业"] * 6
    assert found("天元") == [1, 2, 3, 4, 5, 6]
    edit_customer(manager, customer_id=5, edits={"company": Edit("别家")})
    assert tally(undo(manager, line)) == ("done", 5, 1, 0)
    assert column("company") == ["", "天元茶业", "", "", "别家", ""]
    assert [*column("edited")[:4], column("edited")[5]] == [*marks[:4], marks[5]]
    assert found("天元") == [2]


def test_the_trail_of_a_batch_holds_no_personal_values(customers: None, manager: User) -> None:
    line = do(manager, "customers.edit", field="company", value="天元茶业")
    undo(manager, line)
    told = " ".join(str(entry) for entry in AuditEntry.objects.values_list("target_key", "changes"))
    assert "天元茶业" not in told
    assert "天元茶业" not in " ".join(str(event) for event in EventRecord.objects.values_list("payload", flat=True))


def test_deleting_and_the_way_back(customers: None, manager: User) -> None:
    delete_customer(manager, customer_id=1)
    at = Customer.objects.get(pk=1).deleted_at
    line = do(manager, "customers.delete")
    assert (line.sentence, tally(line)) == ("Delete 6 customers", ("done", 5, 1, 0))
    assert Customer.objects.living().count() == 0
    assert last_event() == ("CustomersDeleted", {"customer_ids": [2, 3, 4, 5, 6], "batch": f"batch {line.id}"})
    restore_customer(manager, customer_id=2)
    delete_customer(manager, customer_id=2)
    undone = undo(manager, line)
    assert tally(undone) == ("done", 4, 1, 0)
    assert column("deleted_at")[0] == at
    assert sorted(Customer.objects.living().values_list("pk", flat=True)) == [3, 4, 5, 6]
    assert last_event()[0] == "CustomersRestored"


def test_a_list_that_moves_under_the_batch_changes_nothing(customers: None, manager: User) -> None:
    chosen = Selection.from_request(CUSTOMERS, {"all": "1", "state": "where=city:is:杭州"})
    ids = chosen.rows(manager, CUSTOMERS).values_list("pk", flat=True)
    batch = start_batch(manager, kind="customers.edit", options={"field": "city", "value": "宁波"}, ids=ids)
    make_customers([{"id": 7, "name": "晚到", "city": "杭州"}])
    edit_customer(manager, customer_id=3, edits={"city": Edit("温州")})
    work_all()
    assert column("city") == ["宁波"] * 6 + ["杭州"]
    assert tally(get_batch(manager, batch.pk)) == ("done", 6, 0, 0)


def test_of_two_batches_over_the_same_rows_the_first_undo_leaves_the_second_alone(
    customers: None, manager: User
) -> None:
    first = do(manager, "customers.edit", field="city", value="宁波")
    second = do(manager, "customers.edit", ids=[1, 2, 3], field="city", value="温州")
    assert tally(undo(manager, first)) == ("done", 3, 3, 0)
    assert column("city") == ["温州"] * 3 + ["杭州"] * 3
    assert tally(undo(manager, second)) == ("done", 3, 0, 0)
    assert column("city") == ["宁波"] * 3 + ["杭州"] * 3


@pytest.mark.parametrize(
    ("kind", "options", "error"),
    [
        ("customers.assign", {"owner_id": NONE}, OwnerUnknown),
        ("customers.tag", {"name": " "}, GuanxiError),
        ("customers.tag", {"name": "长" * 41}, FieldInvalid),
        ("customers.untag", {"tag_id": NONE}, TagUnknown),
        ("customers.edit", {"field": "name", "value": "x"}, FieldUnknown),
        ("customers.edit", {"field": "deleted_at", "value": ""}, FieldUnknown),
        ("customers.edit", {"field": "region_code", "value": "Atlantis"}, FieldInvalid),
    ],
)
def test_what_does_not_fit_is_refused_before_it_begins(
    customers: None, manager: User, kind: str, options: dict[str, Any], error: type[GuanxiError]
) -> None:
    before = rows()
    with pytest.raises(error):
        start_batch(manager, kind=kind, options=options, ids=[1])
    assert rows() == before


@pytest.mark.parametrize("kind", ["customers.assign", "customers.delete"])
def test_sellers_neither_hand_over_nor_delete(customers: None, seller: User, kind: str) -> None:
    before = rows()
    with pytest.raises(PermissionDenied):
        start_batch(seller, kind=kind, options={"owner_id": None}, ids=MINE)
    assert rows() == before


def test_publishing_leaves_what_a_batch_edited_alone_until_it_is_undone(customers: None, manager: User) -> None:
    line = do(manager, "customers.edit", ids=[1], field="city", value="宁波")
    make_customers([{"id": 1, "name": "王伟1", "city": "绍兴"}])
    assert column("city")[0] == "宁波"
    undo(manager, line)
    make_customers([{"id": 1, "name": "王伟1", "city": "绍兴"}])
    assert column("city")[0] == "绍兴"
    assert Customer.objects.get(pk=1).edited == {}


def test_undo_gives_back_also_what_nobody_could_type(customers: None, manager: User) -> None:
    looks = Looks(label_en="Club", options="gold\nsilver")
    define_field(SYSTEM, subject="customers", kind="choice", key="club", looks=looks)
    club = editable_fields()["custom.club"].read("gold")
    Customer.objects.filter(pk=1).update(region_code="999", custom={"club": "withdrawn"})
    line = do(manager, "customers.edit", field="region_code", value="CN-ZJ")
    other = do(manager, "customers.edit", field="custom.club", value=club)
    assert (tally(undo(manager, line)), column("region_code")) == (("done", 6, 0, 0), ["999", "", "", "", "", ""])
    assert (tally(undo(manager, other)), column("custom")) == (("done", 6, 0, 0), [{"club": "withdrawn"}, *[{}] * 5])

"""People merge customers and take it back: who may, what changes, and that nothing is lost on the way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.customers.commands import (
    Edit,
    add_contact_point,
    assign_owner,
    create_customer,
    delete_customer,
    edit_customer,
    log_interaction,
    merge_customers,
    publish_customers,
    retire_customers,
    unmerge_customers,
)
from guanxi.customers.errors import (
    AlreadyMerged,
    CustomerUnknown,
    FieldUnknown,
    KindsDiffer,
    MergeBuiltUpon,
    MergeTakenBack,
    MergeUnknown,
    NotThatMany,
)
from guanxi.customers.events import CustomersMerged, CustomersUnmerged
from guanxi.customers.models import Customer, Merge, Ownership, SourceRecord
from guanxi.customers.queries import get_customer_page
from guanxi.customers.queries.history import get_history
from guanxi.customers.search import matching_ids
from guanxi.customers.tests.factories import make_customers, make_records
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.errors import GuanxiError, PermissionDenied
from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.tests.actors import holding

pytestmark = pytest.mark.django_db
Everything = Callable[..., list[Any]]


@pytest.fixture
def other(seller: User) -> Customer:
    """The same person once more, with what the first lacks."""
    return create_customer(
        seller, values={"name": "王伟", "phone": "13900000000", "city": "杭州", "birth_on": "1984-02-29"}
    )


def heads() -> dict[int, int]:
    return dict(Customer.objects.values_list("pk", "main_id"))


def found(text: str) -> list[int]:
    ids = matching_ids(text)
    assert ids is not None
    return list(Customer.objects.living().filter(pk__in=ids).values_list("pk", flat=True))


def rows() -> list[dict[str, Any]]:
    """All customers but for the digest of what was sent: the next data update sends it anew."""
    return [
        {name: cell for name, cell in row.items() if name != "published"}
        for row in Customer.objects.order_by("pk").values()
    ]


def events(kind: type) -> list[Any]:
    return [record.payload for record in EventRecord.objects.filter(name=f"customers.{kind.__name__}").order_by("pk")]


# -- what it does


def test_the_survivor_keeps_its_own_and_takes_what_it_lacks(seller: User, wang: Customer, other: Customer) -> None:
    merge = merge_customers(seller, main_id=wang.pk, others=[other.pk])
    wang.refresh_from_db()
    assert heads() == {wang.pk: wang.pk, other.pk: wang.pk}
    assert (wang.phone, wang.city, wang.birth_on) == ("+8613812345678", "杭州", date(1984, 2, 29))
    assert {"city", "birth_on", "phone", "name"} <= set(wang.edited)  # typed in over there, so left alone here
    assert events(CustomersMerged) == [{"main_id": wang.pk, "merged_ids": [other.pk]}]
    assert (merge.main_id, merge.other_ids, merge.merged_by) == (wang.pk, [other.pk], seller)


def test_who_merges_chooses_field_by_field_and_a_data_update_leaves_that_alone(manager: User) -> None:
    make_customers([
        {"id": 1, "name": "王伟", "city": "杭州", "email": "a@example.com"},
        {"id": 2, "name": "王维", "city": "宁波", "email": "b@example.com"},
    ])  # fmt: skip
    merge_customers(manager, main_id=1, others=[2], chosen={"name": 2, "city": 1})
    make_customers([{"id": 1, "name": "王", "city": "上海", "email": "c@example.com"}])
    kept = Customer.objects.get(pk=1)
    assert (kept.name, kept.city, kept.email) == ("王维", "杭州", "c@example.com")


def test_the_survivor_is_found_by_what_belongs_to_each(seller: User, wang: Customer, other: Customer) -> None:
    add_contact_point(seller, customer_id=other.pk, values={"kind": "phone", "value": "13700000001"})
    merge = merge_customers(seller, main_id=wang.pk, others=[other.pk])
    assert found("13900000000") == found("13700000001") == found("13812345678") == [wang.pk]
    publish_customers(SYSTEM, batch="x", customers=[])
    unmerge_customers(seller, merge_id=merge.pk)
    assert found("13900000000") == found("13700000001") == [other.pk]
    assert found("13812345678") == [wang.pk]


def test_records_and_the_last_contact_count_together(manager: User) -> None:
    make_customers([{"id": 1, "name": "王伟"}, {"id": 2, "name": "王伟"}])
    make_records({"source": "pos", "source_key": str(key), "customer_id": key} for key in (1, 2))
    log_interaction(manager, customer_id=2, values={"kind": "call", "subject": "tea", "satisfaction": "4"})
    merge = merge_customers(manager, main_id=1, others=[2])
    page = get_customer_page(manager, 2)
    assert (page.id, page.record_count, len(page.records), page.last_contact_at is not None) == (1, 2, 2, True)
    unmerge_customers(manager, merge_id=merge.pk)
    assert list(Customer.objects.order_by("pk").values_list("source_records", "satisfaction")) == [(1, None), (1, 4)]
    assert SourceRecord.objects.get(source_key="2").customer_id == 2


def test_somebody_who_owns_one_of_them_owns_the_survivor(manager: User, wang: Customer) -> None:
    make_customers([{"id": 900, "name": "王伟"}])
    merge = merge_customers(manager, main_id=900, others=[wang.pk])
    assert Ownership.objects.get(customer=900, until=None).owner == wang.owner
    unmerge_customers(manager, merge_id=merge.pk)
    assert not Ownership.objects.filter(customer=900, until=None).exists()
    assert Ownership.objects.get(customer=wang.pk, until=None).owner == wang.owner


def test_the_history_tells_both(seller: User, wang: Customer, other: Customer) -> None:
    translation.activate("en")
    merge = merge_customers(seller, main_id=wang.pk, others=[other.pk])
    with translation.override("en"):
        titles = [line.title for line in get_history(seller, wang.pk).lines]
        assert titles.count("Merged customers") == 2
        unmerge_customers(seller, merge_id=merge.pk)
        for one in (wang, other):
            latest = [line.title for line in get_history(seller, one.pk).lines][:2]
            assert latest == ["Took a merge back", "Merged customers"]


# -- taking it back


def test_taken_back_everything_is_as_before(seller: User, wang: Customer, other: Customer) -> None:
    before = rows()
    merge = merge_customers(seller, main_id=wang.pk, others=[other.pk], chosen={"name": other.pk, "phone": other.pk})
    assert rows() != before
    unmerge_customers(seller, merge_id=merge.pk)
    assert rows() == before
    assert events(CustomersUnmerged) == [{"main_id": wang.pk, "restored_ids": [other.pk]}]


def test_what_was_edited_since_and_added_since_stays(seller: User, wang: Customer, other: Customer) -> None:
    merge = merge_customers(seller, main_id=wang.pk, others=[other.pk], chosen={"phone": other.pk})
    edit_customer(seller, customer_id=other.pk, edits={"city": Edit("苏州")})
    log_interaction(seller, customer_id=other.pk, values={"kind": "call", "subject": "tea"})
    unmerge_customers(seller, merge_id=merge.pk)
    wang.refresh_from_db()
    assert (wang.city, wang.phone, wang.birth_on) == ("苏州", "+8613812345678", None)
    assert wang.last_contact_at is not None
    assert Customer.objects.get(pk=other.pk).last_contact_at is None


def test_a_chain_comes_back_link_by_link(manager: User) -> None:
    make_customers({"id": pk, "name": f"王{pk}"} for pk in (1, 2, 3, 4))
    first = merge_customers(manager, main_id=2, others=[3])
    second = merge_customers(manager, main_id=1, others=[2, 4])
    assert heads() == {1: 1, 2: 1, 3: 1, 4: 1}
    with pytest.raises(MergeBuiltUpon):
        unmerge_customers(manager, merge_id=first.pk)
    assert heads() == {1: 1, 2: 1, 3: 1, 4: 1}
    unmerge_customers(manager, merge_id=second.pk)
    assert heads() == {1: 1, 2: 2, 3: 2, 4: 4}
    unmerge_customers(manager, merge_id=first.pk)
    assert heads() == {1: 1, 2: 2, 3: 3, 4: 4}


def test_the_earlier_of_two_is_taken_back_without_the_later(manager: User) -> None:
    make_customers([{"id": 1, "city": "杭州"}, {"id": 2, "city": "宁波"}, {"id": 3, "city": "温州"}])
    first = merge_customers(manager, main_id=1, others=[2], chosen={"city": 2})
    second = merge_customers(manager, main_id=1, others=[3], chosen={"city": 3})
    unmerge_customers(manager, merge_id=first.pk)
    assert (heads(), Customer.objects.get(pk=1).city) == ({1: 1, 2: 2, 3: 1}, "温州")
    unmerge_customers(manager, merge_id=second.pk)
    survivor = Customer.objects.get(pk=1)
    assert (survivor.city, survivor.edited) == ("杭州", {})


def test_a_number_that_keys_retired_since_comes_along(manager: User) -> None:
    make_customers({"id": pk, "name": f"王{pk}"} for pk in (1, 2, 3))
    merge = merge_customers(manager, main_id=2, others=[3])
    retire_customers(SYSTEM, batch="x", retired=[(2, 1)])
    assert heads() == {1: 1, 2: 1, 3: 1}
    unmerge_customers(manager, merge_id=merge.pk)
    assert heads() == {1: 1, 2: 1, 3: 3}  # what keys prove stays


# -- in any order


@dataclass(frozen=True)
class Step:
    """A merge, taking one back, or an edit; places pick among the customers or merges there are."""

    kind: str
    who: int
    others: list[int]
    giver: int


steps = st.lists(
    st.builds(
        Step, kind=st.sampled_from(["merge", "merge", "back", "edit"]), who=st.integers(0, 9),
        others=st.lists(st.integers(1, 6), min_size=1, max_size=3, unique=True), giver=st.integers(0, 3),
    ),
    max_size=14,
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
def test_in_any_order_each_number_stands_where_the_merges_left_say(manager: User, taken: list[Step]) -> None:
    """The oracle knows only who gave way to whom; taken back from the last to the first, all is as it was."""
    with transaction.atomic():
        make_customers(
            {"id": pk, "name": f"王{pk}", "city": "" if pk % 2 else f"城{pk}", "source_records": 0}
            for pk in range(1, 7)
        )
        before, edited = rows(), set()
        parent: dict[int, int] = {}
        merges: list[Merge] = []

        def root(pk: int) -> int:
            return root(parent[pk]) if pk in parent else pk

        def back(merge: Merge) -> None:
            if merge.main_id in parent:
                with pytest.raises(MergeBuiltUpon):
                    unmerge_customers(manager, merge_id=merge.pk)
                return
            unmerge_customers(manager, merge_id=merge.pk)
            merges.remove(merge)
            for other in merge.other_ids:
                del parent[other]

        for step in taken:
            who = step.who % 6 + 1
            if step.kind == "edit":
                edit_customer(manager, customer_id=who, edits={"city": Edit(f"新{step.giver}")})
                edited.add(root(who))
            elif step.kind == "back" and merges:
                back(merges[step.who % len(merges)])
            elif step.kind == "merge":
                ids = [who, *(pk for pk in step.others if pk != who)]
                asked: dict[str, Any] = {
                    "main_id": who,
                    "others": ids[1:],
                    "chosen": {"city": ids[step.giver % len(ids)]},
                }
                if len(ids) == 1 or any(pk in parent for pk in ids):
                    with pytest.raises((NotThatMany, AlreadyMerged)):
                        merge_customers(manager, **asked)
                else:
                    merges.append(merge_customers(manager, **asked))
                    parent |= dict.fromkeys(ids[1:], who)
            assert heads() == {pk: root(pk) for pk in range(1, 7)}
        while merges:
            back(merges[-1])
        after = [row for row in rows() if row["id"] not in edited]
        assert after == [row for row in before if row["id"] not in edited]
        transaction.set_rollback(True)


# -- refusals


def test_refusals_change_nothing(
    seller: User, manager: User, wang: Customer, other: Customer, tea: Customer, colleague: User, everything: Everything
) -> None:
    gone = create_customer(seller, values={"name": "gone"})
    away = create_customer(seller, values={"name": "away"})
    theirs = create_customer(colleague, values={"name": "theirs"})
    delete_customer(manager, customer_id=gone.pk)
    merge = merge_customers(seller, main_id=wang.pk, others=[away.pk])
    back = merge_customers(seller, main_id=wang.pk, others=[other.pk])
    unmerge_customers(seller, merge_id=back.pk)
    hidden = merge_customers(manager, main_id=theirs.pk, others=[other.pk])
    unmerge_customers(manager, merge_id=hidden.pk)
    before = everything(Merge, Ownership)
    refused: list[tuple[type[GuanxiError], Any, dict[str, Any]]] = [
        (CustomerUnknown, seller, {"main_id": wang.pk, "others": [gone.pk]}),
        (CustomerUnknown, seller, {"main_id": gone.pk, "others": [wang.pk]}),
        (CustomerUnknown, seller, {"main_id": wang.pk, "others": [theirs.pk]}),
        (CustomerUnknown, seller, {"main_id": theirs.pk, "others": [wang.pk]}),
        (CustomerUnknown, seller, {"main_id": wang.pk, "others": [999]}),
        (AlreadyMerged, seller, {"main_id": away.pk, "others": [other.pk]}),
        (AlreadyMerged, seller, {"main_id": other.pk, "others": [away.pk]}),
        (KindsDiffer, seller, {"main_id": wang.pk, "others": [tea.pk]}),
        (NotThatMany, seller, {"main_id": wang.pk, "others": []}),
        (NotThatMany, seller, {"main_id": wang.pk, "others": [wang.pk]}),
        (NotThatMany, seller, {"main_id": 1, "others": [2, 3, 4, 5, 6]}),
        (FieldUnknown, seller, {"main_id": wang.pk, "others": [other.pk], "chosen": {"edited": other.pk}}),
        (CustomerUnknown, seller, {"main_id": wang.pk, "others": [other.pk], "chosen": {"name": tea.pk}}),
        (PermissionDenied, holding("customers.view"), {"main_id": wang.pk, "others": [other.pk]}),
    ]
    for error, actor, asked in refused:
        with pytest.raises(error):
            merge_customers(actor, **asked)
    for error, actor, number in [
        (MergeTakenBack, seller, back.pk),
        (MergeUnknown, seller, 999),
        (MergeUnknown, seller, hidden.pk),
        (MergeUnknown, colleague, merge.pk),
        (PermissionDenied, holding("customers.view"), merge.pk),
    ]:
        with pytest.raises(error):
            unmerge_customers(actor, merge_id=number)
    assert everything(Merge, Ownership) == before


def test_another_owner_is_chosen_by_who_may_hand_over(
    manager: User, seller: User, wang: Customer, other: Customer, colleague: User, everything: Everything
) -> None:
    service = holding("customers.view", "customers.edit")
    assign_owner(manager, customer_id=other.pk, owner_id=colleague.pk)
    before = everything(Merge)
    with pytest.raises(PermissionDenied):
        merge_customers(service, main_id=wang.pk, others=[other.pk], chosen={"owner_id": other.pk})
    assert everything(Merge) == before
    merge = merge_customers(manager, main_id=wang.pk, others=[other.pk], chosen={"owner_id": other.pk})
    assert Ownership.objects.get(customer=wang, until=None).owner == colleague
    unmerge_customers(manager, merge_id=merge.pk)
    assert Ownership.objects.get(customer=wang, until=None).owner == seller


def test_a_merge_of_somebody_in_the_bin_is_taken_back_after_they_came_out(
    manager: User, wang: Customer, other: Customer, everything: Everything
) -> None:
    merge = merge_customers(manager, main_id=wang.pk, others=[other.pk])
    delete_customer(manager, customer_id=wang.pk)
    before = everything(Merge)
    with pytest.raises(CustomerUnknown):
        unmerge_customers(manager, merge_id=merge.pk)
    assert everything(Merge) == before


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite lets one write at a time, and in memory refuses the rest"
)
@pytest.mark.parametrize("turn", range(10))
@pytest.mark.django_db(transaction=True)
def test_of_people_at_once_some_merge_and_the_others_are_told(manager: User, turn: int) -> None:
    make_customers({"id": pk, "name": f"王{pk}"} for pk in (1, 2, 3))
    pairs = [(1, 2), (2, 1), (3, 2)]
    start, told = threading.Barrier(len(pairs)), []

    def merge(main_id: int, other_id: int) -> None:
        start.wait()
        try:
            merge_customers(manager, main_id=main_id, others=[other_id])
            told.append("merged")
        except GuanxiError as refused:
            told.append(refused.code)
        finally:
            connection.close()

    people = [threading.Thread(target=merge, args=pair) for pair in pairs]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert sorted(told) in (
        ["already_merged", "already_merged", "merged"],
        ["already_merged", "merged", "merged"],  # 1 into 2, and that into 3
    )
    after = heads()
    assert all(after[main] == main for main in after.values())
    assert Merge.objects.count() == told.count("merged")

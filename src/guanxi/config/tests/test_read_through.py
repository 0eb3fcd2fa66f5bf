"""Merging moves no rows: whatever hangs on a customer that gave way is read through the survivor (the contract)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import pytest
from django.apps import apps
from django.db.models import ForeignKey
from django.http import QueryDict
from django.utils import timezone

from guanxi.customers.commands import (
    add_address,
    add_certificate,
    add_contact,
    add_contact_point,
    add_preference,
    add_relation,
    assign_owner,
    create_task,
    log_interaction,
    merge_customers,
    put_tag,
    record_purchase,
    unmerge_customers,
)
from guanxi.customers.models import Attachment, Customer
from guanxi.customers.queries import get_customer_page
from guanxi.customers.queries.duplicates import find_duplicates
from guanxi.customers.queries.for_programs import list_interactions, list_preferences, list_tasks
from guanxi.customers.queries.merges import list_merges
from guanxi.customers.queries.my_day import get_my_day
from guanxi.customers.queries.purchases import list_purchases
from guanxi.customers.queries.timeline import load_files, load_follow_ups, load_owners
from guanxi.customers.rules import Line
from guanxi.customers.tests.factories import make_customers, make_records, make_standings
from guanxi.intelligence.small import rescore
from guanxi.intelligence.small.touches import touch_customers
from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.lists.reading import walk_keys
from guanxi.kernel.lists.spec import get_list
from guanxi.kernel.lists.state import ListState
from guanxi.marketing.commands.measure import measure_follow_up
from guanxi.marketing.models import CustomerGroup, FollowUp, FollowUpMember, GroupMember

pytestmark = pytest.mark.django_db
MAIN, GONE, FRIEND, FIRM, OFFICE = 1, 2, 3, 4, 5
AT: Final = datetime(2026, 11, 20, 4, tzinfo=UTC)


def _listed(where: str) -> list[int]:
    spec = get_list("customers")
    return list(walk_keys(SYSTEM, spec, ListState.from_address(spec, QueryDict(f"where={where}"))))


def _page(actor: User) -> Any:
    return get_customer_page(actor, MAIN)


def _listed_by(text: str) -> list[int]:
    spec = get_list("customers")
    return list(walk_keys(SYSTEM, spec, ListState.from_address(spec, QueryDict(f"q={text}"))))


def _group(who: User) -> CustomerGroup:
    return CustomerGroup.objects.create(name="茶", created_by=who, created_at=AT, is_complete=True)


def _drawn(who: User) -> FollowUpMember:
    log_interaction(who, customer_id=GONE, values={"kind": "call", "subject": "茶", "reached": "yes"})
    follow_up = FollowUp.objects.create(
        group=_group(who), title="茶", reason="茶", state="running", control_percent=10, started_on=AT.date(),
        due_on=AT.date(), measured_days=30, started_by=who, started_at=AT,
    )  # fmt: skip
    return FollowUpMember.objects.create(follow_up=follow_up, customer_id=GONE, arm="treated")


# What hangs on customers -> how it is put on one, and where it must show on the survivor afterwards.
Put = Callable[[User], Any]
Shown = Callable[[User, Any], bool]
READ: Final[dict[str, tuple[Put, Shown]]] = {
    "customers.Customer.main": (lambda _who: None, lambda who, _: _page(who).merged_ids == [GONE]),
    "customers.SourceRecord.customer": (
        lambda _who: make_records([{"source": "pos", "source_key": "9", "customer_id": GONE}]),
        lambda who, _: [one.key for one in _page(who).records] == ["9"] and _listed("source:is:pos") == [MAIN],
    ),
    "customers.Standing.customer": (  # the survivor's own counts for all; the small refresh sums it up
        lambda _who: make_standings([{"customer_id": GONE, "tier": "vip"}]),
        lambda who, _: _listed("tier:is:vip") == [] and rescore._people({MAIN}).gone == {GONE},
    ),
    "customers.Interaction.customer": (
        lambda who: log_interaction(
            who, customer_id=GONE, values={"kind": "call", "subject": "茶", "satisfaction": "4"}
        ),
        lambda who, made: (
            [one.pk for one in list_interactions(who, MAIN, before=None, size=9)] == [made.pk]
            and [entry.id for entry in load_follow_ups(who, _page(who).ids, None, 9)] == [made.pk]
            and _page(who).feeling.score == 4
            and _listed("satisfaction:is:4") == [MAIN]
        ),
    ),
    "customers.Task.customer": (
        lambda who: create_task(who, customer_id=GONE, values={"title": "茶", "due_on": timezone.localdate()}),
        lambda who, made: (
            [one.id for one in _page(who).steps] == [made.pk]
            and [one.pk for one in list_tasks(who, customer_id=MAIN)] == [made.pk]
            and MAIN
            in {
                step.customer_id for group in get_my_day(who, today=timezone.localdate()).groups for step in group.steps
            }
            and _listed(f"follow_up:is:{timezone.localdate()}") == [MAIN]
        ),
    ),
    "customers.Purchase.customer": (
        lambda who: record_purchase(
            who, customer_id=GONE, lines=[Line("茶", "", Decimal(1), Decimal(8))], bought_at=AT, key="k"
        ),
        lambda who, made: [one.id for one in list_purchases(who, MAIN)] == [made.pk],
    ),
    "customers.ContactPoint.customer": (
        lambda who: add_contact_point(who, customer_id=GONE, values={"kind": "phone", "value": "13700000001"}),
        lambda who, made: made.pk in {one.id for one in _page(who).contacts} and _listed_by("13700000001") == [MAIN],
    ),
    "customers.Address.customer": (
        lambda who: add_address(who, customer_id=GONE, values={"kind": "home", "line": "湖墅南路 1"}),
        lambda who, made: [one.id for one in _page(who).addresses] == [made.pk],
    ),
    "customers.Certificate.customer": (
        lambda who: add_certificate(who, customer_id=GONE, values={"kind": "passport", "number": "E12345678"}),
        lambda who, made: (
            [one.id for one in _page(who).papers] == [made.pk]
            and [one.id for one in find_duplicates(who, certificate=("passport", "E12345678"))] == [MAIN]
        ),
    ),
    "customers.Contact.customer": (
        lambda who: add_contact(who, customer_id=OFFICE, values={"name": "陈静"}),
        lambda who, made: [one.id for one in get_customer_page(who, FIRM).speakers] == [made.pk],
    ),
    "customers.Contact.person": (  # its link leads to the number it was given, which leads on
        lambda who: add_contact(who, customer_id=FIRM, values={"name": "王伟", "person_id": GONE}),
        lambda who, _: get_customer_page(who, get_customer_page(who, FIRM).speakers[0].person_id or 0).id == MAIN,
    ),
    "customers.Preference.customer": (
        lambda who: add_preference(
            who, customer_id=GONE, values={"kind": "drink", "value": "龙井", "attitude": "like"}
        ),
        lambda who, made: (
            [one.id for one in _page(who).tastes] == [one.pk for one in list_preferences(who, MAIN)] == [made.pk]
        ),
    ),
    "customers.CustomerTag.customer": (
        lambda who: put_tag(who, customer_id=GONE, name="茶友"),
        lambda who, tag: [one.name for one in _page(who).tags] == ["茶友"] and _listed(f"tags:is:{tag.pk}") == [MAIN],
    ),
    "customers.Relation.customer": (
        lambda who: add_relation(who, customer_id=GONE, values={"other_id": FRIEND, "kind": "family"}),
        lambda who, _: (
            [one.other_id for one in _page(who).related] == [FRIEND]
            and [one.other_id for one in get_customer_page(who, FRIEND).related] == [MAIN]
        ),
    ),
    "customers.Relation.other": (
        lambda who: add_relation(who, customer_id=FRIEND, values={"other_id": GONE, "kind": "family"}),
        lambda who, _: (
            [one.other_id for one in _page(who).related] == [FRIEND]
            and [one.other_id for one in get_customer_page(who, FRIEND).related] == [MAIN]
        ),
    ),
    "customers.Attachment.customer": (
        lambda _who: Attachment.objects.create(customer_id=GONE, name="a.pdf", size=1, digest="d", added_at=AT),
        lambda who, made: (
            [one.id for one in _page(who).files] == [made.pk]
            and [entry.id for entry in load_files(who, _page(who).ids, None, 9)] == [made.pk]
        ),
    ),
    "customers.Ownership.customer": (
        lambda who: assign_owner(who, customer_id=GONE, owner_id=who.pk),
        lambda who, _: len(load_owners(who, _page(who).ids, None, 9)) == 2,  # the other's, and the survivor's own since
    ),
    "customers.Merge.main": (
        lambda who: merge_customers(who, main_id=GONE, others=[FRIEND]),
        lambda who, made: made.pk in {one.id for one in list_merges(_page(who).ids)},
    ),
    "intelligence.Touch.customer": (
        lambda _who: touch_customers(SYSTEM, customer_ids=[GONE]),
        lambda _who, _: rescore._people({GONE}).living == {MAIN},
    ),
    "marketing.GroupMember.customer": (
        lambda who: GroupMember.objects.create(customer_id=GONE, group=_group(who)),
        lambda who, made: _listed(f"group:is:{made.group_id}") == [MAIN],
    ),
    "marketing.FollowUpMember.customer": (
        _drawn,
        lambda who, made: measure_follow_up(SYSTEM, follow_up_id=made.follow_up_id).reached == 1,
    ),
}


def _keys_to_customers() -> list[str]:
    return sorted(
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and field.related_model is Customer
    )


def test_every_foreign_key_to_customers_is_in_the_contract() -> None:
    assert _keys_to_customers() == sorted(READ)


@pytest.mark.parametrize("key", sorted(READ))
def test_it_is_read_through_the_survivor(key: str) -> None:
    """And back where it was, once the merge is taken back."""
    ensure_roles(SYSTEM)
    who = create_user(SYSTEM, "liu", "correct horse battery", roles=["manager"])
    make_customers([
        {"id": MAIN, "name": "王伟"}, {"id": GONE, "name": "王伟"}, {"id": FRIEND, "name": "李娜"},
        {"id": FIRM, "name": "天元", "kind": "organisation"}, {"id": OFFICE, "name": "天元", "kind": "organisation"},
    ])  # fmt: skip
    put, is_shown = READ[key]
    made = put(who)
    model, _dot, field = key.rpartition(".")
    rows = apps.get_model(model)._default_manager.values_list("pk", field)
    before = set(rows)
    firms = merge_customers(who, main_id=FIRM, others=[OFFICE])
    merge = merge_customers(who, main_id=MAIN, others=[GONE])
    assert key == "customers.Customer.main" or before <= set(rows)  # no row moves
    assert is_shown(who, made)
    unmerge_customers(who, merge_id=merge.pk)
    unmerge_customers(who, merge_id=firms.pk)
    assert _page(who).merged_ids == []

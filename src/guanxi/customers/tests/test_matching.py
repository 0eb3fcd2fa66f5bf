"""Every filter of the customer list, by what it finds; in short form, in the grammar, in groups."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from guanxi.customers.lists import CUSTOMERS
from guanxi.customers.models import Customer, CustomerTag, Standing, Tag, Task
from guanxi.customers.tests.factories import AS_OF, make_customers, make_records, make_standings
from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.lists.errors import FilterUnknown
from guanxi.kernel.lists.matching import matching
from guanxi.kernel.lists.reading import read_list, walk_keys
from guanxi.kernel.lists.state import ListState

pytestmark = pytest.mark.django_db

MANY: list[dict[str, Any]] = [
    {"id": 1, "name": "王伟", "region_code": "CN-ZJ", "city": "杭州", "source_records": 2, "phone": "+8613812345678"},
    {"id": 2, "name": "李娜", "region_code": "CN-ZJ", "owner_code": "S07"},
    {"id": 3, "name": "清雅茶业", "kind": "organisation", "region_code": "GB", "email": "tea@example.com"},
    {"id": 4, "name": "张三"},
    {"id": 5, "name": "merged", "region_code": "CN-ZJ"},
    {"id": 6, "name": "binned", "region_code": "CN-ZJ"},
]
STANDINGS: list[dict[str, Any]] = [
    {"customer_id": 1, "tier": "vip", "stage": "decline", "status": "loyal", "rfm_group": "HHH", "r": 5, "f": 4,
     "m": 5, "abc": "A", "frequency": 9, "spend_12m": 900, "last_purchase_on": date(2025, 11, 23)},
    {"customer_id": 2, "tier": "", "stage": "decline", "status": "lost", "rfm_group": "LLL", "r": 1, "f": 1, "m": 1,
     "frequency": 1, "last_purchase_on": date(2025, 11, 22)},
    {"customer_id": 3, "tier": "small", "stage": "stable", "status": "repeat", "rfm_group": "HLL", "r": 5, "f": 2,
     "m": 1, "abc": "C", "frequency": 2, "spend_12m": 20, "last_purchase_on": AS_OF},
    {"customer_id": 5, "tier": "vip", "stage": "stable", "status": "loyal", "last_purchase_on": AS_OF},
]  # fmt: skip
LONG_AGO = datetime(2020, 1, 1, 23, 30, tzinfo=UTC)  # 2 January on the clock of Shanghai


@pytest.fixture
def liu() -> User:
    ensure_roles(SYSTEM)
    return create_user(SYSTEM, "liu", "correct horse battery", roles=["service"])


@pytest.fixture
def some(liu: User) -> None:
    make_customers(MANY)
    make_standings(STANDINGS)
    make_records(
        [
            {"source": "shop", "source_key": "A", "customer_id": 1, "is_main": True},
            {"source": "store", "source_key": "B", "customer_id": 1},
            {"source": "store", "source_key": "C", "customer_id": 2, "is_main": True},
        ]
    )
    Customer.objects.filter(pk=5).update(main=1)
    Customer.objects.filter(pk=6).update(deleted_at=LONG_AGO)
    Customer.objects.filter(pk=4).update(owner=liu, satisfaction=2, last_contact_at=LONG_AGO)
    red = Tag.objects.create(pk=7, name="red")
    CustomerTag.objects.create(customer_id=3, tag=red)
    today = CUSTOMERS.ground(SYSTEM).today
    for customer, days, state in ((1, -1, "open"), (2, 3, "open"), (3, 3, "done")):
        Task.objects.create(
            customer_id=customer, title="call", due_on=today + timedelta(days=days), state=state, created_at=LONG_AGO
        )


def found(actor: Actor, **address: str) -> list[int]:
    state = ListState.from_address(CUSTOMERS, address)
    assert ListState.from_address(CUSTOMERS, state.parameters()) == state  # the address holds all of it
    keys = sorted(matching(actor, CUSTOMERS, state).values_list("pk", flat=True))
    for _time in range(2):  # at first by their keys, then by whatever condition is best
        assert sorted(walk_keys(actor, CUSTOMERS, state)) == keys
        assert read_list(actor, CUSTOMERS, state, []).count == len(keys)
    return keys


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({}, [1, 2, 3, 4]),
        ({"tier": "vip"}, [1]),
        ({"stage": "decline"}, [1, 2]),
        ({"status": "lost"}, [2]),
        ({"rfm": "HHH"}, [1]),
        ({"r": "5"}, [1, 3]),
        ({"r": "5", "f": "2"}, [3]),
        ({"m": "1"}, [2, 3]),
        ({"abc": "A"}, [1]),
        ({"bought": "ever"}, [1, 2, 3]),
        ({"bought": "12m"}, [1, 3]),
        ({"quiet": "1"}, [1]),
        ({"region": "CN-ZJ"}, [1, 2]),
        ({"region": "none"}, [4]),
        ({"kind": "organisation"}, [3]),
        ({"records": "many"}, [1]),
        ({"owner": "left"}, [2]),
        ({"owner": "none"}, [1, 3]),
        ({"owner": "me"}, [4]),
        ({"source": "store"}, [1, 2]),
        ({"source": "store", "tier": "vip"}, [1]),
        ({"q": "王伟"}, [1]),
        ({"q": "5678"}, [1]),
        ({"q": "4"}, [4]),
        ({"q": "?!"}, []),
        ({"q": "王伟", "region": "GB"}, []),
        ({"where": "tier:in:vip;small"}, [1, 3]),
        ({"where": "tier:not:vip"}, [2, 3, 4]),
        ({"where": "tier:empty"}, [2, 4]),
        ({"where": "tier:filled"}, [1, 3]),
        ({"where": "(tier:is:vip|owner:is:me)"}, [1, 4]),
        ({"where": "(tier:is:vip,stage:is:decline)|(kind:is:organisation,region:is:GB)"}, [1, 3]),
        ({"where": "(tier:is:vip|tier:is:small),(region:is:GB|stage:is:stable)"}, [3]),
        ({"tier": "vip", "where": "city:contains:杭"}, [1]),
        ({"where": "city:filled"}, [1]),
        ({"where": "region:in:GB;none"}, [3, 4]),
        ({"where": "region:not:none"}, [1, 2, 3]),
        ({"where": "owner:not:none"}, [2, 4]),
        ({"where": "owner:filled"}, [4]),
        ({"where": "phone:filled"}, [1]),
        ({"where": "email:empty"}, [1, 2, 4]),
        ({"where": "spend:from:20"}, [1, 3]),
        ({"where": "spend:between:10;900"}, [1, 3]),
        ({"where": "spend:to:20.00"}, [2, 3]),
        ({"where": "orders:is:9"}, [1]),
        ({"where": "orders:not:9"}, [2, 3, 4]),
        ({"where": "last:within:12m"}, [1, 3]),
        ({"where": "last:before:12m"}, []),
        ({"where": "last:before:364d"}, [2]),
        ({"where": "last:during:this_month"}, [3]),
        ({"where": "last:is:2025-11-22"}, [2]),
        ({"where": "last:between:2025-11-01;2025-11-30"}, [1, 2]),
        ({"where": "last:since:2025-11-23"}, [1, 3]),
        ({"where": "last:until:2025-11-22"}, [2]),
        ({"where": "last:empty"}, [4]),
        ({"where": "satisfaction:to:2"}, [4]),
        ({"where": "satisfaction:from:1.5"}, [4]),
        ({"where": "satisfaction:from:2.5"}, []),
        ({"where": "satisfaction:to:1.5"}, []),
        ({"where": "satisfaction:is:2.5"}, []),
        ({"where": "satisfaction:not:2.5"}, [1, 2, 3, 4]),
        ({"where": "satisfaction:between:1.5;2.5"}, [4]),
        ({"where": "orders:from:8.5"}, [1]),
        ({"where": "orders:not:8.5"}, [1, 2, 3, 4]),
        ({"where": "orders:from:9.5"}, []),
        ({"where": "contacted:is:2020-01-02"}, [4]),
        ({"where": "contacted:is:2020-01-01"}, []),
        ({"where": "contacted:before:90d"}, [4]),
        ({"where": "contacted:within:90d"}, []),
        ({"where": "tags:is:7"}, [3]),
        ({"where": "tags:not:7"}, [1, 2, 4]),
        ({"where": "tags:empty"}, [1, 2, 4]),
        ({"where": "follow_up:next:7d"}, [2]),
        ({"where": "follow_up:before:1d"}, []),
        ({"where": "follow_up:during:yesterday"}, [1]),
        ({"where": "follow_up:empty"}, [3, 4]),
        ({"where": "name:contains:伟"}, [1]),
        ({"where": "source:not:shop"}, [2, 3, 4]),
        ({"where": "bought:not:ever"}, [4]),
    ],
)
def test_what_is_found(some: None, liu: User, address: dict[str, str], expected: list[int]) -> None:
    assert found(liu, **address) == expected


@pytest.mark.parametrize(
    ("address", "facts"),
    [
        ({"tier": "gold"}, {"name": "tier", "value": "gold"}),
        ({"r": "6"}, {"name": "r", "value": "6"}),
        ({"quiet": "yes"}, {"name": "quiet", "value": "yes"}),
        ({"owner": "left;drop"}, {"name": "owner", "value": "left;drop"}),
        ({"where": "shoe:is:9"}, {"name": "shoe", "value": "9"}),
        ({"where": "tier:contains:v"}, {"name": "tier", "value": "contains:v"}),
        ({"where": "spend:from:much"}, {"name": "spend", "value": "much"}),
        ({"where": "spend:between:1"}, {"name": "spend", "value": "1"}),
        ({"where": "last:within:90"}, {"name": "last", "value": "90"}),
        ({"where": "last:is:2026-02-30"}, {"name": "last", "value": "2026-02-30"}),
        ({"where": "last:during:soon"}, {"name": "last", "value": "soon"}),
        ({"where": "phone:contains:138"}, {"name": "phone", "value": "contains:138"}),
        ({"where": "tags:is:red"}, {"name": "tags", "value": "red"}),
        ({"where": "name:contains:王\0"}, {"name": "name", "value": "王\0"}),
        ({"region": "\0x"}, {"name": "region", "value": "\0x"}),
    ],
)
def test_what_no_filter_can_be_is_refused(some: None, address: dict[str, str], facts: dict[str, str]) -> None:
    with pytest.raises(FilterUnknown) as refused:
        ListState.from_address(CUSTOMERS, address)
    assert refused.value.facts == facts


def test_a_seller_finds_his_own_only_and_an_operator_nothing(some: None) -> None:
    seller = create_user(SYSTEM, "chen", "correct horse battery", roles=["seller"])
    Customer.objects.filter(pk__in=[2, 3]).update(owner=seller)
    assert found(seller) == [2, 3]
    assert found(seller, where="(tier:is:vip|region:is:GB)") == [3]
    operator = create_user(SYSTEM, "op", "correct horse battery", roles=["operator"])
    with pytest.raises(PermissionDenied):
        found(operator)


def test_without_any_run_nobody_has_a_standing() -> None:
    make_customers(MANY[:2])
    assert found(SYSTEM) == [1, 2]
    assert found(SYSTEM, tier="vip") == []
    assert found(SYSTEM, where="tier:empty") == [1, 2]


@pytest.mark.parametrize("sort", ["last", "last.turned", "spend", "name", "id"])
def test_tags_of_merged_and_binned_customers_count_for_who_lives(some: None, sort: str) -> None:
    make_customers([{"id": 7, "name": "merged into one in the bin"}])
    Customer.objects.filter(pk=7).update(main=6)
    CustomerTag.objects.bulk_create(CustomerTag(customer_id=pk, tag_id=7) for pk in (1, 2, 5, 6, 7))
    Standing.objects.filter(customer=1).delete()
    assert found(SYSTEM, tags="7", sort=sort) == [1, 2, 3]
    asked = ListState.from_address(CUSTOMERS, {"tags": "7", "sort": sort})
    whole = [row["pk"] for row in read_list(SYSTEM, CUSTOMERS, asked, []).rows]
    assert sorted(whole) == [1, 2, 3]
    assert whole[-1] == 1 or sort in ("name", "id")  # without a standing
    first = read_list(SYSTEM, CUSTOMERS, asked, [], 1)
    second = read_list(SYSTEM, CUSTOMERS, asked.changed(cursor=first.next_cursor), [], 1)
    third = read_list(SYSTEM, CUSTOMERS, asked.changed(cursor=second.next_cursor), [], 1)
    back = read_list(SYSTEM, CUSTOMERS, asked.changed(cursor=third.previous_cursor), [], 1)
    assert [page.rows[0]["pk"] for page in (first, second, third, back)] == [*whole, whole[1]]
    assert {page.count for page in (first, second, third, back)} == {3}

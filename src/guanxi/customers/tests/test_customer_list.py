from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.customers import queries
from guanxi.customers.filters import CustomerFilters
from guanxi.customers.models import Customer
from guanxi.customers.queries import count_customers, customer_list, find_way_out, list_customers
from guanxi.customers.queries.customer_list import SORTS, Sort
from guanxi.customers.tests.factories import AS_OF, make_customers, make_records, make_standings
from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.lists.keyset import Cursor

pytestmark = pytest.mark.django_db


@pytest.fixture
def tied() -> list[int]:
    """Sixty customers full of ties: equal spends, equal names, equal days, some without any standing."""
    names = ("王伟", "李娜", "David")
    make_customers({"id": key, "name": names[key % 3]} for key in range(1, 61))
    make_standings(
        {
            "customer_id": key, "status": "repeat", "spend_12m": (key % 4) * 100, "frequency": key % 2,
            "last_purchase_on": None if key % 5 == 0 else AS_OF - timedelta(days=key % 3),
        }
        for key in range(1, 51)
    )  # fmt: skip
    return list(range(1, 61))


def read_all(sort: Sort, size: int, **filters: str) -> Iterator[list[int]]:
    cursor = ""
    while True:
        page = list_customers(SYSTEM, CustomerFilters(**filters), cursor, size, sort)
        yield [row.id for row in page.rows]
        if not (cursor := page.next_cursor):
            return


def read_back(sort: Sort, size: int) -> list[int]:
    """Read to the end, then back to the beginning, and return what was met on the way back."""
    cursor, page = "", list_customers(SYSTEM, CustomerFilters(), "", size, sort)
    while page.next_cursor:
        cursor = page.next_cursor
        page = list_customers(SYSTEM, CustomerFilters(), cursor, size, sort)
    met = [row.id for row in page.rows]
    while page.previous_cursor:
        page = list_customers(SYSTEM, CustomerFilters(), page.previous_cursor, size, sort)
        met = [row.id for row in page.rows] + met
    return met


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("size", [1, 7, 50, 60, 100])
def test_paging_loses_nobody_and_repeats_nobody(tied: list[int], sort: Sort, size: int) -> None:
    pages = list(read_all(sort, size))
    read = [key for page in pages for key in page]
    assert sorted(read) == tied
    assert all(len(page) == size for page in pages[:-1])
    assert read == next(read_all(sort, 100))
    assert read_back(sort, size) == read


def test_the_orders_are_what_they_say(tied: list[int]) -> None:
    rows = {row.id: row for row in list_customers(SYSTEM, CustomerFilters(), size=100).rows}
    by_spend = [rows[key].spend_12m for key in next(read_all("spend", 100))]
    assert by_spend[:50] == sorted((spend for spend in by_spend if spend is not None), reverse=True)
    assert by_spend[50:] == [None] * 10
    by_name = next(read_all("name", 100))
    assert by_name == list(Customer.objects.order_by("name", "id").values_list("pk", flat=True))
    days = [rows[key].last_purchase_on for key in next(read_all("last", 100))]
    assert days[:40] == sorted((day for day in days if day is not None), reverse=True)
    assert days[40:] == [None] * 20
    assert next(read_all("id", 100)) == tied


def test_paging_stays_true_while_customers_come(tied: list[int]) -> None:
    first = list_customers(SYSTEM, CustomerFilters(), size=20, sort="id")
    make_customers([{"id": 61, "name": "new"}])
    Customer.objects.filter(pk=1).update(main=2)
    second = list_customers(SYSTEM, CustomerFilters(), first.next_cursor, size=20, sort="id")
    assert [row.id for row in second.rows] == list(range(21, 41))


def test_a_cursor_of_another_list_or_of_nobody_shows_the_first_page(tied: list[int]) -> None:
    first = [row.id for row in list_customers(SYSTEM, CustomerFilters(), size=5, sort="id").rows]
    of_names = list_customers(SYSTEM, CustomerFilters(), size=5, sort="name").next_cursor
    forged = Cursor(9, ("id",), (3,)).encode()
    for cursor in (of_names, forged, "nonsense", "MTIz"):
        assert [row.id for row in list_customers(SYSTEM, CustomerFilters(), cursor, 5, "id").rows] == first


def test_without_any_run_the_list_still_shows_who_there_is() -> None:
    make_customers([{"id": 1, "name": "王伟"}, {"id": 2, "name": "李娜"}])
    for sort in SORTS:
        page = list_customers(SYSTEM, CustomerFilters(), sort=sort)
        assert sorted(row.id for row in page.rows) == [1, 2]
        assert (page.count, page.as_of, page.rows[0].spend_12m) == (2, None, None)
    assert list_customers(SYSTEM, CustomerFilters(tier="vip")).rows == []


def test_only_the_current_run_counts() -> None:
    make_customers([{"id": 1, "name": "王伟"}])
    make_standings([{"customer_id": 1, "tier": "small", "spend_12m": 1}], run_id=6)
    make_standings([{"customer_id": 1, "tier": "vip", "spend_12m": 9000}], run_id=7)
    make_standings([{"customer_id": 1, "tier": "major", "spend_12m": 5}], run_id=8, current=False)
    (row,) = list_customers(SYSTEM, CustomerFilters()).rows
    assert (row.tier, row.spend_12m) == ("vip", Decimal(9000))
    assert count_customers(SYSTEM, CustomerFilters(tier="small")) == 0


MANY: list[dict[str, Any]] = [
    {"id": 1, "name": "王伟", "region_code": "CN-ZJ", "source_records": 2, "phone": "+8613812345678"},
    {"id": 2, "name": "李娜", "region_code": "CN-ZJ", "owner_code": "S07"},
    {"id": 3, "name": "清雅茶业", "kind": "organisation", "region_code": "GB"},
    {"id": 4, "name": "张三"},
    {"id": 5, "name": "merged", "region_code": "CN-ZJ"},
]
STANDINGS: list[dict[str, Any]] = [
    {"customer_id": 1, "tier": "vip", "stage": "decline", "status": "loyal", "rfm_group": "HHH", "r": 5, "f": 4,
     "m": 5, "abc": "A", "frequency": 9, "spend_12m": 900, "last_purchase_on": date(2025, 11, 23)},
    {"customer_id": 2, "tier": "", "stage": "decline", "status": "lost", "rfm_group": "LLL", "r": 1, "f": 1, "m": 1,
     "frequency": 1, "last_purchase_on": date(2025, 11, 22)},
    {"customer_id": 3, "tier": "small", "stage": "stable", "status": "repeat", "rfm_group": "HLL", "r": 5, "f": 2,
     "m": 1, "abc": "C", "frequency": 2, "spend_12m": 20, "last_purchase_on": AS_OF},
    {"customer_id": 4, "status": "prospect"},
    {"customer_id": 5, "tier": "vip", "stage": "stable", "status": "loyal", "last_purchase_on": AS_OF},
]  # fmt: skip


@pytest.fixture
def some() -> None:
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


@pytest.mark.parametrize(
    ("filters", "expected"),
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
        ({"owner": "none"}, [1, 3, 4]),
        ({"source": "store"}, [1, 2]),
        ({"source": "store", "tier": "vip"}, [1]),
        ({"q": "王伟"}, [1]),
        ({"q": "5678"}, [1]),
        ({"q": "4"}, [4]),
        ({"q": "?!"}, []),
        ({"q": "王伟", "region": "GB"}, []),
    ],
)
@pytest.mark.parametrize("sort", SORTS)
def test_filters(some: None, filters: dict[str, str], expected: list[int], sort: Sort) -> None:
    page = list_customers(SYSTEM, CustomerFilters(**filters), sort=sort)
    assert sorted(row.id for row in page.rows) == expected
    assert page.count == len(expected)
    assert count_customers(SYSTEM, CustomerFilters(**filters)) == len(expected)


@pytest.mark.parametrize("sort", SORTS)
def test_mine_are_those_i_own(some: None, sort: Sort) -> None:
    ensure_roles(SYSTEM)
    liu, other = (create_user(SYSTEM, name, "correct horse battery", roles=["seller"]) for name in ("liu", "other"))
    Customer.objects.filter(pk__in=[1, 4]).update(owner=liu)
    Customer.objects.filter(pk=3).update(owner=other)
    mine = list_customers(liu, CustomerFilters(owner="me"), sort=sort)
    assert sorted(row.id for row in mine.rows) == [1, 4]
    assert mine.rows[0].owner == "liu"


def test_a_row_is_ready_to_show_and_masked(some: None) -> None:
    row = list_customers(SYSTEM, CustomerFilters(tier="vip")).rows[0]
    assert (row.name, row.phone, row.tier, row.stage) == ("王伟", "138****5678", "vip", "decline")
    assert (row.orders, row.spend_12m, row.last_purchase_on) == (9, Decimal("900.0000"), date(2025, 11, 23))


def test_the_way_out_is_the_filter_that_costs_least(some: None) -> None:
    way = find_way_out(SYSTEM, CustomerFilters(region="GB", stage="decline", status="loyal"))
    assert way is not None
    assert (way.name, way.value, way.count) == ("region", "GB", 1)
    assert find_way_out(SYSTEM, CustomerFilters(region="FR", kind="organisation", status="lost")) is None


def test_counting_stops_at_the_limit(some: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customer_list, "COUNT_LIMIT", 2)
    page = list_customers(SYSTEM, CustomerFilters())
    assert page.count == 3
    assert page.is_count_capped
    assert len(page.rows) == 4


def test_who_may_not_see_customers_is_refused(some: None) -> None:
    ensure_roles(SYSTEM)
    operator = create_user(SYSTEM, "op", "correct horse battery", roles=["operator"])
    for ask in (
        lambda: list_customers(operator, CustomerFilters()),
        lambda: count_customers(operator, CustomerFilters()),
        lambda: queries.get_customer_page(operator, 1),
    ):
        with pytest.raises(PermissionDenied) as refused:
            ask()
        assert refused.value.facts == {"permission": "customers.view"}


@pytest.mark.parametrize("sort", SORTS)
def test_the_number_of_queries_does_not_grow_with_the_rows(sort: Sort) -> None:
    ensure_roles(SYSTEM)
    seller = create_user(SYSTEM, "liu", "correct horse battery", roles=["seller"])
    make_customers({"id": key, "name": "王伟", "owner_id": seller.pk} for key in range(1, 4))
    make_standings({"customer_id": key} for key in range(1, 4))

    def asked() -> int:
        reader = User.objects.get(pk=seller.pk)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            list_customers(reader, CustomerFilters(), size=50, sort=sort)
        return len(captured)

    few = asked()
    make_customers({"id": key, "name": "李娜", "owner_id": seller.pk} for key in range(4, 44))
    make_standings({"customer_id": key} for key in range(4, 44))
    assert asked() == few <= 8

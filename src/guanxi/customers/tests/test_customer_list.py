"""The customer list as it is read: its orders, its pages, what it counts, what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from guanxi.customers.lists import CUSTOMERS
from guanxi.customers.models import Customer, CustomerTag, Standing, Tag, Task
from guanxi.customers.models.records import is_living
from guanxi.customers.tests.factories import AS_OF, make_customers, make_standings
from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.lists import reading
from guanxi.kernel.lists.reading import ListPage, count_matching, find, read_list, sum_up
from guanxi.kernel.lists.sizes import remembered_size
from guanxi.kernel.lists.state import ListState

pytestmark = pytest.mark.django_db
FIELDS = {field.key: field for field in CUSTOMERS.fields}
SORTS = [key + way for key, field in FIELDS.items() if field.order for way in ("", ".turned")]


def page(actor: Actor = SYSTEM, size: int = 50, columns: str = "name", **address: str) -> ListPage:
    state = ListState.from_address(CUSTOMERS, address)
    return read_list(actor, CUSTOMERS, state, [FIELDS[key] for key in columns.split(",")], size)


def keys(found: ListPage) -> list[int]:
    return [row["pk"] for row in found.rows]


@pytest.fixture
def tied() -> list[int]:
    """Sixty customers full of ties: equal spends, equal names, equal days, some without any standing."""
    names = ("王伟", "李娜", "David")
    make_customers({"id": key, "name": names[key % 3]} for key in range(1, 61))
    make_standings(
        {
            "customer_id": key, "status": "repeat", "spend_12m": (key % 4) * 100, "frequency": key % 2,
            "last_purchase_on": None if key % 5 == 0 else AS_OF - timedelta(days=key % 3),
            "expected_12m": None if key % 7 == 0 else key % 3,
        }
        for key in range(1, 51)
    )  # fmt: skip
    for key in range(1, 61, 2):
        moment = None if key % 3 == 0 else f"2026-11-{key % 9 + 1:02}T08:00:00Z"
        Customer.objects.filter(pk=key).update(last_contact_at=moment, created_at=moment)
    return list(range(1, 61))


def read_all(sort: str, size: int, **filters: str) -> Iterator[list[int]]:
    cursor = ""
    while True:
        found = page(SYSTEM, size, sort=sort, cursor=cursor, **filters)
        yield keys(found)
        if not (cursor := found.next_cursor):
            return


def read_back(sort: str, size: int) -> list[int]:
    """Read to the end, then back to the beginning, and return what was met on the way back."""
    found = page(size=size, sort=sort)
    while found.next_cursor:
        found = page(size=size, sort=sort, cursor=found.next_cursor)
    met = keys(found)
    while found.previous_cursor:
        found = page(size=size, sort=sort, cursor=found.previous_cursor)
        met = keys(found) + met
    return met


@pytest.mark.parametrize("limit", [10_000, 20])  # the page is cut out of few, or met on the way through many
@pytest.mark.parametrize("sort", SORTS)
def test_paging_loses_nobody_and_repeats_nobody(
    tied: list[int], sort: str, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "COUNT_LIMIT", limit)
    whole = next(read_all(sort, 100))
    assert sorted(whole) == tied
    for size in (7, 20, 50, 60):
        pages = list(read_all(sort, size))
        assert [key for found in pages for key in found] == whole
        assert all(len(found) == size for found in pages[:-1])
    assert read_back(sort, 7) == whole


def test_the_orders_are_what_they_say(tied: list[int]) -> None:
    rows = {row["pk"]: row for row in page(size=100, columns="spend,last,contacted").rows}
    by_spend = [rows[key]["now__spend_12m"] for key in next(read_all("spend", 100))]
    assert by_spend[:50] == sorted((spend for spend in by_spend if spend is not None), reverse=True)
    assert by_spend[50:] == [None] * 10
    turned = [rows[key]["now__spend_12m"] for key in next(read_all("spend.turned", 100))]
    assert turned == [*sorted(by_spend[:50]), *[None] * 10]  # who has none is last either way
    assert next(read_all("name", 100)) == list(Customer.objects.order_by("name", "id").values_list("pk", flat=True))
    days = [rows[key]["now__last_purchase_on"] for key in next(read_all("last", 100))]
    assert days[:40] == sorted((day for day in days if day is not None), reverse=True)
    assert days[40:] == [None] * 20
    contacts = [rows[key]["last_contact_at"] for key in next(read_all("contacted", 100))]
    assert contacts[:20] == sorted((at for at in contacts if at is not None), reverse=True)
    assert contacts[20:] == [None] * 40
    assert next(read_all("id", 100)) == tied


@pytest.mark.parametrize("sort", SORTS)
def test_few_are_sorted_as_many_are_walked(tied: list[int], sort: str, monkeypatch: pytest.MonkeyPatch) -> None:
    few = next(read_all(sort, 100))
    monkeypatch.setattr(reading, "COUNT_LIMIT", 20)
    assert next(read_all(sort, 100)) == few


@pytest.mark.parametrize("limit", [10_000, 5])
@pytest.mark.parametrize("sort", SORTS)
def test_filters_and_orders_go_together(
    tied: list[int], sort: str, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "COUNT_LIMIT", limit)
    whole = next(read_all(sort, 100))
    for where, keep in (
        ("name:is:David", lambda key: key % 3 == 2),
        ("spend:from:200", lambda key: key <= 50 and key % 4 >= 2),
        ("(last:empty|name:is:David)", lambda key: key > 50 or key % 5 == 0 or key % 3 == 2),
        ("name:is:Nobody", lambda _key: False),
    ):
        read = [key for found in read_all(sort, 7, where=where) for key in found]
        assert read == [key for key in whole if keep(key)]


def test_paging_stays_true_while_customers_come(tied: list[int]) -> None:
    first = page(size=20, sort="id")
    make_customers([{"id": 61, "name": "new"}])
    Customer.objects.filter(pk=1).update(main=2)
    assert keys(page(size=20, sort="id", cursor=first.next_cursor)) == list(range(21, 41))


def test_a_cursor_of_another_list_or_of_nobody_shows_the_first_page(tied: list[int]) -> None:
    first = keys(page(size=5, sort="id"))
    of_names = page(size=5, sort="name").next_cursor
    forged = signing.dumps(["id False", 0, [3], 0, 60], salt="somebody else's")
    for cursor in (of_names, forged, "nonsense", "MTIz"):
        assert keys(page(size=5, sort="id", cursor=cursor)) == first


def test_without_any_run_the_list_still_shows_who_there_is() -> None:
    make_customers([{"id": 1, "name": "王伟"}, {"id": 2, "name": "李娜"}])
    for sort in SORTS:
        found = page(sort=sort, columns="name,spend")
        assert sorted(keys(found)) == [1, 2]
        assert (found.count, found.ground.as_of, found.rows[0]["now__spend_12m"]) == (2, None, None)
    assert keys(page(tier="vip")) == []


def test_only_the_current_run_counts() -> None:
    make_customers([{"id": 1, "name": "王伟"}])
    make_standings([{"customer_id": 1, "tier": "small", "spend_12m": 1}], run_id=6)
    make_standings([{"customer_id": 1, "tier": "vip", "spend_12m": 9000}], run_id=7)
    make_standings([{"customer_id": 1, "tier": "major", "spend_12m": 5}], run_id=8, current=False)
    (row,) = page(columns="tier,spend").rows
    assert (row["now__tier"], row["now__spend_12m"]) == ("vip", Decimal(9000))
    assert count_matching(SYSTEM, CUSTOMERS, ListState.from_address(CUSTOMERS, {"tier": "small"})) == 0


def test_counting_stops_at_the_limit(tied: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "COUNT_LIMIT", 20)
    found = page(size=50)
    assert (found.count, found.is_count_capped, len(found.rows)) == (21, True, 50)
    assert not page(name="David").is_count_capped


def test_sums_are_over_all_that_match_or_not_told(tied: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    state, columns = ListState(), [FIELDS["name"], FIELDS["spend"], FIELDS["orders"]]
    totals = sum_up(SYSTEM, CUSTOMERS, state, columns)
    assert (totals.count, totals.sums) == (60, {"spend": Decimal(7500), "orders": 25})
    some = sum_up(SYSTEM, CUSTOMERS, ListState.from_address(CUSTOMERS, {"name": "David"}), columns)
    assert (some.count, some.sums) == (20, {"spend": Decimal(2600), "orders": 8})
    monkeypatch.setattr(reading, "COUNT_LIMIT", 20)
    assert sum_up(SYSTEM, CUSTOMERS, state, columns).sums is None


def test_every_column_shows_every_customer(tied: list[int]) -> None:
    """Also those who have nothing: no standing, no owner, no tag."""
    Tag.objects.bulk_create(Tag(pk=key, name=f"t{key}") for key in range(1, 6))
    CustomerTag.objects.bulk_create(CustomerTag(customer_id=1, tag_id=key) for key in range(1, 6))
    today = CUSTOMERS.ground(SYSTEM).today
    Task.objects.create(customer_id=1, title="call", due_on=today - timedelta(days=2), created_at="2026-01-01T00:00Z")
    columns = [field for field in FIELDS.values() if field.is_column]
    found = page(size=100, sort="id", columns=",".join(field.key for field in columns))
    with override("en"):
        cells = {
            row["pk"]: {field.key: field.show(row, found.ground) for field in columns if field.show}
            for row in found.rows
        }
    assert cells[1]["tags"].text == (
        '<span class="gx-badge gx-tone-neutral">t1</span> <span class="gx-badge gx-tone-neutral">t2</span> '
        '<span class="gx-badge gx-tone-neutral">t3</span> +2'
    )
    assert (cells[1]["follow_up"].text, cells[1]["follow_up"].tone) == ("2 days ago", "danger")
    assert (cells[2]["tags"].text, cells[60]["spend"].text, cells[60]["last"].text) == ("", "", "")


def test_who_may_not_see_customers_is_refused() -> None:
    ensure_roles(SYSTEM)
    operator = create_user(SYSTEM, "op", "correct horse battery", roles=["operator"])
    for ask in (
        lambda: page(operator),
        lambda: count_matching(operator, CUSTOMERS, ListState()),
        lambda: sum_up(operator, CUSTOMERS, ListState(), [FIELDS["spend"]]),
    ):
        with pytest.raises(PermissionDenied) as refused:
            ask()
        assert refused.value.facts == {"permission": "customers.view"}


@pytest.mark.parametrize("sort", SORTS)
def test_the_number_of_queries_does_not_grow_with_the_rows(sort: str) -> None:
    ensure_roles(SYSTEM)
    seller = create_user(SYSTEM, "liu", "correct horse battery", roles=["seller"])
    make_customers({"id": key, "name": "王伟", "owner_id": seller.pk} for key in range(1, 4))
    make_standings({"customer_id": key} for key in range(1, 4))
    columns = ",".join(key for key, field in FIELDS.items() if field.is_column)

    def asked(address: dict[str, Any]) -> int:
        reader = User.objects.get(pk=seller.pk)
        page(reader, sort=sort, **address)  # about how many there are is remembered
        with CaptureQueriesContext(connection) as captured:
            page(reader, sort=sort, **address)
        return len(captured)

    few, wide = asked({}), asked({"columns": columns})
    make_customers({"id": key, "name": "李娜", "owner_id": seller.pk} for key in range(4, 44))
    make_standings({"customer_id": key} for key in range(4, 44))
    assert asked({}) == few <= 9
    assert asked({"columns": columns}) == wide <= few + 2  # tags and follow-ups, each once


@pytest.mark.parametrize(
    ("address", "statements"),
    [
        ({}, 6),  # the current run, fields of other apps (2), who matches, who comes first, what is shown of them
        ({"q": "王伟"}, 6),
        ({"sort": "created"}, 9),  # nobody has a moment: looked for near, farther and everywhere
        ({"tier": "vip", "sort": "last"}, 9),
    ],
)
def test_a_page_and_the_next_take_so_many_statements(
    address: dict[str, Any], statements: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "COUNT_LIMIT", 10)
    make_customers({"id": key, "name": "王伟"} for key in range(1, 31))
    make_standings({"customer_id": key, "tier": "vip", "last_purchase_on": None} for key in range(1, 31))
    page(size=5, **address)  # about how many there are is remembered
    with CaptureQueriesContext(connection) as first:
        found = page(size=5, **address)
    with CaptureQueriesContext(connection) as second:
        behind = page(size=5, cursor=found.next_cursor, **address)
    assert (len(keys(found)), len(keys(behind)), len({*keys(found), *keys(behind)})) == (5, 5, 10)
    assert (len(first), len(second)) == (statements, 5)  # nobody is counted again


@pytest.mark.parametrize(("address", "counted"), [({"tier": "vip"}, 20), ({"tags": "7"}, 11)])
def test_a_list_that_became_many_is_known_to_be_many_from_its_next_page_on(
    address: dict[str, Any], counted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "COUNT_LIMIT", 10)
    make_customers({"id": key, "name": "王伟"} for key in range(1, 21))
    make_standings({"customer_id": key, "tier": "small"} for key in range(1, 21))
    Tag.objects.create(pk=7, name="red")
    state = ListState.from_address(CUSTOMERS, address)

    def known() -> int | None:
        return remembered_size(find(SYSTEM, CUSTOMERS, state, CUSTOMERS.stand(SYSTEM)).keys, 10)

    assert (page(**address).count, known()) == (0, 0)
    Standing.objects.update(tier="vip")
    CustomerTag.objects.bulk_create(CustomerTag(customer_id=key, tag_id=7) for key in range(1, 21))
    found = page(size=5, **address)
    assert (keys(found), found.count, found.is_count_capped) == ([20, 19, 18, 17, 16], counted, True)
    assert known() == counted


def test_a_list_whose_scope_leaves_out_nobody_shows_everybody() -> None:
    make_customers({"id": key, "name": "王伟"} for key in (1, 2))
    everybody = replace(CUSTOMERS, scope=lambda _actor, _prefix: Q())
    assert [row["pk"] for row in read_list(SYSTEM, everybody, ListState(sort="id"), []).rows] == [1, 2]


def test_merged_and_binned_customers_are_nobodys_rows() -> None:
    make_customers({"id": key, "name": "王伟"} for key in (1, 2, 3))
    make_standings({"customer_id": key, "spend_12m": key} for key in (1, 2, 3))
    Customer.objects.filter(pk=1).update(main_id=2)
    Customer.objects.filter(pk=3).update(deleted_at="2026-11-22T00:00:00Z")
    for sort in SORTS:
        assert keys(page(sort=sort)) == [2]
    assert list(Standing.objects.filter(is_living("customer__")).values_list("customer", flat=True)) == [2]

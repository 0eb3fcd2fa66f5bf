"""Thousands whose keys are known: a page of them is met along the list's order, if they lie where it begins."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.customers.lists import CUSTOMERS
from guanxi.customers.models import Customer, CustomerTag, Tag
from guanxi.customers.tests.factories import make_customers, make_standings
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.lists import few, reading
from guanxi.kernel.lists.reading import read_list, walk_keys
from guanxi.kernel.lists.state import ListState

pytestmark = pytest.mark.django_db
MANY, SIZE = 60, 7
RED, LAST = 7, 8  # tags: of two thirds; of who spent least
GONE, MERGED, INTO = 9, 12, 13
MET = "IS TRUE"


@pytest.fixture
def tagged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Customers with a tag, one of them in the bin and one merged into another, the last ten without a standing."""
    cache.clear()
    monkeypatch.setattr(reading, "MANY", 2)
    monkeypatch.setattr(few, "FAR", 15)
    make_customers({"id": pk, "name": f"王{pk}"} for pk in range(1, MANY + 1))
    make_standings(
        {"customer_id": pk, "spend_12m": (MANY - pk) // 3, "frequency": pk % 6,
         "last_purchase_on": date(2026, 1, 1 + pk % 20) if pk % 7 else None}
        for pk in range(1, MANY - 9)
    )  # fmt: skip
    for key, members in ((RED, (pk for pk in range(1, MANY + 1) if pk % 3)), (LAST, range(40, MANY + 1))):
        tag = Tag.objects.create(pk=key, name=f"{key}")
        CustomerTag.objects.bulk_create(CustomerTag(customer_id=pk, tag=tag) for pk in members)
    CustomerTag.objects.create(customer_id=MERGED, tag_id=RED)
    Customer.objects.filter(pk=GONE + 1).update(deleted_at=datetime(2026, 3, 1, tzinfo=UTC))
    Customer.objects.filter(pk=MERGED).update(main_id=INTO)


def members(tag: int) -> set[int]:
    if tag == LAST:
        return set(range(40, MANY + 1))
    return {pk for pk in range(1, MANY + 1) if pk % 3 and pk != GONE + 1}


@pytest.mark.parametrize("sort", ["spend", "spend.turned", "last", "last.turned", "orders", "orders.turned", "name"])
@pytest.mark.parametrize("tag", [RED, LAST])
def test_every_page_there_and_back_is_as_if_all_were_sorted(tagged: None, tag: int, sort: str) -> None:
    state = ListState.from_address(CUSTOMERS, {"where": f"tags:is:{tag}", "sort": sort})
    whole = list(walk_keys(SYSTEM, CUSTOMERS, state))
    pages, page = [], read_list(SYSTEM, CUSTOMERS, state, (), SIZE)
    pages.append([row["pk"] for row in page.rows])
    while page.next_cursor:
        page = read_list(SYSTEM, CUSTOMERS, state.changed(cursor=page.next_cursor), (), SIZE)
        pages.append([row["pk"] for row in page.rows])
    assert page.count == len(members(tag))
    assert [pk for found in pages for pk in found] == whole
    assert set(whole) == members(tag)
    back = []
    while page.previous_cursor:
        page = read_list(SYSTEM, CUSTOMERS, state.changed(cursor=page.previous_cursor), (), SIZE)
        back.append([row["pk"] for row in page.rows])
    assert back == pages[-2::-1]


@pytest.mark.parametrize(
    ("tag", "sort", "sorts"),
    [
        (RED, "spend", 0),  # as many as a page shows, and one more, are among the first fifteen
        (LAST, "spend.turned", 0),
        (LAST, "spend", 1),  # none is: all of them are sorted
    ],
)
def test_all_are_sorted_only_if_too_few_are_met(tagged: None, tag: int, sort: str, sorts: int) -> None:
    state = ListState.from_address(CUSTOMERS, {"where": f"tags:is:{tag}", "sort": sort})
    read_list(SYSTEM, CUSTOMERS, state, (), SIZE)
    with CaptureQueriesContext(connection) as asked:
        read_list(SYSTEM, CUSTOMERS, state, (), SIZE)
    statements = [query["sql"] for query in asked]
    assert sum(MET in sql for sql in statements) == 1
    assert sum(few.STRETCH in sql for sql in statements) == sorts


def test_the_few_are_sorted_at_once(tagged: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MANY", MANY)
    state = ListState.from_address(CUSTOMERS, {"where": f"tags:is:{RED}", "sort": "spend"})
    with CaptureQueriesContext(connection) as asked:
        assert len(read_list(SYSTEM, CUSTOMERS, state, (), SIZE).rows) == SIZE
    assert not any(MET in query["sql"] for query in asked)

"""Pages far behind the start of a list's order, met by walking on or by searching: the same rows in the same order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.customers.lists import CUSTOMERS
from guanxi.customers.models import Customer, CustomerTag, SourceRecord, Tag
from guanxi.customers.tests.factories import make_customers, make_standings
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.lists import keyset, reading
from guanxi.kernel.lists.reading import read_list, walk_keys
from guanxi.kernel.lists.searching import search_rows, search_side
from guanxi.kernel.lists.state import ListState

pytestmark = pytest.mark.django_db
MANY = 60
SIZE = 7


@pytest.fixture
def some(monkeypatch: pytest.MonkeyPatch) -> None:
    """Customers of whom every second lies far behind, with and without a standing; three are more than are counted."""
    monkeypatch.setattr(keyset, "PROBES", (1, 3))
    monkeypatch.setattr(reading, "COUNT_LIMIT", 3)
    make_customers(
        {"id": pk, "name": f"王{pk % 9}", "region_code": "CN-ZJ" if pk % 2 else "CN-GD",
         "first_seen_on": None if pk % 3 else date(2025, 1, 1)}
        for pk in range(1, MANY + 1)
    )  # fmt: skip
    make_standings(
        {"customer_id": pk, "tier": "small" if pk % 4 else "major", "status": "loyal", "r": 1 + pk % 5,
         "spend_12m": pk % 8, "last_purchase_on": date(2026, 1, 1 + pk % 20) if pk % 7 else None}
        for pk in range(1, MANY - 9)
    )  # fmt: skip
    SourceRecord.objects.bulk_create(
        SourceRecord(customer_id=pk, source="shop" if pk > MANY / 3 else "store", source_key=str(pk))
        for pk in range(1, MANY + 1)
    )
    tag = Tag.objects.create(pk=7, name="red")
    CustomerTag.objects.bulk_create(CustomerTag(customer_id=pk, tag=tag) for pk in range(5, MANY, 2))
    Customer.objects.filter(pk__gt=30).update(last_contact_at=datetime(2026, 3, 1, tzinfo=UTC))


FILTERS: dict[str, Callable[[int], object]] = {
    "known:empty": lambda pk: pk % 3,
    "source:is:shop": lambda pk: pk > MANY / 3,
    "source:not:shop,tags:is:7": lambda pk: pk <= MANY / 3 and pk >= 5 and pk % 2,
    "region:is:CN-ZJ,spend:from:3": lambda pk: pk % 2 and pk % 8 >= 3 and pk < MANY - 9,
    "r:is:2,region:is:CN-GD": lambda pk: pk % 5 == 1 and pk % 2 == 0 and pk < MANY - 9,
    "tier:is:small,source:is:shop": lambda pk: pk % 4 and MANY / 3 < pk < MANY - 9,
    "tier:is:small": lambda pk: pk % 4 and pk < MANY - 9,
    "(known:empty|tier:is:major)": lambda pk: pk % 3 or (pk % 4 == 0 and pk < MANY - 9),
}


@pytest.mark.parametrize("sort", ["spend", "spend.turned", "last", "id.turned", "name", "contacted", "created.turned"])
@pytest.mark.parametrize("where", FILTERS)
def test_every_page_is_met_in_order(some: None, where: str, sort: str) -> None:
    expected = [pk for pk in range(1, MANY + 1) if FILTERS[where](pk)]
    state = ListState.from_address(CUSTOMERS, {"where": where, "sort": sort})
    found: list[int] = []
    while True:
        page = read_list(SYSTEM, CUSTOMERS, state, (), SIZE)
        found += [row["pk"] for row in page.rows]
        if not page.next_cursor:
            break
        state = state.changed(cursor=page.next_cursor)
    assert found == list(walk_keys(SYSTEM, CUSTOMERS, state.changed(cursor="")))
    assert sorted(found) == expected
    if sort.startswith("id"):
        assert all(first > second if sort == "id.turned" else first < second for first, second in pairwise(found))


def test_what_asks_of_the_rows_is_searched_and_what_asks_of_their_keys_is_walked(
    some: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guanxi.kernel.lists.links.FEW", 3)
    ground = CUSTOMERS.stand(SYSTEM)

    def searched(where: str) -> tuple[bool, bool]:
        asked = ListState.from_address(CUSTOMERS, {"where": where}).filter
        return search_rows(CUSTOMERS, asked, ground) is not None, search_side(CUSTOMERS, asked, ground) is not None

    assert searched("source:is:shop") == searched("all") == (False, False)
    assert searched("known:empty") == searched("known:empty,source:is:shop") == (True, True)
    assert searched("tier:is:small") == (True, True)


def test_what_links_lead_to_is_counted_once(some: None) -> None:
    state = ListState.from_address(CUSTOMERS, {"where": "source:is:shop,tier:is:small", "sort": "spend"})
    with CaptureQueriesContext(connection) as asked:
        assert read_list(SYSTEM, CUSTOMERS, state, ()).rows
    counted = 'SELECT COUNT(*) FROM (SELECT "customers_sourcerecord"'
    assert sum(query["sql"].startswith(counted) for query in asked) == 1

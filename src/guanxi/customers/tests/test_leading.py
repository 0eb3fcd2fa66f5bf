"""By which condition SQLite finds a list: the one that fewest rows meet; what is found is the same either way."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.customers.lists import CUSTOMERS
from guanxi.customers.models import Customer, CustomerTag, Tag
from guanxi.customers.tests.factories import make_customers, make_standings
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.commands import Actor
from guanxi.kernel.lists import leading
from guanxi.kernel.lists.lookups import unindexed
from guanxi.kernel.lists.reading import find
from guanxi.kernel.lists.searching import search_side
from guanxi.kernel.lists.state import ListState

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL chooses by its statistics"),
]
MANY = 300


@pytest.fixture
def some(seller: User) -> None:
    """Half of them in Zhejiang and one in Tibet, one a VIP and half of them small, one tagged."""
    make_customers(
        {"id": pk, "name": f"王{pk}", "region_code": "CN-XZ" if pk == 3 else "CN-ZJ" if pk % 2 else "CN-GD"}
        for pk in range(1, MANY + 1)
    )
    make_standings(
        {"customer_id": pk, "tier": "vip" if pk == 5 else "small" if pk % 4 else "major", "status": "loyal",
         "spend_12m": pk, "last_purchase_on": date(2026, 1, 1)}
        for pk in range(1, MANY + 1)
    )  # fmt: skip
    CustomerTag.objects.create(customer_id=7, tag=Tag.objects.create(pk=7, name="red"))
    Customer.objects.filter(pk__lte=20).update(owner=seller)


def plan_of(actor: Actor, where: str, expected: list[int]) -> list[str]:
    """How the database finds the keys, outermost first."""
    with CaptureQueriesContext(connection) as asked:
        state = ListState.from_address(CUSTOMERS, {"where": where})
        keys = list(find(actor, CUSTOMERS, state, CUSTOMERS.stand(actor)).keys)
    assert sorted(keys) == expected
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + asked[-1]["sql"])
        return [step for *_numbers, step in cursor.fetchall() if step.startswith(("SEARCH", "SCAN"))]


@pytest.mark.parametrize(
    ("where", "expected", "leads"),
    [
        ("region:is:CN-ZJ,tier:is:vip", [5], "standing_tier (run_id=? AND tier=?)"),
        ("region:is:CN-XZ,tier:is:small", [3], "customers_region (region_code=?)"),
        ("region:is:CN-ZJ,spend:from:298", [299], "standing_spend (run_id=? AND spend_12m>?)"),
        ("region:is:CN-ZJ,tier:is:small,tags:is:7", [7], "id=?)"),  # of what the tag's own index names
    ],
)
def test_the_condition_leads_that_fewest_rows_meet(some: None, where: str, expected: list[int], leads: str) -> None:
    assert leads in plan_of(SYSTEM, where, expected)[0]


def test_of_a_sellers_own_customers_the_owner_leads_unless_something_is_rarer(some: None, seller: User) -> None:
    small = [pk for pk in range(1, 21) if pk % 4 and pk != 5]
    assert "owner_id=?" in plan_of(seller, "tier:is:small", small)[0]
    assert "standing_tier" in plan_of(seller, "tier:is:vip", [5])[0]


def test_without_anything_rare_the_database_chooses(some: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leading, "MOST", (0,))
    where = "region:is:CN-ZJ,tier:is:small"
    expected = [pk for pk in range(1, MANY + 1, 2) if pk % 4 and pk not in (3, 5)]
    assert plan_of(SYSTEM, where, expected)


@pytest.mark.parametrize(("most", "by_index"), [(200, True), (20, False)])
def test_a_search_along_a_walk_reads_rows_as_they_lie_where_a_condition_is_met_by_many(
    some: None, monkeypatch: pytest.MonkeyPatch, most: int, by_index: bool
) -> None:
    monkeypatch.setattr(leading, "MOST", (most,))
    ground = CUSTOMERS.stand(SYSTEM)
    state = ListState.from_address(CUSTOMERS, {"where": "spend:between:1;100"})
    search = search_side(CUSTOMERS, state.filter, ground)
    assert search is not None
    found = search(CUSTOMERS.side_rows(ground)).order_by(*unindexed(["frequency"], descending=False))
    assert sorted(found.values_list("customer_id", flat=True)) == list(range(1, 101))
    plan = found.values("frequency", "customer_id").explain()
    assert ("standing_spend" in plan) is by_index, plan

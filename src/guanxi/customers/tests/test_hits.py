"""What the palette finds, for whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from guanxi.customers.models import Customer
from guanxi.customers.queries import hits
from guanxi.customers.queries.hits import find_customers
from guanxi.customers.search import index_rows
from guanxi.customers.tests.factories import make_customers, make_standings
from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, User]:
    ensure_roles(SYSTEM)
    roles = {"liu": "manager", "shen": "seller", "zheng": "operator", "wu": "marketer"}
    made = {name: create_user(SYSTEM, name, "correct horse battery", roles=[role]) for name, role in roles.items()}
    make_customers(
        [
            {"id": 1, "name": "王伟", "phone": "+8613812345678", "email": "wang@example.com", "region_code": "CN-ZJ",
             "owner_id": made["shen"].pk},
            {"id": 2, "name": "王伟", "phone": "+8613912340000"},
            {"id": 3, "name": "王伟民 David"},
            {"id": 4, "name": "伟王茶庄", "kind": "organisation"},
            {"id": 5, "name": "王伟", "phone": "+8613700000000"},
        ]
    )  # fmt: skip
    make_standings({"customer_id": key, "spend_12m": key * 10} for key in (1, 2, 3))
    Customer.objects.filter(pk=5).update(deleted_at="2026-11-22T00:00:00Z")
    return made


@pytest.mark.parametrize(
    ("typed", "found"),
    [("王伟", [3, 2, 1]), ("伟", [3, 2, 1, 4]), ("david", [3]), ("王伟 dav", [3]), ("5678", [1]), ("1381234", [1]),
     ("wang@", [1]), ("3", [3]), ("茶庄", [4]), ("nobody", []), ("!!!", []), ("%", []), ("", [])],
)  # fmt: skip
def test_what_is_typed_is_found_best_customers_first(people: dict[str, User], typed: str, found: list[int]) -> None:
    hits = find_customers(people["liu"], typed, 8)
    assert [hit.url for hit in hits] == [f"/customers/{key}/" for key in found]


@pytest.mark.parametrize("first", [1, 2, 4])
def test_who_is_found_does_not_depend_on_where_the_index_begins(
    people: dict[str, User], monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    monkeypatch.setattr(hits, "FIRST", first)
    assert [hit.url for hit in find_customers(people["liu"], "伟", 8)] == [f"/customers/{key}/" for key in (3, 2, 1, 4)]
    assert [hit.url for hit in find_customers(people["shen"], "伟", 8)] == ["/customers/1/"]


@pytest.mark.parametrize(("typed", "found"), [("伟", [3, 2]), ("王", [3, 2]), ("m", [3, 2]), ("1", [2, 1])])
def test_one_character_finds_the_biggest_of_all_who_have_it(
    people: dict[str, User], monkeypatch: pytest.MonkeyPatch, typed: str, found: list[int]
) -> None:
    index_rows([(3, "王伟民 mo"), (2, "王伟 +8613912340000 mi"), (1, "王伟 +8613812345678 tom")])
    monkeypatch.setattr(hits, "LOOKED_AT", 0)
    assert [hit.url for hit in find_customers(people["liu"], typed, 2)] == [f"/customers/{key}/" for key in found]
    assert find_customers(people["shen"], typed, 2) == []  # who sees less is asked of the index


@pytest.mark.parametrize("gone", [{"deleted_at": "2026-11-22T00:00:00Z"}, {"main_id": 1}])
def test_the_biggest_are_living(people: dict[str, User], gone: dict[str, Any]) -> None:
    Customer.objects.filter(pk=3).update(**gone)
    assert [hit.url for hit in find_customers(people["liu"], "王", 2)] == ["/customers/2/", "/customers/1/"]


@pytest.mark.parametrize(
    ("typed", "limit", "statements"),
    [("王伟", 8, 4), ("nobody", 8, 1), ("!!!", 8, 0), ("王", 2, 3), ("王", 8, 6)],
)
def test_a_search_takes_so_many_statements(
    people: dict[str, User], django_assert_num_queries: Any, typed: str, limit: int, statements: int
) -> None:
    manager = User.objects.get(pk=people["liu"].pk)
    assert manager.may("customers.view")
    manager.seen_owners()
    with django_assert_num_queries(statements):
        find_customers(manager, typed, limit)


def test_nobody_finds_what_he_may_not_know_of_nor_what_is_masked(people: dict[str, User]) -> None:
    (hit,) = find_customers(people["shen"], "王伟", 8)
    assert (hit.title, hit.url, hit.icon) == ("王伟", "/customers/1/", "user")
    assert str(hit.note).startswith("138****5678 · ")
    assert find_customers(people["zheng"], "王伟", 8) == []
    assert len(find_customers(people["liu"], "王伟", 2)) == 2


def test_who_may_not_look_behind_masks_finds_no_more_than_a_mask_shows(people: dict[str, User]) -> None:
    typed = ("138", "1381", "1381234", "13812345678", "wang", "wang@", "w", "@example", "wang@example.com")
    found = {text: len(find_customers(people["wu"], text, 8)) for text in typed}
    assert found == {
        "138": 1, "1381": 0, "1381234": 0, "13812345678": 1, "wang": 0, "wang@": 0, "w": 1, "@example": 1,
        "wang@example.com": 1,
    }  # fmt: skip


def test_the_palette_finds_records_and_ways(people: dict[str, User], client: Client) -> None:
    client.cookies.load({"django_language": "en"})
    client.force_login(people["liu"])
    shown = client.get("/palette/?q=王伟&at=/customers/1/").content.decode()
    assert shown.count('role="option"') == 3
    assert "13812345678" not in shown
    everything = client.get("/palette/").content.decode()
    assert "Who are our customers" in everything
    assert "/updates/" in everything
    narrowed = client.get("/palette/?q=data").content.decode()
    assert ("/updates/" in narrowed, "/insight/" in narrowed) == (True, False)
    assert "Nothing found that you may see." in client.get("/palette/?q=nobody&only=records").content.decode()
    client.force_login(people["zheng"])
    assert "王伟" not in client.get("/palette/?q=王伟").content.decode()
    assert client.get("/palette/?at=%00/../x").status_code == 200

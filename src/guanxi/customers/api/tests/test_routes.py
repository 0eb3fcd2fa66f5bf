"""Customers as a program gets and changes them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from guanxi.customers.commands import remove_interaction, restore_interaction
from guanxi.customers.models import Customer, Interaction, Purchase, Task
from guanxi.customers.tests.factories import AS_OF, make_customers, make_standings
from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.api import rate
from guanxi.kernel.api.commands import create_token, revoke_token
from guanxi.kernel.api.errors import TokenUnknown
from guanxi.kernel.api.models import ApiToken, IdempotentCall
from guanxi.kernel.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, User]:
    ensure_roles(SYSTEM)
    roles = {"liu": "manager", "shen": "seller", "zheng": "operator"}
    return {name: create_user(SYSTEM, name, "correct horse battery", roles=[role]) for name, role in roles.items()}


@pytest.fixture
def customers(people: dict[str, User]) -> None:
    make_customers(
        [
            {"id": 1, "name": "王伟", "phone": "+8613812345678", "email": "wang@example.com", "region_code": "CN-ZJ",
             "owner_id": people["shen"].pk},
            {"id": 2, "name": "李娜", "owner_id": people["liu"].pk},
        ]
    )  # fmt: skip
    make_standings([{"customer_id": 1, "tier": "vip", "status": "loyal", "spend_12m": "12.5", "frequency": 3}])


class Caller:
    """A program with somebody's token."""

    def __init__(self, user: User) -> None:
        self.token = create_token(user, name="test")
        self.client = Client(enforce_csrf_checks=True)

    def __call__(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        answer = self.client.generic(
            method, f"/api/v1/{path}", b"" if body is None else json.dumps(body), "application/json",
            headers={"Authorization": f"Bearer {self.token}", "Accept-Language": "en"} | headers,
        )  # fmt: skip
        assert answer.status_code == status, answer.content.decode()
        return answer.json()


@pytest.mark.usefixtures("customers")
def test_a_list_holds_what_its_reader_may_see(people: dict[str, User]) -> None:
    mine = Caller(people["shen"])("GET", "customers")
    assert mine == {
        "items": [
            {"id": 1, "kind": "person", "name": "王伟", "region_code": "CN-ZJ", "city": "", "phone": "138****5678",
             "email": "w***@example.com", "owner_id": people["shen"].pk, "source_records": 1, "last_contact_at": None,
             "satisfaction": None, "tier": "vip", "stage": "", "status": "loyal", "orders": 3, "spend_12m": "12.5000",
             "expected_12m": None, "last_purchase_on": None, "custom": {}}
        ],
        "next": "", "previous": "", "count": 1, "as_of": AS_OF.isoformat(), "currency": "CNY",
    }  # fmt: skip
    everybody = Caller(people["liu"])
    assert [row["id"] for row in everybody("GET", "customers?sort=name")["items"]] == [2, 1]
    assert [row["id"] for row in everybody("GET", "customers?where=tier:is:vip")["items"]] == [1]
    first = everybody("GET", "customers?size=1")
    second = everybody("GET", f"customers?size=1&cursor={first['next']}")
    assert sorted(row["id"] for row in first["items"] + second["items"]) == [1, 2]
    assert everybody("GET", "customers?where=ghost:is:1", status=409)["code"] == "filter_unknown"
    assert everybody("GET", "customers?size=0", status=422)["problems"][0]["place"] == "query.size"


@pytest.mark.usefixtures("customers")
def test_who_may_do_what(people: dict[str, User]) -> None:
    seller, operator = Caller(people["shen"]), Caller(people["zheng"])
    assert seller("GET", "customers/2", status=404)["code"] == "customer_unknown"
    assert seller("GET", "customers/999", status=404)["message"] == "There is no customer 999."
    before = AuditEntry.objects.count()
    assert seller("PATCH", "customers/2", {"values": {"name": "x"}}, 404)["code"] == "customer_unknown"
    assert seller("DELETE", "customers/1", status=403)["code"] == "permission_denied"
    assert seller("PUT", "customers/1/owner", {"owner_id": None}, 403)["code"] == "permission_denied"
    for path in ("customers", "customers/1", "customers/1/interactions", "tasks"):
        assert operator("GET", path, status=403)["code"] == "permission_denied"
    assert AuditEntry.objects.count() == before
    assert seller("GET", "me")["visibility"] == "own"
    assert seller("GET", "nowhere", status=404)["code"] == "route_unknown"


def test_a_customer_is_made_changed_thrown_away_and_restored(people: dict[str, User]) -> None:
    manager = Caller(people["liu"])
    made = manager("POST", "customers", {"values": {"name": "王伟", "phone": "13812345678"}}, 201)["id"]
    shown = manager("GET", f"customers/{made}")
    assert (shown["name"], shown["contacts"][0]["masked"], shown["owner"]) == ("王伟", "138****5678", "liu")
    change = {"values": {"name": "王炜"}, "before": {"name": "王伟"}}
    manager("PATCH", f"customers/{made}", change)
    conflict = manager("PATCH", f"customers/{made}", {"values": {"name": "王玮"}, "before": {"name": "王伟"}}, 409)
    assert (conflict["code"], conflict["place"]) == ("edit_conflict", "name")
    assert Customer.objects.get(pk=made).name == "王炜"
    wrong = manager("PATCH", f"customers/{made}", {"values": {"owner_id": 1, "id": 7}}, 409)
    assert wrong["code"] == "field_unknown"
    manager("DELETE", f"customers/{made}")
    manager("GET", f"customers/{made}", status=404)
    manager("POST", f"customers/{made}/restore")
    manager("PUT", f"customers/{made}/owner", {"owner_id": people["shen"].pk, "because": "搬到杭州"})
    assert Customer.objects.get(pk=made).owner == people["shen"]
    long = manager("PUT", f"customers/{made}/owner", {"owner_id": None, "because": "x" * 301}, 409)
    assert (long["code"], long["place"]) == ("field_invalid", "because")
    periods = Caller(people["shen"])("GET", f"customers/{made}/owners")
    assert [(one["owner"], one["got"], one["got_because"], one["lost"], one["until"] is None) for one in periods] == [
        ("shen", "assigned", "搬到杭州", "", True), ("liu", "created", "", "reassigned", False),
    ]  # fmt: skip


@pytest.mark.usefixtures("customers")
def test_a_contact_is_logged_with_its_next_step_and_a_purchase_written_down(people: dict[str, User]) -> None:
    seller = Caller(people["shen"])
    body = {"values": {"kind": "call", "reached": True, "satisfaction": 5, "body": "要新茶"},
            "next_step": {"title": "寄样", "due_on": "2099-01-01"}}  # fmt: skip
    made = seller("POST", "customers/1/interactions", body, 201)["id"]
    listed = seller("GET", "customers/1/interactions")
    assert [(row["id"], row["kind"], row["reached"], row["satisfaction"]) for row in listed] == [
        (made, "call", True, 5)
    ]
    assert seller("GET", f"customers/1/interactions?before={made}") == []
    elsewhere = Caller(people["liu"])("POST", "customers/2/interactions", body | {"next_step": None}, 201)["id"]
    for gone in (elsewhere, made + 1_000):
        told = seller("GET", f"customers/1/interactions?before={gone}", status=404)
        assert (told["code"], told["place"]) == ("entry_unknown", "before")
    remove_interaction(people["liu"], interaction_id=elsewhere)
    remove_interaction(people["shen"], interaction_id=made)
    assert seller("GET", f"customers/1/interactions?before={made}") == [], "in the bin it still says where it stood"
    restore_interaction(people["shen"], interaction_id=made)
    (task,) = seller("GET", "tasks?mine=true&open=true")
    assert (task["title"], task["customer_id"], task["due_on"]) == ("寄样", 1, "2099-01-01")
    seller("POST", f"tasks/{task['id']}/done", {"outcome": "寄了"})
    assert Task.objects.get().state == "done"
    seller("POST", f"tasks/{task['id']}/done", {"outcome": "寄了"}, 409)
    line = {"product_name": "龙井", "quantity": "2", "unit_price": "128.5"}
    bought = {"key": "till-1", "bought_at": "2026-11-20T10:00:00+08:00", "lines": [line]}
    first = seller("POST", "customers/1/purchases", bought, 201)
    assert seller("POST", "customers/1/purchases", bought, 201) == first
    assert [(row["total"], row["lines"]) for row in seller("GET", "customers/1/purchases")] == [("257.0000", 1)]
    seller("POST", f"purchases/{first['id']}/reverse", status=201)
    assert Purchase.objects.count() == 2


@pytest.mark.usefixtures("customers")
def test_asking_twice_with_one_key_does_it_once(people: dict[str, User]) -> None:
    seller = Caller(people["shen"])
    body = {"values": {"kind": "note", "body": "喜欢绿茶"}}
    key = {"Idempotency-Key": "a-1"}
    first = seller("POST", "customers/1/interactions", body, 201, **key)
    assert seller("POST", "customers/1/interactions", body, 201, **key) == first
    assert Interaction.objects.count() == 1
    other = seller("POST", "customers/1/interactions", {"values": {"kind": "note", "body": "x"}}, 409, **key)
    assert (other["code"], Interaction.objects.count()) == ("idempotency_key_reused", 1)
    assert Caller(people["liu"])("POST", "customers/1/interactions", body, 201, **key)["id"] != first["id"]
    wrong = {"values": {"kind": "ghost"}}
    seller("POST", "customers/1/interactions", wrong, 409, **{"Idempotency-Key": "a-2"})
    assert not IdempotentCall.objects.filter(key="a-2").exists(), "what failed may be tried again with its key"
    seller("POST", "customers/1/interactions", body, 201, **{"Idempotency-Key": "a-2"})


@pytest.mark.usefixtures("customers")
def test_long_keys_that_differ_at_their_end_are_two(people: dict[str, User]) -> None:
    seller, body = Caller(people["shen"]), {"values": {"kind": "note", "body": "喜欢绿茶"}}
    keys = [{"Idempotency-Key": "k" * 150 + end} for end in "ab"]
    first, second = (seller("POST", "customers/1/interactions", body, 201, **key) for key in keys)
    assert first != second
    assert seller("POST", "customers/1/interactions", body, 201, **keys[0]) == first
    assert Interaction.objects.count() == 2


@pytest.mark.usefixtures("customers")
def test_no_token_no_answer(people: dict[str, User]) -> None:
    caller = Caller(people["shen"])
    row = ApiToken.objects.get()
    assert (row.name, row.start, caller.token[:8]) == ("test", caller.token[:8], row.start)
    assert caller.token not in json.dumps(list(ApiToken.objects.values("digest", "start", "name")))
    caller("GET", "customers")
    assert ApiToken.objects.get().last_used_on is not None
    with pytest.raises(TokenUnknown):
        revoke_token(people["liu"], token_id=row.pk)
    revoke_token(people["shen"], token_id=row.pk)
    assert caller("GET", "customers", status=401)["code"] == "not_signed_in"
    assert Client().get("/api/v1/customers").status_code == 401
    other = Caller(people["shen"])
    User.objects.filter(pk=people["shen"].pk).update(is_active=False)
    other("GET", "customers", status=401)


@pytest.mark.usefixtures("customers")
def test_a_page_may_read_but_changes_nothing_without_its_csrf_token(people: dict[str, User]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["shen"])
    assert client.get("/api/v1/customers").status_code == 200
    count = Customer.objects.count()
    answer = client.post("/api/v1/customers", {"values": {"name": "x"}}, content_type="application/json")
    assert (answer.status_code, Customer.objects.count()) == (403, count)


@pytest.mark.usefixtures("customers")
def test_what_cannot_be_read_is_named(people: dict[str, User]) -> None:
    caller = Caller(people["shen"])
    assert caller("POST", "customers", {"value": {}}, 422)["problems"][0]["place"] == "body.body.values"
    answer = caller.client.post(
        "/api/v1/customers", "{", content_type="application/json", headers={"Authorization": f"Bearer {caller.token}"}
    )
    assert answer.status_code == 400


def test_too_fast_is_told(people: dict[str, User], settings: Settings) -> None:
    rate.forget()
    settings.API_RATE = "2/d"
    caller = Caller(people["shen"])
    assert [caller("GET", "me")["username"] for _ in range(2)] == ["shen", "shen"]
    told = caller("GET", "me", status=429)
    assert (told["code"], told["message"]) == ("too_many_requests", "Too many requests at once.")
    assert Caller(people["liu"])("GET", "me")["username"] == "liu", "another user has a counter of his own"
    rate.forget()


def test_a_token_is_shown_once_and_revoked_by_its_owner(people: dict[str, User], client: Client) -> None:
    client.force_login(people["shen"])
    client.cookies.load({"django_language": "en"})
    assert client.post("/account/tokens/", {"name": "  "}).status_code == 400
    assert ApiToken.objects.count() == 0
    made = client.post("/account/tokens/", {"name": "till"}).content.decode()
    row = ApiToken.objects.get()
    assert made.count(row.start) == 2, "the token itself, and the beginning it is told apart by"
    assert client.get("/account/tokens/").content.decode().count(row.start) == 1
    client.force_login(people["liu"])
    assert client.post(f"/account/tokens/{row.pk}/revoke/").status_code == 404
    client.force_login(people["shen"])
    assert client.post(f"/account/tokens/{row.pk}/revoke/").status_code == 302
    assert ApiToken.objects.get().revoked_at is not None

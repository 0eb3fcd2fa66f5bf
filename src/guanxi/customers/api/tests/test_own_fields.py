"""A company's own fields, read, written and filtered by programs."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from guanxi.customers.api.tests.test_routes import Caller, customers, people
from guanxi.customers.models import Customer
from guanxi.customers.tests.test_own_fields import KINDS, custom, define, work_all
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.fields.commands import archive_field

__all__ = ["customers", "people"]
pytestmark = pytest.mark.django_db
SENT = {
    "text": "三号库", "number": 3.5, "money": "1234.50", "date": "2026-11-22", "choice": "White tea",
    "choices": ["Green tea", "Black tea"], "flag": True,
}  # fmt: skip


@pytest.fixture
def fields() -> None:
    for kind in KINDS:
        define(f"the_{kind}", kind)


@pytest.fixture
def manager(people: dict[str, User], customers: None, fields: None) -> Caller:
    del customers, fields
    return Caller(people["liu"])


def values(sent: dict[str, Any]) -> dict[str, Any]:
    return {f"custom.the_{kind}": value for kind, value in sent.items()}


def test_what_a_program_writes_it_reads_and_may_send_back(manager: Caller) -> None:
    manager("PATCH", "customers/1", {"values": values(SENT)})
    read = manager("GET", "customers/1")["custom"]
    keys = {option["label"]: option["key"] for option in manager("GET", "customers/fields")[4]["options"]}
    assert read == {
        "the_text": "三号库", "the_number": 3.5, "the_money": "1234.5", "the_date": "2026-11-22",
        "the_choice": keys["White tea"], "the_choices": [keys["Black tea"], keys["Green tea"]], "the_flag": True,
    }  # fmt: skip
    listed = {row["id"]: row["custom"] for row in manager("GET", "customers")["items"]}
    assert listed == {1: read, 2: dict.fromkeys(read)}
    kept, entries = custom()[0], AuditEntry.objects.count()
    back = {f"custom.{key}": value for key, value in read.items()}
    manager("PATCH", "customers/1", {"values": back, "before": back})
    assert (custom()[0], AuditEntry.objects.count()) == (kept, entries)  # it says the same, so nothing changed
    manager("PATCH", "customers/1", {"values": dict.fromkeys(back)})
    assert custom()[0] == {}


@pytest.mark.usefixtures("fields")
def test_a_new_customer_comes_with_them(people: dict[str, User]) -> None:
    made = Caller(people["liu"])("POST", "customers", {"values": {"name": "赵强", **values(SENT)}}, 201)["id"]
    assert Customer.objects.get(pk=made).custom["the_money"] == 12_345_000


@pytest.mark.parametrize(
    ("sent", "code", "told"),
    [
        ({"number": "many"}, "field_invalid", "this is no number"),
        ({"money": 0.00001}, "field_invalid", "an amount has four places at most"),
        ({"date": "22.11.2026"}, "field_invalid", "a date is written 2026-11-22"),
        ({"choice": "Coffee"}, "field_invalid", "it is not one of the choices"),
        ({"choices": ["White tea", "Coffee"]}, "field_invalid", "it is not one of the choices"),
        ({"flag": 2}, "field_invalid", "the answer is yes or no"),
        ({"ghost": 1}, "field_unknown", "custom.the_ghost"),
    ],
)
def test_what_is_no_value_is_refused_in_words(manager: Caller, sent: dict[str, Any], code: str, told: str) -> None:
    before = custom()
    for call in (("PATCH", "customers/1"), ("POST", "customers")):
        refused = manager(*call, {"values": values({"text": "kept?"} | sent)}, 409)
        assert (refused["code"], refused["place"]) == (code, f"custom.the_{next(iter(sent))}")
        assert told in refused["message"]
    assert custom() == before


def test_a_newer_value_is_not_overwritten(manager: Caller) -> None:
    manager("PATCH", "customers/1", {"values": values({"choices": ["White tea"]})})
    change = {"values": values({"choices": ["Black tea"]}), "before": values({"choices": ["Green tea"]})}
    before = custom()
    assert manager("PATCH", "customers/1", change, 409)["code"] == "edit_conflict"
    assert custom() == before


def test_the_list_is_filtered_and_sorted_by_them_as_on_the_screen(manager: Caller) -> None:
    define("beds", "number", filterable=True)
    connection.check_constraints()  # PostgreSQL makes no index over rows whose keys it has yet to check
    work_all()
    manager("PATCH", "customers/1", {"values": {"custom.beds": 20}})
    manager("PATCH", "customers/2", {"values": {"custom.beds": 10}})
    field = next(one for one in manager("GET", "customers/fields") if one["key"] == "beds")
    assert field == {
        "name": "custom.beds", "key": "beds", "kind": "number", "label": "Beds", "is_required": False, "options": [],
        "filter": "custom_beds",
    }  # fmt: skip
    assert [row["id"] for row in manager("GET", "customers?where=custom_beds:from:15")["items"]] == [1]
    assert [row["id"] for row in manager("GET", "customers?sort=custom_beds")["items"]] == [1, 2]  # the most first
    assert [row["id"] for row in manager("GET", "customers?sort=custom_beds.turned")["items"]] == [2, 1]
    assert manager("GET", "customers?where=custom_ghost:is:x", status=409)["code"] == "filter_unknown"


def test_an_archived_one_is_gone_and_refuses_to_be_written(manager: Caller) -> None:
    manager("PATCH", "customers/1", {"values": values({"text": "三号库"})})
    archive_field(SYSTEM, subject="customers", key="the_text")
    assert "the_text" not in manager("GET", "customers/1")["custom"]
    before = custom()
    assert manager("PATCH", "customers/1", {"values": values({"text": "x"})}, 409)["code"] == "field_unknown"
    assert custom() == before


def test_who_may_see_no_customers_sees_no_fields(people: dict[str, User]) -> None:
    assert Caller(people["zheng"])("GET", "customers/fields", status=403)["code"] == "permission_denied"

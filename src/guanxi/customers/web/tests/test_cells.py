"""Cells of the list that are edited in place: saved, refused, in conflict, taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from guanxi.customers.commands import edit_customer
from guanxi.customers.commands.edit import Edit
from guanxi.customers.models import Customer
from guanxi.customers.tests.factories import make_customers
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.fields.commands import Looks, define_field

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
STATE = "columns=name,city,region,phone,custom_tea&where=all"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def people(seller: User, colleague: User) -> None:
    looks = Looks(label_en="Tea", options="红茶 | Black\n绿茶 | Green")
    define_field(SYSTEM, subject="customers", kind="choices", key="tea", looks=looks)
    make_customers(
        {
            "id": key, "name": f"王伟{key}", "city": "杭州", "region_code": "CN-ZJ", "phone": "+8613812345678",
            "owner_id": seller.pk if key == 1 else colleague.pk,
        }
        for key in (1, 2)
    )  # fmt: skip


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def desk(people: None, seller: User) -> Client:
    return signed_in(seller)


def save(client: Client, name: str, value: Any, before: str, key: int = 1) -> Any:
    sent = {name: value, f"before-{name}": before, "state": STATE}
    return client.post(f"/customers/cells/{key}/{name}/", sent, headers=HTMX)


def city() -> str:
    return Customer.objects.get(pk=1).city


def test_the_list_says_which_cells_are_edited_and_where(desk: Client, people: None) -> None:
    page = desk.get("/customers/", {"where": "all", "columns": "name,tier,city,custom_tea"}).text
    assert 'data-cells="/customers/cells/"' in page
    assert 'data-column="city" data-edits="city"' in page
    assert 'data-column="custom_tea" data-edits="custom.tea"' in page
    assert 'data-column="tier" data-edits' not in page


def test_a_cell_becomes_an_input_and_the_saved_row_comes_back_with_the_way_back(desk: Client) -> None:
    cell = desk.get("/customers/cells/1/city/", {"state": STATE}, headers=HTMX).text
    assert 'value="杭州"' in cell
    assert '<input type="hidden" name="before-city" value="杭州">' in cell
    answer = save(desk, "city", " 宁波 ", "杭州")
    assert (answer.status_code, city()) == (200, "宁波")
    assert answer.text.count("<td") == 6
    assert "Zhejiang · 宁波" in answer.text
    toast = json.loads(answer.headers["HX-Trigger"])["gx:toast"]
    assert toast["text"] == "City of 王伟1 saved"
    undone = desk.post(toast["undoUrl"], headers=HTMX)
    assert json.loads(undone.headers["HX-Trigger"]) == {"gx:toast": {"text": "Undone."}, "gx:changed": True}
    assert city() == "杭州"
    again = desk.post(toast["undoUrl"], headers=HTMX)
    assert json.loads(again.headers["HX-Trigger"]) == {"gx:toast": {"text": "This can no longer be undone."}}


def test_of_two_in_one_cell_the_second_sees_both_and_chooses(desk: Client) -> None:
    edit_customer(SYSTEM, customer_id=1, edits={"city": Edit("温州")})
    count = AuditEntry.objects.count()
    answer = save(desk, "city", "宁波", "杭州")
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, '[data-gx-cell="1:city"]')
    assert "Somebody changed “City” while you were editing: it is “温州” now." in answer.text
    assert 'value="宁波"' in answer.text
    assert '<input type="hidden" name="before-city" value="温州">' in answer.text
    assert "Keep “温州”" in answer.text
    assert (city(), AuditEntry.objects.count()) == ("温州", count)
    kept = desk.get("/customers/cells/1/", {"state": STATE}, headers=HTMX)
    assert "温州" in kept.text
    assert save(desk, "city", "宁波", "温州").status_code == 200
    assert city() == "宁波"


def test_an_undo_leaves_alone_what_somebody_saved_since(desk: Client) -> None:
    toast = json.loads(save(desk, "city", "宁波", "杭州").headers["HX-Trigger"])["gx:toast"]
    edit_customer(SYSTEM, customer_id=1, edits={"city": Edit("温州")})
    told = desk.post(toast["undoUrl"], headers=HTMX)
    assert "it is “温州” now" in json.loads(told.headers["HX-Trigger"])["gx:toast"]["text"]
    assert city() == "温州"


def test_own_fields_and_masked_ones_are_edited_too(desk: Client) -> None:
    assert save(desk, "custom.tea", ["green", "black"], "").status_code == 200
    assert Customer.objects.get(pk=1).custom == {"tea": ["black", "green"]}
    cell = desk.get("/customers/cells/1/phone/", headers=HTMX).text
    assert "138****5678" in cell
    assert "13812345678" not in cell
    answer = save(desk, "phone", "13900000000", "138****5678")
    assert (answer.status_code, Customer.objects.get(pk=1).phone) == (200, "+8613900000000")
    desk.post(json.loads(answer.headers["HX-Trigger"])["gx:toast"]["undoUrl"], headers=HTMX)
    assert Customer.objects.get(pk=1).phone == "+8613812345678"


def test_what_was_not_touched_is_not_saved(desk: Client) -> None:
    count = AuditEntry.objects.count()
    answer = save(desk, "phone", "138****5678", "138****5678")
    assert (answer.status_code, "HX-Trigger" in answer.headers, AuditEntry.objects.count()) == (200, False, count)


@pytest.mark.parametrize(
    ("name", "value", "before", "status", "said"),
    [
        ("city", "长" * 81, "杭州", 422, "longer than 80 characters"),
        ("name", " ", "王伟1", 422, "A customer needs a name."),
        ("region_code", "Atlantis", "CN-ZJ", 422, "does not fit the field “Region”"),
        ("custom.tea", ["water"], "", 422, "not one of the choices"),
    ],
)
def test_what_does_not_fit_stands_in_the_cell_with_the_reason(
    desk: Client, name: str, value: Any, before: str, status: int, said: str
) -> None:
    rows = list(Customer.objects.values())
    answer = save(desk, name, value, before)
    assert (answer.status_code, said in answer.text) == (status, True)
    assert answer.headers["HX-Retarget"] == f'[data-gx-cell="1:{name}"]'
    assert list(Customer.objects.values()) == rows


def test_nobody_edits_what_is_not_theirs_or_no_field(desk: Client, people: None, manager: User) -> None:
    rows = list(Customer.objects.values())
    assert desk.get("/customers/cells/2/city/", headers=HTMX).status_code == 404
    assert save(desk, "city", "宁波", "杭州", key=2).status_code == 404
    assert desk.get("/customers/cells/2/", headers=HTMX).status_code == 404
    assert desk.get("/customers/cells/1/deleted_at/", headers=HTMX).status_code == 409
    assert save(desk, "owner_id", "1", "").status_code == 409
    assert desk.post("/customers/cells/undo/nothing/", headers=HTMX).status_code == 204
    manager.roles.update(permissions=["customers.view"])
    reader = signed_in(User.objects.get(pk=manager.pk))
    assert 'data-cells="' not in reader.get("/customers/", {"where": "all"}).text
    assert reader.get("/customers/cells/1/city/", headers=HTMX).status_code == 403
    assert save(reader, "city", "宁波", "杭州").status_code == 403
    assert list(Customer.objects.values()) == rows


def test_an_undo_is_only_for_who_edited(desk: Client, people: None, manager: User) -> None:
    toast = json.loads(save(desk, "city", "宁波", "杭州").headers["HX-Trigger"])["gx:toast"]
    told = signed_in(manager).post(toast["undoUrl"], headers=HTMX)
    assert json.loads(told.headers["HX-Trigger"]) == {"gx:toast": {"text": "This can no longer be undone."}}
    assert city() == "宁波"


def test_who_has_no_name_is_edited_in_a_cell(desk: Client) -> None:
    Customer.objects.filter(pk=1).update(name="")
    assert "City of No name saved" in save(desk, "city", "宁波", "杭州").headers["HX-Trigger"]
    assert Customer.objects.get(pk=1).city == "宁波"

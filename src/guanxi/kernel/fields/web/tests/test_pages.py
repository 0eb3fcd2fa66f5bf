"""Settings: a company's own fields, as pages."""

from __future__ import annotations

import pytest
from django.test import Client

from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.fields.models import CustomField
from guanxi.kernel.jobs.models import Job

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
OF = "/settings/fields/customers/"


def client_of(role: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    ensure_roles(SYSTEM)
    client.force_login(create_user(SYSTEM, role, PASSWORD, roles=[role]))
    return client


@pytest.fixture
def setter() -> Client:
    return client_of("administrator")


def rows() -> list[tuple[str, bool, bool, str]]:
    fields = CustomField.objects.order_by("position")
    return [(field.key, field.archived_at is not None, field.is_filterable, field.index) for field in fields]


def test_fields_are_defined_moved_marked_archived_and_brought_back(setter: Client) -> None:
    empty = setter.get("/settings/fields/").text
    assert "No fields of your own yet." in empty
    assert empty.count(f'href="{OF}new/"') == 1
    assert "/settings/fields/" in setter.get("/settings/").text
    for label in ("Seat", "Tea"):
        answer = setter.post(f"{OF}new/", {"kind": "choice", "label_en": label, "options": "a\nb", "is_required": "on"})
        assert (answer.status_code, answer.headers["Location"]) == (302, OF)
    page = setter.get(OF).text
    assert page.index("Seat") < page.index("Tea")
    assert "must be filled in" in page
    for deed in ("down", "filter"):
        assert setter.post(f"{OF}seat/{deed}/").status_code == 302
    assert rows() == [("tea", False, False, "none"), ("seat", False, True, "waiting")]
    assert Job.objects.get().name == "custom_fields.index"
    assert 'hx-trigger="every 2s"' in setter.get(OF).text
    assert "<html" not in setter.get(OF, headers={"HX-Request": "true"}).text
    setter.post(f"{OF}seat/archive/")
    page = setter.get(OF).text
    assert f'data-gx-undo="{OF}seat/restore/"' in page
    assert page.index("Archived") < page.index("Seat")
    assert setter.post(f"{OF}seat/restore/", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert rows() == [("tea", False, False, "none"), ("seat", False, False, "waiting")]


def test_a_field_is_changed(setter: Client) -> None:
    setter.post(f"{OF}new/", {"kind": "choice", "label_en": "Tea", "options": "红茶 | Black\n绿茶 | Green"})
    page = setter.get(f"{OF}tea/").text
    assert "红茶 | Black\n绿茶 | Green" in page
    assert 'name="kind"' not in page
    answer = setter.post(f"{OF}tea/", {"label_en": "Tea", "label_zh": "茶", "options": "红茶 | Black"})
    assert answer.status_code == 422
    assert "The options of a field are kept: “绿茶” cannot go." in answer.text
    assert CustomField.objects.get().label_zh == ""
    setter.post(f"{OF}tea/", {"label_en": "Tea", "label_zh": "茶", "options": "红茶 | Black\n绿茶 | Green"})
    assert CustomField.objects.get().label_zh == "茶"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": "text"}, "A field needs a name."),
        ({"kind": "text", "label_en": "Seat"}, "There is already a field “Seat”."),
        ({"kind": "choice", "label_en": "Tea"}, "A choice needs two options at least"),
        ({"kind": "colour", "label_en": "Tea"}, "Select a valid choice."),
        ({"kind": "text", "label_en": "x", "key": "Nö"}, "cannot be the key of a field"),
        ({"kind": "text", "label_en": "x" * 41}, "at most 40 characters"),
    ],
)
def test_what_does_not_fit_is_told_and_what_was_typed_stays(setter: Client, typed: dict[str, str], said: str) -> None:
    setter.post(f"{OF}new/", {"kind": "text", "label_en": "Seat"})
    answer = setter.post(f"{OF}new/", {"help_en": "ask them", **typed})
    assert (answer.status_code, said in answer.text, "ask them" in answer.text) == (422, True, True)
    assert CustomField.objects.count() == 1


def test_what_is_not_there_is_not_found(setter: Client) -> None:
    for path in ("/settings/fields/teas/", f"{OF}nothing/"):
        assert setter.get(path).status_code == 404
    assert setter.post(f"{OF}nothing/archive/").status_code == 404
    assert setter.post(f"{OF}nothing/explode/").status_code == 404
    assert setter.get(f"{OF}nothing/archive/").status_code == 405


@pytest.mark.parametrize("role", ["manager", "seller"])
def test_only_who_sets_the_company_up_may(setter: Client, role: str) -> None:
    setter.post(f"{OF}new/", {"kind": "text", "label_en": "Seat"})
    before = list(CustomField.objects.values())
    client = client_of(role)
    for path in ("/settings/fields/", OF, f"{OF}new/", f"{OF}seat/"):
        assert client.get(path).status_code == 403
    assert client.post(f"{OF}new/", {"kind": "text", "label_en": "x"}).status_code == 403
    assert client.post(f"{OF}seat/", {"label_en": "x"}).status_code == 403
    for deed in ("up", "archive", "filter", "restore"):
        assert client.post(f"{OF}seat/{deed}/").status_code == 403
    assert list(CustomField.objects.values()) == before

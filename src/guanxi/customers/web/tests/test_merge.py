"""Merging side by side, its undo, and the same for programs."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from guanxi.customers.commands import add_certificate, create_customer, create_task, delete_customer, log_interaction
from guanxi.customers.details import find_detail
from guanxi.customers.models import Customer, Merge
from guanxi.customers.queries.customer_page import get_customer_page
from guanxi.kernel.access.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, seller: User) -> Client:
    client.force_login(seller)
    client.cookies.load({"django_language": "en"})
    return client


@pytest.fixture
def other(seller: User, wang: Customer) -> Customer:
    made = create_customer(seller, values={"name": "王伟", "phone": "13900000000", "city": "杭州", "remark": "tea"})
    log_interaction(seller, customer_id=made.pk, values={"kind": "call", "subject": "tea"})
    create_task(seller, customer_id=made.pk, values={"title": "tea", "due_on": "2099-01-01"})
    return made


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_they_stand_side_by_side_and_one_is_left(desk: Client, seller: User, wang: Customer, other: Customer) -> None:
    page = text(desk.get(f"/customers/merge/?ids={wang.pk},{other.pk}"))
    for told in ("138****5678", "139****0000", "1 follow-up", "1 open task", "Merge 2 customers", "the same in all"):
        assert told in page
    assert f'name="field-phone" value="{wang.pk}" checked' in page
    assert f'name="field-city" value="{other.pk}" checked' in page  # the only one there is
    assert f'href="?ids={other.pk},{wang.pk}"' in page
    sent = {"ids": f"{wang.pk},{other.pk}", "field-phone": other.pk, "field-city": other.pk}
    answer = desk.post("/customers/merge/", sent)
    assert answer["Location"] == f"/customers/{wang.pk}/"
    merge = Merge.objects.get()
    page = text(desk.get(answer["Location"]))
    assert f'data-gx-undo="/customers/merges/{merge.pk}/back/"' in page
    assert "Merged from" in page
    # The one chosen for the survivor, and the one given up for it.
    assert [one.masked for one in get_customer_page(seller, wang.pk).contacts] == ["139****0000", "138****5678"]
    assert f"/details/merge-{merge.pk}-phone/" in page
    assert find_detail(wang, f"merge-{merge.pk}-phone").value == "+8613812345678"  # type: ignore[union-attr]
    assert find_detail(wang, f"merged-{other.pk}-phone").value == "+8613900000000"  # type: ignore[union-attr]
    assert desk.get(f"/customers/{other.pk}/")["Location"] == f"/customers/{wang.pk}/"
    assert "Merged from" in text(desk.get(f"/customers/{wang.pk}/history/"))
    back = desk.post(f"/customers/merges/{merge.pk}/back/", headers={"HX-Request": "true"})
    assert (back.status_code, back["HX-Refresh"]) == (204, "true")
    page = text(desk.get(f"/customers/{wang.pk}/"))
    assert "Taken back" in page
    assert "Merged from" not in page
    assert desk.get(f"/customers/{other.pk}/").status_code == 200
    assert find_detail(wang, f"merge-{merge.pk}-phone") is None
    assert find_detail(wang, f"merged-{other.pk}-phone") is None


def test_without_script_taking_back_leads_to_the_page(desk: Client, wang: Customer, other: Customer) -> None:
    desk.post("/customers/merge/", {"ids": f"{other.pk},{wang.pk}"})
    answer = desk.post(f"/customers/merges/{Merge.objects.get().pk}/back/")
    assert answer["Location"] == f"/customers/{other.pk}/"


def test_all_that_match_are_not_merged_unseen(desk: Client, wang: Customer, other: Customer) -> None:
    answer = desk.post("/customers/merge/", {"all": "1", "state": ""})
    assert (answer.status_code, Merge.objects.count()) == (409, 0)


def test_who_is_here_twice_is_offered(
    desk: Client, seller: User, wang: Customer, other: Customer, tea: Customer
) -> None:
    page = text(desk.get(f"/customers/{wang.pk}/twins/"))
    assert f'href="/customers/merge/?ids={wang.pk},{other.pk}"' in page
    assert "Nobody else has this name, phone, e-mail or certificate" in text(desk.get(f"/customers/{tea.pk}/twins/"))
    assert "Duplicate check" in text(desk.get(f"/customers/{wang.pk}/"))
    for one in (wang, tea):
        add_certificate(seller, customer_id=one.pk, values={"kind": "passport", "number": "E12345678"})
    page = text(desk.get(f"/customers/{tea.pk}/twins/"))
    assert f'href="/customers/merge/?ids={tea.pk},{wang.pk}"' in page
    assert "same certificate" in page
    assert "E12345678" not in page


def test_it_is_refused_in_words(
    desk: Client, manager: User, wang: Customer, other: Customer, tea: Customer, everything: Any
) -> None:
    before = everything(Merge)
    for ids, status, told in [
        (f"{wang.pk}", 409, "Merge 2 to 5 different customers"),
        ("1,2,3,4,5,6", 409, "Merge 2 to 5 different customers"),
        (f"{wang.pk},{tea.pk}", 409, "cannot be one customer"),
        (f"{wang.pk},999", 404, "There is no customer 999"),
    ]:
        for answer in (desk.get(f"/customers/merge/?ids={ids}"), desk.post("/customers/merge/", {"ids": ids})):
            assert (answer.status_code, told in text(answer)) == (status, True)
    assert everything(Merge) == before
    desk.post("/customers/merge/", {"ids": f"{wang.pk},{other.pk}"})
    late = desk.post("/customers/merge/", {"ids": f"{other.pk},{wang.pk}"})
    assert late.status_code == 409
    assert f"was merged into customer {wang.pk} already" in text(late)
    delete_customer(manager, customer_id=wang.pk)
    assert desk.post(f"/customers/merges/{Merge.objects.get().pk}/back/").status_code == 404
    assert Merge.objects.get().undone_at is None


def test_of_all_that_match_a_list_a_handful_can_be_merged(desk: Client, wang: Customer, other: Customer) -> None:
    assert "Merge 2 customers" in text(desk.get("/customers/merge/?all=1&state="))
    assert "data-gx-act" in text(desk.get("/customers/"))


def test_programs_merge_too(desk: Client, wang: Customer, other: Customer) -> None:
    sent = {"others": [other.pk], "chosen": {"phone": other.pk}}
    made = desk.post(f"/api/v1/customers/{wang.pk}/merges", sent, content_type="application/json")
    assert (made.status_code, desk.get(f"/api/v1/customers/{other.pk}").json()["id"]) == (201, wang.pk)
    assert Customer.objects.get(pk=wang.pk).phone == "+8613900000000"
    address = f"/api/v1/customers/merges/{made.json()['id']}/back"
    assert desk.post(address, {}, content_type="application/json").json() == {"done": True}
    assert desk.get(f"/api/v1/customers/{other.pk}").json()["id"] == other.pk
    again = desk.post(address, {}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "merge_taken_back")

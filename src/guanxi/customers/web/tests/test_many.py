"""The pages that ask before many customers are changed, and what answers them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from guanxi.customers.models import Customer, CustomerTag
from guanxi.customers.tests.factories import make_customers
from guanxi.kernel.access.models import User
from guanxi.kernel.batches.models import Batch
from guanxi.kernel.jobs.worker import Worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def people(seller: User, colleague: User) -> None:
    make_customers(
        {"id": key, "name": f"王伟{key}", "city": "杭州", "owner_id": seller.pk if key <= 3 else colleague.pk}
        for key in range(1, 7)
    )


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def desk(people: None, manager: User) -> Client:
    return signed_in(manager)


def work_all() -> None:
    worker = Worker(threading.Event())
    while worker.run_one():
        pass


def test_the_question_names_the_exact_count(desk: Client, seller: User) -> None:
    page = desk.get("/customers/many/tag/", {"all": "1", "state": "city=杭州"})
    assert "All 6 customers that match" in page.text
    assert "2 chosen customers" in desk.get("/customers/many/tag/", {"ids": "1,2,777"}).text
    assert "All 3 customers that match" in signed_in(seller).get("/customers/many/tag/", {"all": "1"}).text
    assert "Nobody is chosen any more." in desk.get("/customers/many/tag/", {"ids": "777"}).text


def test_a_page_begins_the_batch_and_goes_back_to_the_list(desk: Client) -> None:
    answer = desk.post("/customers/many/tag/", {"all": "1", "state": "where=city:is:杭州&sort=name", "name": "高尔夫"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/customers/?city=%E6%9D%AD%E5%B7%9E&sort=name")
    page = desk.get(answer.headers["Location"])
    assert "Tag 6 customers “高尔夫”" in page.text
    assert "waiting for its turn" in page.text
    work_all()
    assert CustomerTag.objects.count() == 6


def test_the_panel_gets_events_and_the_strip_tells_the_end_with_the_way_back(desk: Client) -> None:
    htmx = {"HX-Request": "true"}
    assert "<html" not in desk.get("/customers/many/tag/", {"ids": "1,2"}, headers=htmx).text
    answer = desk.post("/customers/many/tag/", {"ids": "1,2", "name": "高尔夫"}, headers=htmx)
    assert (answer.status_code, json.loads(answer.headers["HX-Trigger"])) == (
        204, {"gx:work": True, "gx:dialog-close": True, "gx:chosen-done": True},
    )  # fmt: skip
    batch = Batch.objects.get()
    strip = desk.get("/work/now/")
    assert f'hx-get="/work/now/?seen={batch.pk}"' in strip.text
    assert "HX-Trigger" not in strip.headers
    work_all()
    told = desk.get("/work/now/", {"seen": f"{batch.pk}"})
    assert json.loads(told.headers["HX-Trigger"]) == {
        "gx:toast": {
            "text": "Tag 2 customers “高尔夫”: 2 changed", "undoUrl": f"/work/{batch.pk}/undo/", "undoText": "Undo",
        },
        "gx:changed": True,
    }  # fmt: skip
    assert 'hx-get="/work/now/?seen="' in told.text
    undone = desk.post(f"/work/{batch.pk}/undo/", headers=htmx)
    assert json.loads(undone.headers["HX-Trigger"]) == {"gx:toast": {"text": "It is being undone."}, "gx:work": True}
    work_all()
    assert not CustomerTag.objects.exists()
    told = desk.get("/work/now/", {"seen": f"{batch.pk + 1},x,{batch.pk}"})
    assert json.loads(told.headers["HX-Trigger"])["gx:toast"] == {
        "text": "Undo: Tag 2 customers “高尔夫”: 2 given back",
    }  # fmt: skip
    assert f'hx-get="/work/now/?seen={batch.pk}"' in told.text


@pytest.mark.parametrize(
    ("what", "options", "changed"),
    [
        ("assign", {"owner": "nobody"}, {"owner_id": None}),
        ("edit", {"field": "industry", "value": "茶"}, {"industry": "茶"}),
        ("delete", {"count": "2"}, {"deleted_by__username": "liu"}),
    ],
)
def test_each_question_leads_to_its_change(desk: Client, what: str, options: Any, changed: dict[str, Any]) -> None:
    assert desk.get(f"/customers/many/{what}/", {"ids": "1,4"}).status_code == 200
    assert desk.post(f"/customers/many/{what}/", {"ids": "1,4", **options}).status_code == 302
    work_all()
    assert sorted(Customer.objects.filter(**changed).values_list("pk", flat=True)) == [1, 4]


def test_deleting_asks_again_where_the_list_has_moved(desk: Client) -> None:
    answer = desk.post("/customers/many/delete/", {"all": "1", "state": "city=杭州", "count": "5"})
    assert "The list has changed meanwhile: there are 6 now" in answer.text
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    ("what", "given", "status", "said"),
    [
        ("tag", {"ids": "1", "name": ""}, 400, "This field is required."),
        ("assign", {"ids": "1", "owner": "404"}, 400, "Select a valid choice."),
        ("edit", {"ids": "1", "field": "name", "value": "x"}, 400, "Select a valid choice."),
        ("edit", {"ids": "1", "field": "region_code", "value": "Atlantis"}, 400, "does not fit the field “Region”"),
        ("edit", {"ids": "1", "field": "city", "value": "长" * 81}, 400, "longer than 80 characters"),
        ("tag", {"name": "x"}, 409, "Nothing is chosen"),
        ("tag", {"ids": "1,2;drop", "name": "x"}, 302, ""),
        ("tag", {"all": "1", "state": "where=nothing:is:1", "name": "x"}, 409, "cannot be filtered"),
    ],
)
def test_what_does_not_fit_is_told_beside_the_field(
    desk: Client, what: str, given: Any, status: int, said: str
) -> None:
    answer = desk.post(f"/customers/many/{what}/", given)
    assert (answer.status_code, said in answer.text) == (status, True)
    assert Batch.objects.count() == (1 if status == 302 else 0)


@pytest.mark.parametrize("what", ["assign", "delete"])
def test_sellers_are_not_even_asked(people: None, seller: User, what: str) -> None:
    client = signed_in(seller)
    assert client.get(f"/customers/many/{what}/", {"ids": "1"}).status_code == 403
    assert client.post(f"/customers/many/{what}/", {"ids": "1", "count": "1", "owner": "nobody"}).status_code == 403
    assert not Batch.objects.exists()


def test_a_seller_reaches_nobody_elses_customers(people: None, seller: User) -> None:
    signed_in(seller).post("/customers/many/tag/", {"ids": "1,4,5", "name": "高尔夫"})
    work_all()
    assert list(CustomerTag.objects.values_list("customer", flat=True)) == [1]


def test_my_long_work_shows_mine_with_the_ways_on(desk: Client, seller: User) -> None:
    assert "Nothing yet." in desk.get("/work/").text
    desk.post("/customers/many/tag/", {"ids": "1,2", "name": "=高尔夫"})
    batch = Batch.objects.get()
    Customer.objects.filter(pk=2).update(deleted_at="2026-11-22T00:00Z")
    assert f"/work/{batch.pk}/cancel/" in desk.get("/work/").text
    work_all()
    page = desk.get("/work/").text
    assert "1 changed, 1 left alone" in page
    assert f"/work/{batch.pk}/undo/" in page
    one = desk.get(f"/work/{batch.pk}/").text
    assert "王伟2" in one
    assert "is not there any more, or not yours to see" in one
    report = desk.get(f"/work/{batch.pk}/report.csv")
    lines = report.getvalue().decode("utf-8-sig").splitlines()
    assert lines == ["No.,Name,Reason", '2,王伟2,"is not there any more, or not yours to see"']
    other = signed_in(seller)
    assert "Nothing yet." in other.get("/work/").text
    for path in ("", "report.csv", "file/"):
        assert other.get(f"/work/{batch.pk}/{path}").status_code == 404
    for path in ("undo/", "cancel/", "resume/"):
        assert other.post(f"/work/{batch.pk}/{path}").status_code == 404
        assert desk.get(f"/work/{batch.pk}/{path}").status_code == 405
    assert Client().get("/work/").status_code == 302

"""The bin: deleted from the page, its list, what a link to a deleted customer shows, and the ways back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.customers.commands import add_preference, delete_customer, restore_customer
from guanxi.customers.models import Customer
from guanxi.customers.web.tests.conftest import signed_in
from guanxi.kernel.access.commands import create_user, set_company
from guanxi.kernel.access.models import Company, User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.batches.models import Batch
from guanxi.kernel.jobs.worker import Worker

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def work_all() -> None:
    worker = Worker(threading.Event())
    while worker.run_one():
        pass


def test_a_customer_is_deleted_from_its_page_and_brought_back(chief: Client, seller: User, wang: Customer) -> None:
    values = {"kind": "drink", "value": "龙井", "attitude": "like"}
    add_preference(seller, customer_id=wang.pk, values=values)
    assert f"/customers/{wang.pk}/delete/" in chief.get(f"/customers/{wang.pk}/").text
    asked = chief.get(f"/customers/{wang.pk}/delete/", headers=HTMX).text
    assert "1 preference" in asked
    assert "logged contact" not in asked
    answer = chief.post(f"/customers/{wang.pk}/delete/", follow=True)
    assert answer.redirect_chain == [("/customers/", 302)]
    assert "王伟 is in the bin." in answer.text
    assert f"/customers/{wang.pk}/restore/" in answer.text
    assert Customer.objects.get().deleted_by is not None
    assert chief.post(f"/customers/{wang.pk}/restore/", headers=HTMX).status_code == 204
    assert Customer.objects.living().get() == wang


def test_a_seller_may_not_delete(desk: Client, wang: Customer, everything: Callable[..., list[Any]]) -> None:
    before = everything()
    assert f"/customers/{wang.pk}/delete/" not in desk.get(f"/customers/{wang.pk}/").text
    assert desk.post(f"/customers/{wang.pk}/delete/").status_code == 403
    assert desk.get("/customers/bin/").status_code == 403
    assert everything() == before


def test_a_link_to_a_deleted_customer_tells_who_did_it(
    desk: Client, other_desk: Client, chief: Client, manager: User, wang: Customer
) -> None:
    delete_customer(manager, customer_id=wang.pk)
    told = desk.get(f"/customers/{wang.pk}/")
    assert told.status_code == 410
    assert "王伟 is in the bin" in told.text
    assert "Deleted by 刘总" in told.text
    assert f"/customers/{wang.pk}/restore/" not in told.text
    assert f"/customers/{wang.pk}/restore/" in chief.get(f"/customers/{wang.pk}/").text
    unknown = other_desk.get(f"/customers/{wang.pk}/")
    assert unknown.status_code == 404
    assert "王伟" not in unknown.text
    assert f"There is no customer {wang.pk}." in unknown.text


def test_the_bin_is_a_list_that_is_searched(chief: Client, manager: User, wang: Customer, tea: Customer) -> None:
    assert "The bin is empty." in chief.get("/customers/bin/").text
    for one in (wang, tea):
        delete_customer(manager, customer_id=one.pk)
    page = chief.get("/customers/bin/")
    assert [row.key for row in page.context["list"].rows] == [tea.pk, wang.pk]
    assert "刘总" in page.text
    found = chief.get("/customers/bin/", {"q": "天元"})
    assert [row.key for row in found.context["list"].rows] == [tea.pk]
    restore_customer(manager, customer_id=tea.pk)
    assert [row.key for row in chief.get("/customers/bin/").context["list"].rows] == [wang.pk]


def test_many_are_restored_and_that_is_taken_back(chief: Client, manager: User, wang: Customer, tea: Customer) -> None:
    for one in (wang, tea):
        delete_customer(manager, customer_id=one.pk)
    before = list(Customer.objects.order_by("pk").values())
    assert "All 2 customers that match" in chief.get("/customers/many/restore/", {"all": "1"}, headers=HTMX).text
    answer = chief.post("/customers/many/restore/", {"all": "1"})
    assert answer["Location"] == "/customers/bin/?where=all"
    work_all()
    assert Customer.objects.living().count() == 2
    batch = Batch.objects.get()
    assert (batch.kind, batch.changed) == ("customers.restore", 2)
    chief.post(f"/work/{batch.pk}/undo/")
    work_all()
    assert list(Customer.objects.order_by("pk").values()) == before


def test_a_customer_restored_meanwhile_is_left_alone(chief: Client, manager: User, wang: Customer) -> None:
    delete_customer(manager, customer_id=wang.pk)
    chief.post("/customers/many/restore/", {"ids": str(wang.pk)})
    restore_customer(manager, customer_id=wang.pk)
    work_all()
    assert (Batch.objects.get().changed, Batch.objects.get().refused) == (0, 1)


def test_an_administrator_deletes_for_ever_from_the_bin(
    chief: Client, manager: User, wang: Customer, tea: Customer, everything: Callable[..., list[Any]]
) -> None:
    admin = signed_in(create_user(SYSTEM, "admin", "correct horse battery", roles=["administrator"]))
    for one in (wang, tea):
        delete_customer(manager, customer_id=one.pk)
    before = everything(Batch)
    assert "/customers/many/purge/" not in chief.get("/customers/bin/").text
    assert "/customers/many/purge/" not in chief.get(f"/customers/{wang.pk}/").text
    for ask in (chief.get, chief.post):
        assert ask("/customers/many/purge/", {"ids": str(wang.pk), "count": "1"}).status_code == 403
    assert f"/customers/many/purge/?ids={wang.pk}" in admin.get(f"/customers/{wang.pk}/").text
    asked = admin.get("/customers/many/purge/", {"ids": str(wang.pk)}, headers=HTMX).text
    assert "1 chosen customer" in asked
    assert "Nobody can bring them back" in asked
    assert "The list has changed meanwhile" in admin.post("/customers/many/purge/", {"ids": str(wang.pk)}).text
    assert everything(Batch) == before
    answer = admin.post("/customers/many/purge/", {"ids": str(wang.pk), "count": "1"})
    assert answer["Location"] == "/customers/bin/"
    work_all()
    assert [row.key for row in admin.get("/customers/bin/").context["list"].rows] == [tea.pk]
    assert admin.get(f"/customers/{wang.pk}/").status_code == 404
    report = admin.get(f"/work/{Batch.objects.get().pk}/").text
    assert "Delete 1 customer for ever" in report
    assert "/undo/" not in report


def test_the_bin_tells_when_each_goes(chief: Client, manager: User, wang: Customer) -> None:
    admin = signed_in(create_user(SYSTEM, "admin", "correct horse battery", roles=["administrator"]))
    set_company(SYSTEM, "T公司")
    delete_customer(manager, customer_id=wang.pk)
    assert "never by itself" in chief.get("/customers/bin/").text
    assert chief.post("/settings/bin/", {"days": "30"}).status_code == 403
    assert admin.post("/settings/bin/", {"days": "31"}).status_code == 422
    assert Company.objects.get().purge_after_days is None
    assert admin.post("/settings/bin/", {"days": "30"}).status_code == 302
    assert '<option value="30" selected>' in admin.get("/settings/").text
    day = timezone.localdate() + timedelta(days=31)
    page = chief.get("/customers/bin/").text
    assert "After 30 days it is deleted for ever." in page
    assert day.isoformat() in page
    assert f"It is deleted for ever on {day.isoformat()}." in chief.get(f"/customers/{wang.pk}/").text
    admin.post("/settings/bin/", {"days": ""})
    assert Company.objects.get().purge_after_days is None

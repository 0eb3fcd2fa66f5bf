"""The tour leads everybody only where they may go, and can be ended."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django import Settings

from guanxi.customers.tests.factories import make_customers, make_records
from guanxi.demo.tour import STOPS
from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(settings: Settings) -> dict[str, User]:
    (Path(settings.GUANXI_HOME) / "demo").mkdir(parents=True)
    ensure_roles(SYSTEM)
    roles = {"liu": "manager", "shen": "seller", "zheng": "operator"}
    make_customers([{"id": 5, "name": "听雨茶业"}])
    make_records(
        {"source": source, "source_key": "1", "customer_id": 5} for source in ("shop", "store", "callcentre", "fair")
    )
    return {name: create_user(SYSTEM, name, "correct horse battery", roles=[role]) for name, role in roles.items()}


def test_every_stop_leads_to_a_page_and_the_bar_tells_what_to_see(people: dict[str, User], client: Client) -> None:
    client.force_login(people["liu"])
    client.cookies.load({"django_language": "en"})
    addresses = []
    for number, stop in enumerate(STOPS, 1):
        answer = client.get(f"/tour/{number}/", follow=True)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert f"{number}/{len(STOPS)}" in page
        assert escape(str(stop.title)) in page
        addresses.append(answer.redirect_chain[0][0])
    assert addresses[3] == "/customers/5/"
    assert len(set(addresses)) == len(STOPS)
    assert client.get("/tour/0/").status_code == client.get(f"/tour/{len(STOPS) + 1}/").status_code == 404


def test_the_tour_is_ended_and_begun_again(people: dict[str, User], client: Client) -> None:
    client.force_login(people["liu"])
    assert "gx-tour" not in client.get("/customers/").content.decode()
    client.get("/tour/1/")
    assert "gx-tour" in client.get("/customers/").content.decode()
    answer = client.post("/tour/off/", {"next": "https://example.com/"})
    assert answer.headers["Location"] == "/"
    assert "gx-tour" not in client.get("/customers/").content.decode()


def test_nobody_is_led_where_he_may_not_go(people: dict[str, User], client: Client) -> None:
    for name in ("shen", "zheng"):
        client.force_login(people[name])
        for number in range(1, len(STOPS) + 1):
            assert client.get(f"/tour/{number}/", follow=True).status_code == 200


def test_a_company_of_ones_own_has_no_tour(people: dict[str, User], client: Client, settings: Settings) -> None:
    (Path(settings.GUANXI_HOME) / "demo").rmdir()
    client.force_login(people["liu"])
    assert client.get("/tour/1/").status_code == 404
    assert "/tour/1/" not in client.get("/customers/").content.decode()

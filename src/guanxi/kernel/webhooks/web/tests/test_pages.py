"""The webhooks page as an administrator uses it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.events.outbox import write_event
from guanxi.kernel.jobs.worker import Worker
from guanxi.kernel.webhooks.models import Delivery, Endpoint
from guanxi.kernel.webhooks.tests.receiver import Receiver, receiving
from guanxi.kernel.webhooks.tests.test_webhooks import TEA, TeaPoured

pytestmark = pytest.mark.django_db
PAGE = "/settings/webhooks/"


@pytest.fixture(autouse=True)
def _receivers_stand_in_here(settings: Settings) -> None:
    settings.WEBHOOKS_PRIVATE = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def signed_in(client: Client, role: str) -> Client:
    ensure_roles(SYSTEM)
    client.force_login(create_user(SYSTEM, role, "a long enough passphrase", roles=[role], language="en"))
    return client


@pytest.fixture
def administrator(client: Client) -> Client:
    return signed_in(client, "administrator")


def work() -> None:
    worker = Worker(threading.Event())
    while worker.run_one():
        pass


def test_set_up_test_read_send_again_switch_off_delete(administrator: Client, receiver: Receiver) -> None:
    empty = administrator.get(PAGE).content.decode()
    assert "No webhooks yet" in empty
    assert empty.count(f'href="{PAGE}new/"') == 1
    form = administrator.get(f"{PAGE}new/").content.decode()
    assert TEA in form
    assert "Background work given up <code>kernel.jobs.JobFailed</code>" in form
    made = administrator.post(f"{PAGE}new/", {"name": "ERP", "url": receiver.url, "events": [TEA]})
    assert (made.status_code, made.headers["Location"]) == (302, PAGE)
    endpoint = Endpoint.objects.get()
    administrator.post(f"{PAGE}{endpoint.pk}/test/")
    work()
    page = administrator.get(PAGE).content.decode()
    assert "webhooks.Test" in page
    assert "delivered" in page
    shown = administrator.post(f"{PAGE}{endpoint.pk}/secret/")
    assert "gxs_" in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store"
    assert "gxs_" not in administrator.get(PAGE).content.decode()
    receiver.answer = lambda _got: 410
    write_event(TeaPoured(cups=1, customer_id=7), timezone.now())
    work()
    assert "ERP answered 410, which is no yes." in administrator.get(PAGE).content.decode()
    receiver.answer = lambda _got: 200
    Delivery.objects.update(state="failed")
    administrator.post(f"{PAGE}deliveries/{Delivery.objects.latest('pk').pk}/resend/")
    work()
    assert Delivery.objects.latest("pk").state == "delivered"
    changed = {"name": "ERP 2", "url": receiver.url, "events": [TEA]}
    administrator.post(f"{PAGE}{endpoint.pk}/", changed)
    page = administrator.get(PAGE).content.decode()
    assert ("ERP 2" in page, "switched off" in page) == (True, True)
    administrator.post(f"{PAGE}{endpoint.pk}/delete/")
    assert not Endpoint.objects.exists()


def test_what_is_wrong_stands_beside_the_field_and_the_text_stays(administrator: Client) -> None:
    answer = administrator.post(f"{PAGE}new/", {"name": "ERP", "url": "nowhere", "events": [TEA]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“nowhere” is no address to send to." in page
    assert 'value="nowhere"' in page
    assert "Choose at least one event." in administrator.post(f"{PAGE}new/", {"name": "x", "url": "y"}).content.decode()
    assert not Endpoint.objects.exists()


def test_nobody_else_comes_in(client: Client, receiver: Receiver) -> None:
    seller = signed_in(client, "seller")
    assert seller.get(PAGE).status_code == 403
    assert seller.get(f"{PAGE}new/").status_code == 403
    assert seller.post(f"{PAGE}new/", {"name": "x", "url": receiver.url, "events": [TEA]}).status_code == 403
    assert not Endpoint.objects.exists()


def test_a_webhook_that_is_not_there(administrator: Client) -> None:
    assert administrator.get(f"{PAGE}77/").status_code == 404
    assert administrator.post(f"{PAGE}77/test/").status_code == 404

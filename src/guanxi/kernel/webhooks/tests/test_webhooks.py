"""Webhooks from the event to the receiver's answer, over real connections."""

from __future__ import annotations

import hashlib
import hmac
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.errors import GuanxiError, PermissionDenied
from guanxi.kernel.events.outbox import Event, event_titles, write_event
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.worker import Worker
from guanxi.kernel.tests.actors import NOBODY
from guanxi.kernel.vault import unseal
from guanxi.kernel.webhooks import sending
from guanxi.kernel.webhooks.commands import (
    change_endpoint,
    create_endpoint,
    delete_endpoint,
    expire_deliveries,
    ping_endpoint,
    renew_secret,
    resend_delivery,
    reveal_secret,
)
from guanxi.kernel.webhooks.errors import (
    AddressPrivate,
    AddressWrong,
    DeliveryUnknown,
    DeliveryWaiting,
    EndpointNameMissing,
    EndpointUnknown,
    EventsMissing,
    ReceiverUnreachable,
)
from guanxi.kernel.webhooks.models import Delivery, Endpoint
from guanxi.kernel.webhooks.queries import list_endpoints
from guanxi.kernel.webhooks.tests.receiver import Receiver, receiving

pytestmark = pytest.mark.django_db
TEA = "kernel.webhooks.tests.test_webhooks.TeaPoured"


@dataclass(frozen=True)
class TeaPoured(Event):
    """Tea was poured."""

    cups: int
    customer_id: int


@dataclass(frozen=True)
class TeaDrunk(Event):
    """Tea was drunk."""

    cups: int


@pytest.fixture(autouse=True)
def _receivers_stand_in_here(settings: Settings) -> None:
    settings.WEBHOOKS_PRIVATE = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def make(receiver: Receiver) -> Endpoint:
    return create_endpoint(SYSTEM, name="ERP", url=receiver.url, events=[TEA])


def happen(event: Event) -> None:
    write_event(event, timezone.now())


def work() -> int:
    """Do all jobs that are due; returns how many."""
    worker, done = Worker(threading.Event()), 0
    while worker.run_one():
        done += 1
    return done


def let_time_pass() -> None:
    Job.objects.filter(state="ready").update(run_at=timezone.now())


def state(delivery: Delivery | None = None) -> tuple[str, int, int | None, str]:
    row = Delivery.objects.get() if delivery is None else Delivery.objects.get(pk=delivery.pk)
    return row.state, row.attempts, row.status, row.error["code"] if row.error else ""


def test_an_event_reaches_who_chose_it_signed(receiver: Receiver) -> None:
    endpoint = make(receiver)
    happen(TeaPoured(cups=3, customer_id=7))
    happen(TeaDrunk(cups=3))
    assert work() == 1
    (got,) = receiver.got
    delivery = Delivery.objects.get()
    assert got.path == "/hooks?from=guanxi"
    assert got.told == {
        "id": str(delivery.number), "event": TEA, "at": delivery.at.isoformat(), "data": {"cups": 3, "customer_id": 7}
    }  # fmt: skip
    assert (got.number, got.headers["Guanxi-Event"]) == (str(delivery.number), TEA)
    assert got.headers["Host"] == f"127.0.0.1:{receiver.port}"
    assert got.headers["User-Agent"].startswith("Guanxi/")
    timestamp, signature = (part.partition("=")[2] for part in got.headers["Guanxi-Signature"].split(","))
    secret = reveal_secret(SYSTEM, endpoint.pk)
    told = timestamp.encode() + b"." + got.body
    assert hmac.compare_digest(signature, hmac.new(secret.encode(), told, hashlib.sha256).hexdigest())
    assert abs(int(timestamp) - timezone.now().timestamp()) < 60
    assert state() == ("delivered", 1, 204, "")
    endpoint.refresh_from_db()
    assert endpoint.delivered_at is not None


def test_what_did_not_happen_is_told_to_nobody(receiver: Receiver) -> None:
    make(receiver)

    def fail() -> None:
        with transaction.atomic():
            happen(TeaPoured(cups=3, customer_id=7))
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert (work(), receiver.got, Delivery.objects.count()) == (0, [], 0)


def test_a_no_is_tried_again_under_the_same_number_until_it_is_a_yes(receiver: Receiver) -> None:
    endpoint = make(receiver)
    answers = iter([500, 302, 429, 200])
    receiver.answer = lambda _got: next(answers)
    receiver.location = receiver.url
    happen(TeaPoured(cups=1, customer_id=7))
    seen = []
    for _try in range(4):
        assert work() == 1
        endpoint.refresh_from_db()
        seen.append((*state(), endpoint.failing_since is not None))
        let_time_pass()
    assert seen == [
        ("waiting", 1, 500, "webhook_receiver_refused", True),
        ("waiting", 2, 302, "webhook_receiver_refused", True),  # a redirect is no yes, and not followed
        ("waiting", 3, 429, "webhook_receiver_refused", True),
        ("delivered", 4, 200, "", False),
    ]
    assert (work(), len(receiver.got), len({got.number for got in receiver.got})) == (0, 4, 1)
    assert len({got.body for got in receiver.got}) == 1


def test_it_waits_longer_and_longer(receiver: Receiver) -> None:
    make(receiver)
    receiver.answer = lambda _got: 503
    happen(TeaPoured(cups=1, customer_id=7))
    waits = []
    for _try in range(3):
        assert (work(), work()) == (1, 0)
        row = Delivery.objects.get()
        assert row.next_try_at is not None
        assert row.tried_at is not None
        waits.append(row.next_try_at - row.tried_at)
        let_time_pass()
    assert waits == [timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=40)]


def test_at_last_a_delivery_is_given_up_and_can_be_sent_again(receiver: Receiver) -> None:
    make(receiver)
    receiver.answer = lambda _got: 500
    happen(TeaPoured(cups=1, customer_id=7))
    work()
    Delivery.objects.update(attempts=19)
    Job.objects.filter(state="ready").update(payload={"delivery": Delivery.objects.get().pk, "attempt": 19})
    let_time_pass()
    assert work() == 1
    assert (state(), work()) == (("failed", 20, 500, "webhook_receiver_refused"), 0)
    receiver.answer = lambda _got: 200
    resend_delivery(SYSTEM, Delivery.objects.get().pk)
    with pytest.raises(DeliveryWaiting):
        resend_delivery(SYSTEM, Delivery.objects.get().pk)
    assert (work(), state()) == (1, ("delivered", 1, 200, ""))
    assert len({got.number for got in receiver.got}) == 1
    with pytest.raises(DeliveryUnknown):
        resend_delivery(SYSTEM, 12345)


def test_after_three_days_without_a_yes_the_endpoint_is_switched_off_with_words(receiver: Receiver) -> None:
    endpoint = make(receiver)
    receiver.answer = lambda _got: 500
    happen(TeaPoured(cups=1, customer_id=7))
    work()
    Endpoint.objects.update(failing_since=timezone.now() - timedelta(days=3))
    happen(TeaPoured(cups=2, customer_id=7))
    work()
    (line,) = list_endpoints(SYSTEM)
    assert line.switched_off is not None
    assert (line.is_active, line.switched_off.message) == (
        False, "It was switched off: the receiver has taken nothing for 3 days."
    )  # fmt: skip
    assert AuditEntry.objects.filter(command="kernel.webhooks.commands.give_up_endpoint").count() == 1
    happen(TeaPoured(cups=3, customer_id=7))
    let_time_pass()
    work()
    assert [row.state for row in line.deliveries] == ["waiting", "waiting"]
    assert list(Delivery.objects.order_by("pk").values_list("state", "error__code")) == [
        ("failed", "webhook_off"), ("failed", "webhook_off"),
    ]  # fmt: skip
    assert len(receiver.got) == 2
    receiver.answer = lambda _got: 200
    change_endpoint(SYSTEM, endpoint.pk, name="ERP", url=receiver.url, events=[TEA], is_active=True)
    happen(TeaPoured(cups=4, customer_id=7))
    work()
    (line,) = list_endpoints(SYSTEM)
    assert (line.is_active, line.switched_off, line.failing_since) == (True, None, None)
    assert line.deliveries[0].state == "delivered"


def test_a_test_is_sent_once_also_to_an_endpoint_that_is_off(receiver: Receiver) -> None:
    endpoint = make(receiver)
    change_endpoint(SYSTEM, endpoint.pk, name="ERP", url=receiver.url, events=[TEA], is_active=False)
    happen(TeaPoured(cups=1, customer_id=7))
    first = ping_endpoint(SYSTEM, endpoint.pk)
    assert work() == 1
    assert receiver.got[0].told == {
        "id": str(first.number), "event": "webhooks.Test", "at": first.at.isoformat(), "data": {}
    }  # fmt: skip
    receiver.answer = lambda _got: 500
    second = ping_endpoint(SYSTEM, endpoint.pk)
    assert (work(), work()) == (1, 0)
    assert (state(first), state(second)) == (
        ("delivered", 1, 204, ""), ("failed", 1, 500, "webhook_receiver_refused"),
    )  # fmt: skip


def test_nobody_there_is_told_with_the_cure(receiver: Receiver) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        create_endpoint(SYSTEM, name="ERP", url=f"http://127.0.0.1:{closed.getsockname()[1]}/", events=[TEA])
        happen(TeaPoured(cups=1, customer_id=7))
        work()
    (line,) = list_endpoints(SYSTEM)
    error = line.deliveries[0].error
    assert error is not None
    assert error.message.startswith("127.0.0.1 gave no answer: ConnectionRefusedError: ")
    assert line.deliveries[0].state == "waiting"


def test_a_receiver_that_drips_holds_no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "WHOLE", 0.5)
    ended = threading.Event()

    def drip(server: socket.socket) -> None:
        taken, _from = server.accept()
        with taken:
            while not ended.wait(0.05):
                try:
                    taken.sendall(b"H")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server,))
        thread.start()
        with pytest.raises(ReceiverUnreachable):
            sending.post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {}, private_allowed=True)
        ended.set()
        thread.join()


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "169.254.169.254", "10.1.2.3", "[::ffff:7f00:1]"])
def test_addresses_of_this_network_are_refused_when_set_up(settings: Settings, host: str) -> None:
    settings.WEBHOOKS_PRIVATE = False
    with pytest.raises(AddressPrivate):
        create_endpoint(SYSTEM, name="ERP", url=f"https://{host}/", events=[TEA])
    assert not Endpoint.objects.exists()


def test_a_name_that_leads_into_this_network_is_refused_when_it_is_sent(
    receiver: Receiver, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also a name with a public address beside: nobody may choose which of the two is taken."""
    settings.WEBHOOKS_PRIVATE = False
    addresses = [("8.8.8.8", receiver.port), ("127.0.0.1", receiver.port)]
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in addresses]
    create_endpoint(SYSTEM, name="ERP", url=f"https://hooks.example.com:{receiver.port}/", events=[TEA])
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: found)  # the world's names are not ours to set
    happen(TeaPoured(cups=1, customer_id=7))
    work()
    assert (state(), receiver.got) == (("waiting", 1, None, "webhook_address_private"), [])


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"name": " "}, EndpointNameMissing),
        ({"url": "nowhere"}, AddressWrong),
        ({"url": "https://me:word@example.com/"}, AddressWrong),
        ({"events": []}, EventsMissing),
        ({"events": ["no.SuchThing"]}, EventsMissing),
    ],
)
def test_what_cannot_be_set_up_changes_nothing(
    receiver: Receiver, change: dict[str, Any], error: type[GuanxiError]
) -> None:
    endpoint = make(receiver)
    before = Endpoint.objects.values().get()
    wanted = {"name": "ERP", "url": receiver.url, "events": [TEA]} | change
    with pytest.raises(error):
        create_endpoint(SYSTEM, **wanted)
    with pytest.raises(error):
        change_endpoint(SYSTEM, endpoint.pk, **wanted, is_active=True)
    assert Endpoint.objects.values().get() == before


def test_only_who_may_manage_settings(receiver: Receiver) -> None:
    endpoint = make(receiver)
    deeds = (
        lambda: create_endpoint(NOBODY, name="x", url=receiver.url, events=[TEA]),
        lambda: change_endpoint(NOBODY, endpoint.pk, name="x", url=receiver.url, events=[TEA], is_active=False),
        lambda: delete_endpoint(NOBODY, endpoint.pk),
        lambda: reveal_secret(NOBODY, endpoint.pk),
        lambda: renew_secret(NOBODY, endpoint.pk),
        lambda: ping_endpoint(NOBODY, endpoint.pk),
        lambda: resend_delivery(NOBODY, 1),
        lambda: list_endpoints(NOBODY),
    )
    before = Endpoint.objects.values().get()
    for deed in deeds:
        with pytest.raises(PermissionDenied):
            deed()
    assert (Endpoint.objects.values().get(), Delivery.objects.count()) == (before, 0)


def test_secrets_are_sealed_renewed_and_every_look_is_kept(receiver: Receiver) -> None:
    endpoint = make(receiver)
    first = reveal_secret(SYSTEM, endpoint.pk)
    assert first.startswith("gxs_")
    assert first.encode() not in bytes(endpoint.secret)
    second = renew_secret(SYSTEM, endpoint.pk)
    endpoint.refresh_from_db()
    assert (second != first, unseal(endpoint.secret)) == (True, second)
    told = AuditEntry.objects.filter(target_key=str(endpoint.pk)).order_by("pk").values_list("changes", flat=True)
    assert list(told)[1:] == [{"secret_revealed": True}, {"secret_renewed": True}]
    assert not AuditEntry.objects.filter(changes__icontains=second).exists()


def test_changes_and_deletions_are_kept_without_the_address(receiver: Receiver) -> None:
    endpoint = make(receiver)
    change_endpoint(SYSTEM, endpoint.pk, name="ERP", url=receiver.url, events=[TEA], is_active=True)
    change_endpoint(SYSTEM, endpoint.pk, name="POS", url=f"{receiver.url}&token=1", events=[TEA], is_active=True)
    happen(TeaPoured(cups=1, customer_id=7))
    delete_endpoint(SYSTEM, endpoint.pk)
    assert (Endpoint.objects.count(), Delivery.objects.count(), work()) == (0, 0, 1)  # the job finds nothing to send
    told = AuditEntry.objects.filter(target_key=str(endpoint.pk)).order_by("pk").values_list("changes", flat=True)
    assert list(told) == [
        {"name": [None, "ERP"], "events": [[], [TEA]]}, {"name": ["ERP", "POS"], "url": True}, {"name": ["POS", None]},
    ]  # fmt: skip
    with pytest.raises(EndpointUnknown):
        delete_endpoint(SYSTEM, endpoint.pk)


def test_an_attempt_that_was_noted_already_is_not_made_again(receiver: Receiver) -> None:
    make(receiver)
    receiver.answer = lambda _got: 500
    happen(TeaPoured(cups=1, customer_id=7))
    work()
    Job.objects.filter(state="done").update(state="ready", finished_at=None)  # its worker died before it could say so
    assert work() == 1
    assert (len(receiver.got), state()[1], Job.objects.filter(state="ready").count()) == (1, 1, 1)


def test_old_deliveries_are_removed_in_chunks(receiver: Receiver) -> None:
    make(receiver)
    for cups in range(4):
        happen(TeaPoured(cups=cups, customer_id=7))
    worker = Worker(threading.Event())
    assert [worker.run_one() for _ in range(3)] == [True] * 3
    Delivery.objects.update(at=timezone.now() - timedelta(days=40))
    happen(TeaPoured(cups=9, customer_id=7))
    before = timezone.now() - timedelta(days=30)
    assert [expire_deliveries(SYSTEM, before=before, limit=2) for _ in range(3)] == [2, 1, 0]
    assert sorted(Delivery.objects.values_list("state", "payload__cups")) == [("waiting", 3), ("waiting", 9)]


def test_every_event_says_in_words_what_happened() -> None:
    titles = {name: title for name, title in event_titles().items() if ".tests." not in name}
    assert "customers.CustomersMerged" in titles
    assert [name for name, title in titles.items() if str(title) == name] == []

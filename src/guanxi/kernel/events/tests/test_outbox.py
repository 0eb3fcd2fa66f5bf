from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.events.outbox import Event, _listeners, listens_to, listens_to_many, read_event, write_event
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.registry import get_handler, unregister
from guanxi.kernel.jobs.worker import Worker

AT = datetime(2011, 12, 9, 12, 50, tzinfo=UTC)


@dataclass(frozen=True)
class CupSold(Event):
    cup_id: int
    price: Decimal
    sold_on: date
    packed_at: datetime | None = None
    parts: tuple[int, ...] = ()
    gift: bool = False
    pair: tuple[str, date] | None = None


SOLD = CupSold(7, Decimal("2.55"), date(2011, 12, 9), AT, (1, 2), gift=True, pair=("tray", date(2012, 1, 1)))
NAME = "kernel.events.tests.test_outbox.CupSold"
heard: list[Event] = []


@pytest.fixture
def listeners() -> Iterator[list[str]]:
    @listens_to(CupSold)
    def count_cups(event: CupSold) -> None:
        heard.append(event)

    @listens_to(CupSold, max_attempts=2)
    def thank_buyer(event: CupSold) -> None:
        heard.append(event)

    names = [f"kernel.events.tests.test_outbox.{name}" for name in ("count_cups", "thank_buyer")]
    yield names
    heard.clear()
    del _listeners[NAME]
    for name in names:
        unregister(name)


def test_what_is_written_is_read_back() -> None:
    assert CupSold.name == NAME
    payload = {
        "cup_id": 7, "price": "2.55", "sold_on": "2011-12-09", "packed_at": "2011-12-09T12:50:00+00:00",
        "parts": [1, 2], "gift": True, "pair": ["tray", "2012-01-01"],
    }  # fmt: skip
    assert read_event(CupSold, payload) == SOLD
    bare = {**payload, "packed_at": None, "parts": [], "gift": False, "pair": None}
    assert read_event(CupSold, bare) == CupSold(7, Decimal("2.55"), date(2011, 12, 9))


@pytest.mark.django_db
def test_an_event_writes_one_job_per_listener(listeners: list[str]) -> None:
    record = write_event(SOLD, AT)
    record.refresh_from_db()
    assert (record.name, record.at) == (NAME, AT)
    assert read_event(CupSold, record.payload) == SOLD
    assert list(record.jobs.order_by("name").values_list("name", "state", "run_at")) == [
        (name, "ready", AT) for name in listeners
    ]
    assert [get_handler(name).max_attempts for name in listeners] == [5, 2]
    for job in record.jobs.all():
        get_handler(job.name).run(job)
    assert heard == [SOLD, SOLD]


@pytest.mark.django_db
def test_an_event_nobody_listens_to_is_kept() -> None:
    write_event(SOLD, AT)
    assert (EventRecord.objects.count(), Job.objects.count()) == (1, 0)


@pytest.mark.django_db
def test_what_did_not_happen_is_not_heard(listeners: list[str]) -> None:
    def happen_not() -> None:
        with transaction.atomic():
            write_event(SOLD, AT)
            raise LookupError

    with pytest.raises(LookupError):
        happen_not()
    assert (EventRecord.objects.count(), Job.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_listener_hears_an_event_once(listeners: list[str]) -> None:
    record = write_event(SOLD, AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(name=listeners[0], event=record, created_at=AT, run_at=AT)
    assert record.jobs.count() == 2


@pytest.mark.parametrize("value", [object(), [1], {"a": 1}, b"x"])
@pytest.mark.django_db
def test_an_event_holds_plain_values_only(value: Any) -> None:
    with pytest.raises(TypeError, match=f"an event holds no {type(value).__name__}"):
        write_event(CupSold(value, Decimal(1), date(2011, 12, 9)), AT)
    assert not EventRecord.objects.exists()


def test_two_listeners_cannot_share_a_name(listeners: list[str]) -> None:
    def count_cups(event: CupSold) -> None: ...

    with pytest.raises(ValueError, match="two jobs are named"):
        listens_to(CupSold)(count_cups)


together: list[list[int]] = []


@pytest.fixture
def listener_of_many() -> Iterator[str]:
    @listens_to_many(CupSold)
    def pack_cups(events: Sequence[CupSold]) -> None:
        together.append([event.cup_id for event in events])
        if any(event.cup_id == 13 for event in events):
            raise RuntimeError("it fell")

    name = "kernel.events.tests.test_outbox.pack_cups"
    yield name
    together.clear()
    del _listeners[NAME]
    unregister(name)


def sell(*cups: int) -> None:
    for cup in cups:
        write_event(CupSold(cup, Decimal(1), date(2011, 12, 9)), AT)


@pytest.mark.django_db
def test_events_that_wait_are_heard_together_and_their_jobs_are_done(listener_of_many: str) -> None:
    sell(1, 2, 3)
    Job.objects.filter(event__payload__cup_id=3).update(run_at=timezone.now() + timedelta(hours=1))
    worker = Worker(threading.Event())
    assert (worker.run_one(), worker.run_one()) == (True, False)
    assert together == [[1, 2]]
    jobs = Job.objects.filter(name=listener_of_many).order_by("pk")
    assert list(jobs.values_list("state", "attempts")) == [("done", 1), ("done", 1), ("ready", 0)]
    assert [row.finished_at is None for row in jobs] == [False, False, True]


@pytest.mark.django_db
def test_one_that_cannot_be_heard_keeps_no_other_from_it(listener_of_many: str) -> None:
    sell(1, 13, 2)
    worker = Worker(threading.Event())
    for _try in range(12):
        Job.objects.filter(state="ready").update(run_at=AT)
        worker.run_one()
    jobs = Job.objects.filter(name=listener_of_many).order_by("pk")
    assert list(jobs.values_list("state", flat=True)) == ["done", "failed", "done"]
    assert "it fell" in jobs[1].error
    assert {len(heard) for heard in together if 13 in heard and heard != together[0]} == {1, 2}


@pytest.mark.django_db
def test_one_that_another_worker_took_meanwhile_stays_his(listener_of_many: str) -> None:
    sell(1, 2)
    first, second = Job.objects.filter(name=listener_of_many).order_by("pk")
    first.attempts = 1
    waiting = Job.objects.filter(pk=second.pk)

    @listens_to_many(CupSold)
    def steal(events: Sequence[CupSold]) -> None:
        del events
        waiting.update(state=Job.State.RUNNING, attempts=1, lease_token="his")

    name = "kernel.events.tests.test_outbox.steal"
    try:
        Job.objects.update(name=name)
        first.name = name
        get_handler(name).run(first)
    finally:
        unregister(name)
    assert list(waiting.values_list("state", "lease_token")) == [("running", "his")]

"""The system clock is set while workers live."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.utils import timezone

from guanxi.kernel.jobs import clock
from guanxi.kernel.jobs.models import Job, Slot, WorkerSeen
from guanxi.kernel.jobs.queue import enqueue
from guanxi.kernel.jobs.registry import job, unregister
from guanxi.kernel.jobs.schedule import scheduled, unschedule
from guanxi.kernel.jobs.worker import Worker

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY, YEAR = timedelta(days=1), timedelta(days=365)


class Machine:
    """A clock and a count of seconds that a test moves."""

    def __init__(self) -> None:
        self.now, self.counted = NOON, 1000.0

    def tell(self) -> datetime:
        return self.now

    def count(self) -> float:
        return self.counted

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.counted += seconds


@pytest.fixture
def machine() -> Iterator[Machine]:
    machine = Machine()
    with (
        mock.patch.object(timezone, "now", machine.tell),
        mock.patch.object(clock, "seconds_counted", machine.count),
    ):
        yield machine


@pytest.fixture
def done() -> Iterator[list[int]]:
    done: list[int] = []
    job("test.clock")(lambda payload: done.append(payload["n"]))
    yield done
    unregister("test.clock")


def test_a_clock_that_only_runs_is_steady_and_worth_no_word(machine: Machine, caplog: pytest.LogCaptureFixture) -> None:
    watched = clock.WatchedClock()
    for seconds in (0.0, 30.0, 100_000.0):
        machine.wait(seconds)
        watched.look()
        machine.now += timedelta(seconds=20)  # set right by the network
    assert watched.is_steady
    assert caplog.messages == []


@pytest.mark.parametrize(("jump", "told"), [(-DAY, "back by 1 day, 0:00:00"), (YEAR, "forward by 365 days, 0:00:00")])
def test_a_leap_is_told_and_not_believed_for_an_hour(
    machine: Machine, caplog: pytest.LogCaptureFixture, jump: timedelta, told: str
) -> None:
    watched = clock.WatchedClock()
    watched.look()
    machine.now += jump
    machine.wait(30)
    with caplog.at_level(logging.WARNING):
        watched.look()
    assert caplog.messages == [
        f"The system clock was set {told}.", "Scheduled work waits an hour, in case the clock is set again.",
    ]  # fmt: skip
    assert not watched.is_steady
    machine.wait(3599)
    assert not watched.is_steady
    machine.wait(1)
    assert watched.is_steady


def test_a_wrong_clock_that_is_mended_within_the_hour_asks_for_nothing(machine: Machine) -> None:
    scheduled("test.nightly", at="02:00")(lambda _payload: None)
    try:
        worker = Worker(threading.Event())
        worker._look_around()
        before = list(Slot.objects.filter(name="test.nightly").values_list("day", flat=True))
        for jump in (YEAR, -YEAR):
            machine.now += jump
            machine.wait(1800)
            worker._noted -= 1800
            worker._look_around()
        assert list(Slot.objects.filter(name="test.nightly").values_list("day", flat=True)) == before
        assert not Job.objects.filter(name="test.nightly").exists()
    finally:
        unschedule("test.nightly")


def test_what_was_due_before_the_clock_went_back_does_not_wait_a_day(machine: Machine, done: list[int]) -> None:
    worker = Worker(threading.Event())
    worker._look_around()
    machine.wait(60)
    enqueue("test.clock", {"n": 1})
    enqueue("test.clock", {"n": 2}, run_at=machine.now + timedelta(days=3))
    machine.now -= DAY
    assert not worker.run_one()
    machine.wait(30)
    worker._noted -= 30
    worker._look_around()
    assert worker.run_one()
    assert not worker.run_one()
    assert done == [1]
    later = Job.objects.get(payload__n=2)
    assert (later.state, later.run_at) == ("ready", NOON + timedelta(days=3, seconds=60))
    assert WorkerSeen.objects.get().seen_at == machine.now


def test_a_clock_that_did_not_go_back_frees_nothing(machine: Machine) -> None:
    enqueue("test.clock", {"n": 1}, run_at=machine.now + timedelta(seconds=30))
    before = list(Job.objects.values())
    assert clock.free_from_the_future() == 0
    assert list(Job.objects.values()) == before

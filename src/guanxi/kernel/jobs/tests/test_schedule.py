"""Work that the clock asks for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest

from guanxi.kernel.jobs import schedule
from guanxi.kernel.jobs.models import Job, Slot, WorkerSeen
from guanxi.kernel.jobs.rules import next_moment, parse_time, slot_day, slot_minute
from guanxi.kernel.jobs.schedule import ask_for_due_work, pass_over, scheduled, unschedule
from guanxi.kernel.jobs.worker import Worker

pytestmark = pytest.mark.django_db
NAME = "test.tidy"
SHANGHAI = timezone(timedelta(hours=8))
TIMES = {"at": "03:30"}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def tidied(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    monkeypatch.setattr(schedule, "_scheduled", {})
    done: list[dict[str, Any]] = []
    TIMES["at"] = "03:30"
    scheduled(NAME, at=lambda: TIMES["at"])(done.append)
    yield done
    unschedule(NAME)


def asked_for() -> list[dict[str, Any]]:
    return list(Job.objects.order_by("id").values_list("payload", flat=True))


def test_the_day_of_a_moment() -> None:
    assert slot_day(at(22, 3, 30), time(3, 30)) == date(2026, 11, 22)
    assert slot_day(at(22, 3, 29), time(3, 30)) == date(2026, 11, 21)


def test_the_moment_to_come() -> None:
    assert next_moment(at(22, 3, 29), time(3, 30)) == at(22, 3, 30)
    assert next_moment(at(22, 3, 30), time(3, 30)) == at(23, 3, 30)


def test_a_time_chosen_anew_is_not_made_up_for() -> None:
    ask_for_due_work(at(21, 12))
    TIMES["at"] = "02:00"
    pass_over(NAME, at(22, 12))
    assert ask_for_due_work(at(22, 12)) == []
    assert ask_for_due_work(at(23, 2)) == [NAME]
    TIMES["at"] = "off"
    pass_over(NAME, at(23, 12))
    assert ask_for_due_work(at(24, 12)) == []


def test_a_time_or_off() -> None:
    assert (parse_time("02:00"), parse_time(" off "), parse_time("")) == (time(2), None, None)
    with pytest.raises(ValueError, match="25:00"):
        parse_time("25:00")


def test_the_first_worker_begins_the_schedule_and_makes_up_for_nothing() -> None:
    assert ask_for_due_work(at(22, 12)) == []
    assert asked_for() == []
    assert list(Slot.objects.values_list("name", "day")) == [(NAME, date(2026, 11, 22))]


def test_once_a_day_whoever_looks(tidied: list[dict[str, Any]]) -> None:
    ask_for_due_work(at(21, 12))
    assert ask_for_due_work(at(22, 3, 29)) == []
    assert ask_for_due_work(at(22, 3, 30)) == [NAME]
    Worker(threading.Event()).run_one()
    assert tidied == [{"day": "2026-11-22"}]
    assert ask_for_due_work(at(22, 23)) == []
    assert ask_for_due_work(at(23, 4)) == [NAME]
    assert asked_for() == [{"day": "2026-11-22"}, {"day": "2026-11-23"}]


def test_of_missed_days_the_latest_is_made_up_for() -> None:
    ask_for_due_work(at(18, 12))
    assert ask_for_due_work(at(22, 9)) == [NAME]
    assert asked_for() == [{"day": "2026-11-22"}]


def test_a_clock_that_goes_back_asks_for_no_day_twice() -> None:
    ask_for_due_work(at(20, 12))
    ask_for_due_work(at(21, 12))
    assert ask_for_due_work(at(20, 12)) == []
    assert ask_for_due_work(at(22, 12)) == [NAME]  # the clock was far ahead once: later days are still due


def test_work_that_still_waits_is_not_asked_for_twice() -> None:
    ask_for_due_work(at(20, 12))
    ask_for_due_work(at(21, 12))
    ask_for_due_work(at(22, 12))
    assert asked_for() == [{"day": "2026-11-21"}]


def test_the_moment_of_work_that_comes_every_few_minutes() -> None:
    quarter = timedelta(minutes=15)
    assert slot_minute(at(22, 9, 44), quarter) == (date(2026, 11, 22), 90)  # 01:44 in UTC
    assert slot_minute(at(22, 7, 59), quarter) == (date(2026, 11, 21), 23 * 60 + 45)
    assert slot_minute(at(22, 12), timedelta(days=1)) == (date(2026, 11, 22), 0)
    for every in (timedelta(0), timedelta(seconds=90), timedelta(days=2), -quarter):
        with pytest.raises(ValueError, match="whole minutes"):
            slot_minute(at(22, 12), every)


def test_every_few_minutes_once_whoever_looks() -> None:
    ran: list[dict[str, Any]] = []
    scheduled("test.poll", every=timedelta(minutes=5))(ran.append)
    try:
        assert ask_for_due_work(at(22, 12, 1)) == []  # the schedule begins
        assert ask_for_due_work(at(22, 12, 4)) == []
        assert ask_for_due_work(at(22, 12, 5)) == ["test.poll"]
        assert ask_for_due_work(at(22, 12, 9)) == []
        Worker(threading.Event()).run_one()
        assert ran == [{"day": "2026-11-22", "minute": 245}]
        assert ask_for_due_work(at(22, 13)) == ["test.poll"]  # of missed moments the latest
        assert asked_for()[-1] == {"day": "2026-11-22", "minute": 300}
        assert ask_for_due_work(at(22, 13, 10)) == ["test.poll"]  # and while it waits no second one
        assert len(asked_for()) == 2
    finally:
        unschedule("test.poll")


def test_either_a_time_or_every_so_often() -> None:
    with pytest.raises(ValueError, match="either"):
        scheduled("test.never")
    with pytest.raises(ValueError, match="either"):
        scheduled("test.both", at="03:00", every=timedelta(minutes=5))
    with pytest.raises(ValueError, match="whole minutes"):
        scheduled("test.seconds", every=timedelta(seconds=10))


@pytest.mark.parametrize("text", ["off", "", "at night"])
def test_off(text: str) -> None:
    ask_for_due_work(at(20, 12))
    TIMES["at"] = text
    assert ask_for_due_work(at(22, 12)) == []
    assert asked_for() == []


def test_a_worker_says_that_it_lives_and_looks_at_the_clock() -> None:
    stop = threading.Event()
    worker = Worker(stop)
    worker._look_around()
    seen = WorkerSeen.objects.get().seen_at
    assert Slot.objects.filter(name=NAME).count() == 1
    worker._look_around()
    assert WorkerSeen.objects.get().seen_at == seen  # not with every look

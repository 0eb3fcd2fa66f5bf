"""Work that the clock asks for, once a day or every few minutes, by whichever worker looks first."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from guanxi.kernel.jobs.models import Job, Slot, WorkerSeen
from guanxi.kernel.jobs.queue import enqueue
from guanxi.kernel.jobs.registry import JobFunction, job, unregister
from guanxi.kernel.jobs.rules import parse_time, slot_day, slot_minute

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Scheduled:
    """A job and its time of the day by the business's clock, as `HH:MM`, or `off`; or how often it comes."""

    name: str
    at: Callable[[], str] | None
    every: timedelta | None


_scheduled: dict[str, Scheduled] = {}


def scheduled(
    name: str,
    *,
    at: str | Callable[[], str] | None = None,
    every: timedelta | None = None,
    max_attempts: int = 3,
) -> Callable[[JobFunction], JobFunction]:
    """Make a function the job `name`, asked for every day `at` a time, with the payload `{"day": "YYYY-MM-DD"}`.

    Or `every` so many whole minutes from midnight UTC on, with `{"day": "YYYY-MM-DD", "minute": 75}` as well. A moment
    that was missed, since no worker ran, is made up for once, with the latest only. The very first worker of a home
    begins the schedule and does not make up for what was before.

    Raises
    ------
    ValueError
        It has not exactly one of both, or `every` is no whole number of minutes within a day.
    """
    if (at is None) == (every is None):
        raise ValueError(f"{name} comes either at a time of the day or every so many minutes")
    if every is not None:
        slot_minute(datetime.now(UTC), every)
    clock = at if at is None or callable(at) else lambda: at

    def decorate(function: JobFunction) -> JobFunction:
        job(name, max_attempts=max_attempts)(function)
        _scheduled[name] = Scheduled(name, clock, every)
        return function

    return decorate


def unschedule(name: str) -> None:
    """Forget a scheduled job."""
    del _scheduled[name]
    unregister(name)


def ask_for_due_work(now: datetime) -> list[str]:
    """Ask for every scheduled job whose day has come and was not asked for; returns their names.

    `now` is a time by the business's clock. Many workers may ask at once: one of them wins the day.
    """
    asked = []
    for entry in _scheduled.values():
        if entry.every is not None:
            day, minute = slot_minute(now, entry.every)
            due = _ask(entry.name, day, minute, {"day": day.isoformat(), "minute": minute})
        else:
            at = _time_of(entry)
            due = at is not None and _ask_for_day(entry.name, slot_day(now, at))
        if due:
            asked.append(entry.name)
    return asked


def pass_over(name: str, now: datetime) -> None:
    """Begin the schedule of a daily job anew, at `now` by the business's clock: it comes at its next moment.

    For who has just chosen another time: what would have been due by the new one is not made up for.
    """
    at = _time_of(_scheduled[name])
    if at is not None:
        Slot.objects.get_or_create(name=name, day=slot_day(now, at), minute=0)


def note_worker() -> None:
    """Note that a worker lives now."""
    WorkerSeen.objects.update_or_create(pk=1, defaults={"seen_at": timezone.now()})


def find_worker_seen() -> datetime | None:
    """When a worker last looked for work; None if there never was one."""
    return WorkerSeen.objects.filter(pk=1).values_list("seen_at", flat=True).first()


def _ask_for_day(name: str, day: date) -> bool:
    return _ask(name, day, 0, {"day": day.isoformat()})


def _ask(name: str, day: date, minute: int, payload: dict[str, Any]) -> bool:
    slots = Slot.objects.filter(name=name)
    if slots.filter(day=day, minute=minute).exists():
        return False
    with transaction.atomic():
        has_begun = slots.exists()
        _slot, is_new = Slot.objects.get_or_create(name=name, day=day, minute=minute)
        if not (has_begun and is_new):
            return False
        enqueue(name, payload, key=name, priority=Job.Priority.BATCH)
        return True


def _time_of(entry: Scheduled) -> time | None:
    try:
        return None if entry.at is None else parse_time(entry.at())
    except ValueError:
        log.warning("The time of %s is no HH:MM and not off: it is off.", entry.name)
        return None

"""Processes to be killed while they tell others: something happens again and again, and workers send it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.commands import Work, command
from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.events.outbox import Event
from guanxi.kernel.heartbeat import LeaseTimes
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.worker import Worker, run_worker
from guanxi.kernel.webhooks.commands import create_endpoint
from guanxi.kernel.webhooks.models import Delivery

TIMES = LeaseTimes(lease=2.0, heartbeat=0.2)
QUEUED = 20


@dataclass(frozen=True)
class CupSold(Event):
    """A cup was sold."""

    number: int


@command("settings.manage")
def sell(work: Work, number: int) -> None:
    work.emit(CupSold(number=number))
    work.record(f"cup {number}")


def set_up(url: str) -> None:
    create_endpoint(SYSTEM, name="till", url=url, events=[CupSold.name])


def sell_many(first: int, count: int) -> None:
    """As a web process does, one cup a command; says so once there is more to tell than is told at once."""
    for number in range(first, first + count):
        sell(SYSTEM, number)
        if number == first + QUEUED:
            print("selling", flush=True)
        time.sleep(0.01)


def sell_on(count: int) -> int:
    """As web processes do, each cup asked for once; returns how many were refused since the database was away."""
    refused = 0
    for number in range(count):
        try:
            sell(SYSTEM, number)
        except (OperationalError, InterfaceError):
            connection.close()
            refused += 1
            time.sleep(0.1)
        if number % 10 == 1:
            print("selling", flush=True)
        time.sleep(0.02)
    return refused


def serve() -> None:
    """Work as the command line does, until a signal comes."""
    print("ready", flush=True)
    run_worker(threading.Event())


def wait_until_idle() -> None:
    while Job.objects.filter(state__in=["ready", "running"]).exists():
        Job.objects.filter(state="ready").update(run_at=timezone.now())
        time.sleep(0.1)


def work_until_idle() -> int:
    """Work until nothing is ready or running; returns how many jobs were done here."""
    worker, done = Worker(threading.Event(), times=TIMES), 0
    print("ready", flush=True)
    while Job.objects.filter(state__in=["ready", "running"]).exists():
        if worker.run_one():
            done += 1
        else:
            time.sleep(0.02)
    return done


def outcome() -> dict[str, Any]:
    """What happened, by the database, and what became of it."""
    return {
        "happened": sorted(EventRecord.objects.values_list("payload__number", flat=True)),
        "deliveries": sorted(Delivery.objects.values_list("payload__number", "state")),
        "jobs": sorted(set(Job.objects.values_list("state", flat=True))),
    }

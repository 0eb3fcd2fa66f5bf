"""The system clock as a worker watches it: somebody may set it while work goes on."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import Final

from django.db.models import Max
from django.utils import timezone

from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.schedule import find_worker_seen

log = logging.getLogger(__name__)
DRIFT: Final = timedelta(minutes=1)  # a clock that differs by more was set, or went wrong
LEAP: Final = timedelta(hours=1)  # beyond it, what the clock says is not believed at once
STEADY: Final = 3600.0  # seconds after which it is


class WatchedClock:
    """Compares the clock with the seconds the machine counts by itself."""

    def __init__(self) -> None:
        self._ahead: float | None = None
        self._leapt_at: float | None = None

    @property
    def is_steady(self) -> bool:
        """Whether the clock may be believed: it did not leap within the last hour."""
        return self._leapt_at is None or seconds_counted() - self._leapt_at >= STEADY

    def look(self) -> None:
        """Notice and log whether the clock was set since the last look."""
        ahead = timezone.now().timestamp() - seconds_counted()
        moved = timedelta(seconds=round(ahead - self._ahead)) if self._ahead is not None else timedelta(0)
        self._ahead = ahead
        if abs(moved) <= DRIFT:
            return
        way = "forward" if moved > timedelta(0) else "back"
        log.warning("The system clock was set %s by %s.", way, abs(moved))
        if abs(moved) > LEAP:
            self._leapt_at = seconds_counted()
            log.warning("Scheduled work waits an hour, in case the clock is set again.")


def free_from_the_future() -> int:
    """Make due what was due already when the clock went back; returns how many jobs.

    A job that was asked for, or a worker that lived, at a time still to come proves that it did.
    """
    now = timezone.now()
    asked = Job.objects.filter(state=Job.State.READY).aggregate(last=Max("created_at"))["last"]
    latest = max((moment for moment in (find_worker_seen(), asked) if moment is not None), default=now)
    if latest <= now + DRIFT:
        return 0
    waiting = Job.objects.filter(state=Job.State.READY, run_at__gt=now, run_at__lte=latest + DRIFT)
    freed = waiting.update(run_at=now)
    if freed:
        log.warning("The system clock went back from %s; %s jobs that were due then are due now.", latest, freed)
    return freed


def seconds_counted() -> float:
    """Seconds that pass however the clock is set; also those the machine slept, where it counts them."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()

"""A lease is renewed by a thread of its own, so that long work does not lose it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, connection

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LeaseTimes:
    """How long a lease lasts, and how often its holder renews it; both in seconds."""

    lease: float = 30.0
    heartbeat: float = 5.0

    @property
    def lasting(self) -> timedelta:
        """The lease as a span to add to the clock."""
        return timedelta(seconds=self.lease)


@contextmanager
def heartbeat(renew: Callable[[], object], times: LeaseTimes) -> Iterator[None]:
    """Call `renew` every `times.heartbeat` seconds while the block runs.

    A beat that fails is missed, not fatal: whoever writes under the lease checks it in the same transaction.
    """
    stop = threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(times.heartbeat):
                try:
                    renew()
                except (DatabaseError, InterfaceError) as error:
                    log.info("A heartbeat was missed: %s", error)
                    connection.close()
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name="guanxi-heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=times.heartbeat)

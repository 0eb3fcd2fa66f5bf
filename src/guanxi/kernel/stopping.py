"""How long work learns that its process wants to end: the owner of the loop lends its stop event."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_stop: ContextVar[threading.Event | None] = ContextVar("guanxi_stop", default=None)


@contextmanager
def stoppable_by(stop: threading.Event) -> Iterator[None]:
    """Within the block, `is_stopping()` tells whether `stop` was set."""
    token = _stop.set(stop)
    try:
        yield
    finally:
        _stop.reset(token)


def has_stop() -> bool:
    """Whether somebody above watches over the end of this process."""
    return _stop.get() is not None


def is_stopping() -> bool:
    """Whether the work under way should end at its next good place."""
    stop = _stop.get()
    return stop is not None and stop.is_set()

"""The jobs this installation knows: a name, the function that does it, and how often to try."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from guanxi.kernel.jobs.errors import JobUnknown
from guanxi.kernel.jobs.models import Job

MAX_ATTEMPTS = 5
JobFunction = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Handler:
    """How a job is done."""

    name: str
    run: Callable[[Job], None]
    max_attempts: int


_handlers: dict[str, Handler] = {}


def register(handler: Handler) -> None:
    """Make a handler known; one name belongs to one."""
    if handler.name in _handlers:
        raise ValueError(f"two jobs are named {handler.name!r}")
    _handlers[handler.name] = handler


def unregister(name: str) -> None:
    """Forget a handler."""
    del _handlers[name]


def get_handler(name: str) -> Handler:
    """How to do the job `name`.

    Raises
    ------
    JobUnknown
        No code here does it.
    """
    try:
        return _handlers[name]
    except KeyError:
        raise JobUnknown(name=name) from None


def job(name: str, *, max_attempts: int = MAX_ATTEMPTS) -> Callable[[JobFunction], JobFunction]:
    """Make a function of a payload the job `name`. It may run twice, so it must be safe to."""

    def decorate(function: JobFunction) -> JobFunction:
        register(Handler(name, lambda row: function(row.payload), max_attempts))
        return function

    return decorate

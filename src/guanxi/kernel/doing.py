"""Which job and which run this thread is at work on: what a line of the log says beside its words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_run: ContextVar[int | None] = ContextVar("guanxi_run", default=None)
_job: ContextVar[int | None] = ContextVar("guanxi_job", default=None)


@contextmanager
def doing(*, run: int | None = None, job: int | None = None) -> Iterator[None]:
    """Within the block this thread is at work on the run or the job of that number."""
    set_before = [(variable, variable.set(number)) for variable, number in ((_run, run), (_job, job)) if number]
    try:
        yield
    finally:
        for variable, token in set_before:
            variable.reset(token)


def current_run() -> int | None:
    """The run this thread is at work on."""
    return _run.get()


def current_job() -> int | None:
    """The job this thread is at work on."""
    return _job.get()

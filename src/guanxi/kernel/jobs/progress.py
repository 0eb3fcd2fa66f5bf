"""The job under way, as its own code sees it: how far it is, whether somebody wants it to end, what it leaves behind.

    @job("customers.tag_many")
    def tag_many(payload):
        work = running()
        work.expect(len(ids), done=work.reported.get("done", 0))
        for chunk in chunks(ids, after=work.done):
            with transaction.atomic():
                tag(chunk)
                work.report(done=work.done + len(chunk))  # commits with the chunk: never done twice
            work.advance(len(chunk))

Outside a worker `running()` gives a handle that keeps quiet, so the same code can be called by hand.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import transaction

from guanxi.kernel.jobs.errors import JobCancelled, JobInterrupted, JobLost
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.stopping import is_stopping

TELL_EVERY = 0.5  # seconds between two looks at the database


class Running:
    """A job under way in this thread, or work that no job does.

    Attributes
    ----------
    done, total, words
        How far it is, in the job's own unit; what it is doing, in words.
    reported
        What was reported so far, by earlier attempts too.
    """

    def __init__(self, row: Job | None = None) -> None:
        self.done, self.total, self.words = (0, None, "") if row is None else (row.done, row.total, row.words)
        self.reported: dict[str, Any] = {} if row is None else dict(row.report)
        self._row = row
        self._told = 0.0

    def expect(self, total: int | None, *, done: int = 0, words: str = "") -> None:
        """Say how many units there are, how many of them an earlier attempt did, and what is being done.

        Raises
        ------
        JobCancelled, JobInterrupted, JobLost
            The job is to end here.
        """
        self.total, self.done, self.words = total, done, words
        self._tell()

    def advance(self, n: int = 1, *, words: str | None = None) -> None:
        """`n` more units are through. Call it between two transactions, at a place where the job may end.

        Raises
        ------
        JobCancelled, JobInterrupted, JobLost
            The job is to end here.
        """
        self.done += n
        if words is not None:
            self.words = words
        if time.monotonic() - self._told >= TELL_EVERY:
            self._tell()

    def report(self, **facts: Any) -> None:
        """Add facts, as JSON, to what the job tells; within a transaction they commit with it.

        The job's row is locked under its lease: of two workers that both believe they do the job, one is refused.

        Raises
        ------
        JobLost
            Another worker has taken the job over.
        """
        told = {**self.reported, **facts}
        if self._row is not None:
            with transaction.atomic():
                row = self._own().select_for_update().first()
                if row is None:
                    raise JobLost(job=self._row.pk)
                row.report = told
                row.save(update_fields=["report"])
        self.reported = told

    def check(self) -> None:
        """Learn whether the job is to end, without saying anything.

        Raises
        ------
        JobCancelled, JobInterrupted, JobLost
            The job is to end here.
        """
        if self._row is not None:
            asked = self._own().values("cancel_requested_at").first()
            if asked is None:
                raise JobLost(job=self._row.pk)
            if asked["cancel_requested_at"] is not None:
                raise JobCancelled
        if is_stopping():
            raise JobInterrupted

    def tell_last(self, row: Job) -> None:
        """Note in the locked row how far the job came."""
        row.done, row.total, row.words = self.done, self.total, self.words[:200]

    def _own(self) -> Any:
        assert self._row is not None  # noqa: S101  # asked only of a job
        return Job.objects.filter(pk=self._row.pk, lease_token=self._row.lease_token)

    def _tell(self) -> None:
        self._told = time.monotonic()
        if self._row is not None:
            self._own().update(done=self.done, total=self.total, words=self.words[:200])
        self.check()


_running: ContextVar[Running | None] = ContextVar("guanxi_running", default=None)


def running() -> Running:
    """The job this thread is doing; outside a worker a handle that keeps quiet."""
    return _running.get() or Running()


@contextmanager
def running_as(handle: Running) -> Iterator[None]:
    """Within the block, `running()` is this job."""
    token = _running.set(handle)
    try:
        yield
    finally:
        _running.reset(token)

"""The worker: claims jobs one at a time, under a lease, until it is asked to stop."""

from __future__ import annotations

import logging
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import Q
from django.utils import timezone, translation

from guanxi.kernel.access.queries import find_company, language_of
from guanxi.kernel.doing import doing
from guanxi.kernel.errors import as_sentence
from guanxi.kernel.heartbeat import LeaseTimes, heartbeat
from guanxi.kernel.jobs.clock import WatchedClock, free_from_the_future
from guanxi.kernel.jobs.ending import finish, put_back
from guanxi.kernel.jobs.errors import JobCancelled, JobUnknown, WorkerDied
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.progress import Running, running_as
from guanxi.kernel.jobs.registry import MAX_ATTEMPTS, get_handler
from guanxi.kernel.jobs.rules import decide_retry
from guanxi.kernel.jobs.schedule import ask_for_due_work, note_worker
from guanxi.kernel.jobs.silence import SilenceWatch
from guanxi.kernel.process import this_process
from guanxi.kernel.reconnecting import persistently
from guanxi.kernel.stopping import stoppable_by

log = logging.getLogger(__name__)
NOTE_EVERY = 30.0  # seconds between two signs of life


class Worker:
    """Does jobs until `stop` is set; several may work side by side, on one machine or many.

    Parameters
    ----------
    poll
        Seconds between two looks at an empty table.
    up_to
        The last priority it takes: a worker that leaves batch work to others is free for what somebody waits for.
    """

    def __init__(
        self,
        stop: threading.Event,
        *,
        poll: float = 1.0,
        times: LeaseTimes | None = None,
        up_to: Job.Priority = Job.Priority.BATCH,
    ) -> None:
        self.stop = stop
        self.poll = poll
        self.up_to = up_to
        self.times = times or LeaseTimes()
        self._noted = -NOTE_EVERY
        self._clock, self._silence = WatchedClock(), SilenceWatch(self.times)

    def run(self) -> None:
        """Work until stopped; a job under way is finished, or put back if it ends early by itself."""
        with stoppable_by(self.stop):
            while not self.stop.is_set():
                try:
                    self._look_around()
                    worked = self.run_one()
                except (DatabaseError, InterfaceError) as error:
                    log.warning("The database did not answer, trying again: %s", error)
                    if not connection.in_atomic_block:
                        connection.close()
                    worked = False
                if not worked:
                    self.stop.wait(self.poll)
        if not connection.in_atomic_block:
            connection.close()

    def _look_around(self) -> None:
        """Say that a worker lives, and ask for what the clock says is due."""
        if time.monotonic() - self._noted >= NOTE_EVERY:
            self._clock.look()
            free_from_the_future()
            note_worker()
            if self._clock.is_steady:
                ask_for_due_work(timezone.localtime())
            self._noted = time.monotonic()

    def run_one(self) -> bool:
        """Claim a due job and do it; False if none is due."""
        row = self.claim()
        if row is None:
            return False
        under_way = Running(row)
        with doing(job=row.pk), running_as(under_way):
            try:
                with heartbeat(lambda: self._renew(row), self.times):
                    self._do(row)
            except BaseException as error:  # noqa: BLE001  # whatever ends a job is kept with it
                ended_by = error
                persistently(lambda: self._settle(row, ended_by, under_way))
                if not isinstance(error, Exception):  # Ctrl-C, SystemExit: this worker is to end
                    self.stop.set()
            else:
                persistently(lambda: self._settle(row, None, under_way))
        return True

    def claim(self) -> Job | None:
        """Take the next due job, or one whose worker died or fell silent."""
        gone = self._silence.gone()
        while Job.objects.filter(self._due(gone)).exists():  # an idle worker takes no write lock
            with transaction.atomic():
                skip = connection.features.has_select_for_update_skip_locked
                row = (
                    Job.objects.select_for_update(skip_locked=skip)
                    .filter(self._due(gone)).order_by("priority", "run_at", "id").first()
                )  # fmt: skip
                if row is None:
                    return None
                if row.state == Job.State.RUNNING and row.cancel_requested_at is not None:
                    finish(row, Job.State.CANCELLED)
                    continue
                if row.state == Job.State.RUNNING and row.attempts >= _max_attempts(row):
                    finish(row, Job.State.FAILED, str(WorkerDied(attempts=row.attempts)))
                    continue
                row.state, row.started_at = Job.State.RUNNING, timezone.now()
                row.attempts += 1
                row.lease_token, row.lease_holder = uuid.uuid4().hex, dict(this_process())
                row.lease_until = row.started_at + self.times.lasting
                row.save()
                return row
        return None

    def _due(self, gone: Q) -> Q:
        """What this worker may take: what is ready, and what `gone` workers have left."""
        return Q(priority__lte=self.up_to) & (Q(state=Job.State.READY, run_at__lte=timezone.now()) | gone)

    def _do(self, row: Job) -> None:
        company = find_company()
        ours = company.language if company is not None else settings.LANGUAGE_CODE
        with translation.override(language_of(row.asked_by) or ours):
            get_handler(row.name).run(row)

    def _settle(self, row: Job, error: BaseException | None, under_way: Running) -> None:
        """Mark the job done, failed, cancelled, or ready to be tried again."""
        with transaction.atomic():
            kept = Job.objects.select_for_update().filter(pk=row.pk, lease_token=row.lease_token).first()
            if kept is None:
                log.warning("Job %s (%s) was taken over by another worker meanwhile.", row.pk, row.name)
                return
            under_way.tell_last(kept)
            if error is None:
                finish(kept, Job.State.DONE)
                return
            if isinstance(error, JobCancelled):
                finish(kept, Job.State.CANCELLED)
                return
            if self.stop.is_set() or not isinstance(error, Exception):
                kept.attempts -= 1  # it was not the job's fault
                put_back(kept, timezone.now())
                return
            log.warning("Job %s (%s) failed.", row.pk, row.name, exc_info=error)
            told = as_sentence(error)
            text = "\n".join(part for part in (told.message, told.place, told.remedy) if part).replace("\0", "␀")
            retry = decide_retry(attempts=kept.attempts, max_attempts=_max_attempts(kept), passing=told.is_passing)
            if retry is None:
                finish(kept, Job.State.FAILED, text)
            else:
                put_back(kept, timezone.now() + retry, text)

    def _renew(self, row: Job) -> None:
        if time.monotonic() - self._noted >= NOTE_EVERY:
            note_worker()
            self._noted = time.monotonic()
        Job.objects.filter(pk=row.pk, lease_token=row.lease_token).update(
            lease_until=timezone.now() + self.times.lasting
        )


def run_worker(stop: threading.Event, *, up_to: Job.Priority = Job.Priority.BATCH) -> None:
    """Work until `stop` is set or, in the main thread, SIGTERM or Ctrl-C comes. A second signal ends it at once."""
    with _stopping_on_signals(stop):
        Worker(stop, up_to=up_to).run()


def _max_attempts(row: Job) -> int:
    try:
        return get_handler(row.name).max_attempts
    except JobUnknown:
        return MAX_ATTEMPTS


@contextmanager
def _stopping_on_signals(stop: threading.Event) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    is_asked = False

    def ask(_signal: int, _frame: FrameType | None) -> None:
        nonlocal is_asked
        if is_asked or stop.is_set():
            raise KeyboardInterrupt
        is_asked = True  # a second signal may come while `set` holds its lock, and would wait for it for ever
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)

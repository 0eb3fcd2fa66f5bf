from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone, translation

from guanxi.kernel.access.commands import set_company
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.errors import GuanxiError
from guanxi.kernel.heartbeat import LeaseTimes
from guanxi.kernel.jobs.errors import JobUnknown
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.progress import Running
from guanxi.kernel.jobs.queue import enqueue
from guanxi.kernel.jobs.registry import get_handler, job, unregister
from guanxi.kernel.jobs.worker import Worker, run_worker
from guanxi.kernel.process import this_process
from guanxi.kernel.tests.actors import gone_process

pytestmark = pytest.mark.django_db


class TeaGone(GuanxiError):
    code = "test_tea_gone"
    sentence = "There is no {tea} left."
    cure = "Order {tea}."


class Pot:
    """A job whose behaviour a test chooses."""

    def __init__(self) -> None:
        self.poured: list[Any] = []
        self.error: BaseException | None = None

    def pour(self, payload: dict[str, Any]) -> None:
        self.poured.append(payload)
        if self.error is not None:
            raise self.error


@pytest.fixture
def pot() -> Iterator[Pot]:
    pot = Pot()
    job("test.pour", max_attempts=3)(pot.pour)
    yield pot
    unregister("test.pour")


@pytest.fixture
def worker() -> Worker:
    return Worker(threading.Event(), times=LeaseTimes(lease=0.2, heartbeat=0.05))


def only_job() -> Job:
    return Job.objects.get(event=None)  # a failure is told as an event, which has jobs of its own


def make_due() -> None:
    Job.objects.filter(state="ready").update(run_at=timezone.now())


def test_a_job_is_done(pot: Pot, worker: Worker) -> None:
    enqueue("test.pour", {"cups": 3})
    assert (worker.run_one(), worker.run_one()) == (True, False)
    row = only_job()
    assert pot.poured == [{"cups": 3}]
    assert (row.state, row.attempts, row.error) == ("done", 1, "")
    assert (row.lease_token, row.lease_until, row.lease_holder) == ("", None, {})
    assert row.finished_at is not None


def test_jobs_are_done_in_the_order_in_which_they_fall_due(pot: Pot, worker: Worker) -> None:
    now = timezone.now()
    for name, seconds in (("second", -5), ("third", -5), ("first", -60), ("tomorrow", 86_400)):
        enqueue("test.pour", {"n": name}, run_at=now + timedelta(seconds=seconds))
    while worker.run_one():
        pass
    assert [payload["n"] for payload in pot.poured] == ["first", "second", "third"]


def test_what_was_asked_in_a_transaction_that_failed_was_not_asked(pot: Pot) -> None:
    def fail() -> None:
        with transaction.atomic():
            enqueue("test.pour", {})
            enqueue("test.pour", {}, key="tea")
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert not Job.objects.exists()


def test_a_key_asks_once_until_the_job_is_over(pot: Pot, worker: Worker) -> None:
    first = enqueue("test.pour", {"n": 1}, key="tea")
    assert enqueue("test.pour", {"n": 2}, key="tea") == first
    assert enqueue("test.pour", {"n": 3}, key="coffee") != first
    taken = worker.claim()
    assert taken == first
    assert enqueue("test.pour", {"n": 4}, key="tea") == first
    worker._settle(taken, None, Running(taken))
    assert enqueue("test.pour", {"n": 5}, key="tea") != first
    assert list(Job.objects.order_by("pk").values_list("payload__n", "key")) == [(1, None), (3, "coffee"), (5, "tea")]


def test_a_failed_job_frees_its_key(pot: Pot, worker: Worker) -> None:
    pot.error = TeaGone(tea="oolong")
    enqueue("test.pour", {}, key="tea")
    worker.run_one()
    assert (only_job().state, only_job().key) == ("failed", None)


def test_a_failure_is_tried_again_later_and_later_and_then_given_up(pot: Pot, worker: Worker) -> None:
    pot.error = OSError("no water")
    enqueue("test.pour", {})
    seen = []
    for _ in range(3):
        make_due()
        before = timezone.now()
        assert worker.run_one()
        row = only_job()
        seen.append((row.state, row.attempts, row.run_at > before + timedelta(seconds=9)))
        assert not Job.objects.filter(event=None, run_at__lte=timezone.now(), state="ready").exists()
    assert seen == [("ready", 1, True), ("ready", 2, True), ("failed", 3, False)]
    assert only_job().error.splitlines()[0] == "Something unexpected happened: OSError: no water"
    assert only_job().error.splitlines()[1].startswith("guanxi.kernel.jobs.tests.test_worker:")
    assert len(pot.poured) == 3


def test_after_a_failure_that_passed_nothing_is_left_of_it(pot: Pot, worker: Worker) -> None:
    pot.error = OSError("no water")
    enqueue("test.pour", {})
    worker.run_one()
    pot.error = None
    make_due()
    worker.run_one()
    assert (only_job().state, only_job().attempts, only_job().error) == ("done", 2, "")


def test_a_mistake_somebody_must_mend_is_not_tried_again(pot: Pot, worker: Worker) -> None:
    pot.error = TeaGone(tea="oolong", place="shelf 2")
    enqueue("test.pour", {})
    worker.run_one()
    row = only_job()
    assert (row.state, row.attempts, row.error) == ("failed", 1, "There is no oolong left.\nshelf 2\nOrder oolong.")


def test_a_job_nobody_knows_waits_for_a_worker_that_does(worker: Worker) -> None:
    enqueue("test.unknown", {})
    worker.run_one()
    row = only_job()
    assert (row.state, row.attempts) == ("ready", 1)
    assert row.error.startswith("Nobody here knows how to do the job “test.unknown”.")
    for _ in range(4):
        make_due()
        worker.run_one()
    assert (only_job().state, only_job().attempts) == ("failed", 5)
    with pytest.raises(JobUnknown):
        get_handler("test.unknown")


def lease(row_id: int, until: datetime, *, alive: bool) -> None:
    holder = {**this_process(), "host": "elsewhere"} if alive else gone_process()
    Job.objects.filter(pk=row_id).update(
        state="running", attempts=1, lease_token="another's", lease_until=until, lease_holder=holder
    )


def test_a_job_under_another_lease_is_left_alone(pot: Pot, worker: Worker) -> None:
    row = enqueue("test.pour", {})
    lease(row.pk, timezone.now() + timedelta(seconds=20), alive=True)
    before = list(Job.objects.values())
    assert not worker.run_one()
    assert list(Job.objects.values()) == before


def test_a_job_whose_lease_ran_out_is_done_by_another(pot: Pot, worker: Worker) -> None:
    row = enqueue("test.pour", {})
    lease(row.pk, timezone.now() - timedelta(seconds=1), alive=True)
    assert not worker.run_one()  # it is watched first: the clock may be wrong
    time.sleep(worker.times.lease)
    assert worker.run_one()
    assert (only_job().state, only_job().attempts) == ("done", 2)


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=365)])
def test_a_job_that_is_renewed_stays_with_its_worker_however_the_clock_goes(
    pot: Pot, worker: Worker, jump: timedelta
) -> None:
    row = enqueue("test.pour", {})
    for beat in range(4):
        lease(row.pk, timezone.now() + jump + timedelta(seconds=beat), alive=True)
        before = list(Job.objects.values())
        assert not worker.run_one()
        assert list(Job.objects.values()) == before
        time.sleep(worker.times.lease / 2)


def test_the_job_of_a_dead_process_does_not_wait_for_the_clock(pot: Pot, worker: Worker) -> None:
    row = enqueue("test.pour", {})
    lease(row.pk, timezone.now() + timedelta(days=1), alive=False)
    assert worker.run_one()
    assert (only_job().state, only_job().attempts) == ("done", 2)


def test_a_job_that_kills_its_workers_is_given_up(pot: Pot, worker: Worker) -> None:
    row, other = enqueue("test.pour", {}, key="tea"), enqueue("test.pour", {"n": 2})
    lease(row.pk, timezone.now() - timedelta(seconds=1), alive=False)
    Job.objects.filter(pk=row.pk).update(attempts=3)
    assert worker.run_one()
    row.refresh_from_db()
    assert (row.state, row.attempts, row.key) == ("failed", 3, None)
    assert row.error.startswith("The worker died while doing this, 3 times.")
    assert Job.objects.get(pk=other.pk).state == "done"
    assert pot.poured == [{"n": 2}]


def test_a_worker_that_lost_its_lease_settles_nothing(pot: Pot, worker: Worker) -> None:
    enqueue("test.pour", {})
    row = worker.claim()
    assert row is not None
    Job.objects.update(lease_token="another's")
    before = list(Job.objects.values())
    worker._settle(row, None, Running(row))
    worker._settle(row, OSError(), Running(row))
    assert list(Job.objects.values()) == before


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(143)])
def test_an_interrupted_job_is_put_back_and_the_worker_ends(pot: Pot, worker: Worker, error: BaseException) -> None:
    pot.error = error
    enqueue("test.pour", {})
    worker.run()
    row = only_job()
    assert worker.stop.is_set()
    assert (row.state, row.attempts, row.error) == ("ready", 0, "")


def test_a_job_that_ends_because_the_worker_stops_is_put_back(pot: Pot, worker: Worker) -> None:
    def pour(payload: dict[str, Any]) -> None:
        worker.stop.set()
        raise TeaGone(tea="oolong")

    job("test.last")(pour)
    enqueue("test.last", {})
    worker.run()
    unregister("test.last")
    assert (only_job().state, only_job().attempts) == ("ready", 0)


def test_a_stopped_worker_takes_nothing(pot: Pot, worker: Worker) -> None:
    enqueue("test.pour", {})
    worker.stop.set()
    worker.run()
    assert (only_job().state, pot.poured) == ("ready", [])


def test_a_job_speaks_the_language_of_the_company(worker: Worker) -> None:
    heard: list[str | None] = []
    job("test.listen")(lambda payload: heard.append(translation.get_language()))
    set_company(SYSTEM, "T公司", "zh-hans")
    assert translation.get_language() == "en"
    enqueue("test.listen", {})
    worker.run_one()
    unregister("test.listen")
    assert heard == ["zh-hans"]
    assert translation.get_language() == "en"


def test_a_second_signal_while_the_first_is_being_told_ends_it_at_once(db: None) -> None:
    class Interrupted(threading.Event):
        is_begun, told = False, 0

        def set(self) -> None:
            self.told += 1
            signal.raise_signal(signal.SIGINT)
            super().set()

        def is_set(self) -> bool:
            if not self.is_begun:
                self.is_begun = True
                signal.raise_signal(signal.SIGTERM)
            return super().is_set()

    stop = Interrupted()
    with pytest.raises(KeyboardInterrupt):
        run_worker(stop)
    assert stop.told == 1  # the lock of `set` is not waited for by who holds it

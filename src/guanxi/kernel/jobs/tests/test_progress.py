"""What a job tells while it runs, and how it learns that it is to end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from guanxi.kernel.access.commands import create_user, ensure_roles, set_company
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.jobs import progress
from guanxi.kernel.jobs.commands import cancel_job
from guanxi.kernel.jobs.errors import JobCancelled, JobInterrupted, JobLost, JobNotFound, JobOver
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.progress import running
from guanxi.kernel.jobs.queries import get_job, list_jobs
from guanxi.kernel.jobs.queue import enqueue
from guanxi.kernel.jobs.registry import job, unregister
from guanxi.kernel.jobs.worker import Worker
from guanxi.kernel.process import this_process
from guanxi.kernel.stopping import stoppable_by
from guanxi.kernel.tests.actors import NOBODY, Holding, gone_process, holding

pytestmark = pytest.mark.django_db
NAME = "test.brew"
Brew = Callable[[dict[str, Any]], None]


class Kettle:
    """A job whose work a test chooses."""

    def __init__(self) -> None:
        self.brew: Brew = lambda _payload: None

    def __call__(self, payload: dict[str, Any]) -> None:
        self.brew(payload)


@pytest.fixture
def kettle(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kettle]:
    monkeypatch.setattr(progress, "TELL_EVERY", 0.0)
    kettle = Kettle()
    job(NAME, max_attempts=2)(kettle)
    yield kettle
    unregister(NAME)


@pytest.fixture
def worker() -> Worker:
    return Worker(threading.Event())


@pytest.fixture
def seller() -> User:
    ensure_roles(SYSTEM)
    return create_user(SYSTEM, "wang", "a long enough passphrase", roles=["seller"], language="zh-hans")


def watched(row: Job) -> tuple[str, int, int | None, str]:
    line = get_job(SYSTEM, row.pk)
    return line.state, line.done, line.total, line.words


def test_a_job_tells_how_far_it_is_and_what_it_did(kettle: Kettle, worker: Worker) -> None:
    seen = []

    def brew(_payload: dict[str, Any]) -> None:
        work = running()
        work.expect(3, words="Boiling")
        seen.append(watched(row))
        work.advance(2)
        seen.append(watched(row))
        work.advance(words="Pouring")
        work.report(cups=3)

    kettle.brew = brew
    row = enqueue(NAME, {})
    worker.run_one()
    assert seen == [("running", 0, 3, "Boiling"), ("running", 2, 3, "Boiling")]
    assert watched(row) == ("done", 3, 3, "Pouring")
    line = get_job(SYSTEM, row.pk)
    assert (line.report, line.percent, line.is_over, line.can_cancel) == ({"cups": 3}, 100, True, False)


def test_it_looks_at_the_database_now_and_then_only(
    kettle: Kettle, worker: Worker, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(progress, "TELL_EVERY", 3600.0)

    def brew(_payload: dict[str, Any]) -> None:
        running().expect(1000)
        with django_assert_num_queries(0):
            for _cup in range(1000):
                running().advance()

    kettle.brew = brew
    row = enqueue(NAME, {})
    worker.run_one()
    assert watched(row) == ("done", 1000, 1000, "")  # the last word counts


def test_outside_a_worker_it_keeps_quiet() -> None:
    work = running()
    work.expect(2)
    work.advance(2)
    work.report(cups=2)
    assert (work.done, work.reported) == (2, {"cups": 2})
    assert not Job.objects.exists()
    stop = threading.Event()
    stop.set()
    with stoppable_by(stop), pytest.raises(JobInterrupted):
        running().check()


def test_the_next_attempt_goes_on_from_what_was_reported(kettle: Kettle, worker: Worker) -> None:
    brewed = []

    def brew(_payload: dict[str, Any]) -> None:
        work = running()
        first = work.reported.get("done", 0)
        work.expect(4, done=first)
        for cup in range(first, 4):
            brewed.append(cup)
            work.report(done=cup + 1)
            work.advance()
            if brewed == [0, 1]:
                raise OSError("no water")

    kettle.brew = brew
    row = enqueue(NAME, {})
    worker.run_one()
    assert watched(row) == ("ready", 2, 4, "")
    Job.objects.update(run_at=timezone.now())
    worker.run_one()
    assert (brewed, watched(row)) == ([0, 1, 2, 3], ("done", 4, 4, ""))


def test_a_waiting_job_is_cancelled_at_once(kettle: Kettle, worker: Worker, seller: User) -> None:
    row = enqueue(NAME, {}, key="tea", asked_by=seller)
    cancel_job(seller, row.pk)
    assert not worker.run_one()
    line = get_job(seller, row.pk)
    assert (line.state, line.is_over, line.is_cancelling, line.can_cancel) == ("cancelled", True, False, False)
    assert Job.objects.get().key is None
    entry = AuditEntry.objects.get(command="kernel.jobs.commands.cancel_job")
    assert (entry.actor_id, entry.target_key, entry.changes) == (seller.pk, str(row.pk), {"cancelled": True})


def test_a_running_job_ends_at_its_next_good_place(kettle: Kettle, worker: Worker, seller: User) -> None:
    brewed = []

    def brew(_payload: dict[str, Any]) -> None:
        work = running()
        work.expect(5)
        for cup in range(5):
            brewed.append(cup)
            work.report(cups=cup + 1)
            if cup == 1:
                cancel_job(seller, row.pk)
                cancel_job(seller, row.pk)  # asking twice is asking once
                assert get_job(seller, row.pk).is_cancelling
            work.advance()

    kettle.brew = brew
    row = enqueue(NAME, {}, key="tea", asked_by=seller)
    worker.run_one()
    assert (brewed, watched(row)) == ([0, 1], ("cancelled", 2, 5, ""))
    line = get_job(seller, row.pk)
    assert (line.report, line.error, line.percent) == ({"cups": 2}, "", 40)
    kept = Job.objects.get()
    assert (kept.key, kept.lease_token, kept.finished_at is not None) == (None, "", True)
    assert AuditEntry.objects.filter(command="kernel.jobs.commands.cancel_job").count() == 1


def test_a_job_that_ends_before_it_hears_of_it_is_done(kettle: Kettle, worker: Worker) -> None:
    kettle.brew = lambda _payload: cancel_job(SYSTEM, row.pk)
    row = enqueue(NAME, {})
    worker.run_one()
    assert watched(row)[0] == "done"
    with pytest.raises(JobOver):
        cancel_job(SYSTEM, row.pk)


def test_a_cancelled_job_that_fails_is_not_tried_again(kettle: Kettle, worker: Worker) -> None:
    def brew(_payload: dict[str, Any]) -> None:
        cancel_job(SYSTEM, row.pk)
        raise OSError("no water")

    kettle.brew = brew
    row = enqueue(NAME, {})
    worker.run_one()
    line = get_job(SYSTEM, row.pk)
    assert (line.state, line.error.splitlines()[0]) == (
        "cancelled", "Something unexpected happened: OSError: no water"
    )  # fmt: skip


def test_a_cancelled_job_whose_worker_died_is_not_tried_again(kettle: Kettle, worker: Worker) -> None:
    kettle.brew = lambda _payload: pytest.fail("it was cancelled")
    row = enqueue(NAME, {})
    Job.objects.update(state="running", attempts=1, lease_token="gone", lease_until=timezone.now(), done=7, total=9)
    Job.objects.update(lease_holder=gone_process())
    assert get_job(SYSTEM, row.pk).state == "ready"  # waits for another worker
    cancel_job(SYSTEM, row.pk)
    assert not worker.run_one()
    assert watched(row) == ("cancelled", 7, 9, "")


def test_a_job_taken_over_by_another_worker_keeps_nothing_more(kettle: Kettle, worker: Worker) -> None:
    refused = []

    def brew(_payload: dict[str, Any]) -> None:
        work = running()
        work.report(cups=1)
        Job.objects.update(lease_token="another's")
        with pytest.raises(JobLost):
            work.report(cups=2)
        with pytest.raises(JobLost):
            work.expect(9)
        refused.append(work.reported)
        work.advance()

    kettle.brew = brew
    row = enqueue(NAME, {})
    worker.run_one()
    kept = Job.objects.get(pk=row.pk)
    assert (refused, kept.report, kept.state, kept.total, kept.lease_token) == (
        [{"cups": 1}], {"cups": 1}, "running", None, "another's"
    )  # fmt: skip


def test_a_job_is_put_back_when_its_worker_ends(kettle: Kettle, worker: Worker) -> None:
    def brew(_payload: dict[str, Any]) -> None:
        running().expect(9)
        worker.stop.set()
        running().advance(4)
        pytest.fail("it was to end")

    kettle.brew = brew
    row = enqueue(NAME, {})
    worker.run()
    assert (watched(row), Job.objects.get().attempts) == (("ready", 4, 9, ""), 0)


def test_who_may_watch_and_who_may_cancel(kettle: Kettle, seller: User) -> None:
    row, theirs = enqueue(NAME, {}, asked_by=seller), enqueue(NAME, {})
    stranger, watcher, operator = NOBODY, holding("updates.view"), holding("updates.view", "updates.run")
    assert get_job(seller, row.pk).can_cancel
    assert not get_job(watcher, row.pk).can_cancel
    assert get_job(operator, row.pk).can_cancel
    for actor, job_id in ((stranger, row.pk), (seller, theirs.pk), (operator, 12345)):
        with pytest.raises(JobNotFound):
            get_job(actor, job_id)
        with pytest.raises(JobNotFound):
            cancel_job(actor, job_id)
    with pytest.raises(PermissionDenied):
        cancel_job(watcher, row.pk)
    assert set(Job.objects.values_list("state", "cancel_requested_at")) == {("ready", None)}
    cancel_job(operator, row.pk)
    assert get_job(seller, row.pk).state == "cancelled"


def test_lists_are_ones_own_unless_one_may_watch_all(seller: User) -> None:
    mine, other = enqueue(NAME, {}, asked_by=seller), enqueue("test.other", {}, asked_by=seller)
    systems = enqueue(NAME, {})
    nobody: Actor = Holding(pk=None)

    def numbers(actor: Actor, **wanted: Any) -> list[int]:
        return [line.id for line in list_jobs(actor, **wanted)]

    assert numbers(seller) == [other.pk, mine.pk]
    assert numbers(seller, name=NAME) == [mine.pk]
    assert numbers(holding("updates.view")) == [systems.pk, other.pk, mine.pk]
    assert numbers(holding("updates.view"), limit=1) == [systems.pk]
    assert numbers(NOBODY) == numbers(nobody) == []
    cancel_job(seller, other.pk)
    assert numbers(seller, is_open=True) == [mine.pk]


def test_the_time_left_is_told_at_the_pace_so_far() -> None:
    row = enqueue(NAME, {})
    Job.objects.update(state="running", lease_holder=this_process(), done=25, total=100)
    Job.objects.update(started_at=timezone.now() - timedelta(seconds=60))
    left = get_job(SYSTEM, row.pk).seconds_left
    assert left is not None
    assert left == pytest.approx(180, rel=0.2)
    Job.objects.update(done=0)
    assert get_job(SYSTEM, row.pk).seconds_left is None


def test_a_job_speaks_the_language_of_who_asked(kettle: Kettle, worker: Worker, seller: User) -> None:
    heard = []
    kettle.brew = lambda _payload: heard.append(translation.get_language())
    set_company(SYSTEM, "T Trading", "en")
    enqueue(NAME, {}, asked_by=seller)
    enqueue(NAME, {}, asked_by=SYSTEM)
    while worker.run_one():
        pass
    assert heard == ["zh-hans", "en"]


def test_what_somebody_waits_for_comes_first_and_batches_can_be_left_to_others(kettle: Kettle, worker: Worker) -> None:
    brewed: list[str] = []
    kettle.brew = lambda payload: brewed.append(payload["n"])
    enqueue(NAME, {"n": "nightly"}, priority=Job.Priority.BATCH)
    enqueue(NAME, {"n": "event"})
    enqueue(NAME, {"n": "watched"}, priority=Job.Priority.INTERACTIVE)
    quick = Worker(threading.Event(), up_to=Job.Priority.NORMAL)
    assert [quick.run_one(), quick.run_one(), quick.run_one()] == [True, True, False]
    assert brewed == ["watched", "event"]
    assert worker.run_one()
    assert brewed == ["watched", "event", "nightly"]


def test_cancelled_is_an_error_with_words() -> None:
    assert str(JobCancelled()).startswith("This work was cancelled.")

"""Data updates as the operator sees them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from guanxi.customers.models import CurrentStanding
from guanxi.intelligence.models import Delivery
from guanxi.intelligence.queries.updates import JOB, Rows, find_waiting, get_update, list_updates
from guanxi.kernel.access.models import User
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.runs.errors import RunNotFound
from guanxi.kernel.runs.models import Run
from guanxi.kernel.tests.actors import NOBODY, holding

pytestmark = pytest.mark.django_db
OPERATOR = holding("updates.view")
NOON = datetime(2026, 7, 3, 12, 0, tzinfo=UTC)


def run(state: str = Run.State.DONE, day: date | None = date(2026, 7, 2), **given: Any) -> Run:
    revision = Run.objects.filter(business_date=day).count() + 1
    return Run.objects.create(
        job="refresh", state=state, business_date=day, revision=revision, **{"started_at": NOON, **given}
    )


def delivery(run_id: int, name: str, rows: Rows, *, feed: str = "lines", is_current: bool = True) -> None:
    Delivery.objects.create(
        source="shop", feed=feed, name=name, digest=name, run_id=run_id, landed_at=NOON, rows=rows.rows,
        landed=rows.landed, rejected=rows.rejected, filtered=rows.filtered, is_current=is_current,
    )  # fmt: skip


def job(state: str, **given: Any) -> Job:
    return Job.objects.create(name=JOB, state=state, **{"created_at": NOON, "run_at": NOON, **given})


def test_updates_are_listed_newest_first_with_what_they_brought() -> None:
    anna = User.objects.create(username="anna", display_name="Anna")
    first, second = run(started_by=anna.pk), run(day=date(2026, 7, 3))
    delivery(first.pk, "a.csv", Rows(10, 8, 1, 1))
    delivery(first.pk, "b.csv", Rows(5, 5, 0, 0))
    CurrentStanding.objects.create(pk=1, run_id=first.pk, as_of=date(2026, 7, 2), published_at=NOON)
    lines = list_updates(OPERATOR)
    assert [(line.run.id, line.rows, line.files, line.started_by, line.is_current) for line in lines] == [
        (second.pk, Rows(), 0, "", False),
        (first.pk, Rows(15, 13, 1, 1), 2, "Anna", True),
    ]


def test_runs_of_other_jobs_are_no_updates() -> None:
    Run.objects.create(job="nightly mail", started_at=NOON)
    assert list_updates(OPERATOR) == []


def test_the_number_of_queries_does_not_grow_with_the_list(django_assert_num_queries: Any) -> None:
    for place in range(12):
        delivery(run().pk, f"{place}.csv", Rows(1, 1, 0, 0))
    with django_assert_num_queries(4):
        list_updates(OPERATOR)


def test_an_update_tells_what_became_of_every_row() -> None:
    row = run()
    delivery(row.pk, "a.csv", Rows(10, 8, 1, 1))
    delivery(row.pk, "b.csv", Rows(5, 5, 0, 0), is_current=False)
    delivery(row.pk, "c.csv", Rows(3, 2, 1, 0), feed="people")
    update = get_update(OPERATOR, row.pk)
    assert [(feed.feed, feed.files, feed.rows) for feed in update.feeds] == [
        ("lines", 2, Rows(15, 13, 1, 1)),
        ("people", 1, Rows(3, 2, 1, 0)),
    ]
    assert [(line.name, line.is_current) for line in update.deliveries] == [
        ("a.csv", True), ("b.csv", False), ("c.csv", True),
    ]  # fmt: skip
    assert update.line.rows == Rows(18, 15, 2, 1)
    assert update.line.rows.ties
    assert not Rows(3, 1, 1, 0).ties


def test_only_so_many_files_are_listed() -> None:
    row = run()
    for name in ("a", "b", "c"):
        delivery(row.pk, name, Rows(1, 1, 0, 0))
    update = get_update(OPERATOR, row.pk, most_files=2)
    assert (len(update.deliveries), update.line.files) == (2, 3)


def test_an_unknown_number_is_refused() -> None:
    with pytest.raises(RunNotFound):
        get_update(OPERATOR, 404)


def test_a_refused_reader_learns_nothing() -> None:
    row = run()
    for read in (lambda: list_updates(NOBODY), lambda: get_update(NOBODY, row.pk), lambda: find_waiting(NOBODY)):
        with pytest.raises(PermissionDenied):
            read()


def test_nothing_waits_when_nobody_asked_or_it_is_done() -> None:
    assert find_waiting(OPERATOR) is None
    job(Job.State.DONE)
    assert find_waiting(OPERATOR) is None


def test_an_update_waits_until_its_run_begins() -> None:
    asked = job(Job.State.READY)
    waiting = find_waiting(OPERATOR)
    assert waiting is not None
    assert (waiting.job_id, waiting.state, waiting.error) == (asked.pk, "ready", "")
    run(state=Run.State.RUNNING, day=None, started_at=NOON + timedelta(seconds=1))
    assert find_waiting(OPERATOR) is None


def test_an_update_that_could_not_begin_says_why() -> None:
    run(started_at=NOON - timedelta(days=1))
    job(Job.State.FAILED, error="There is no contract.")
    waiting = find_waiting(OPERATOR)
    assert waiting is not None
    assert (waiting.state, waiting.error) == ("failed", "There is no contract.")


def test_a_failure_that_a_run_tells_is_not_told_twice() -> None:
    job(Job.State.FAILED, error="The file is gone.")
    run(state=Run.State.STOPPED, started_at=NOON - timedelta(days=1))
    assert find_waiting(OPERATOR) is None


def test_an_old_failure_is_forgotten_once_an_update_ran() -> None:
    job(Job.State.FAILED, error="There is no contract.")
    run(started_at=NOON + timedelta(hours=1))
    assert find_waiting(OPERATOR) is None

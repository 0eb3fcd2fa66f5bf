"""Asking for an update: once, by who may, and with a trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from guanxi.intelligence.commands.start_refresh import resume_refresh, start_refresh
from guanxi.intelligence.errors import NothingToRefresh, NothingToResume, UpdateAlreadyAsked, UpdateAlreadyRunning
from guanxi.intelligence.models import Source
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.errors import GuanxiError, PermissionDenied
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.process import this_process
from guanxi.kernel.runs.models import Run
from guanxi.kernel.tests.actors import gone_process, holding

pytestmark = pytest.mark.django_db
OPERATOR = holding("updates.run")
NOON = datetime(2026, 7, 3, 12, 0, tzinfo=UTC)


@pytest.fixture
def source() -> Source:
    return Source.objects.create(name="shop", contract_path="shop.toml", priority=10, currency="CNY", added_at=NOON)


def refused(call: Callable[[], object], error: type[GuanxiError]) -> None:
    """The call is refused, and nothing changed."""
    before = (Job.objects.count(), AuditEntry.objects.count())
    with pytest.raises(error):
        call()
    assert (Job.objects.count(), AuditEntry.objects.count()) == before


def test_an_update_is_asked_for_with_its_day_and_a_trace(source: Source) -> None:
    job = start_refresh(OPERATOR, business_date=date(2026, 7, 2))
    assert (job.name, job.payload) == ("intelligence.refresh", {"business_date": "2026-07-02", "actor_id": 99})
    entry = AuditEntry.objects.get()
    assert (entry.command, entry.actor_id) == ("intelligence.commands.start_refresh.start_refresh", 99)
    assert entry.changes == {"asked": {"business_date": "2026-07-02", "actor_id": 99}}


def test_without_a_day_the_last_fact_decides(source: Source) -> None:
    assert start_refresh(OPERATOR).payload["business_date"] is None


def test_a_second_one_is_refused_while_the_first_waits(source: Source) -> None:
    start_refresh(OPERATOR)
    refused(lambda: start_refresh(OPERATOR), UpdateAlreadyAsked)


def test_one_at_a_time(source: Source) -> None:
    run = Run.objects.create(job="refresh", started_at=NOON, lease_holder=this_process())
    refused(lambda: start_refresh(OPERATOR), UpdateAlreadyRunning)
    refused(lambda: resume_refresh(OPERATOR, run_id=run.pk), UpdateAlreadyRunning)


def test_a_dead_one_is_in_nobody_s_way(source: Source) -> None:
    Run.objects.create(job="refresh", started_at=NOON, lease_holder=gone_process())
    assert start_refresh(OPERATOR).state == Job.State.READY


def test_there_must_be_a_source() -> None:
    refused(lambda: start_refresh(OPERATOR), NothingToRefresh)


def test_only_who_may_run_updates_may(source: Source) -> None:
    run = Run.objects.create(job="refresh", started_at=NOON, state=Run.State.STOPPED)
    onlooker = holding("updates.view")
    refused(lambda: start_refresh(onlooker), PermissionDenied)
    refused(lambda: resume_refresh(onlooker, run_id=run.pk), PermissionDenied)


@pytest.mark.parametrize("asked", [None, date(2026, 7, 2)])
def test_resuming_asks_for_the_same_again(source: Source, asked: date | None) -> None:
    run = Run.objects.create(
        job="refresh", started_at=NOON, state=Run.State.STOPPED, business_date=date(2026, 7, 2),
        business_date_asked=asked,
    )  # fmt: skip
    job = resume_refresh(OPERATOR, run_id=run.pk)
    assert job.payload["business_date"] == (asked.isoformat() if asked else None)


@pytest.mark.parametrize("given", [{"state": Run.State.DONE}, {"state": Run.State.ABANDONED}, {"job": "mail"}])
def test_only_a_stopped_update_is_resumed(source: Source, given: dict[str, Any]) -> None:
    run = Run.objects.create(**{"job": "refresh", "started_at": NOON, "state": Run.State.STOPPED, **given})
    refused(lambda: resume_refresh(OPERATOR, run_id=run.pk), NothingToResume)
    refused(lambda: resume_refresh(OPERATOR, run_id=404), NothingToResume)

"""Asking for a data update, from nothing or from where the last one stopped (S1f, S1n)."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from guanxi.intelligence.errors import NothingToRefresh, NothingToResume, UpdateAlreadyAsked, UpdateAlreadyRunning
from guanxi.intelligence.models import Source
from guanxi.intelligence.queries.updates import JOB, RUN
from guanxi.kernel.commands import Work, command
from guanxi.kernel.facts import has_facts
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.queue import enqueue
from guanxi.kernel.process import is_dead
from guanxi.kernel.runs.models import Run
from guanxi.kernel.turns import wait_for_turn

KEY = "intelligence.refresh"  # at most one update waits or runs


@command("updates.run")
def start_refresh(work: Work, *, business_date: date | None = None) -> Job:
    """Ask the worker for a data update of all connected sources, as of `business_date` or of the last fact.

    A stopped update that was asked the same is resumed; one asked otherwise is given up by the new one.

    Raises
    ------
    UpdateAlreadyRunning, UpdateAlreadyAsked, NothingToRefresh
        It cannot begin now; nothing was changed.
    """
    return _ask(work, business_date)


@command("updates.run")
def resume_refresh(work: Work, *, run_id: int) -> Job:
    """Ask the worker to go on with the stopped update `run_id`, from its last checkpoint (S1n).

    Raises
    ------
    NothingToResume, UpdateAlreadyRunning, UpdateAlreadyAsked
        It cannot go on; nothing was changed.
    """
    row = Run.objects.select_for_update().filter(pk=run_id, job=RUN).first()
    if row is None or row.state not in {Run.State.STOPPED, Run.State.RUNNING}:
        raise NothingToResume(run=run_id)
    return _ask(work, row.business_date_asked)


def _ask(work: Work, business_date: date | None) -> Job:
    wait_for_turn(KEY)
    _refuse_if_running()
    if not Source.objects.exists() and not has_facts():
        raise NothingToRefresh
    asked = Job.objects.select_for_update().filter(key=KEY).first()
    if asked is not None:
        raise UpdateAlreadyAsked(since=timezone.localtime(asked.created_at).strftime("%H:%M:%S"))
    payload = {"business_date": business_date.isoformat() if business_date else None, "actor_id": work.actor.pk}
    job = enqueue(JOB, payload, key=KEY, asked_by=work.actor, priority=Job.Priority.BATCH)
    work.record(job, {"asked": payload})
    return job


def _refuse_if_running() -> None:
    row = Run.objects.filter(job=RUN, state=Run.State.RUNNING).first()
    if row is None or is_dead(row.lease_holder):
        return
    step = row.steps.order_by("-position").values_list("name", flat=True).first()
    since = timezone.localtime(row.started_at).strftime("%Y-%m-%d %H:%M")
    raise UpdateAlreadyRunning(run=row.pk, since=since, step=step or "-")

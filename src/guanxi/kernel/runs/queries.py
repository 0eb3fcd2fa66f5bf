"""Runs as screens and the command line show them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import ErrorWords, PermissionDenied, words_of
from guanxi.kernel.process import is_dead
from guanxi.kernel.runs.errors import RunNotFound
from guanxi.kernel.runs.models import Run, RunStep

WAITING = "waiting"  # a planned step that has not begun


@dataclass(frozen=True)
class StepLine:
    """One step of a run: `state` is running, stopped, done or waiting; `done` and `expected` in the step's unit."""

    name: str
    position: int
    state: str
    seconds: float = 0.0
    done: int = 0
    expected: int | None = None
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class RunLine:
    """One run: `state` is running, stopped, done or abandoned; one whose process died shows as stopped."""

    id: int
    job: str
    business_date: date | None
    revision: int
    state: str
    started_at: datetime
    finished_at: datetime | None
    started_by: int | None
    seconds: float
    inputs: dict[str, Any]
    report: dict[str, Any]
    error: ErrorWords | None
    stop_requested_at: datetime | None
    steps: list[StepLine]

    @property
    def can_resume(self) -> bool:
        """Whether starting again with the same inputs goes on with this run."""
        return self.state == Run.State.STOPPED.value

    @property
    def current_step(self) -> StepLine | None:
        """The step under way or stopped at, if any."""
        return next((step for step in self.steps if step.state in {"running", "stopped"}), None)


def list_runs(actor: Actor, job: str | None = None, limit: int = 50) -> list[RunLine]:
    """The latest runs, newest first, with their steps; needs `updates.view`."""
    _refuse_unless_viewer(actor)
    rows = Run.objects.order_by("-pk").prefetch_related("steps")
    return [_line(row) for row in (rows if job is None else rows.filter(job=job))[:limit]]


def get_run(actor: Actor, run_id: int) -> RunLine:
    """One run with its steps; needs `updates.view`.

    Raises
    ------
    RunNotFound
        There is no such run.
    """
    _refuse_unless_viewer(actor)
    row = Run.objects.prefetch_related("steps").filter(pk=run_id).first()
    if row is None:
        raise RunNotFound(run=run_id)
    return _line(row)


def find_open_run(actor: Actor, job: str) -> RunLine | None:
    """The run of `job` that is under way or waits to be resumed; needs `updates.view`."""
    _refuse_unless_viewer(actor)
    open_states = [Run.State.RUNNING, Run.State.STOPPED]
    row = Run.objects.prefetch_related("steps").filter(job=job, state__in=open_states).first()
    return None if row is None else _line(row)


def _refuse_unless_viewer(actor: Actor) -> None:
    if not actor.may("updates.view"):
        raise PermissionDenied(permission="updates.view")


def _line(row: Run) -> RunLine:
    died = row.state == Run.State.RUNNING and is_dead(row.lease_holder)
    steps = [_step_line(step, died=died) for step in sorted(row.steps.all(), key=lambda step: step.position)]
    begun = {step.name for step in steps}
    waiting = [name for name in row.plan if name not in begun]
    steps += [StepLine(name, position, WAITING) for position, name in enumerate(waiting, len(steps) + 1)]
    return RunLine(
        id=row.pk, job=row.job, business_date=row.business_date, revision=row.revision,
        state=Run.State.STOPPED.value if died else row.state,
        started_at=row.started_at, finished_at=row.finished_at, started_by=row.started_by,
        seconds=sum(step.seconds for step in steps), inputs=row.inputs, report=row.report,
        error=words_of(row.error) if row.error else None, stop_requested_at=row.stop_requested_at, steps=steps,
    )  # fmt: skip


def _step_line(step: RunStep, *, died: bool) -> StepLine:
    state = RunStep.State.STOPPED.value if died and step.state == RunStep.State.RUNNING else step.state
    return StepLine(step.name, step.position, state, step.seconds, step.done, step.expected, dict(step.counts))

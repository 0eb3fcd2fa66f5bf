"""Data updates as the operator sees them: what ran, what came in, what was rejected, what to do (S1f, S1n)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Sum
from django.utils import timezone

from guanxi.customers.models import CurrentStanding
from guanxi.intelligence.commands.nightly import nightly_at
from guanxi.intelligence.models import Delivery, Source, Touch
from guanxi.intelligence.queries.drift import ColumnChange, change_of
from guanxi.kernel.access.models import User
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.facts import has_facts
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.rules import next_moment, parse_time
from guanxi.kernel.runs.models import Run
from guanxi.kernel.runs.queries import RunLine, get_run, list_runs

RUN = "refresh"  # the run of the road, in kernel.runs
JOB = "intelligence.refresh"  # the background job that carries one out


@dataclass(frozen=True)
class Rows:
    """What became of delivered rows: `rows` = `landed` + `rejected` + `filtered`."""

    rows: int = 0
    landed: int = 0
    rejected: int = 0
    filtered: int = 0

    @property
    def ties(self) -> bool:
        """Whether every row is accounted for."""
        return self.rows == self.landed + self.rejected + self.filtered

    def __add__(self, other: Rows) -> Rows:
        return Rows(
            self.rows + other.rows, self.landed + other.landed, self.rejected + other.rejected,
            self.filtered + other.filtered,
        )  # fmt: skip


@dataclass(frozen=True)
class DeliveryLine:
    """One delivered file; `is_current` is false once a later full delivery replaced it."""

    source: str
    feed: str
    name: str
    rows: Rows
    is_current: bool


@dataclass(frozen=True)
class FeedLine:
    """All files one feed delivered in an update."""

    source: str
    feed: str
    files: int
    rows: Rows


@dataclass(frozen=True)
class UpdateLine:
    """One data update in the list. `records` counts what it brought in."""

    run: RunLine
    rows: Rows
    files: int
    started_by: str
    is_current: bool


@dataclass(frozen=True)
class Update:
    """One data update with everything about it."""

    line: UpdateLine
    feeds: Sequence[FeedLine]
    deliveries: Sequence[DeliveryLine]
    changes: Sequence[ColumnChange]
    shown_as_of: date | None

    @property
    def run(self) -> RunLine:
        """The run itself: its steps, its error in words."""
        return self.line.run


@dataclass(frozen=True)
class Waiting:
    """An update that was asked for and has no run yet: it waits for the worker, or failed before it could begin."""

    job_id: int
    asked_at: datetime
    state: str
    error: str
    next_try_at: datetime


def list_updates(actor: Actor, limit: int = 50) -> list[UpdateLine]:
    """The latest data updates, newest first; needs `updates.view`."""
    runs = list_runs(actor, job=RUN, limit=limit)
    return _lines(runs)


def get_update(actor: Actor, run_id: int, *, most_files: int = 400) -> Update:
    """One data update: steps, deliveries, rejected rows, the error in words; needs `updates.view`.

    Raises
    ------
    RunNotFound
        There is no such update.
    """
    run = get_run(actor, run_id)
    line = _lines([run])[0]
    found = Delivery.objects.filter(run_id=run_id).order_by("source", "feed", "name", "pk")
    deliveries, changes = [], []
    for row in found.iterator():
        deliveries.append(DeliveryLine(row.source, row.feed, row.name, _rows(row), row.is_current))
        if change := change_of(row):
            changes.append(change)
    return Update(line, _by_feed(deliveries), deliveries[:most_files], changes, shown_as_of())


def find_waiting(actor: Actor) -> Waiting | None:
    """The update that was asked for and has no run yet, or that failed before its run began; needs `updates.view`."""
    if not actor.may("updates.view"):
        raise PermissionDenied(permission="updates.view")
    job = Job.objects.filter(name=JOB).order_by("-pk").first()
    if job is None or job.state in {Job.State.DONE, Job.State.CANCELLED}:
        return None
    run = next(iter(list_runs(actor, job=RUN, limit=1)), None)
    if run is not None and _tells_of(run, job):
        return None
    return Waiting(job.pk, job.created_at, job.state, job.error, job.run_at)


@dataclass(frozen=True)
class Between:
    """What comes between two updates that people ask for.

    Attributes
    ----------
    next_at
        When the nightly update comes next; None where it is off.
    rescored, rescored_at
        Customers scored again since the current update began, and when last.
    open
        Customers who wait to be scored again.
    can_start
        Whether there is anything an update could take in.
    """

    next_at: datetime | None
    rescored: int
    rescored_at: datetime | None
    open: int
    can_start: bool


def find_between(actor: Actor) -> Between:
    """The nightly update to come, and the small refreshes since the last one; needs `updates.view`."""
    if not actor.may("updates.view"):
        raise PermissionDenied(permission="updates.view")
    run_id = CurrentStanding.objects.values_list("run_id", flat=True).first()
    touches = Touch.objects.filter(run_id=run_id) if run_id else Touch.objects.none()
    done = touches.aggregate(customers=Count("customer", distinct=True), last=Max("scored_at"))
    waiting = Touch.objects.exclude(run_id=run_id) if run_id else Touch.objects.none()
    return Between(
        next_at=_next_nightly(), rescored=done["customers"], rescored_at=done["last"],
        open=waiting.values("customer").distinct().count(), can_start=Source.objects.exists() or has_facts(),
    )  # fmt: skip


def _next_nightly() -> datetime | None:
    try:
        at = parse_time(nightly_at())
    except ValueError:
        return None
    return None if at is None else next_moment(timezone.localtime(), at)


def shown_as_of() -> date | None:
    """The business date of what the pages show."""
    return CurrentStanding.objects.values_list("as_of", flat=True).first()


def _tells_of(run: RunLine, job: Job) -> bool:
    """Whether the latest run shows what became of the job, so that the job itself need not be shown."""
    if run.state == Run.State.RUNNING:
        return True
    if job.state == Job.State.FAILED:
        return run.started_at >= job.created_at or run.state == Run.State.STOPPED
    return False


def _lines(runs: Sequence[RunLine]) -> list[UpdateLine]:
    numbers = [run.id for run in runs]
    brought = {
        row["run_id"]: row
        for row in Delivery.objects.filter(run_id__in=numbers)
        .values("run_id")
        .annotate(Sum("rows"), Sum("landed"), Sum("rejected"), Sum("filtered"), Count("pk"))
    }
    names = _names(run.started_by for run in runs)
    shown = CurrentStanding.objects.values_list("run_id", flat=True).first()
    lines = []
    for run in runs:
        sums = brought.get(run.id)
        rows = Rows() if sums is None else Rows(
            sums["rows__sum"], sums["landed__sum"], sums["rejected__sum"], sums["filtered__sum"]
        )  # fmt: skip
        files = 0 if sums is None else sums["pk__count"]
        lines.append(UpdateLine(run, rows, files, names.get(run.started_by or 0, ""), is_current=run.id == shown))
    return lines


def _names(ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {number for number in ids if number is not None}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=wanted)}


def _rows(row: Delivery) -> Rows:
    return Rows(row.rows, row.landed, row.rejected, row.filtered)


def _by_feed(deliveries: Sequence[DeliveryLine]) -> list[FeedLine]:
    rows: dict[tuple[str, str], Rows] = defaultdict(Rows)
    files: dict[tuple[str, str], int] = defaultdict(int)
    for delivery in deliveries:
        key = (delivery.source, delivery.feed)
        rows[key] += delivery.rows
        files[key] += 1
    return [FeedLine(source, feed, files[source, feed], rows[source, feed]) for source, feed in sorted(rows)]

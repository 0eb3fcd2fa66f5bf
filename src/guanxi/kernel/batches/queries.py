"""Bulk actions as screens show them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.batches.errors import ActionUnknown, BatchUnknown, FileGone
from guanxi.kernel.batches.files import exports_folder
from guanxi.kernel.batches.models import Batch, BatchChunk
from guanxi.kernel.batches.registry import BulkExport, Part, find_subject, get_action, reason_words
from guanxi.kernel.batches.rules import can_undo, show_state
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import ErrorWords, PermissionDenied, words_of
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.rules import estimate_left

ALL_BATCHES = "settings.manage"


@dataclass(frozen=True)
class BatchLine:
    """One bulk action, ready to show.

    `state` is waiting, running, cancelling, stopped, done, cancelled or failed; `seconds_left` is told at the pace so
    far. `unchanged` rows were already as asked; `refused` ones were left alone, with reasons in the report.
    """

    id: int
    icon: str
    sentence: str
    state: str
    asked_by: str
    created_at: datetime
    finished_at: datetime | None
    total: int
    done: int
    changed: int
    refused: int
    seconds_left: float | None
    error: ErrorWords | None
    trouble: str
    is_undo: bool
    is_undone: bool
    is_export: bool
    can_cancel: bool
    can_undo: bool
    can_resume: bool
    has_file: bool
    file_size: int
    file_until: datetime | None

    @property
    def unchanged(self) -> int:
        """Rows that were already as asked."""
        return max(0, self.done - self.changed - self.refused)

    @property
    def is_open(self) -> bool:
        """Whether more will come of it."""
        return self.state in {"waiting", "running", "cancelling"}


@dataclass(frozen=True)
class ReportRow:
    """A row that was left alone, and why; the name is empty for those the reader may not see."""

    id: int
    name: str
    reason: str


@dataclass(frozen=True)
class ExportedFile:
    """A finished file: where it lies, and what the reader saves it as."""

    path: Path
    name: str
    kind: str


def actor_of(batch: Batch) -> Actor:
    """In whose name a batch runs, with what this person may do now.

    Raises
    ------
    PermissionDenied
        The user who asked is gone.
    """
    if batch.asked_by is None:
        return SYSTEM
    user = User.objects.filter(pk=batch.asked_by).first()
    if user is None:
        raise PermissionDenied(permission=get_action(batch.kind).permission)
    return user


def lock_batch(actor: Actor, batch_id: int) -> Batch:
    """A batch of the actor, locked for the running command.

    Raises
    ------
    BatchUnknown
        There is none, or it is somebody else's: both are told alike.
    """
    batch = _batches_of(actor).select_for_update().filter(pk=batch_id).first()
    if batch is None:
        raise BatchUnknown(batch=batch_id)
    return batch


def is_at_work(batch: Batch) -> bool:
    """Whether a job is under way for it, or waits to be."""
    is_open = batch.state == Batch.State.OPEN
    return is_open and Job.objects.filter(pk=batch.job_id or 0, state__in=[Job.State.READY, Job.State.RUNNING]).exists()


def changed_since(part: Part, kinds: Collection[str], options: Mapping[str, Any]) -> set[int]:
    """Which rows of a batch that is taken back another one of these kinds and options changed since, and still has."""
    later = BatchChunk.objects.filter(
        batch__kind__in=kinds, batch__undoes=None, done_at__gt=part.done_at, undone_at=None,
        first_id__lte=max(part.ids), last_id__gte=min(part.ids),
        **{f"batch__options__{name}": value for name, value in options.items()},
    )  # fmt: skip
    return {int(key) for before in later.values_list("before", flat=True) for key in before} & set(part.ids)


def get_batch(actor: Actor, batch_id: int) -> BatchLine:
    """One bulk action of the actor; administrators see everybody's.

    Raises
    ------
    BatchUnknown
        There is none, or not for this actor.
    """
    lines = _lines(actor, _batches_of(actor).filter(pk=batch_id))
    if not lines:
        raise BatchUnknown(batch=batch_id)
    return lines[0]


def list_batches(actor: Actor, *, limit: int = 50) -> list[BatchLine]:
    """The latest bulk actions, newest first: one's own, and for administrators everybody's."""
    return _lines(actor, _batches_of(actor).order_by("-pk")[:limit])


def list_open_batches(actor: Actor) -> list[BatchLine]:
    """The actor's own bulk actions that are waiting or under way, oldest first."""
    mine = Batch.objects.filter(asked_by=actor.pk, asked_by__isnull=False, state=Batch.State.OPEN)
    return [line for line in _lines(actor, mine.order_by("pk")[:10]) if line.is_open]


def iterate_report(actor: Actor, batch_id: int) -> Iterator[ReportRow]:
    """The rows that were left alone, each with its reason, in the order of their numbers.

    Raises
    ------
    BatchUnknown
        There is none, or not for this actor.
    """
    batch = _batches_of(actor).filter(pk=batch_id).first()
    if batch is None:
        raise BatchUnknown(batch=batch_id)
    subject = find_subject(batch.subject)
    for chunk in batch.chunks.exclude(refused={}).order_by("number").iterator(chunk_size=20):
        refused = {int(key): reason for key, reason in chunk.refused.items()}
        names = subject.names(actor, sorted(refused)) if subject else {}
        for key in sorted(refused):
            yield ReportRow(key, names.get(key, ""), reason_words(batch.kind, refused[key]))


def get_file(actor: Actor, batch_id: int) -> ExportedFile:
    """The exported file, for nobody but who asked for it.

    Raises
    ------
    BatchUnknown, FileGone
        There is none of the actor's, or its time is over.
    """
    batch = Batch.objects.filter(pk=batch_id, asked_by=actor.pk, asked_by__isnull=False).first()
    if batch is None:
        raise BatchUnknown(batch=batch_id)
    path = exports_folder() / batch.file_name
    if not batch.file_name or not path.is_file() or (batch.file_until and batch.file_until < timezone.now()):
        raise FileGone
    action = get_action(batch.kind)
    label = action.file_label(batch.options) if isinstance(action, BulkExport) else batch.name
    kind = path.suffix.removeprefix(".")
    return ExportedFile(path, f"{label}.{kind}", kind)


def changed_ids(batch_name: str) -> Iterator[int]:
    """The rows that the batch an event names has changed, in order."""
    return (row_id for row_id, _held in held_before(batch_name))


def held_before(batch_name: str) -> Iterator[tuple[int, Any]]:
    """The rows that this batch has changed, in order, each with what its action kept of it."""
    chunks = BatchChunk.objects.filter(batch=_number_of(batch_name), done_at__isnull=False).order_by("number")
    for before in chunks.values_list("before", flat=True).iterator(chunk_size=20):
        yield from ((key, before[str(key)]) for key in sorted(map(int, before)))


def who_asked(batch_name: str) -> int | None:
    """The user who asked for this batch, whoever ended it; None for the system."""
    return Batch.objects.values_list("asked_by", flat=True).get(pk=_number_of(batch_name))


def _number_of(batch_name: str) -> int:
    return int(batch_name.removeprefix("batch "))


def _batches_of(actor: Actor) -> QuerySet[Batch]:
    mine = Q(asked_by=actor.pk, asked_by__isnull=False)
    return Batch.objects.all() if actor.may(ALL_BATCHES) else Batch.objects.filter(mine)


def _lines(actor: Actor, batches: QuerySet[Batch]) -> list[BatchLine]:
    undoing = Prefetch("undone_by", Batch.objects.only("pk", "state", "undoes"))
    rows = list(batches.prefetch_related(undoing))
    jobs = Job.objects.in_bulk({row.job_id or 0 for row in rows if row.state == Batch.State.OPEN})
    names = {user.pk: str(user) for user in User.objects.filter(pk__in={row.asked_by or 0 for row in rows})}
    return [_line(actor, row, jobs.get(row.job_id or 0), names.get(row.asked_by or 0, "")) for row in rows]


def _line(actor: Actor, row: Batch, job: Job | None, asked_by: str) -> BatchLine:
    state = show_state(
        row.state, None if job is None else job.state, cancelling=row.cancel_requested_at is not None
    )  # fmt: skip
    done = job.done if job is not None and row.state == Batch.State.OPEN else row.done
    is_open = state in {"waiting", "running", "cancelling"}
    sentence, icon, is_export, is_final, may_do = _words(actor, row)
    undoing = {undo.state for undo in row.undone_by.all()}
    lasted = (timezone.now() - job.started_at).total_seconds() if job and job.started_at else None
    return BatchLine(
        id=row.pk, icon=icon, sentence=sentence, state=state, asked_by=asked_by,
        created_at=row.created_at, finished_at=row.finished_at,
        total=row.total, done=min(max(done, row.done), row.total), changed=row.changed, refused=row.refused,
        seconds_left=estimate_left(lasted=lasted, done=done, total=row.total) if state == "running" else None,
        error=words_of(row.error) if row.error else None, trouble=job.error if job is not None else "",
        is_undo=row.undoes_id is not None, is_undone=Batch.State.DONE in undoing, is_export=is_export,
        can_cancel=state in {"waiting", "running", "stopped"},
        can_undo=may_do and can_undo(
            is_open=is_open, is_final=is_final, is_undo=row.undoes_id is not None, changed=row.changed,
            undoing=undoing,
        ),
        can_resume=may_do and state == "stopped",
        has_file=bool(row.file_name) and row.asked_by == actor.pk, file_size=row.file_size, file_until=row.file_until,
    )  # fmt: skip


def _words(actor: Actor, row: Batch) -> tuple[str, str, bool, bool, bool]:
    try:
        action = get_action(row.kind)
    except ActionUnknown:
        return row.kind, "help", False, False, False
    return (
        action.sentence(row.options, row.total),
        action.icon,
        isinstance(action, BulkExport),
        action.is_final,
        actor.may(action.permission),
    )

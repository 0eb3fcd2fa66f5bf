"""Bulk actions begin, go on chunk by chunk, end early, are gone on with, and are taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from guanxi.kernel.batches.errors import BatchOver, BatchStillOpen, NothingChosen, NothingToUndo
from guanxi.kernel.batches.files import remove_file
from guanxi.kernel.batches.models import Batch, BatchChunk
from guanxi.kernel.batches.queries import is_at_work, lock_batch
from guanxi.kernel.batches.registry import BulkAction, BulkChange, Outcome, Part, get_action, get_change
from guanxi.kernel.batches.rules import CHUNK, EVENT_IDS, cut
from guanxi.kernel.commands import Actor, Work, command
from guanxi.kernel.errors import PermissionDenied, as_record
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.queue import enqueue

JOB = "batches.run"


@command(None)
def start_batch(work: Work, *, kind: str, options: Mapping[str, Any], ids: Iterable[int], by_job: bool = True) -> Batch:
    """Begin a bulk action on these rows, as a job. They are fixed now: a list that moves meanwhile changes nothing.

    Read many ids before the call: SQLite has one writer. What each row allows is decided when its turn comes. With
    `by_job` false the caller does it at once: `guanxi.kernel.batches.export.export_now`.

    Raises
    ------
    ActionUnknown, PermissionDenied, NothingChosen
        Nothing is begun; an action adds refusals of its own.
    """
    action = get_action(kind)
    _refuse_unless_allowed(work.actor, action)
    read = action.read(work.actor, options)
    chosen = list(dict.fromkeys(ids))
    if isinstance(action, BulkChange):
        chosen.sort()  # rows are locked in this order, so that two batches never wait for each other
    if not chosen:
        raise NothingChosen
    batch = _new_batch(work, action, read, total=len(chosen))
    _add_chunks(batch, cut(chosen, CHUNK))
    if by_job:
        _ask_for_job(work, batch)
    work.record(batch, {"kind": kind, "rows": len(chosen), **action.told(read)})
    return batch


@command(None)
def undo_batch(work: Work, *, batch_id: int) -> Batch:
    """Take a bulk action back, as a job; rows that somebody changed since are left and listed.

    Raises
    ------
    BatchUnknown, PermissionDenied, BatchStillOpen, NothingToUndo
        Nothing is begun.
    """
    former = lock_batch(work.actor, batch_id)
    change = get_action(former.kind)
    _refuse_unless_allowed(work.actor, change)
    if is_at_work(former) or any(is_at_work(undoing) for undoing in former.undone_by.all()):
        raise BatchStillOpen
    if former.undoes_id is not None or not isinstance(change, BulkChange) or change.is_final:
        raise NothingToUndo
    if former.state == Batch.State.OPEN:
        _end(work, former, Batch.State.CANCELLED)
    changed = [sorted(map(int, chunk.before)) for chunk in _not_undone(former) if chunk.before]
    if not changed:
        raise NothingToUndo
    batch = _new_batch(work, change, former.options, total=sum(map(len, changed)), undoes=former)
    _add_chunks(batch, changed)
    _ask_for_job(work, batch)
    work.record(batch, {"kind": former.kind, "rows": batch.total, "undoes": former.pk})
    return batch


@command(None)
def cancel_batch(work: Work, *, batch_id: int) -> None:
    """Let a bulk action end before its next chunk; what is done stays, and can be taken back.

    Raises
    ------
    BatchUnknown, BatchOver
        There is none to cancel.
    """
    batch = lock_batch(work.actor, batch_id)
    if batch.state != Batch.State.OPEN:
        raise BatchOver
    if batch.cancel_requested_at is not None:
        work.nothing_changed()
        return
    batch.cancel_requested_at = work.at
    batch.save(update_fields=["cancel_requested_at"])
    work.record(batch, {"cancelled": True})
    if not is_at_work(batch):
        _end(work, batch, Batch.State.CANCELLED)


@command(None)
def resume_batch(work: Work, *, batch_id: int) -> None:
    """Go on with a bulk action whose job failed; no row is done twice.

    Raises
    ------
    BatchUnknown, BatchOver
        There is none to go on with.
    """
    batch = lock_batch(work.actor, batch_id)
    if batch.state != Batch.State.OPEN:
        raise BatchOver
    if is_at_work(batch):
        work.nothing_changed()
        return
    _ask_for_job(work, batch)
    work.record(batch, {"resumed": True})


@command(None)
def do_next_chunk(work: Work, *, batch_id: int) -> int | None:
    """Change the next rows of a batch; returns how many were gone through, or None where it is to end.

    It ends where nothing is left or somebody cancelled it. The chunk is marked done in the transaction that changes
    its rows: killed before, it is done again; after, never.

    Raises
    ------
    PermissionDenied
        Who asked for it may do so no more.
    """
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    chunk = batch.chunks.filter(done_at__isnull=True).order_by("number").first()
    if batch.state != Batch.State.OPEN or batch.cancel_requested_at is not None or chunk is None:
        work.nothing_changed()
        return None
    change = get_change(batch.kind)
    _refuse_unless_allowed(work.actor, change)
    outcome = _undo_chunk(work, change, batch, chunk) if batch.undoes_id else _apply_chunk(work, change, batch, chunk)
    chunk.done_at = work.at
    chunk.before, chunk.refused = _keyed(outcome.before), _keyed(outcome.refused)
    chunk.save(update_fields=["done_at", "before", "refused"])
    batch.done += len(chunk.ids)
    batch.changed += len(outcome.before)
    batch.refused += len(outcome.refused)
    batch.save(update_fields=["done", "changed", "refused"])
    work.record(batch, {"part": chunk.number, "changed": len(outcome.before), "refused": len(outcome.refused)})
    return len(chunk.ids)


@command(None)
def settle_batch(work: Work, *, batch_id: int, error: Exception | None = None) -> None:
    """End a batch that has come to its end, was cancelled, or cannot go on because of `error`; tell the one event."""
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    if batch.state != Batch.State.OPEN:
        work.nothing_changed()
        return
    if error is not None:
        batch.error = as_record(error)
        _end(work, batch, Batch.State.FAILED)
    elif batch.done < batch.total:
        _end(work, batch, Batch.State.CANCELLED)
    else:
        _end(work, batch, Batch.State.DONE)


@command(None)
def settle_export(work: Work, *, batch_id: int, rows: int, columns: Sequence[str], file_name: str, size: int) -> bool:
    """Keep an exported file for who asked; False where the export was ended meanwhile."""
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    if batch.state != Batch.State.OPEN or batch.cancel_requested_at is not None:
        work.nothing_changed()
        return False
    batch.done, batch.changed, batch.refused = batch.total, rows, batch.total - rows
    batch.file_name, batch.file_size = file_name, size
    batch.file_until = work.at + timedelta(days=settings.KEEP_DAYS["exports"])
    work.record(batch, {"exported": rows, "columns": list(columns)})
    _end(work, batch, Batch.State.DONE)
    return True


@command("settings.manage")
def expire_exports(work: Work, *, before: datetime) -> int:
    """Remove the files whose time is over; returns how many."""
    over = list(Batch.objects.select_for_update().filter(file_until__lt=before).exclude(file_name="").order_by("pk"))
    for batch in over:
        remove_file(batch.file_name)
        batch.file_name, batch.file_size = "", 0
        batch.save(update_fields=["file_name", "file_size"])
    if over:
        work.record("exports", {"expired": len(over)})
    else:
        work.nothing_changed()
    return len(over)


@command("settings.manage")
def expire_batches(work: Work, *, before: datetime, limit: int = 20) -> int:
    """Forget at most `limit` batches that ended before that time, and what their rows held; returns how many.

    So are those that began before it and that no job goes on with.
    """
    at_work = Job.objects.filter(state__in=[Job.State.READY, Job.State.RUNNING], pk=OuterRef("job_id"))
    left = Q(state=Batch.State.OPEN, created_at__lt=before) & ~Exists(at_work)
    old = Batch.objects.filter(Q(finished_at__lt=before) | left, undone_by=None).order_by("pk")
    # locked first, then looked at anew: one that is undone or gone on with at this moment stays
    locked = list(
        Batch.objects.select_for_update().filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).order_by("pk")
    )
    over = list(old.filter(pk__in=[batch.pk for batch in locked]))
    for batch in over:
        if batch.file_name:
            remove_file(batch.file_name)
        batch.delete()
    if over:
        work.record("batches", {"expired": len(over)})
    else:
        work.nothing_changed()
    return len(over)


def forget_rows(subject: str, ids: Sequence[int]) -> None:
    """Let batches forget what these rows held. Call it inside the command that removes them for good."""
    gone = {str(key) for key in ids}
    near = BatchChunk.objects.select_for_update().filter(
        batch__subject=subject, first_id__lte=max(ids), last_id__gte=min(ids)
    )
    for chunk in near.order_by("pk"):
        if gone & (chunk.before.keys() | chunk.refused.keys()):
            chunk.before = {key: held for key, held in chunk.before.items() if key not in gone}
            chunk.refused = {key: reason for key, reason in chunk.refused.items() if key not in gone}
            chunk.save(update_fields=["before", "refused"])


def _refuse_unless_allowed(actor: Actor, action: BulkAction) -> None:
    if not actor.may(action.permission):
        raise PermissionDenied(permission=action.permission)


def _new_batch(
    work: Work, action: BulkAction, options: Mapping[str, Any], *, total: int, undoes: Batch | None = None
) -> Batch:
    return Batch.objects.create(
        kind=action.kind, subject=action.subject, options=dict(options), asked_by=work.actor.pk, undoes=undoes,
        created_at=work.at, total=total,
    )  # fmt: skip


def _add_chunks(batch: Batch, pieces: Iterable[Sequence[int]]) -> None:
    BatchChunk.objects.bulk_create(
        (
            BatchChunk(batch=batch, number=number, ids=list(piece), first_id=min(piece), last_id=max(piece))
            for number, piece in enumerate(pieces, 1)
        ),
        batch_size=100,
    )


def _ask_for_job(work: Work, batch: Batch) -> None:
    row = enqueue(
        JOB, {"batch": batch.pk}, key=batch.name, asked_by=work.actor, priority=Job.Priority.INTERACTIVE
    )  # fmt: skip
    batch.job_id = row.pk
    batch.save(update_fields=["job_id"])


def _not_undone(batch: Batch) -> Iterable[BatchChunk]:
    return batch.chunks.filter(done_at__isnull=False, undone_at__isnull=True).order_by("number").iterator()


def _apply_chunk(work: Work, change: BulkChange, batch: Batch, chunk: BatchChunk) -> Outcome:
    return change.apply(work, Part(batch.name, batch.options, chunk.ids))


def _undo_chunk(work: Work, change: BulkChange, batch: Batch, chunk: BatchChunk) -> Outcome:
    assert batch.undoes is not None  # noqa: S101  # asked only of a batch that undoes one
    former = batch.undoes.chunks.get(
        undone_at__isnull=True, done_at__isnull=False, first_id__lte=chunk.first_id, last_id__gte=chunk.last_id
    )
    before = {int(key): held for key, held in former.before.items()}
    assert former.done_at is not None  # noqa: S101  # asked for above
    part = Part(
        batch.name, batch.options, chunk.ids, undoes=batch.undoes.name, before=before, done_at=former.done_at
    )  # fmt: skip
    outcome = change.undo(work, part)
    former.undone_at = work.at
    former.save(update_fields=["undone_at"])
    return outcome


def _end(work: Work, batch: Batch, state: Batch.State) -> None:
    batch.state, batch.finished_at = state, work.at
    batch.save()
    work.record(batch, {"state": [Batch.State.OPEN.value, state.value], "changed": batch.changed})
    action = get_action(batch.kind)
    if isinstance(action, BulkChange) and batch.changed:
        ids: tuple[int, ...] = ()
        if batch.changed <= EVENT_IDS:
            befores = batch.chunks.order_by("number").values_list("before", flat=True)
            ids = tuple(sorted(int(key) for before in befores for key in before))
        action.tell(work, batch.name, ids, batch.options, undone=batch.undoes_id is not None)


def _keyed(values: Mapping[int, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in values.items()}

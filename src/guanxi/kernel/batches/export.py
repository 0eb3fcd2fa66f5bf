"""Writing an export: one pass over the fixed rows into a file that shows only once it is whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from guanxi.kernel.batches.commands import settle_batch, settle_export, start_batch
from guanxi.kernel.batches.files import exports_folder, new_file_name
from guanxi.kernel.batches.models import Batch
from guanxi.kernel.batches.registry import BulkExport, get_action
from guanxi.kernel.batches.sheets import open_sheet
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.jobs.progress import running

AT_ONCE: Final = 2_000  # rows that are written while somebody waits


def export_now(actor: Actor, *, kind: str, options: Mapping[str, Any], ids: Sequence[int]) -> Batch:
    """Export rows: few of them at once, so that the file is there when this returns; many by a job.

    Raises
    ------
    ActionUnknown, PermissionDenied, NothingChosen
        Nothing is begun.
    """
    batch = start_batch(actor, kind=kind, options=options, ids=ids, by_job=len(ids) > AT_ONCE)
    action = get_action(kind)
    if len(ids) <= AT_ONCE and isinstance(action, BulkExport):
        write_export(actor, action, batch)
        batch.refresh_from_db()
    return batch


def write_export(actor: Actor, export: BulkExport, batch: Batch) -> None:
    """Write the file of an export; killed and begun again it starts anew, and nobody sees half a file.

    Raises
    ------
    PermissionDenied
        The actor may export no more.
    """
    if not actor.may(export.permission):
        raise PermissionDenied(permission=export.permission)
    columns = export.columns(actor, batch.options)
    folder, kind = exports_folder(), batch.options["format"]
    name = new_file_name(kind)
    unfinished = folder / f"{name}.part"
    try:
        rows = 0
        with open_sheet(unfinished, kind, columns) as sheet:
            for ids in _ids_while_wanted(batch):
                rows += sheet.write(export.rows(actor, batch.options, ids))
        if _is_wanted(batch):
            size = unfinished.stat().st_size
            unfinished.rename(folder / name)
            labels = [str(column.label) for column in columns]
            if settle_export(actor, batch_id=batch.pk, rows=rows, columns=labels, file_name=name, size=size):
                return
            (folder / name).unlink()
        settle_batch(actor, batch_id=batch.pk)
    finally:
        unfinished.unlink(missing_ok=True)


def _ids_while_wanted(batch: Batch) -> Iterator[list[int]]:
    progress = running()
    progress.expect(batch.total)
    for ids in batch.chunks.order_by("number").values_list("ids", flat=True).iterator(chunk_size=10):
        if not _is_wanted(batch):
            return
        yield ids
        progress.advance(len(ids))


def _is_wanted(batch: Batch) -> bool:
    return Batch.objects.filter(pk=batch.pk, state=Batch.State.OPEN, cancel_requested_at__isnull=True).exists()

"""The background work of bulk actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.batches.commands import (
    JOB,
    do_next_chunk,
    expire_batches,
    expire_exports,
    settle_batch,
)
from guanxi.kernel.batches.export import write_export
from guanxi.kernel.batches.files import remove_strays
from guanxi.kernel.batches.models import Batch
from guanxi.kernel.batches.queries import actor_of
from guanxi.kernel.batches.registry import BulkExport, get_action
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import as_sentence
from guanxi.kernel.jobs.errors import JobCancelled, JobInterrupted, JobLost
from guanxi.kernel.jobs.progress import running
from guanxi.kernel.jobs.registry import job
from guanxi.kernel.jobs.schedule import scheduled


@job(JOB)
def run_batch(payload: dict[str, Any]) -> None:
    """Do what is left of a batch, in the name of who asked for it."""
    batch = Batch.objects.get(pk=payload["batch"])
    try:
        actor, action = actor_of(batch), get_action(batch.kind)
        if isinstance(action, BulkExport):
            write_export(actor, action, batch)
        else:
            _change_rows(actor, batch)
    except (JobInterrupted, JobLost):
        raise
    except JobCancelled:
        settle_batch(SYSTEM, batch_id=batch.pk)
        raise
    except Exception as error:
        if as_sentence(error).is_passing:
            raise  # the worker tries again, and goes on behind the last finished chunk
        settle_batch(SYSTEM, batch_id=batch.pk, error=error)


def _change_rows(actor: Actor, batch: Batch) -> None:
    progress = running()
    progress.expect(batch.total, done=batch.done)
    while (gone_through := do_next_chunk(actor, batch_id=batch.pk)) is not None:
        progress.advance(gone_through)
    settle_batch(actor, batch_id=batch.pk)


@scheduled("batches.tidy", at="03:40")
def tidy(_payload: dict[str, Any]) -> None:
    """Remove exported files whose time is over, and what batches of long ago remember."""
    now = timezone.now()
    expire_exports(SYSTEM, before=now)
    remove_strays(set(Batch.objects.exclude(file_name="").values_list("file_name", flat=True)))
    while expire_batches(SYSTEM, before=now - timedelta(days=settings.KEEP_DAYS["batches"])):
        pass

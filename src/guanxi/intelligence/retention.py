"""Old data updates, and rejected rows of deliveries that were replaced, are given up after a time."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Max

from guanxi.intelligence.models import Delivery, Snapshot
from guanxi.kernel.commands import Work, command
from guanxi.kernel.runs.models import Run, RunStep

RUNS = 100  # in one transaction; each has its steps and checkpoints
DELIVERIES = 1_000
OVER = (Run.State.DONE, Run.State.ABANDONED)


@command("updates.run")
def expire_runs(work: Work, *, before: datetime, limit: int = RUNS) -> int:
    """Remove at most `limit` runs that ended before that time, with steps and checkpoints; returns how many.

    Kept are the runs of snapshots, and the last that resolved customers: the next update goes on from it.
    """
    resolved = RunStep.objects.filter(name="resolve", state=RunStep.State.DONE).aggregate(last=Max("run_id"))["last"]
    over = (
        Run.objects.filter(state__in=OVER, finished_at__lt=before)
        .exclude(pk__in=Snapshot.objects.values("run_id"))
        .exclude(pk=resolved)
    )
    old = list(over.order_by("pk").values_list("pk", flat=True)[:limit])
    Run.objects.filter(pk__in=old).delete()
    if old:
        work.record("runs", {"expired": old})
    else:
        work.nothing_changed()
    return len(old)


@command("updates.run")
def expire_rejects(work: Work, *, root: Path, before: datetime, limit: int = DELIVERIES) -> int:
    """Give up the rejected rows of at most `limit` deliveries landed before that time that count no longer.

    The counts stay; a file goes when no delivery lists it any more. Returns the number of deliveries.
    """
    under_way = Run.objects.filter(state__in=[Run.State.RUNNING, Run.State.STOPPED]).values("pk")
    replaced = Delivery.objects.filter(is_current=False, landed_at__lt=before, files__has_key="rejects")
    old = list(replaced.exclude(run_id__in=under_way).order_by("pk")[:limit])
    given_up = {path for delivery in old for path in delivery.files["rejects"]}
    for delivery in old:
        delivery.files = {table: paths for table, paths in delivery.files.items() if table != "rejects"}
    Delivery.objects.bulk_update(old, ["files"], batch_size=200)
    listed = Delivery.objects.filter(files__has_key="rejects").values_list("files", flat=True)
    unlisted = given_up - {path for files in listed for path in files["rejects"]}
    transaction.on_commit(lambda: _remove(root, unlisted))
    if old:
        work.record("rejects", {"deliveries": len(old), "files": len(unlisted)})
    else:
        work.nothing_changed()
    return len(old)


def _remove(root: Path, paths: set[str]) -> None:
    for path in paths:
        (root / path).unlink(missing_ok=True)

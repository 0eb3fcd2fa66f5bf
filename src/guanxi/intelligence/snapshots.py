"""Snapshots: immutable sets of warehouse files, which of them is current, and how long each is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from guanxi.intelligence.events import DataUpdated
from guanxi.intelligence.heads import CLASSES, Heads, with_heads
from guanxi.intelligence.models import Figure, Snapshot
from guanxi.kernel.commands import Work, command
from guanxi.kernel.runs.files import make_durable, part_of

FULL_SNAPSHOTS = 3  # kept whole
VALUE_DAYS = 35  # customer values are kept this long, and every month end for good ("as known then")
VALUES = "customer_value"
SPILL_FOLDER = "spill"  # what an engine puts aside while it works; a killed one leaves it behind
PERSON_FOLDER = "person"  # personal columns lie apart, so that erasure has one place to look
_RUN = re.compile(r"run-(\d+)")


def current_snapshot() -> Snapshot | None:
    """The snapshot that screens and programs read, or `None` before the first refresh."""
    return Snapshot.objects.filter(is_current=True).first()


@command("customers.publish")
def make_snapshot_current(
    work: Work,
    *,
    run_id: int,
    business_date: date,
    tables: Mapping[str, Sequence[str]],
) -> None:
    """Keep the run's files as the current snapshot; the one before steps back."""
    Snapshot.objects.filter(is_current=True).exclude(run_id=run_id).update(is_current=False)
    Snapshot.objects.update_or_create(
        run_id=run_id,
        defaults={
            "business_date": business_date,
            "made_at": work.at,
            "tables": {name: list(files) for name, files in tables.items()},
            "is_current": True,
        },
    )
    work.record(f"run {run_id}", {"snapshot": business_date.isoformat()})
    work.emit(DataUpdated(run_id, business_date))


@command("customers.publish")
def keep_figures(work: Work, *, run_id: int, figures: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Store the aggregates of a run; they show once its snapshot is current."""
    for name, rows in figures.items():
        Figure.objects.update_or_create(run_id=run_id, name=name, defaults={"rows": list(rows)})
    work.record(f"run {run_id}", {"figures": sorted(figures)})


@command("customers.publish")
def move_figures(work: Work, *, run_id: int, heads: Sequence[Heads], as_of: date, by_pyramid: bool) -> None:
    """Let the figures of a run follow customers who stand elsewhere now."""
    figures = Figure.objects.select_for_update().filter(run_id=run_id, name__in=CLASSES).order_by("name")
    before = {figure.name: figure.rows for figure in figures}
    after = with_heads(before, heads, as_of=as_of, by_pyramid=by_pyramid)
    for figure in figures:
        if after[figure.name] != before[figure.name]:
            figure.rows = list(after[figure.name])
            figure.save(update_fields=["rows"])
    work.nothing_changed()  # the standings have their own entry


def write_current(root: Path) -> None:
    """Write `current.json` from the current row, for programs that read the warehouse without the database."""
    snapshot = current_snapshot()
    if snapshot is None:
        return
    write_manifest(
        root, run_id=snapshot.run_id, business_date=snapshot.business_date.isoformat(), tables=snapshot.tables
    )


def write_manifest(root: Path, *, run_id: int, business_date: str, tables: Mapping[str, Sequence[str]]) -> None:
    """Write the `current.json` of the warehouse `root`; `business_date` as YYYY-MM-DD."""
    text = json.dumps({"run": run_id, "business_date": business_date, "tables": tables}, indent=1)
    path = root / "current.json"
    part_of(path).write_text(text + "\n", encoding="utf-8")
    make_durable([path])


@command("customers.publish")
def retire_snapshots(work: Work, *, business_date: date) -> None:
    """Give up old snapshots; `sweep` then removes their files.

    The newest three stay whole; of the others only the customer values, for 35 days and at month ends.
    """
    old = list(Snapshot.objects.order_by("-run_id")[FULL_SNAPSHOTS:])
    kept = [snapshot for snapshot in old if VALUES in snapshot.tables and _keeps_values(snapshot, business_date)]
    for snapshot in kept:
        snapshot.tables = {VALUES: snapshot.tables[VALUES]}
    Snapshot.objects.bulk_update(kept, ["tables"])
    given_up = {snapshot.pk for snapshot in old} - {snapshot.pk for snapshot in kept}
    Snapshot.objects.filter(pk__in=given_up).delete()
    Figure.objects.filter(run_id__in=[snapshot.run_id for snapshot in old]).delete()
    if given_up:
        work.record("warehouse", {"snapshots_given_up": len(given_up)})
    else:
        work.nothing_changed()


def _keeps_values(snapshot: Snapshot, today: date) -> bool:
    day = snapshot.business_date
    return today - day <= timedelta(days=VALUE_DAYS) or (day + timedelta(days=1)).day == 1


def sweep(root: Path, *, run_id: int) -> int:
    """Remove the files of runs before `run_id` that no snapshot lists; returns how many went."""
    listed = {
        file
        for tables in Snapshot.objects.values_list("tables", flat=True)
        for files in tables.values()
        for file in files
    }
    removed = 0
    for path in [*root.glob("run-*/*"), *root.glob(f"{PERSON_FOLDER}/run-*"), *root.glob(f"{SPILL_FOLDER}/run-*/*")]:
        of_run = next(int(found[1]) for part in path.parts[::-1] if (found := _RUN.match(part)))
        if of_run < run_id and path.relative_to(root).as_posix() not in listed:
            path.unlink()
            removed += 1
    return removed

"""Which deliveries count: decided for all feeds at once, when everything is landed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from guanxi.intelligence.land.plan import FeedPlan
from guanxi.intelligence.land.report import FeedReport, LandReport
from guanxi.intelligence.models import Delivery
from guanxi.kernel.runs.engine import Chunk, OpenRun, Step
from guanxi.kernel.runs.files import file_name
from guanxi.kernel.runs.models import Checkpoint

SETTLE: Final = "settle"


def settle(run: OpenRun, step: Step, plans: Sequence[FeedPlan], approve: Callable[[Sequence[Delivery]], None]) -> None:
    """Let the files found now count, and what they replace count no longer.

    A full feed is what was found now and nothing else; so is a contract: feeds it does not name any more count no
    longer. A feed that adds up keeps what it had, except the same bytes read by an older contract. Nothing is settled
    if `approve` raises.
    """
    if step.has(SETTLE):
        return
    with step.checkpoint(SETTLE) as chunk:
        rows = list(Delivery.objects.order_by("pk"))
        current = _current(rows, plans)
        approve([row for row in rows if row.pk in current])
        replaced = [row for row in rows if row.is_current and row.pk not in current]
        changed = [row for row in rows if row.is_current != (row.pk in current)]
        for row in changed:
            row.is_current = row.pk in current
        rewritten = _part_ways(run, step, chunk, rows)
        chunk.commit_with(lambda: _store(changed, rewritten))
        step.count(replaced=len(replaced))


def make_report(run: OpenRun, step: Step, plans: Sequence[FeedPlan]) -> LandReport:
    """What this run landed, over all its attempts."""
    reports = []
    for plan in plans:
        source, feed = plan.contract.name, plan.feed.name
        rows = list(Delivery.objects.filter(run_id=run.id, source=source, feed=feed).order_by("name"))
        reports.append(
            FeedReport(
                source=source, feed=feed, files=len(rows),
                rows=sum(row.rows for row in rows), landed=sum(row.landed for row in rows),
                rejected=sum(row.rejected for row in rows), filtered=sum(row.filtered for row in rows),
                repeated=tuple(plan.repeated),
                reasons=_reasons(run.root, rows),
            )
        )  # fmt: skip
    chunks = Checkpoint.objects.filter(step=step.row).values_list("counts", flat=True)
    return LandReport(tuple(reports), replaced=sum(counts.get("replaced", 0) for counts in chunks))


def _current(rows: Iterable[Delivery], plans: Sequence[FeedPlan]) -> set[int]:
    """The ids of all deliveries that count from now on; those of other sources stay as they are."""
    current = set()
    sources = {plan.contract.name for plan in plans}
    by_feed = {(plan.contract.name, plan.feed.name): plan for plan in plans}
    for row in rows:
        plan = by_feed.get((row.source, row.feed))
        if plan is None:
            if row.source not in sources and row.is_current:
                current.add(row.pk)
            continue
        found = {planned.delivery_id for planned in plan.found}
        same_bytes = {planned.same_bytes for planned in plan.found}
        is_older_reading = row.digest.endswith(tuple(same_bytes)) and row.pk not in found
        stays = row.is_current and not plan.feed.is_full and not is_older_reading
        if row.pk in found or stays:
            current.add(row.pk)
    return current


def _part_ways(run: OpenRun, step: Step, chunk: Chunk, rows: Sequence[Delivery]) -> list[Delivery]:
    """Write the rows that still count out of files they share with rows that do not.

    So that a reader takes whole files. The deliveries that no longer count lose those files: should they ever count
    again, they are landed again.
    """
    sharing: dict[tuple[str, str], list[Delivery]] = {}
    for row in rows:
        for table, paths in row.files.items():
            for path in paths if table != "rejects" else ():
                sharing.setdefault((table, path), []).append(row)
    changed: dict[int, Delivery] = {}
    kept_rows: dict[tuple[str, str], list[pa.Table]] = {}
    for (table, path), sharers in sorted(sharing.items(), key=lambda item: item[0]):
        staying = [row for row in sharers if row.is_current]
        if not staying or len(staying) == len(sharers):
            continue
        kept_rows.setdefault((staying[0].source, table), []).append(_rows_of(run.root / path, staying))
        name = _name_of(run, step, chunk, staying[0].source, table)
        for row in sharers:
            moved = [other for other in row.files[table] if other != path]
            if row.is_current and name not in moved:
                moved.append(name)
            row.files = {**row.files, table: moved} if moved else {t: p for t, p in row.files.items() if t != table}
            changed[row.pk] = row
    for (source, table), tables in kept_rows.items():
        pq.write_table(pa.concat_tables(tables), chunk.path(table, folder=_folder(source)), compression="zstd")
    return list(changed.values())


def _rows_of(path: Path, deliveries: Iterable[Delivery]) -> pa.Table:
    rows = pq.read_table(path)
    return rows.filter(pc.is_in(rows["delivery_id"], pa.array([row.pk for row in deliveries], pa.int64())))


def _name_of(run: OpenRun, step: Step, chunk: Chunk, source: str, table: str) -> str:
    return file_name(run.id, step.name, table, chunk.name, suffix=".parquet", folder=_folder(source)).as_posix()


def _folder(source: str) -> str:
    return f"landed/{source}"


def _store(changed: Iterable[Delivery], rewritten: Iterable[Delivery]) -> None:
    for row in {row.pk: row for row in [*changed, *rewritten]}.values():
        row.save(update_fields=["is_current", "files"])


def _reasons(root: Path, rows: Sequence[Delivery]) -> dict[str, int]:
    """Rejected rows by reason."""
    ids = pa.array([row.pk for row in rows], pa.int64())
    counted: Counter[str] = Counter()
    for path in sorted({path for row in rows for path in row.files.get("rejects", [])}):
        rejects = pq.read_table(root / path, columns=["delivery_id", "reason"])
        counted.update(rejects.filter(pc.is_in(rejects["delivery_id"], ids))["reason"].to_pylist())
    return dict(sorted(counted.items()))

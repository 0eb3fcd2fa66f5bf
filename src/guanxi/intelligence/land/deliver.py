"""Landing: from the files of the contracts to typed Parquet, chunk by chunk, each file one delivery (S1i, N9).

A chunk is a part of a big file or a group of small ones. Its Parquet files and its deliveries commit together, so a
killed run goes on behind the last chunk; a file landed before is not landed again.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from django.db.models import Q, QuerySet
from django.utils import timezone

from guanxi.intelligence.land.chunk import ChunkConverter, Counts, LandedChunk, RowBuffer, connect
from guanxi.intelligence.land.plan import CHUNK_ROWS, TERMS_LENGTH, FeedPlan, NewFile, groups, plan_feeds
from guanxi.intelligence.land.report import LandReport
from guanxi.intelligence.land.settle import make_report, settle
from guanxi.intelligence.models import Delivery
from guanxi.intelligence.sources.drift import delivered_columns
from guanxi.intelligence.sources.files import refuse_change
from guanxi.intelligence.sources.fit import read_blocks
from guanxi.intelligence.sources.readers.rows import Block
from guanxi.intelligence.sources.terms import Contract
from guanxi.kernel.runs.engine import Chunk, OpenRun, Step
from guanxi.kernel.runs.files import file_name
from guanxi.kernel.runs.models import Checkpoint

MEMORY: Final = "2GB"  # for DuckDB; what it needs beyond that goes to the disk
PART: Final = "-part"  # rows of a folded table before the parts of the file are put together


def land_sources(
    run: OpenRun,
    step: Step,
    contracts: Sequence[Contract],
    home: Path,
    approve: Callable[[Sequence[Delivery]], None] = lambda _deliveries: None,
) -> LandReport:
    """Land what the contracts deliver: within a step that is not done, in a run of the warehouse.

    Parameters
    ----------
    home
        The company's home; archives are unpacked below it while the step lasts.
    approve
        Looks at all deliveries that are about to count, and raises if they cannot: then more can be landed, and the
        run resumed.

    Returns
    -------
    LandReport
        What became of every row; the run's report keeps it under `land`.

    Raises
    ------
    ContractsShareName, SourceFileMissing, FileUnreadable, FileChanged, FileEmpty, EncodingWrong, ColumnsMissing
    ColumnAmbiguous, ColumnUnusable
        A file as a whole cannot be used. What was landed stays; after the cure the run is resumed.
    """
    unpacked = home / "unpacked"
    shutil.rmtree(unpacked, ignore_errors=True)
    try:
        plans = plan_feeds(contracts, run.id, run.root, unpacked)
        step.expect(sum(sum(file.rows for file in plan.new) + sum(plan.landed_before.values()) for plan in plans))
        with connect(memory_limit=MEMORY, temp_directory=str(unpacked / "spilled")) as connection:
            for plan in plans:
                _Lander(run, step, plan, connection).land()
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    settle(run, step, plans, approve)
    report = make_report(run, step, plans)
    run.report(land=report.as_json())
    return report


class _Lander:
    """Lands the new files of one feed."""

    def __init__(self, run: OpenRun, step: Step, plan: FeedPlan, connection: duckdb.DuckDBPyConnection) -> None:
        self.run, self.step, self.plan, self.connection = run, step, plan, connection
        self.contract, self.feed = plan.contract, plan.feed
        self.folder = f"landed/{plan.contract.name}"
        self._converter: tuple[object, ChunkConverter] | None = None

    def land(self) -> None:
        """All new files, group by group."""
        for group in groups(self.plan.new):
            if group[0].rows > CHUNK_ROWS:
                self._land_big(group[0])
            else:
                self._land_group(group)

    def _land_group(self, group: list[NewFile]) -> None:
        """Whole files in one chunk; their deliveries commit with it."""
        with self.step.checkpoint(self._chunk_name(group)) as chunk:
            buffer = RowBuffer()
            for number, new in enumerate(group):
                for block in self._blocks(new):
                    buffer.add(number, block)
                    self.step.advance(block.rows)
                refuse_change(new.planned.file, new.planned.content)
            landed = self._convert(buffer, group)
            files = self._write(chunk, landed.tables)
            self._count(landed.counts)
            holding = {table: set(rows["delivery_id"].unique().to_pylist()) for table, rows in landed.tables.items()}
            deliveries = []
            for new, counts in zip(group, landed.counts, strict=True):
                own = {table: paths for table, paths in files.items() if new.planned.delivery_id in holding[table]}
                deliveries.append(self._delivery(new, counts, own))
            self.step.count(files=len(deliveries), replaced=self._older_readings(deliveries).count())
            chunk.commit_with(lambda: self._keep(deliveries))

    def _land_big(self, new: NewFile) -> None:
        """One file in parts; its delivery commits behind the last of them."""
        name = self._chunk_name([new])
        parts = []
        for number, buffer in enumerate(self._parts(new)):
            parts.append(f"{name}.{number:04d}")
            if self.step.has(parts[-1]):
                continue
            with self.step.checkpoint(parts[-1]) as chunk:
                landed = self._convert(buffer, [new])
                folded = self._converter_of(new).conversion.is_folded
                self._write(chunk, {t + PART if folded(t) else t: rows for t, rows in landed.tables.items()})
                self._count(landed.counts)
                self.step.advance(buffer.rows)
        refuse_change(new.planned.file, new.planned.content)
        with self.step.checkpoint(f"{name}.end") as chunk:
            done = Checkpoint.objects.filter(step=self.step.row, chunk__in=parts)
            files: dict[str, list[str]] = {}
            counts = Counts()
            for checkpoint in done.order_by("chunk"):
                counts += Counts(**{field: checkpoint.counts.get(field, 0) for field in asdict(counts)})
                for file in checkpoint.files:
                    files.setdefault(file["table"], []).append(file["path"])
            whole = {table: paths for table, paths in files.items() if not table.endswith(PART)}
            folded_tables = {}
            for table in (name.removesuffix(PART) for name in files if name.endswith(PART)):
                paths = [self.run.root / path for path in files[table + PART]]
                folded_tables[table] = self._converter_of(new).fold(table, paths)
            whole |= self._write(chunk, folded_tables)
            delivery = self._delivery(new, counts, whole)
            self.step.count(files=1, replaced=self._older_readings([delivery]).count())
            chunk.commit_with(lambda: self._keep([delivery]))

    def _parts(self, new: NewFile) -> Iterator[RowBuffer]:
        buffer = RowBuffer()
        for block in self._blocks(new):
            if buffer.rows and buffer.rows + block.rows > CHUNK_ROWS:
                yield buffer
                buffer = RowBuffer()
            buffer.add(0, block)
        yield buffer

    def _blocks(self, new: NewFile) -> Iterator[Block]:
        yield from read_blocks(new.planned.file, self.feed, new.fit)

    def _convert(self, buffer: RowBuffer, group: list[NewFile]) -> LandedChunk:
        return self._converter_of(group[0]).convert(buffer, [new.planned.delivered for new in group])

    def _converter_of(self, new: NewFile) -> ChunkConverter:
        """The converter for the columns of this file; files of a feed usually share one."""
        if self._converter is None or self._converter[0] != new.columns:
            self._converter = new.columns, ChunkConverter(self.connection, self.contract, self.feed, new.fit)
        return self._converter[1]

    def _chunk_name(self, group: list[NewFile]) -> str:
        digests = "".join(new.planned.digest for new in group)
        return f"{self.contract.name}.{self.feed.name}.{hashlib.sha256(digests.encode()).hexdigest()[:16]}"

    def _write(self, chunk: Chunk, tables: dict[str, pa.Table]) -> dict[str, list[str]]:
        """Write the tables; returns their paths as the warehouse will know them."""
        paths = {}
        for table, rows in tables.items():
            pq.write_table(rows, chunk.path(table, folder=self.folder), compression="zstd")
            name = file_name(self.run.id, self.step.name, table, chunk.name, suffix=".parquet", folder=self.folder)
            paths[table] = [name.as_posix()]
        return paths

    def _count(self, counts: list[Counts]) -> None:
        self.step.count(**asdict(sum(counts, Counts())))

    def _delivery(self, new: NewFile, counts: Counts, files: dict[str, list[str]]) -> Delivery:
        planned = new.planned
        return Delivery(
            pk=planned.delivery_id, source=self.contract.name, feed=self.feed.name, name=planned.file.name[-300:],
            digest=planned.digest, run_id=self.run.id, files=files, is_current=not self.feed.is_full,
            columns=delivered_columns(self.feed, new.fit.written), drift=new.drift.as_json(), **asdict(counts),
        )  # fmt: skip

    def _keep(self, deliveries: list[Delivery]) -> None:
        """Store deliveries, within the transaction of their chunk.

        A full feed changes over at the end of the step, all files at once; one that adds up counts from now on, and
        what the same bytes said under an older contract counts no longer.
        """
        self._older_readings(deliveries).update(is_current=False)
        for delivery in deliveries:
            delivery.landed_at = timezone.now()
        # What was landed once and is lost from the warehouse since is landed again.
        Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries]).delete()
        Delivery.objects.bulk_create(deliveries)

    def _older_readings(self, deliveries: list[Delivery]) -> QuerySet[Delivery]:
        """In a feed that adds up: what counts, and holds the bytes of `deliveries` read by an older contract."""
        if self.feed.is_full:
            return Delivery.objects.none()
        same_bytes = Q()
        for delivery in deliveries:
            same_bytes |= Q(digest__endswith=delivery.digest[TERMS_LENGTH:])
        current = Delivery.objects.filter(same_bytes, source=self.contract.name, feed=self.feed.name, is_current=True)
        return current.exclude(pk__in=[delivery.pk for delivery in deliveries])

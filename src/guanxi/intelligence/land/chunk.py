"""One chunk of rows, from one file or several small ones, turned into landed tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from guanxi.intelligence.land.conversion import FILES, JUDGED, PARTS, ROWS, Conversion
from guanxi.intelligence.land.readings import is_text
from guanxi.intelligence.land.schema import SCHEMAS
from guanxi.intelligence.sources.fit import Fit
from guanxi.intelligence.sources.readers.rows import Block
from guanxi.intelligence.sources.terms import Contract, Feed

MOST_RAW: Final = 100_000  # characters of a rejected row that are kept


@dataclass(frozen=True, slots=True)
class Delivered:
    """A file as the rows know it: its name and the id of its delivery."""

    name: str
    delivery_id: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows of a file. `rows` is what the reader saw, the others what was counted afterwards."""

    rows: int = 0
    landed: int = 0
    rejected: int = 0
    filtered: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.rows + other.rows, self.landed + other.landed, self.rejected + other.rejected,
            self.filtered + other.filtered,
        )  # fmt: skip

    @property
    def ties(self) -> bool:
        """Whether nothing was lost and nothing came twice."""
        return self.rows == self.landed + self.rejected + self.filtered


@dataclass
class RowBuffer:
    """Blocks of files, collected until they are worth a chunk."""

    blocks: list[tuple[int, Block]] = field(default_factory=list)  # number of the file, block
    rows: int = 0

    def add(self, file: int, block: Block) -> None:
        """Take one more block."""
        self.blocks.append((file, block))
        self.rows += block.rows


@dataclass(frozen=True, slots=True)
class LandedChunk:
    """The landed tables of a chunk (those with rows), and the counts of each of its files."""

    tables: dict[str, pa.Table]
    counts: list[Counts]


class TotalsDoNotTie(AssertionError):
    """Rows in are not rows out: a mistake in the program, and nothing of the chunk is kept."""


class ChunkConverter:
    """Converts the chunks of one feed whose files have the same columns."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, contract: Contract, feed: Feed, fit: Fit) -> None:
        self.connection, self.contract, self.feed, self.fit = connection, contract, feed, fit
        known = dict(zip(fit.header.names, fit.header.types, strict=True))
        types = {column: known.get(column, pa.string()) for column in feed.columns()}
        self.types = list(types.values())
        self.conversion = Conversion(contract, feed, fit.header.names, types)
        self._statements = {table: self.conversion.table(table) for table in feed.tables}
        self._judge = self.conversion.judge()

    def convert(self, buffer: RowBuffer, files: Sequence[Delivered]) -> LandedChunk:
        """Land the rows of the buffer.

        Raises
        ------
        TotalsDoNotTie
            Rows in are not landed + rejected + filtered.
        """
        with self._judged(self._judge, buffer, files):
            rejects = self._rejects(buffer, files)
            tables = {table: self._table(table) for table in self.feed.tables}
            counts = self._counts(buffer, len(files), tables)
        tables["rejects"] = rejects
        return LandedChunk({name: table for name, table in tables.items() if table.num_rows}, counts)

    def faults(self, buffer: RowBuffer, file: Delivered) -> dict[tuple[str, str], list[str]]:
        """Everything that is wrong in the kept rows: (column, reason) -> the values, those of every column told."""
        found: dict[tuple[str, str], list[str]] = {}
        for _number, block in buffer.blocks:
            for bad in block.bad:
                found.setdefault((bad.column, bad.reason), []).append(bad.value)
        with self._judged(self.conversion.judge(with_sources=True), buffer, [file]):
            for column in dict.fromkeys(named.column for named in self.conversion.faults):
                for number, value in self.connection.execute(self.conversion.faults_in(column)).fetchall():
                    found.setdefault((column, self.conversion.faults[number].fault.code), []).append(value or "")
        return found

    @contextmanager
    def _judged(self, judge: str, buffer: RowBuffer, files: Sequence[Delivered]) -> Iterator[None]:
        """While JUDGED stands."""
        self._give(buffer, files)
        try:
            self.connection.execute(judge)
            yield
        finally:
            self.connection.execute(f"DROP TABLE IF EXISTS {JUDGED}")
            self.connection.unregister(ROWS)
            self.connection.unregister(FILES)

    def _give(self, buffer: RowBuffer, files: Sequence[Delivered]) -> None:
        """Make the rows and files known to DuckDB."""
        blocks = [block for _file, block in buffer.blocks]
        lengths = [len(block.lines) for block in blocks]
        total = sum(lengths)
        columns = {
            "n": pa.array(range(total), pa.int64()),
            "file": pa.array(
                [file for (file, _block), length in zip(buffer.blocks, lengths, strict=True) for _ in range(length)],
                pa.int32(),
            ),
            "line": pa.chunked_array([block.lines for block in blocks], pa.int64()),
        }
        for index, kind in enumerate(self.types):
            column = pa.chunked_array([block.columns[index] for block in blocks], kind)
            # Trimming here is ten times as fast as DuckDB's trim() with the blanks of all scripts.
            columns[f"c{index}"] = pc.utf8_trim_whitespace(column) if is_text(kind) else column
        self.connection.register(ROWS, pa.table(columns))
        known = {
            "file": pa.array(range(len(files)), pa.int32()),
            "name": pa.array([file.name for file in files], pa.string()),
            "delivery_id": pa.array([file.delivery_id for file in files], pa.int64()),
        }
        self.connection.register(FILES, pa.table(known))

    def _table(self, table: str) -> pa.Table:
        landed: pa.Table = self.connection.sql(self._statements[table]).to_arrow_table()
        return landed.cast(SCHEMAS[table])

    def _rejects(self, buffer: RowBuffer, files: Sequence[Delivered]) -> pa.Table:
        """Rows that could not be split and rows with a fault, in the order of the files and their lines."""
        found = [
            (file, bad.line, bad.reason, bad.column, bad.value, bad.raw)
            for file, block in buffer.blocks
            for bad in block.bad
        ]
        rows = self.connection.execute(self.conversion.rejected()).fetchall()
        raw = _RawRows(buffer)
        for n, file, line, number, value in rows:
            named = self.conversion.faults[number]
            column = self.fit.written_name(named.column)
            found.append((file, line, named.fault.code, column, value or "", raw.of(n)))
        found.sort(key=lambda row: row[:2])
        columns = {
            "source": [self.contract.name] * len(found),
            "feed": [self.feed.name] * len(found),
            "delivery_id": [files[row[0]].delivery_id for row in found],
            "file": [files[row[0]].name for row in found],
            "line": [row[1] for row in found],
            "reason": [row[2] for row in found],
            "column": [row[3] for row in found],
            "value": [row[4][:MOST_RAW] for row in found],
            "raw": [row[5][:MOST_RAW] for row in found],
        }
        return pa.table(columns, schema=SCHEMAS["rejects"])

    def _counts(self, buffer: RowBuffer, files: int, tables: dict[str, pa.Table]) -> list[Counts]:
        counts = [Counts() for _ in range(files)]
        for file, block in buffer.blocks:
            counts[file] += Counts(rows=block.rows, rejected=len(block.bad))
        for file, rows, dropped, rejected in self.connection.execute(self.conversion.count()).fetchall():
            counts[file] += Counts(landed=rows - dropped - rejected, rejected=rejected, filtered=dropped)
        table = "purchase" if self.feed.is_mixed else next(iter(self.feed.mappings))
        landed = sum(count.landed for count in counts)
        written = tables[table].num_rows if self.feed.is_mixed or len(self.feed.mappings) == 1 else landed
        if written != landed or not all(count.ties for count in counts):
            raise TotalsDoNotTie(f"{self.contract.name}.{self.feed.name}: {written} rows written, {counts}")
        return counts

    def fold(self, table: str, parts: Sequence[Path]) -> pa.Table:
        """The rows in the parts of one file folded once more, as within a chunk; read as they are needed."""
        self.connection.register(PARTS, ds.dataset(list(map(str, parts)), schema=SCHEMAS[table], format="parquet"))
        try:
            folded: pa.Table = self.connection.sql(self.conversion.fold(table)).to_arrow_table()
        finally:
            self.connection.unregister(PARTS)
        return folded.cast(SCHEMAS[table])


class _RawRows:
    """Finds the text of the n-th splittable row of a buffer."""

    def __init__(self, buffer: RowBuffer) -> None:
        self._blocks = [block for _file, block in buffer.blocks]
        self._at, self._first = 0, 0

    def of(self, n: int) -> str:
        """The text of row `n`; ask in ascending order."""
        while n >= self._first + len(self._blocks[self._at].lines):
            self._first += len(self._blocks[self._at].lines)
            self._at += 1
        return self._blocks[self._at].raw(n - self._first)


def connect(**config: str | int) -> duckdb.DuckDBPyConnection:
    """A DuckDB of its own for landing. Landed times are wall clocks, so the zone of the session must not matter."""
    connection = duckdb.connect(config=dict(config))
    connection.execute("SET TimeZone = 'UTC'")
    return connection

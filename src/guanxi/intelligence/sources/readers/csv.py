"""Delimited text, strictly: physical lines are exact, and a row that does not split costs no other row."""

from __future__ import annotations

import csv
import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import pyarrow as pa

from guanxi.intelligence.sources.errors import FileEmpty, FileUnreadable
from guanxi.intelligence.sources.readers.delimited import WideDelimiter
from guanxi.intelligence.sources.readers.lines import Lines, bare, has_end, is_torn, open_lines
from guanxi.intelligence.sources.readers.options import CsvOptions
from guanxi.intelligence.sources.readers.rows import BadRow, Block, Header

BLOCK_CHARACTERS: Final = 4_000_000  # of text at a time: some 50,000 rows, at most a few hundred MB as Python objects


class Splitter(Protocol):
    """Splits lines into records, as `csv.reader` does: one record an iteration, `csv.Error` for one that is none."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


class CsvReader:
    """Reads delimited text by `csv`, or by our own splitter where the delimiter is wider than a character."""

    def header(self, path: Path, shown: str, options: CsvOptions) -> Header:
        """The names of the columns, blanks around them taken off."""
        with open_lines(path, shown, options.encoding) as lines:
            return _header(lines, shown, options)

    def blocks(self, path: Path, shown: str, options: CsvOptions, columns: Sequence[str]) -> Iterator[Block]:
        """The rows in blocks. Lines with nothing on them are no rows."""
        with open_lines(path, shown, options.encoding, ends_in_total=options.ends_in_total) as lines:
            header = _header(lines, shown, options)
            chosen = [header.names.index(column) for column in columns]
            rule = _Rule(header.names, chosen, ends_lines=options.ends_lines)
            line = header.line
            block = lines.read(BLOCK_CHARACTERS)
            while block:
                rest = lines.read(BLOCK_CHARACTERS)
                with _no_collecting():
                    records = _records(block, options, is_last=not rest)
                    found = _block(records, block, line, rule)
                yield found
                line += records.used
                block = block[records.used :] + rest


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Pause the collector of cycles: among all the new lists it would find none, and take half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _header(lines: Lines, shown: str, options: CsvOptions) -> Header:
    """Read up to the first row; `line` is where that begins."""
    skipped = lines.skip(options.skip)
    if not options.has_header:
        return Header(options.columns, (pa.string(),) * len(options.columns), skipped + 1)
    splitter = _splitter(iter(lines.one, ""), options)
    try:
        names = next((record for record in splitter if any(name.strip() for name in record)), None)
    except csv.Error as error:
        raise FileUnreadable(file=shown, reason=str(error)) from error
    if names is None:
        raise FileEmpty(file=shown)
    stripped = tuple(name.strip().removeprefix("\ufeff") for name in names)
    return Header(stripped, (pa.string(),) * len(stripped), skipped + splitter.line_num + 1)


class _Records:
    """The records of some lines: where each begins and ends, and which lines gave none."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.starts: list[int] | None = None  # None: row i is line i
        self.ends: list[int] = []
        self.broken: list[tuple[int, str]] = []  # index of the line, reason
        self.used = 0


def _records(lines: list[str], options: CsvOptions, *, is_last: bool) -> _Records:
    records = _Records()
    splitter = _splitter(lines, options)
    try:
        records.rows = list(splitter)
    except csv.Error:
        return _careful_records(lines, options, is_last=is_last)
    if len(records.rows) != len(lines):
        return _careful_records(lines, options, is_last=is_last)
    records.used = len(lines)
    return records


def _careful_records(lines: list[str], options: CsvOptions, *, is_last: bool) -> _Records:
    """One record after the other, because some span lines or do not split.

    A record that does not split is given up at its first line and reading goes on with its second: a quote nobody
    closed costs one line, not the rest of the file. One that reaches the end of `lines` waits for more of them.
    """
    records = _Records()
    records.starts = starts = []
    at = 0
    while at < len(lines):
        splitter = _splitter(_from(lines, at), options)
        begin = at
        try:
            for row in splitter:
                end = at + splitter.line_num
                records.rows.append(row)
                starts.append(begin)
                records.ends.append(end)
                begin = end
            at = len(lines)
        except csv.Error as error:
            reached_end = at + splitter.line_num >= len(lines)
            unclosed = "unexpected end" in str(error)
            if unclosed and reached_end and not is_last and begin > 0:
                records.used = begin
                return records
            if unclosed and reached_end and not is_last and _size(lines) < csv.field_size_limit():
                records.used = 0
                return records
            records.broken.append((begin, _reason(str(error))))
            at = begin + 1
    records.used = len(lines)
    return records


@dataclass(frozen=True)
class _Rule:
    """Which records are rows: of as many values as there are `names`, and not the names themselves."""

    names: tuple[str, ...]
    chosen: Sequence[int]
    ends_lines: bool

    def are_all_rows(self, records: list[list[str]], lines: list[str]) -> bool:
        """Whether nothing is wrong with any of them, each being a line: by far the usual case."""
        is_regular = set(map(len, records)) == {len(self.names)} and list(self.names) not in records
        return is_regular and not is_torn(lines[-1], ends_lines=self.ends_lines)

    def why_no_row(self, record: list[str], last_line: str) -> tuple[str, str]:
        """The reason and its value; nothing if it is a row."""
        found, width = len(record), len(self.names)
        if is_torn(last_line, ends_lines=self.ends_lines) or (found < width and not has_end(last_line)):
            return "torn_line", ""
        if found != width:
            return "column_count", f"{found}/{width}"
        is_header = record[0].strip() == self.names[0] and tuple(map(str.strip, record)) == self.names
        return ("header_again", "") if is_header else ("", "")


def _block(records: _Records, lines: list[str], first: int, rule: _Rule) -> Block:
    starts, rows = records.starts, records.rows
    if starts is None and rule.are_all_rows(rows, lines):
        lines_of_rows = pa.array(range(first, first + len(rows)), pa.int64())
        return Block(lines_of_rows, _columns(rows, rule.chosen), [], lambda i: bare(lines[i]))
    if starts is None:
        starts, ends = list(range(len(rows))), list(range(1, len(rows) + 1))
    else:
        ends = records.ends
    bad = [
        BadRow(first + begin, bare(lines[begin]), reason if has_end(lines[begin]) else "torn_line")
        for begin, reason in records.broken
    ]
    good: list[int] = []
    for index, row in enumerate(rows):
        if not row:
            continue
        reason, value = rule.why_no_row(row, lines[ends[index] - 1])
        if reason:
            text = bare("".join(lines[starts[index] : ends[index]]))
            bad.append(BadRow(first + starts[index], text, reason, value))
        else:
            good.append(index)
    bad.sort(key=lambda row: row.line)
    return Block(
        pa.array([first + starts[index] for index in good], pa.int64()),
        _columns([rows[index] for index in good], rule.chosen),
        bad,
        lambda i: bare("".join(lines[starts[good[i]] : ends[good[i]]])),
    )


def _columns(rows: list[list[str]], chosen: Sequence[int]) -> list[pa.Array]:
    if not rows:
        return [pa.array([], pa.string()) for _ in chosen]
    turned = list(zip(*rows, strict=True))
    return [pa.array(turned[index], pa.string()) for index in chosen]


def _splitter(lines: Iterable[str], options: CsvOptions) -> Splitter:
    if len(options.delimiter) > 1:
        return WideDelimiter(lines, options.delimiter, options.quote, options.escape)
    quoting: Any = csv.QUOTE_MINIMAL if options.quote else csv.QUOTE_NONE
    reader: Any = csv.reader(
        lines, delimiter=options.delimiter, quotechar=options.quote or None, quoting=quoting,
        escapechar=options.escape or None, doublequote=not options.escape, strict=True,
    )  # fmt: skip
    splitter: Splitter = reader
    return splitter


def _reason(message: str) -> str:
    if "field larger" in message:
        return "field_too_long"
    return "unclosed_quote" if "unexpected end" in message else "stray_quote"


def _from(lines: list[str], start: int) -> Iterator[str]:
    return (lines[index] for index in range(start, len(lines)))


def _size(lines: list[str]) -> int:
    return sum(map(len, lines))

"""Workbooks of Excel: the rows of one sheet, every cell as the text that says its value exactly."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

import pyarrow as pa

from guanxi.intelligence.sources.errors import FileEmpty
from guanxi.intelligence.sources.readers.options import XlsxOptions
from guanxi.intelligence.sources.readers.rows import BadRow, Block, Header
from guanxi.intelligence.sources.readers.workbook import Sheet, open_sheet, open_workbook, wrong_cells

Cell = str | int | float | bool | date | time | timedelta
BLOCK_ROWS: Final = 50_000
EXACT: Final = 10**15  # Excel keeps fifteen digits; of a longer number the rest are zeros that nobody typed


class XlsxReader:
    """Reads one sheet. The line of a row is its number in the sheet."""

    def header(self, path: Path, shown: str, options: XlsxOptions) -> Header:
        """The names of the columns, each on one line."""
        with _opened(path, shown, options) as sheet:
            header = _Rows(sheet, shown, options).header
            return Header(header.names, header.types, header.line, sheet.last_row - header.line + 2)

    def blocks(self, path: Path, shown: str, options: XlsxOptions, columns: Sequence[str]) -> Iterator[Block]:
        """The rows in blocks. A row without anything in it is none."""
        with _opened(path, shown, options) as sheet:
            yield from _Rows(sheet, shown, options).blocks(columns, wrong_cells(path, sheet.cells.name))

    def last_line(self, path: Path, shown: str, options: XlsxOptions) -> str:
        """What stands in the last row with something in it, with a blank between the cells."""
        last: list[Cell] = []
        with _opened(path, shown, options) as sheet:
            for cells in sheet.cells.iter_rows():
                last = cells if _says(cells) else last
        return " ".join(_text(cell, options.decimal).strip() for cell in last if not _is_blank(cell))


@contextmanager
def _opened(path: Path, shown: str, options: XlsxOptions) -> Iterator[Sheet]:
    with open_workbook(path, shown) as workbook:
        yield open_sheet(workbook, shown, options.sheet)


class _Rows:
    """The rows of a sheet, read once from top to bottom; the header is read at once."""

    def __init__(self, sheet: Sheet, shown: str, options: XlsxOptions) -> None:
        self._sheet, self._options = sheet, options
        self._rows = _before_total(sheet) if options.ends_in_total else enumerate(sheet.cells.iter_rows())
        self.header = self._read_header(shown)

    def _read_header(self, shown: str) -> Header:
        if not self._options.has_header:
            names, row = self._options.columns, self._options.skip - 1
            for _skipped in range(self._options.skip):
                next(self._rows, None)
        else:
            found = next(
                ((row, cells) for row, cells in self._rows if row >= self._options.skip and _says(cells)), None
            )
            if found is None:
                raise FileEmpty(file=shown, place=shown)
            row, cells = found
            texts = [_text(cell, ".") for cell in cells]
            while not texts[-1].strip():
                texts.pop()
            names = ("",) * self._sheet.first_column + tuple(" ".join(text.split()) for text in texts)
        return Header(names, (pa.string(),) * len(names), row + 2)

    def blocks(self, columns: Sequence[str], wrong: Mapping[int, Mapping[int, str]]) -> Iterator[Block]:
        """The rows below the header, BLOCK_ROWS at a time; those with `wrong` cells among what is read are bad."""
        names, first = self.header.names, self._sheet.first_column
        wanted = [names.index(column) - first for column in columns]  # beside what is filled at all: always empty
        filled_down = [index for index, column in enumerate(columns) if column in self._options.fill_down]
        merged = _Merged(self._sheet)
        above: list[tuple[str | None, str]] = [(None, "")] * len(columns)
        block = _Collected(names, first)
        for row, cells in self._rows:
            if _says(cells) or row in wrong:
                here = wrong.get(row, {})
                read = [self._value(row, cells, at, here, merged) for at in wanted]
                for index in filled_down:
                    if read[index] in {(None, ""), (None, "merged_cell")}:
                        read[index] = above[index]
                above = read
                block.add(row + 1, cells, [value for value, _wrong in read], self._fault(cells, read, columns))
            if block.rows >= BLOCK_ROWS:
                yield block.block(len(columns))
                block = _Collected(names, first)
        yield block.block(len(columns))

    def _value(
        self, row: int, cells: list[Cell], at: int, wrong: Mapping[int, str], merged: _Merged
    ) -> tuple[str | None, str]:
        """The text of a cell, and what is wrong with it."""
        cell = cells[at] if 0 <= at < len(cells) else ""
        if _is_blank(cell):
            column = at + self._sheet.first_column
            return None, wrong.get(column) or ("merged_cell" if merged.covers(row, column) else "")
        is_cut = isinstance(cell, int | float) and abs(cell) >= EXACT
        return _text(cell, self._options.decimal), "digits_lost" if is_cut else ""

    def _fault(
        self, cells: list[Cell], read: Sequence[tuple[str | None, str]], columns: Sequence[str]
    ) -> tuple[str, str, str] | None:
        """The first thing that is wrong with a row: reason, value, column."""
        if not self._options.has_header and self._is_wider(cells):
            return "column_count", f"{self._sheet.first_column + len(cells)}/{len(self.header.names)}", ""
        faults = ((wrong, value or "", column) for (value, wrong), column in zip(read, columns, strict=True) if wrong)
        return next(faults, None)

    def _is_wider(self, cells: list[Cell]) -> bool:
        return _says(cells[max(len(self.header.names) - self._sheet.first_column, 0) :])


class _Collected:
    """Rows on their way into a block."""

    def __init__(self, names: Sequence[str], first_column: int) -> None:
        self._names, self._first = names, first_column
        self._lines: list[int] = []
        self._cells: list[list[Cell]] = []
        self._values: list[list[str | None]] = []
        self._bad: list[BadRow] = []

    @property
    def rows(self) -> int:
        """How many there are."""
        return len(self._lines) + len(self._bad)

    def add(self, line: int, cells: list[Cell], values: list[str | None], fault: tuple[str, str, str] | None) -> None:
        """Take one more row."""
        if fault is not None:
            reason, value, column = fault
            self._bad.append(BadRow(line, self._raw(cells), reason, value, column))
            return
        self._lines.append(line)
        self._cells.append(cells)
        self._values.append(values)

    def block(self, width: int) -> Block:
        """The block of all of them."""
        turned = list(zip(*self._values, strict=True)) if self._values else [()] * width
        arrays = [pa.array(column, pa.string()) for column in turned]
        return Block(pa.array(self._lines, pa.int64()), arrays, self._bad, lambda i: self._raw(self._cells[i]))

    def _raw(self, cells: list[Cell]) -> str:
        named = zip(self._names[self._first :], cells, strict=False)
        return json.dumps({name: _text(cell, ".") for name, cell in named if name and cell != ""}, ensure_ascii=False)


class _Merged:
    """The merged cells of a sheet, asked for row after row."""

    def __init__(self, sheet: Sheet) -> None:
        self._coming = sorted(sheet.cells.merged_cell_ranges or [], reverse=True)
        self._open: list[tuple[tuple[int, int], tuple[int, int]]] = []

    def covers(self, row: int, column: int) -> bool:
        """Whether the cell is one of several merged ones, and not the first of them, where the value stands."""
        while self._coming and self._coming[-1][0][0] <= row:
            self._open.append(self._coming.pop())
        self._open = [merged for merged in self._open if merged[1][0] >= row]
        return any(
            left <= column <= right and (row, column) != (top, left) for (top, left), (_bottom, right) in self._open
        )


def _before_total(sheet: Sheet) -> Iterator[tuple[int, list[Cell]]]:
    """The rows with something in them, but for the last one."""
    kept: tuple[int, list[Cell]] | None = None
    for row, cells in enumerate(sheet.cells.iter_rows()):
        if _says(cells):
            if kept is not None:
                yield kept
            kept = row, cells


def _says(cells: Sequence[Cell]) -> bool:
    """Whether anything stands in them."""
    return not all(map(_is_blank, cells))


def _is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


def _text(cell: Cell, decimal: str) -> str:
    """A cell as text: numbers with all the digits Excel keeps and no more, days and times as ISO 8601."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        text = f"{cell:.15g}"
        return (format(Decimal(text), "f") if "e" in text else text).replace(".", decimal)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return str(cell) if isinstance(cell, int) else cell.isoformat()

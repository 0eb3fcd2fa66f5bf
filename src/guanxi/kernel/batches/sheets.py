"""Rows into CSV and XLSX files, one after the other, in bounded memory however many there are."""

from __future__ import annotations

import csv
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self

from django.utils import timezone
from django.utils.functional import Promise

Kind = Literal["text", "number", "money", "date", "moment"]
FORMATS: Final = ("csv", "xlsx")
CONTENT_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SHEET_ROWS: Final = 1_048_576  # a worksheet holds no more, the heading included
LONGEST_CELL: Final = 32_767
_WIDTHS: Final[dict[Kind, int]] = {"text": 24, "number": 12, "money": 16, "date": 12, "moment": 18}
# A spreadsheet takes text that begins so, also in full width and after blanks, for a formula or cuts the cell at it.
_RUNS: Final = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


@dataclass(frozen=True)
class SheetColumn:
    """A column of a file: its heading, and what its values are."""

    label: str | Promise
    kind: Kind = "text"


def harmless(text: str) -> str:
    """The text so that no spreadsheet runs it: what looks like a formula gets an apostrophe in front.

    >>> print(harmless('=HYPERLINK("http://example.com")'))
    '=HYPERLINK("http://example.com")
    >>> harmless("王伟")
    '王伟'
    """
    return f"'{text}" if _RUNS.match(text) else text


class SheetWriter(ABC):
    """A file that takes rows; used as a context, it is whole after the block."""

    @abstractmethod
    def write(self, rows: Iterable[Sequence[Any]]) -> int:
        """Add rows; returns how many."""

    @abstractmethod
    def close(self) -> None:
        """Finish the file."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self.close()


def open_sheet(path: Path, kind: str, columns: Sequence[SheetColumn]) -> SheetWriter:
    """A new file at `path` of one of `FORMATS`, its heading written."""
    return _Csv(path, columns) if kind == "csv" else _Xlsx(path, columns)


class _Csv(SheetWriter):
    def __init__(self, path: Path, columns: Sequence[SheetColumn]) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")  # the mark makes spreadsheets read UTF-8
        self._writer = csv.writer(self._file, lineterminator="\r\n")
        self._writer.writerow([harmless(str(column.label)) for column in columns])

    def write(self, rows: Iterable[Sequence[Any]]) -> int:
        count = 0
        for row in rows:
            self._writer.writerow([_as_text(value) for value in row])
            count += 1
        return count

    def close(self) -> None:
        self._file.close()


def _as_text(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str | Promise):
        return harmless(str(value))
    if isinstance(value, datetime):
        return f"{_local(value):%Y-%m-%d %H:%M}"
    return f"{value:f}" if isinstance(value, Decimal) else value


class _Xlsx(SheetWriter):
    def __init__(self, path: Path, columns: Sequence[SheetColumn]) -> None:
        import xlsxwriter

        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True, "tmpdir": str(path.parent),
                "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
            },
        )  # fmt: skip
        self._columns = columns
        self._heading = self._book.add_format({"bold": True})
        self._formats = {
            "money": self._book.add_format({"num_format": "#,##0.00"}),
            "date": self._book.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        self._begin_sheet()

    def _begin_sheet(self) -> None:
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        for position, column in enumerate(self._columns):
            self._sheet.set_column(position, position, _WIDTHS[column.kind])
            self._sheet.write_string(0, position, str(column.label), self._heading)
        self._next = 1

    def write(self, rows: Iterable[Sequence[Any]]) -> int:
        count = 0
        for row in rows:
            if self._next == SHEET_ROWS:
                self._begin_sheet()
            for position, (column, value) in enumerate(zip(self._columns, row, strict=True)):
                self._write_cell(position, column.kind, value)
            self._next += 1
            count += 1
        return count

    def _write_cell(self, position: int, kind: Kind, value: Any) -> None:
        style = self._formats.get(kind)
        if value is None or value == "":
            return
        if isinstance(value, datetime):
            self._sheet.write_datetime(self._next, position, _local(value).replace(tzinfo=None), style)
        elif isinstance(value, date):
            self._sheet.write_datetime(self._next, position, datetime(value.year, value.month, value.day), style)  # noqa: DTZ001
        elif isinstance(value, bool):
            self._sheet.write_boolean(self._next, position, value)
        elif isinstance(value, int | float | Decimal):
            self._sheet.write_number(self._next, position, value, style)
        else:
            self._sheet.write_string(self._next, position, str(value)[:LONGEST_CELL])

    def close(self) -> None:
        self._book.close()


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value

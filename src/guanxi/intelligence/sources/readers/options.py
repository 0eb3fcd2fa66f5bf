"""How files of each format are told apart in a contract: one small dataclass a format."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CsvOptions:
    r"""How a delimited text file is written.

    Attributes
    ----------
    delimiter
        One character or more; a tab is "\t".
    quote
        The quote character; empty if nothing is ever quoted.
    escape
        The character that takes the meaning from the next one; empty if quotes are doubled instead.
    has_header
        Whether the first row names the columns; if not, `columns` does.
    skip
        Lines above the header (or above the first row) that are not part of the table.
    ends_in_total
        Whether the last line is no row, but tells control totals.
    ends_lines
        Whether the sender ends every line, so that a last one without line end is cut off.
    """

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    encoding: str = "utf-8"
    has_header: bool = True
    columns: tuple[str, ...] = ()
    skip: int = 0
    ends_in_total: bool = False
    ends_lines: bool = False


@dataclass(frozen=True, slots=True)
class XlsxOptions:
    """Which sheet of a workbook is read, and how.

    Attributes
    ----------
    sheet
        Its name; empty for the only one.
    skip
        Rows above the header (or above the first row) that are not part of the table.
    ends_in_total
        Whether the last line is no row, but tells control totals.
    fill_down
        Columns where an empty cell has the value of the cell above it.
    decimal
        The mark that numbers get when they are made text, so that they read like those typed as text.
    """

    sheet: str = ""
    has_header: bool = True
    columns: tuple[str, ...] = ()
    skip: int = 0
    fill_down: tuple[str, ...] = ()
    decimal: str = "."
    ends_in_total: bool = False


@dataclass(frozen=True, slots=True)
class ParquetOptions:
    """Parquet describes itself."""


@dataclass(frozen=True, slots=True)
class FixedColumn:
    """One column of a fixed-width file: `width` characters from character `start` (from 1) on."""

    name: str
    start: int
    width: int

    @property
    def end(self) -> int:
        """Its last character."""
        return self.start + self.width - 1


@dataclass(frozen=True, slots=True)
class FixedOptions:
    """How a file of fixed width is cut.

    `skip` lines above the first row are not part of the table; nor is the last
    line, where it `ends_in_total`. Where it `ends_lines`, a last one without line end is cut off.
    """

    columns: tuple[FixedColumn, ...] = ()
    encoding: str = "utf-8"
    skip: int = 0
    ends_in_total: bool = False
    ends_lines: bool = False

    @property
    def width(self) -> int:
        """How long a line must at least be."""
        return max((column.end for column in self.columns), default=0)


@dataclass(frozen=True, slots=True)
class JsonLinesOptions:
    """JSON lines describe themselves."""

    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Lookup:
    """Columns of another table, found by the value of `key`, which both tables call so and that one has once."""

    table: str
    key: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableOptions:
    """Which table of a database is read; `schema` is PostgreSQL's."""

    table: str = ""
    schema: str = "public"
    lookup: Lookup | None = None


ReaderOptions = CsvOptions | XlsxOptions | ParquetOptions | FixedOptions | JsonLinesOptions | TableOptions
TEXT_OPTIONS = (CsvOptions, FixedOptions, JsonLinesOptions)


def named_columns(options: ReaderOptions) -> tuple[str, ...]:
    """The names of the columns where the contract gives them and the file has none; else nothing."""
    if isinstance(options, FixedOptions):
        return tuple(column.name for column in options.columns)
    return options.columns if isinstance(options, CsvOptions | XlsxOptions) else ()


def can_end_in_total(options: ReaderOptions) -> bool:
    """Whether the last line of such a file can tell control totals."""
    return isinstance(options, CsvOptions | FixedOptions | XlsxOptions)


def ending_in_total(options: ReaderOptions) -> ReaderOptions:
    """The options for files whose last line tells control totals."""
    if isinstance(options, CsvOptions | FixedOptions | XlsxOptions):
        return dataclasses.replace(options, ends_in_total=True)
    return options

"""What every reader yields: blocks of rows, each row with its line, and the rows that are no rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read as one: where, what stood there, and why.

    `reason` is one of the codes of `land/reasons.py`; `value` and `column` are what its words need.
    """

    line: int
    raw: str
    reason: str
    value: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Some consecutive rows of a file.

    Attributes
    ----------
    lines
        Of each row, the physical line it begins at, from 1 (in a Parquet file or a sheet: its number).
    columns
        One array per asked column, in the order asked; text for files that are text or a sheet, typed for Parquet.
    bad
        Rows that could not be split.
    raw
        Gives the text of row `i` of this block as it stands in the file.
    """

    lines: pa.Array
    columns: list[pa.Array]
    bad: list[BadRow]
    raw: Callable[[int], str]

    @property
    def rows(self) -> int:
        """All rows of the file in this block, the bad ones too."""
        return len(self.lines) + len(self.bad)

    def first(self, rows: int) -> Block:
        """The first `rows` rows of this block."""
        kept = min(rows, len(self.lines))
        bad = self.bad[: max(rows - kept, 0)]
        if kept < len(self.lines):
            last = self.lines[kept - 1].as_py() if kept else 0
            bad = [row for row in self.bad if row.line < last]
        return Block(self.lines.slice(0, kept), [column.slice(0, kept) for column in self.columns], bad, self.raw)


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a file, in order.

    `types` are Arrow's, `line` is where the rows begin, `rows` how many there are if the file tells.
    """

    names: tuple[str, ...]
    types: tuple[Any, ...]
    line: int = 1
    rows: int | None = None


OptionsT_contra = TypeVar("OptionsT_contra", contravariant=True)


class Reader(Protocol, Generic[OptionsT_contra]):
    """One file format. A further format is one more of these, named in `READERS`.

    `shown` is the file as the user knows it (an archive and its member, perhaps), for errors.
    """

    def header(self, path: Path, shown: str, options: OptionsT_contra) -> Header:
        """The file's columns.

        Raises
        ------
        FileEmpty, EncodingWrong, FileUnreadable
            The file as a whole cannot be used.
        """
        ...

    def blocks(self, path: Path, shown: str, options: OptionsT_contra, columns: Sequence[str]) -> Iterator[Block]:
        """The rows, in the order of the file, at most some ten thousand at a time; the same cuts every time.

        `columns` are in the header. Raises like `header`.
        """
        ...

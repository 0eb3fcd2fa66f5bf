"""How files of each format are told apart in a contract: one small dataclass a format."""

from __future__ import annotations

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
    """

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    encoding: str = "utf-8"
    has_header: bool = True
    columns: tuple[str, ...] = ()
    skip: int = 0


@dataclass(frozen=True, slots=True)
class ParquetOptions:
    """Parquet describes itself."""


ReaderOptions = CsvOptions | ParquetOptions

"""File formats: one reader each."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from guanxi.intelligence.sources.readers.csv import CsvReader
from guanxi.intelligence.sources.readers.fixed import FixedReader
from guanxi.intelligence.sources.readers.jsonl import JsonLinesReader
from guanxi.intelligence.sources.readers.lines import last_line
from guanxi.intelligence.sources.readers.options import ReaderOptions, XlsxOptions
from guanxi.intelligence.sources.readers.parquet import ParquetReader
from guanxi.intelligence.sources.readers.rows import Reader
from guanxi.intelligence.sources.readers.tables import TableReader
from guanxi.intelligence.sources.readers.xlsx import XlsxReader

READERS: Final[dict[str, Reader[Any]]] = {
    "csv": CsvReader(),
    "xlsx": XlsxReader(),
    "fixed": FixedReader(),
    "jsonl": JsonLinesReader(),
    "parquet": ParquetReader(),
    "sqlite": TableReader(),
    "postgresql": TableReader(),
}


def read_last_line(path: Path, shown: str, options: ReaderOptions) -> str:
    """The last line of a file that has something on it, where control totals stand."""
    if isinstance(options, XlsxOptions):
        return XlsxReader().last_line(path, shown, options)
    return last_line(path, shown, getattr(options, "encoding", "utf-8"))

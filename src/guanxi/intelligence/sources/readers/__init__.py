"""File formats: one reader each."""

from __future__ import annotations

from typing import Any, Final

from guanxi.intelligence.sources.readers.csv import CsvReader
from guanxi.intelligence.sources.readers.fixed import FixedReader
from guanxi.intelligence.sources.readers.jsonl import JsonLinesReader
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

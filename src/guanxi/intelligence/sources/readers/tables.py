"""Tables of a database, after they were copied: Parquet that also knows the columns nobody copied."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from guanxi.intelligence.sources.readers.options import ParquetOptions, TableOptions
from guanxi.intelligence.sources.readers.parquet import ParquetReader
from guanxi.intelligence.sources.readers.rows import Block, Header

OTHERS: Final = b"guanxi.others"  # key in the file's metadata: names of the columns that were not copied


class TableReader:
    """Reads the copy of a table; the line of a row is its number in the order it was copied."""

    def header(self, path: Path, shown: str, options: TableOptions) -> Header:
        """The columns of the table, those that were not copied too: a name that is wrong has a near one."""
        del options
        header = ParquetReader().header(path, shown, ParquetOptions())
        others = json.loads((pq.read_schema(path).metadata or {}).get(OTHERS, b"[]"))
        return Header((*header.names, *others), (*header.types, *[pa.string()] * len(others)), rows=header.rows)

    def blocks(self, path: Path, shown: str, options: TableOptions, columns: Sequence[str]) -> Iterator[Block]:
        """The rows, as they were copied."""
        del options
        yield from ParquetReader().blocks(path, shown, ParquetOptions(), columns)

"""Parquet files in which the rows of a few keys are found without reading the rest.

A file written in the order of a key has the rows of one key in one or two of its groups of rows. Which keys a group
holds its footer says; the footers are read once, the files never change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

Span = tuple[int, Any, Any]  # a group of rows, its first and its last key; both None where the footer does not say


class KeyedParquet:
    """Files of the same columns, and the one whose values are looked up in them; safe for threads."""

    def __init__(self, paths: Iterable[Path], key: str) -> None:
        self._key = key
        self._files = [(path, footer := pq.read_metadata(path), list(_spans(footer, key))) for path in paths]

    def rows(self, keys: Sequence[Any], columns: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """All rows of these keys, with the given columns (the key among them) or all."""
        found: list[dict[str, Any]] = []
        for path, footer, spans in self._files:
            groups = [at for at, first, last in spans if first is None or any(first <= key <= last for key in keys)]
            if groups:
                with pq.ParquetFile(path, metadata=footer) as file:
                    read = file.read_row_groups(groups, columns=columns, use_threads=False)
                wanted = pa.array(keys, read.schema.field(self._key).type)
                found += read.filter(pc.is_in(read[self._key], wanted)).to_pylist()
        return found


def _spans(footer: pq.FileMetaData, key: str) -> Iterator[Span]:
    """The groups of rows in which anything has a key."""
    place = footer.schema.to_arrow_schema().get_field_index(key)
    for at in range(footer.num_row_groups):
        group = footer.row_group(at)
        told = group.column(place).statistics
        if told is None or (not told.has_min_max and told.null_count < group.num_rows):
            yield at, None, None
        elif told.has_min_max:
            yield at, told.min, told.max

"""Parquet: columns keep the types the file gives them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from guanxi.intelligence.sources.errors import ColumnUnusable, FileEmpty, FileUnreadable
from guanxi.intelligence.sources.readers.options import ParquetOptions
from guanxi.intelligence.sources.readers.rows import Block, Header

BATCH_ROWS: Final = 50_000


class ParquetReader:
    """Reads Parquet batch by batch. The line of a row is its number, from 1."""

    def header(self, path: Path, shown: str, options: ParquetOptions) -> Header:
        """The file's columns and types."""
        del options
        with _opened(path, shown) as file:
            schema = file.schema_arrow
            types = tuple(map(_plain_type, schema.types))
            return Header(tuple(schema.names), types, rows=file.metadata.num_rows)

    def blocks(self, path: Path, shown: str, options: ParquetOptions, columns: Sequence[str]) -> Iterator[Block]:
        """The rows, BATCH_ROWS at a time."""
        del options
        with _opened(path, shown) as file:
            row = 1
            for batch in file.iter_batches(BATCH_ROWS, columns=list(columns)):
                lines = pa.array(range(row, row + batch.num_rows), pa.int64())
                arrays = [_plain(batch.column(column), column, shown) for column in columns]
                yield Block(lines, arrays, [], _Raw(path, row - 1, batch.num_rows))
                row += batch.num_rows


class _Raw:
    """The text of a row, read again where it is asked for: rejected rows are few."""

    def __init__(self, path: Path, first: int, rows: int) -> None:
        self._path, self._first, self._count = path, first, rows
        self._rows: list[dict[str, Any]] | None = None

    def __call__(self, index: int) -> str:
        if self._rows is None:
            self._rows = _rows(self._path, self._first, self._count)
        return json.dumps(self._rows[index], ensure_ascii=False, default=_as_json)


def _rows(path: Path, first: int, count: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    seen = 0
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(BATCH_ROWS):
            start, end = max(first - seen, 0), min(first + count - seen, batch.num_rows)
            if start < end:
                found.extend(_as_dicts(batch.slice(start, end - start)))
            seen += batch.num_rows
    return found


def _as_dicts(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    """The rows, with the days that Python's calendar does not have as Arrow tells them."""
    try:
        told: list[dict[str, Any]] = batch.to_pylist()
    except (OverflowError, ValueError):
        columns = [column.cast(pa.string()) if pa.types.is_temporal(column.type) else column for column in batch]
        told = pa.RecordBatch.from_arrays(columns, names=batch.schema.names).to_pylist()
    return told


@contextmanager
def _opened(path: Path, shown: str) -> Iterator[pq.ParquetFile]:
    if path.exists() and path.stat().st_size == 0:
        raise FileEmpty(file=shown)
    try:
        with pq.ParquetFile(path) as file:
            yield file
    except (pa.ArrowException, OSError) as error:
        raise FileUnreadable(file=shown, reason=str(error)) from error


def _plain_type(kind: pa.DataType) -> pa.DataType:
    """The type as it is read: dictionaries as their values, bytes as text (some writers do not mark their text)."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return pa.string() if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) else kind


def _plain(array: pa.Array, column: str, shown: str) -> pa.Array:
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    try:
        return array.cast(_plain_type(array.type))
    except pa.ArrowInvalid as error:
        raise ColumnUnusable(place=shown, column=column, file=shown, type=str(array.type)) from error


def _as_json(value: Any) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else repr(value)

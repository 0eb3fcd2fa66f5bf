"""Copying a table out of somebody else's database, in an order that is always the same.

The copy is what is digested and landed, so what is counted is what was read, however the table changes meanwhile.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlglot import exp

from guanxi.intelligence.sources.databases import Database, open_postgres, open_sqlite
from guanxi.intelligence.sources.errors import LookupAmbiguous, TableMissing
from guanxi.intelligence.sources.mistakes import did_you_mean
from guanxi.intelligence.sources.readers.options import Lookup, TableOptions
from guanxi.intelligence.sources.readers.tables import OTHERS

_OWN: Final = "t"
_LOOKED_UP: Final = "l"


class _Column:
    """One column to copy, of the table itself or of the looked-up one."""

    def __init__(self, name: str, kind: pa.DataType, alias: str) -> None:
        self.name, self.kind = name, kind
        self.column = exp.column(name, alias, quoted=True)


def copy_table(format_: str, location: str, options: TableOptions, wanted: Sequence[str], target: Path) -> str:
    """Copy the `wanted` columns of a table, as far as it has them, to Parquet; returns the SHA-256 of its rows.

    Raises
    ------
    SourceUnreachable, TableMissing, LookupAmbiguous, FileChanged
        The database cannot be read, or not as the contract says.
    """
    shown = f"{location}!{options.table}"
    is_file = format_ == "sqlite"
    opened = open_sqlite(Path(location), shown) if is_file else open_postgres(location, options.schema, shown)
    with opened as database:
        own, looked_up = _columns_of(database, options.table, shown), dict[str, pa.DataType]()
        lookup = options.lookup
        if lookup is not None:
            there = _columns_of(database, lookup.table, f"{location}!{lookup.table}")
            _need(options.table, own, [lookup.key], location)
            _need(lookup.table, there, [lookup.key, *lookup.columns], location)
            if _repeats(database, lookup):
                raise LookupAmbiguous(place=shown, table=lookup.table, key=lookup.key)
            looked_up = {name: there[name] for name in lookup.columns}
        every = [_Column(name, kind, _OWN) for name, kind in own.items()]
        every += [_Column(name, kind, _LOOKED_UP) for name, kind in looked_up.items()]
        copied = [column for column in every if column.name in wanted]
        others = [column.name for column in every if column.name not in wanted]
        fields = [pa.field(column.name, column.kind) for column in copied or every[:1]]
        schema = pa.schema(fields, metadata={OTHERS: json.dumps(others)})
        statement = _statement(database, options, copied or every[:1])
        return _write(database.batches(statement, schema), schema, target)


def _statement(database: Database, options: TableOptions, columns: Sequence[_Column]) -> exp.Select:
    """The rows, ordered by the primary key and then by everything that is read."""
    chosen = [exp.alias_(database.value(column.column, column.kind), column.name, quoted=True) for column in columns]
    statement = exp.select(*chosen).from_(database.table(options.table, _OWN))
    if options.lookup is not None:
        meets = _key(options.lookup, _OWN).eq(_key(options.lookup, _LOOKED_UP))
        statement = statement.join(database.table(options.lookup.table, _LOOKED_UP), on=meets, join_type="left")
    keys = [exp.column(name, _OWN, quoted=True) for name in database.key(options.table)]
    return statement.order_by(*keys, *(database.place(column.column, column.kind) for column in columns))


def _key(lookup: Lookup, alias: str = "") -> exp.Column:
    return exp.column(lookup.key, alias or None, quoted=True)


def _repeats(database: Database, lookup: Lookup) -> bool:
    """Whether a value of the key is in more than one row."""
    key = _key(lookup)
    filled = exp.select("1").from_(database.table(lookup.table)).where(key.is_(exp.null()).not_())
    more = exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1))
    return bool(database.ask(filled.group_by(key).having(more).limit(1)))


def _write(batches: Iterable[pa.Table], schema: pa.Schema, target: Path) -> str:
    digests = [(hashlib.sha256(), hashlib.sha256()) for _column in schema]
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in batches:
            for (lengths, texts), column in zip(digests, batch.columns, strict=True):
                text = column.cast(pa.string()).combine_chunks()
                lengths.update(pc.fill_null(pc.binary_length(text), -1).to_numpy(zero_copy_only=False).tobytes())
                texts.update(_joined(text.drop_null()))
            writer.write_table(batch)
    told = [(field.name, str(field.type)) for field in schema]
    of_columns = [(lengths.hexdigest(), texts.hexdigest()) for lengths, texts in digests]
    return hashlib.sha256(json.dumps([told, of_columns]).encode()).hexdigest()


def _joined(texts: pa.Array) -> bytes:
    """All texts, one behind the other."""
    together = pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts.cast(pa.binary()))
    joined: bytes = pc.binary_join(together, b"")[0].as_py()
    return joined


def _columns_of(database: Database, table: str, shown: str) -> dict[str, pa.DataType]:
    found = database.columns(table)
    if not found:
        raise TableMissing(place=shown, table=table, near=did_you_mean(table, database.tables()))
    return found


def _need(table: str, columns: dict[str, pa.DataType], needed: Sequence[str], location: str) -> None:
    for column in needed:
        if column not in columns:
            raise TableMissing(
                place=f"{location}!{table}", table=f"{table}.{column}", near=did_you_mean(column, columns)
            )  # fmt: skip

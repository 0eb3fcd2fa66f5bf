"""Copying a table out of somebody else's database: read only, in one transaction, in an order that is always the same.

The copy is what is digested and landed, so what is counted is what was read, however the table changes meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, quote, urlsplit

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
from psycopg import sql
from psycopg.rows import tuple_row
from sqlglot import exp

from guanxi.intelligence.sources.errors import FileChanged, LookupAmbiguous, SourceUnreachable, TableMissing
from guanxi.intelligence.sources.mistakes import did_you_mean
from guanxi.intelligence.sources.readers.options import Lookup, TableOptions
from guanxi.intelligence.sources.readers.tables import OTHERS

DATABASES: Final = ("sqlite", "postgresql")
CHUNK_ROWS: Final = 50_000
URL_VARIABLE: Final = re.compile(r"\$\{(GUANXI_[A-Z0-9_]+)\}")
_PASSWORD: Final = re.compile(r"//[^:@]*:(.*)@")
_TYPES: Final = {
    "date": pa.date32(), "timestamp": pa.timestamp("us"), "timestamptz": pa.timestamp("us", "UTC"), "bool": pa.bool_(),
}  # fmt: skip


class _Database(Protocol):
    """What copying asks of a database."""

    def columns(self, table: str) -> dict[str, pa.DataType]:
        """The columns of a table in order, each with the type it is copied as; empty if there is no such table."""

    def tables(self) -> list[str]:
        """The tables there are."""

    def repeats(self, table: str, key: str) -> bool:
        """Whether a value of `key` is in more than one row."""

    def rows(self, table: str, columns: Sequence[_Column], lookup: Lookup | None) -> Iterator[list[tuple[Any, ...]]]:
        """The rows in chunks, ordered by the primary key, or by everything that is read if there is none."""


class _Column:
    """One column to copy, of the table itself or of the looked-up one."""

    def __init__(self, name: str, kind: pa.DataType, *, is_looked_up: bool) -> None:
        self.name, self.kind, self.alias = name, kind, "l" if is_looked_up else "t"


def has_password(url: str) -> bool:
    """Whether a database address says its password.

    >>> has_password("postgresql://reader@db/erp"), has_password("postgresql://reader:x@db/erp")
    (False, True)
    """
    try:
        asked = parse_qsl(urlsplit(url).query)
    except ValueError:
        return True
    return _PASSWORD.search(url) is not None or any(name.endswith("password") for name, _value in asked)


def _without_password(reason: str, url: str) -> str:
    """A password with an @ or / in it that was not escaped is taken for a host or port, and told as such."""
    found = _PASSWORD.search(url)
    for part in re.split(r"[@/:?#]", found[1]) if found else ():
        if len(part) > 1:
            reason = reason.replace(part, "***")
    return reason


def copy_table(format_: str, location: str, options: TableOptions, wanted: Sequence[str], target: Path) -> str:
    """Copy the `wanted` columns of a table, as far as it has them, to Parquet; returns the SHA-256 of its rows.

    Raises
    ------
    SourceUnreachable, TableMissing, LookupAmbiguous, FileChanged
        The database cannot be read, or not as the contract says.
    """
    shown = f"{location}!{options.table}"
    opened = _sqlite(Path(location), shown) if format_ == "sqlite" else _postgres(location, options.schema, shown)
    with opened as database:
        own, looked_up = _columns_of(database, options.table, shown), dict[str, pa.DataType]()
        lookup = options.lookup
        if lookup is not None:
            there = _columns_of(database, lookup.table, f"{location}!{lookup.table}")
            _need(options.table, own, [lookup.key], location)
            _need(lookup.table, there, [lookup.key, *lookup.columns], location)
            if database.repeats(lookup.table, lookup.key):
                raise LookupAmbiguous(place=shown, table=lookup.table, key=lookup.key)
            looked_up = {name: there[name] for name in lookup.columns}
        every = [_Column(name, kind, is_looked_up=False) for name, kind in own.items()]
        every += [_Column(name, kind, is_looked_up=True) for name, kind in looked_up.items()]
        copied = [column for column in every if column.name in wanted]
        others = [column.name for column in every if column.name not in wanted]
        return _write(database.rows(options.table, copied or every[:1], lookup), copied or every[:1], others, target)


def _write(
    chunks: Iterator[list[tuple[Any, ...]]], columns: Sequence[_Column], others: Sequence[str], target: Path
) -> str:
    fields = [pa.field(column.name, column.kind) for column in columns]
    schema = pa.schema(fields, metadata={OTHERS: json.dumps(others)})
    digest = hashlib.sha256(json.dumps([(field.name, str(field.type)) for field in fields]).encode())
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for rows in chunks:
            for row in rows:
                digest.update(json.dumps(row, ensure_ascii=False, default=str).encode() + b"\n")
            turned = zip(*rows, strict=True)
            arrays = [pa.array(values, field.type) for values, field in zip(turned, fields, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
    return digest.hexdigest()


def _columns_of(database: _Database, table: str, shown: str) -> dict[str, pa.DataType]:
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


def _table(name: str, alias: str = "") -> exp.Table:
    named = exp.TableAlias(this=exp.to_identifier(alias)) if alias else None
    return exp.Table(this=exp.to_identifier(name, quoted=True), alias=named)


@contextmanager
def _sqlite(path: Path, shown: str) -> Iterator[_Database]:
    """One read transaction. A file nobody writes to is opened as immutable, which leaves no trace beside it."""
    before = path.stat()
    is_still = not any(path.with_name(path.name + suffix).exists() for suffix in ("-wal", "-journal"))
    mode = "mode=ro&immutable=1" if is_still else "mode=ro"
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?{mode}", uri=True, isolation_level=None)) as connection:
            connection.execute("BEGIN")
            yield _Sqlite(connection)
    except (sqlite3.Error, UnicodeError) as error:
        raise SourceUnreachable(place=shown, name=str(path), reason=str(error)) from error
    after = path.stat()
    if is_still and (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise FileChanged(file=str(path), place=shown)


class _Sqlite:
    """SQLite gives every value a type of its own; here all of them are text, digit by digit as SQLite shows them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def columns(self, table: str) -> dict[str, pa.DataType]:
        found = self._connection.execute("SELECT name FROM pragma_table_info(?) ORDER BY cid", [table])
        return {name: pa.string() for (name,) in found}

    def tables(self) -> list[str]:
        found = self._connection.execute(
            "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
        return [name for (name,) in found]

    def repeats(self, table: str, key: str) -> bool:
        column = exp.column(key, quoted=True)
        found = exp.select("1").from_(_table(table)).where(column.is_(exp.null()).not_())
        more = exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1))
        return self._connection.execute(_text(found.group_by(column).having(more).limit(1))).fetchone() is not None

    def rows(self, table: str, columns: Sequence[_Column], lookup: Lookup | None) -> Iterator[list[tuple[Any, ...]]]:
        chosen = [exp.column(column.name, column.alias, quoted=True) for column in columns]
        keys = self._connection.execute("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", [table])
        order = [exp.column(name, "t", quoted=True) for (name,) in keys]
        statement = exp.select(*chosen).from_(_table(table, "t"))
        if lookup is not None:
            meets = exp.column(lookup.key, "t", quoted=True).eq(exp.column(lookup.key, "l", quoted=True))
            looked_up = _table(lookup.table, "l")
            statement = statement.join(looked_up, on=meets, join_type="left")
        cursor = self._connection.execute(_text(statement.order_by(*order, *chosen)))
        while rows := cursor.fetchmany(CHUNK_ROWS):
            yield [tuple(map(_as_text, row)) for row in rows]


def _text(statement: exp.Select) -> str:
    return statement.sql("sqlite")


def _as_text(value: Any) -> str | None:
    if isinstance(value, bytes):
        return value.decode()
    return None if value is None else str(value)


@contextmanager
def _postgres(location: str, schema: str, shown: str) -> Iterator[_Database]:
    """One read-only transaction that sees one state of the database."""
    variable = URL_VARIABLE.fullmatch(location)
    url = os.environ.get(variable[1], "") if variable else location
    try:
        with psycopg.connect(url, connect_timeout=10, row_factory=tuple_row) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            connection.execute("SET TimeZone = 'UTC'")
            yield _Postgres(connection, schema)
            connection.rollback()
    except psycopg.Error as error:
        reason = _without_password(" ".join(str(error).split()), url)
        raise SourceUnreachable(place=shown, name=location, reason=reason) from None


class _Postgres:
    """Dates, times and truth values keep their types; everything else is copied as the text PostgreSQL shows."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]], schema: str) -> None:
        self._connection, self._schema = connection, schema

    def columns(self, table: str) -> dict[str, pa.DataType]:
        found = self._connection.execute(
            "SELECT a.attname, t.typname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid "
            "JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = %s AND c.relname = %s AND c.relkind IN ('r', 'v', 'm', 'f', 'p') "
            "AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
            [self._schema, table],
        )
        return {name: _TYPES.get(kind, pa.string()) for name, kind in found}

    def tables(self) -> list[str]:
        found = self._connection.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = %s AND c.relkind IN ('r', 'v', 'm', 'f', 'p') ORDER BY 1",
            [self._schema],
        )
        return [name for (name,) in found]

    def repeats(self, table: str, key: str) -> bool:
        statement = sql.SQL("SELECT 1 FROM {} WHERE {key} IS NOT NULL GROUP BY {key} HAVING count(*) > 1 LIMIT 1")
        filled = statement.format(self._table(table), key=sql.Identifier(key))
        return self._connection.execute(filled).fetchone() is not None

    def rows(self, table: str, columns: Sequence[_Column], lookup: Lookup | None) -> Iterator[list[tuple[Any, ...]]]:
        chosen = [
            sql.SQL("{}::text" if column.kind == pa.string() else "{}").format(
                sql.Identifier(column.alias, column.name)
            )
            for column in columns
        ]
        join: sql.Composable = sql.SQL("")
        if lookup is not None:
            join = sql.SQL(" LEFT JOIN {} AS l ON {} = {}").format(
                self._table(lookup.table), sql.Identifier("t", lookup.key), sql.Identifier("l", lookup.key)
            )
        by_value = [
            sql.SQL('{} COLLATE "C"').format(value) if column.kind == pa.string() else value
            for column, value in zip(columns, chosen, strict=True)
        ]
        order: list[sql.Composable] = [sql.Identifier("t", name) for name in self._key(table)]
        statement = sql.SQL("SELECT {} FROM {} AS t{} ORDER BY {}").format(
            sql.SQL(", ").join(chosen), self._table(table), join, sql.SQL(", ").join([*order, *by_value])
        )
        with self._connection.cursor(name="guanxi_rows") as cursor:  # the server keeps what is not fetched yet
            cursor.execute(statement)
            while rows := cursor.fetchmany(CHUNK_ROWS):
                yield rows

    def _key(self, table: str) -> list[str]:
        found = self._connection.execute(
            "SELECT a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k(no, at) "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.no "
            "WHERE n.nspname = %s AND c.relname = %s AND i.indisprimary ORDER BY k.at",
            [self._schema, table],
        )
        return [name for (name,) in found]

    def _table(self, table: str) -> sql.Identifier:
        return sql.Identifier(self._schema, table)

"""Somebody else's database, opened to read: SQLite and PostgreSQL, each in one transaction that sees one state of it.

Rows come through ADBC as Arrow batches, without a Python object for every value (ADR 11).
"""

from __future__ import annotations

import os
import re
import secrets
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, ClassVar, Final
from urllib.parse import parse_qsl, quote, urlsplit

import adbc_driver_manager
import adbc_driver_postgresql.dbapi
import adbc_driver_sqlite.dbapi
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from psycopg.conninfo import make_conninfo
from sqlglot import exp

from guanxi.intelligence.sources.errors import FileChanged, SourceUnreachable

DATABASES: Final = ("sqlite", "postgresql")
URL_VARIABLE: Final = re.compile(r"\$\{(GUANXI_[A-Z0-9_]+)\}")
SECONDS_TO_CONNECT: Final = 10
_FAILURES: Final = (adbc_driver_manager.Error, psycopg.Error, OSError, pa.ArrowException)
_PASSWORD: Final = re.compile(r"//[^:@]*:(.*)@")
_TEXT: Final = exp.DataType.build("text")
_TYPES: Final = {
    "date": pa.date32(), "timestamp": pa.timestamp("us"), "timestamptz": pa.timestamp("us", "UTC"), "bool": pa.bool_(),
}  # fmt: skip


class _Failure:
    """How to tell that a database failed: where, and without its password."""

    def __init__(self, shown: str, name: str, url: str = "") -> None:
        self._shown, self._name, self._url = shown, name, url

    def of(self, error: Exception) -> SourceUnreachable:
        """The error in words, without the query it was said of."""
        reason = " ".join(re.split(r"\nquery:", str(error), flags=re.IGNORECASE)[0].split())
        return SourceUnreachable(place=self._shown, name=self._name, reason=_without_password(reason, self._url))


class Database(ABC):
    """What copying asks of a database."""

    dialect: ClassVar[str]
    options: ClassVar[Mapping[str, str]] = {}

    def __init__(self, connection: Any, failure: _Failure) -> None:
        self._connection, self._failure = connection, failure

    @abstractmethod
    def columns(self, table: str) -> dict[str, pa.DataType]:
        """The columns of a table in order, each with the type it is copied as; empty if there is no such table."""

    @abstractmethod
    def tables(self) -> list[str]:
        """The tables there are."""

    @abstractmethod
    def key(self, table: str) -> list[str]:
        """The columns of the primary key."""

    @abstractmethod
    def value(self, column: exp.Expr, kind: pa.DataType) -> exp.Expr:
        """A column as it is copied."""

    def place(self, column: exp.Expr, kind: pa.DataType) -> exp.Expr:
        """A column as rows are ordered by it."""
        del kind
        return column

    def table(self, name: str, alias: str = "") -> exp.Table:
        """A table, to select from."""
        named = exp.TableAlias(this=exp.to_identifier(alias)) if alias else None
        return exp.Table(this=exp.to_identifier(name, quoted=True), alias=named)

    def ask(self, statement: exp.Select | str, *parameters: str) -> list[tuple[Any, ...]]:
        """A few rows."""
        try:
            with closing(self._connection.cursor()) as cursor:
                cursor.execute(self._text(statement), list(parameters) or None)
                found: list[tuple[Any, ...]] = cursor.fetchall()
        except _FAILURES as error:
            raise self._failure.of(error) from None
        return found

    def batches(self, statement: exp.Select, schema: pa.Schema) -> Iterator[pa.Table]:
        """Many rows, some at a time, with the columns of `schema`."""
        try:
            with closing(self._connection.cursor()) as cursor:
                cursor.adbc_statement.set_options(**self.options)
                cursor.execute(self._text(statement))
                for batch in cursor.fetch_record_batch():
                    columns = list(map(self._read, batch.columns))
                    yield pa.Table.from_arrays(columns, names=schema.names).cast(schema)
        except _FAILURES as error:
            raise self._failure.of(error) from None

    def _text(self, statement: exp.Select | str) -> str:
        return statement if isinstance(statement, str) else statement.sql(self.dialect)

    def _read(self, column: pa.Array) -> pa.Array:
        """A column as it came, made what it says."""
        return column


class _Sqlite(Database):
    """SQLite gives every value a type of its own; here all of them are text, numbers with fifteen digits at most.

    The driver takes the type of a column from its first rows, and a column that begins with NULLs for numbers. So
    NULL travels as a text that no value has.
    """

    dialect = "sqlite"
    options: ClassVar[Mapping[str, str]] = {"adbc.sqlite.query.batch_rows": "50000"}

    def __init__(self, connection: Any, failure: _Failure) -> None:
        super().__init__(connection, failure)
        self._null = secrets.token_hex(16)

    def columns(self, table: str) -> dict[str, pa.DataType]:
        found = self.ask("SELECT name FROM pragma_table_info(?) ORDER BY cid", table)
        return {name: pa.string() for (name,) in found}

    def tables(self) -> list[str]:
        found = self.ask(
            "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
        return [name for (name,) in found]

    def key(self, table: str) -> list[str]:
        found = self.ask("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", table)
        return [name for (name,) in found]

    def value(self, column: exp.Expr, kind: pa.DataType) -> exp.Expr:
        del kind
        is_real = exp.EQ(this=exp.Anonymous(this="typeof", expressions=[column]), expression=exp.Literal.string("real"))
        digits = exp.Anonymous(this="printf", expressions=[exp.Literal.string("%!.15g"), column])
        text = exp.Case().when(is_real, digits).else_(exp.Cast(this=column, to=_TEXT))
        return exp.Coalesce(this=text, expressions=[exp.Literal.string(self._null)])

    def _read(self, column: pa.Array) -> pa.Array:
        column.validate(full=True)  # nobody has looked yet whether it is UTF-8
        return pc.if_else(pc.equal(column, self._null), pa.scalar(None, pa.string()), column)


class _Postgres(Database):
    """Dates, times and truth values keep their types; everything else is copied as the text PostgreSQL shows."""

    dialect = "postgres"

    def __init__(self, connection: Any, failure: _Failure, schema: str) -> None:
        super().__init__(connection, failure)
        self._schema = schema

    def columns(self, table: str) -> dict[str, pa.DataType]:
        found = self.ask(
            "SELECT a.attname::text, t.typname::text FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid "
            "JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = $1::text AND c.relname = $2::text AND c.relkind IN ('r', 'v', 'm', 'f', 'p') "
            "AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
            self._schema, table,
        )  # fmt: skip
        return {name: _TYPES.get(kind, pa.string()) for name, kind in found}

    def tables(self) -> list[str]:
        found = self.ask(
            "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = $1::text AND c.relkind IN ('r', 'v', 'm', 'f', 'p') ORDER BY 1",
            self._schema,
        )
        return [name for (name,) in found]

    def key(self, table: str) -> list[str]:
        found = self.ask(
            "SELECT a.attname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k(no, at) "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.no "
            "WHERE n.nspname = $1::text AND c.relname = $2::text AND i.indisprimary ORDER BY k.at",
            self._schema, table,
        )  # fmt: skip
        return [name for (name,) in found]

    def value(self, column: exp.Expr, kind: pa.DataType) -> exp.Expr:
        return exp.Cast(this=column, to=_TEXT) if kind == pa.string() else column

    def place(self, column: exp.Expr, kind: pa.DataType) -> exp.Expr:
        if kind != pa.string():
            return column
        return exp.Collate(this=self.value(column, kind), expression=exp.to_identifier("C", quoted=True))

    def table(self, name: str, alias: str = "") -> exp.Table:
        table = super().table(name, alias)
        table.set("db", exp.to_identifier(self._schema, quoted=True))
        return table


@contextmanager
def open_sqlite(path: Path, shown: str) -> Iterator[Database]:
    """A file, read only. One that nobody writes to is opened as immutable, which leaves no trace beside it.

    Raises
    ------
    SourceUnreachable, FileChanged
        It is no database, may not be read, or was written to meanwhile.
    """
    failure = _Failure(shown, str(path))
    try:
        before = path.stat()
        path.open("rb").close()  # the driver's own words for what it may not open are none
        is_still = not any(path.with_name(path.name + suffix).exists() for suffix in ("-wal", "-journal"))
        mode = "mode=ro&immutable=1" if is_still else "mode=ro"
        connection = adbc_driver_sqlite.dbapi.connect(f"file:{quote(str(path))}?{mode}")
    except _FAILURES as error:
        raise failure.of(error) from None
    with connection:
        yield _Sqlite(connection, failure)
    after = path.stat()
    if is_still and (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise FileChanged(file=str(path), place=shown)


@contextmanager
def open_postgres(location: str, schema: str, shown: str) -> Iterator[Database]:
    """A server, by an address or the variable that holds it.

    Raises
    ------
    SourceUnreachable
        It does not answer or does not let us in; the password is never told.
    """
    variable = URL_VARIABLE.fullmatch(location)
    url = os.environ.get(variable[1], "") if variable else location
    failure = _Failure(shown, location, url)
    try:
        address = make_conninfo(url, connect_timeout=SECONDS_TO_CONNECT, client_encoding="UTF8")
        connection = adbc_driver_postgresql.dbapi.connect(address)
    except _FAILURES as error:
        raise failure.of(error) from None
    with connection:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute("SET LOCAL TimeZone = 'UTC'")
        except _FAILURES as error:
            raise failure.of(error) from None
        yield _Postgres(connection, failure, schema)


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

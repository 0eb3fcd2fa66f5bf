"""The embedded engine: DuckDB, in the process, on Parquet. The default."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, TypeVar

import duckdb
import pyarrow as pa
from sqlglot import exp

from guanxi.insight.engines.port import Engine, Table
from guanxi.insight.errors import InsightError

T = TypeVar("T")
# Groups of few rows: who looks for the rows of one key reads little else. Reading all takes a twentieth longer.
WRITTEN = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480"


class DuckDBEngine(Engine):
    """DuckDB in this process; see `duckdb_engine` for the options.

    Results are repeatable: rows keep their order of insertion, and sums of DECIMAL do not depend on
    how threads shared the work. Integer sums, HUGEINT in DuckDB and DOUBLE once in Parquet, come
    out as BIGINT, as on Spark.
    """

    dialect: ClassVar[str] = "duckdb"

    def __init__(
        self,
        path: Path | str | None = None,
        *,
        threads: int | None = None,
        memory_limit: str | None = None,
        temp_directory: Path | str | None = None,
    ) -> None:
        super().__init__()
        # DuckDB would spill into the working directory; a folder of our own goes when the engine does.
        self._own_spill = tempfile.mkdtemp(prefix="guanxi-spill-") if temp_directory is None else None
        config: dict[str, str | bool | int | float | list[str]] = {
            "temp_directory": str(temp_directory or self._own_spill),
            "preserve_insertion_order": True,
        }
        if threads is not None:
            config["threads"] = threads
        if memory_limit is not None:
            config["memory_limit"] = memory_limit
        self._connection = duckdb.connect(str(path) if path else ":memory:", config=config)

    def parquet(
        self, paths: Sequence[Path | str], columns: Mapping[str, str] | None = None, *, name: str | None = None
    ) -> Table:
        """A view of Parquet files; see `Engine.parquet`."""
        if not paths and columns is None:
            raise InsightError(
                "no_files", "There is no file to read the columns from.", cure="Give the columns and their types."
            )
        for path in paths:
            if "*" not in str(path) and not Path(path).exists():
                raise InsightError("file_not_found", f"There is no file {path}.")
        types = {column: exp.DataType.build(type_, dialect="duckdb") for column, type_ in (columns or {}).items()}
        if paths:
            files = exp.Array(expressions=[exp.Literal.string(Path(path).as_posix()) for path in paths])
            source = exp.Anonymous(
                this="read_parquet",
                expressions=[files, exp.PropertyEQ(this=exp.to_identifier("union_by_name"), expression=exp.true())],
            )
            picks: list[exp.Expr] = [
                exp.alias_(exp.cast(exp.column(column, quoted=True), type_), column, quoted=True)
                for column, type_ in types.items()
            ]
            query = exp.select(*(picks or [exp.Star()])).from_(exp.Table(this=source))
        else:
            picks = [exp.alias_(exp.cast(exp.Null(), type_), column, quoted=True) for column, type_ in types.items()]
            query = exp.select(*picks).where(exp.false())
        table = self.create(name or "parquet", query, view=True)
        return table if name is None else self.name_table(name, table)

    def arrow(self, data: pa.Table, *, name: str | None = None) -> Table:
        """A table holding `data`."""
        self._connection.register("gx_arrow_incoming", data)
        try:
            table = self.create(name or "arrow", 'SELECT * FROM "gx_arrow_incoming"', view=False)
        finally:
            self._connection.unregister("gx_arrow_incoming")
        return table if name is None else self.name_table(name, table)

    def fetch(self, query: exp.Expr) -> pa.Table:
        """The result of a query as an Arrow table."""
        return self._guard(lambda: self._connection.sql(query.sql(dialect="duckdb")).to_arrow_table())

    def schema(self, name: str) -> pa.Schema:
        """The Arrow schema of a relation."""
        nothing = exp.select("*").from_(exp.Table(this=exp.to_identifier(name, quoted=True))).limit(0)
        return self.fetch(nothing).schema

    def write_parquet(self, query: exp.Expr, path: Path) -> None:
        """Write a query's result as one Parquet file."""
        target = exp.Literal.string(path.as_posix()).sql(dialect="duckdb")
        self._execute(f"COPY ({query.sql(dialect='duckdb')}) TO {target} ({WRITTEN})", path.name)

    def seal(self, files: Iterable[Path]) -> None:
        """Close the engine to the outside: from now on it reads only `files`, and no setting can be changed.

        For SQL that somebody types: it can reach neither other files nor the network.
        """
        allowed = ", ".join(exp.Literal.string(path.as_posix()).sql(dialect="duckdb") for path in files)
        self._execute(f"SET allowed_paths = [{allowed}]", "seal")
        self._execute("SET enable_external_access = false", "seal")
        self._execute("SET lock_configuration = true", "seal")

    def interrupt(self) -> None:
        """Stop the running statement; the caller of it gets `InsightError` `interrupted`. Harmless once closed."""
        with suppress(duckdb.ConnectionException):
            self._connection.interrupt()

    def close(self) -> None:
        """Close the connection and remove what spilled to disk."""
        self._connection.close()
        if self._own_spill is not None:
            shutil.rmtree(self._own_spill, ignore_errors=True)

    def _drop(self, name: str, *, view: bool) -> None:
        self._execute(f"DROP {'VIEW' if view else 'TABLE'} {_quoted(name)}", name)

    def _create(self, name: str, sql: str, place: str, *, view: bool) -> None:
        described = self._guard(lambda: self._connection.execute(f"DESCRIBE {sql}").fetchall(), place)
        huge = [column for column, type_, *_ in described if type_ == "HUGEINT"]
        if huge:
            casts = ", ".join(f"CAST({_quoted(column)} AS BIGINT) AS {_quoted(column)}" for column in huge)
            sql = f"SELECT * REPLACE ({casts}) FROM ({sql})"  # noqa: S608 - column names, quoted
        self._execute(f"CREATE TEMP {'VIEW' if view else 'TABLE'} {_quoted(name)} AS {sql}", place)

    def _execute(self, sql: str, place: str) -> None:
        self._guard(lambda: self._connection.execute(sql), place)

    def _guard(self, action: Callable[[], T], place: str = "") -> T:
        try:
            return action()
        except duckdb.InterruptException as error:
            raise InsightError("interrupted", "The query was interrupted.", place=place) from error
        except duckdb.OutOfMemoryException as error:
            raise InsightError(
                "out_of_memory",
                f"The engine ran out of memory: {error}",
                place=place,
                cure="Give it a larger memory_limit, or room in temp_directory.",
            ) from error
        except duckdb.Error as error:
            raise InsightError("step_failed", f"The engine refused the step: {error}", place=place) from error


def duckdb_engine(
    path: Path | str | None = None,
    *,
    threads: int | None = None,
    memory_limit: str | None = None,
    temp_directory: Path | str | None = None,
) -> DuckDBEngine:
    """A DuckDB engine.

    Parameters
    ----------
    path : Path, optional
        A DuckDB file; in memory by default, which is enough: results that should stay are written as Parquet.
    threads : int, optional
        Default: all cores.
    memory_limit : str, optional
        As DuckDB takes it, `"4GB"`; default 80 % of the machine's memory.
    temp_directory : Path, optional
        Where to spill what does not fit; default a folder of its own in the system's temporary
        folder, removed by `close()`.

    Examples
    --------
    >>> import pyarrow as pa
    >>> with duckdb_engine() as engine:
    ...     t = engine.arrow(pa.table({"customer_id": [1, 2, 2]}), name="purchase")
    ...     engine.query("select customer_id, count(*) as n from purchase group by customer_id").rows(["customer_id"])
    [{'customer_id': 1, 'n': 1}, {'customer_id': 2, 'n': 2}]
    """
    return DuckDBEngine(path, threads=threads, memory_limit=memory_limit, temp_directory=temp_directory)


def _quoted(name: str) -> str:
    return exp.to_identifier(name, quoted=True).sql(dialect="duckdb")

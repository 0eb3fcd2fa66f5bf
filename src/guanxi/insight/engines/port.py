"""The port: what every engine can do, and the handle of a table in one."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Concatenate, ParamSpec, Self, TypeVar

import pyarrow as pa
from sqlglot import exp

from guanxi.insight.engines.step import Step
from guanxi.insight.errors import InsightError

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Table:
    """A table or view inside an engine: a name, no data. It lives as long as its engine."""

    engine: Engine
    name: str

    @property
    def schema(self) -> pa.Schema:
        """Column names and Arrow types."""
        return self.engine.schema(self.name)

    @property
    def columns(self) -> list[str]:
        """The column names, in order."""
        return list(self.schema.names)

    def count(self) -> int:
        """The number of rows."""
        counted = self.engine.fetch(exp.select(exp.alias_(exp.Count(this=exp.Star()), "n")).from_(self.relation))
        return int(counted.column("n")[0].as_py())

    def rows(self, order_by: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """All rows as dictionaries; in rising order of `order_by` (NULL last), or else in no promised order."""
        rows: list[dict[str, Any]] = self.to_arrow(order_by).to_pylist()
        return rows

    def to_arrow(self, order_by: Sequence[str] | None = None) -> pa.Table:
        """All rows as an Arrow table."""
        return self.engine.fetch(self._ordered(order_by))

    def write_parquet(self, path: Path | str, order_by: Sequence[str] | None = None) -> None:
        """Write the rows as Parquet (zstd), sorted by `order_by`: one file on DuckDB, a folder of parts on Spark.

        The same rows and an `order_by` that ends in a unique key give the same bytes on DuckDB.
        """
        self.engine.write_parquet(self._ordered(order_by), Path(path))

    def select(self, *columns: str, **renamed: str) -> Table:
        """A view of some columns: `t.select("customer_id", spend="monetary")` renames `monetary` to `spend`."""
        wanted = [(name, name) for name in columns] + [(old, new) for new, old in renamed.items()]
        known = set(self.columns)
        for old, _ in wanted:
            if old not in known:
                raise InsightError(
                    "unknown_column",
                    f"There is no column “{old}”.",
                    place=self.name,
                    cure=f"There are: {', '.join(self.columns)}.",
                )
        picks = [exp.alias_(exp.column(old, quoted=True), new, quoted=True) for old, new in wanted]
        return self.engine.create("select", exp.select(*picks).from_(self.relation), view=True)

    def keep(self) -> Table:
        """The rows as a table of their own, which no longer depends on what a view was made from."""
        return self.engine.create("kept", exp.select("*").from_(self.relation), view=False)

    def drop(self) -> None:
        """Forget the table and free its memory; what was derived from it as a view is broken then."""
        self.engine.drop(self.name)

    @property
    def relation(self) -> exp.Table:
        """The table as a node of a syntax tree."""
        return exp.Table(this=exp.to_identifier(self.name, quoted=True))

    def _ordered(self, order_by: Sequence[str] | None) -> exp.Select:
        query = exp.select("*").from_(self.relation)
        for name in order_by or ():
            ordered = exp.Ordered(this=exp.column(name, quoted=True), desc=False, nulls_first=False)
            query = query.order_by(ordered, append=True)
        return query


def tidy(method: Callable[Concatenate[Table, P], R]) -> Callable[Concatenate[Table, P], R]:
    """A method whose passing tables go when it is done: only the table it returns stays.

    The method's first argument is a table; what it returns must not be a view of a passing table.
    """

    @wraps(method)
    def tidied(first: Table, /, *args: P.args, **kwargs: P.kwargs) -> R:
        engine = first.engine
        before = set(engine.relations())
        result: R | None = None
        try:
            result = method(first, *args, **kwargs)
        finally:
            stays = {result.name} if isinstance(result, Table) else set()
            for name in reversed(engine.relations()):
                if name not in before | stays:
                    engine.drop(name)
        return result

    return tidied


class Engine(ABC):
    """Where the SQL runs. One engine serves one thread at a time; `interrupt` may come from another."""

    dialect: ClassVar[str]

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {}
        self._made = 0
        self._live: dict[str, bool] = {}  # relation -> whether it is a view, in the order they were made

    # -- what callers use

    def run(
        self,
        step: Step | Path | str,
        inputs: Mapping[str, Table] | None = None,
        params: Mapping[str, Any] | None = None,
        *,
        view: bool = False,
    ) -> Table:
        """Run a step and keep its result as a temporary table (or as a view, computed anew at every use).

        Parameters
        ----------
        step : Step, Path or str
            The step, or the path of its file.
        inputs : mapping of str to Table
            The bare table names of the SQL -> tables of this engine.
        params : mapping
            `$name` -> date, naive datetime, int, float, Decimal, str, bool, None, or a list of those.
        view : bool
            Keep a view in place of a table.

        Raises
        ------
        InsightError
            A missing or unknown input or parameter, or `step_failed` with the engine's own words.
        """
        if not isinstance(step, Step):
            step = Step.from_file(step)
        for name, table in (inputs or {}).items():
            if table.engine is not self:
                raise InsightError(
                    "foreign_table", f"The input “{name}” is a table of another engine.", place=step.place
                )
        relations = {name: table.name for name, table in (inputs or {}).items()}
        return self.create(step.name, step.compile(self.dialect, relations, params), view=view, place=step.place)

    def query(self, sql: str, params: Mapping[str, Any] | None = None, *, view: bool = False) -> Table:
        """Run one SELECT over the engine's named tables; for notebooks.

        Raises
        ------
        InsightError
            `unknown_table`, or as `run`.
        """
        step = Step.from_text("query", sql)
        if unknown := sorted(step.inputs - set(self.tables)):
            raise InsightError(
                "unknown_table",
                f"There is no table “{unknown[0]}”.",
                cure=f"There are: {', '.join(sorted(self.tables)) or 'none'}.",
            )
        return self.run(step, {name: self.tables[name] for name in step.inputs}, params, view=view)

    def table(self, name: str) -> Table:
        """The table registered under `name`.

        Raises
        ------
        InsightError
            `unknown_table`.
        """
        if name not in self.tables:
            raise InsightError(
                "unknown_table",
                f"There is no table “{name}”.",
                cure=f"There are: {', '.join(sorted(self.tables)) or 'none'}.",
            )
        return self.tables[name]

    def name_table(self, name: str, table: Table) -> Table:
        """Register `table` under `name` for `table()` and `query()`."""
        self.tables[name.lower()] = table
        return table

    def create(self, hint: str, query: exp.Expr | str, *, view: bool, place: str = "") -> Table:
        """A new relation from a query already in this engine's dialect."""
        name = self._new_name(hint)
        sql = query if isinstance(query, str) else query.sql(dialect=self.dialect)
        self._create(name, sql, place or hint, view=view)
        return self._made_relation(name, view=view)

    def drop(self, name: str) -> None:
        """Drop a table or view; nothing happens if it is gone already."""
        if name in self._live:
            self._drop(name, view=self._live.pop(name))
            self.tables = {known: table for known, table in self.tables.items() if table.name != name}

    def relations(self) -> list[str]:
        """The names of all live tables and views, in the order they were made."""
        return list(self._live)

    def _new_name(self, hint: str) -> str:
        self._made += 1
        return f"gx_{self._made:05d}_{re.sub(r'[^a-z0-9_]', '_', hint.lower())}"

    def _made_relation(self, name: str, *, view: bool) -> Table:
        self._live[name] = view
        return Table(self, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- what an engine supplies

    @abstractmethod
    def parquet(
        self, paths: Sequence[Path | str], columns: Mapping[str, str] | None = None, *, name: str | None = None
    ) -> Table:
        """A view of Parquet files.

        Parameters
        ----------
        paths : sequence of Path
            The files; their columns are united by name.
        columns : mapping of str to str, optional
            Column -> type in DuckDB's words (`DECIMAL(18,4)`). Where given, the view has just these
            columns, in this order and of these types; needed where `paths` is empty, and the view
            is empty then.
        name : str, optional
            Register the view under this name.
        """

    @abstractmethod
    def arrow(self, data: pa.Table, *, name: str | None = None) -> Table:
        """A table holding `data`."""

    @abstractmethod
    def fetch(self, query: exp.Expr) -> pa.Table:
        """The result of a query as an Arrow table."""

    @abstractmethod
    def schema(self, name: str) -> pa.Schema:
        """The Arrow schema of a relation."""

    @abstractmethod
    def write_parquet(self, query: exp.Expr, path: Path) -> None:
        """Write a query's result as Parquet."""

    @abstractmethod
    def interrupt(self) -> None:
        """Stop what runs, from another thread."""

    @abstractmethod
    def close(self) -> None:
        """Free everything; the engine's tables are gone then."""

    @abstractmethod
    def _drop(self, name: str, *, view: bool) -> None: ...

    @abstractmethod
    def _create(self, name: str, sql: str, place: str, *, view: bool) -> None: ...

"""What Django's own lookups do not say well enough for lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Field, Func, Lookup, OrderBy, Transform
from django.db.models.fields.related import ForeignObject
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.query import Query


@Field.register_lookup
@ForeignObject.register_lookup
class Other(Lookup):
    """`path__other=value`: has a value, and not this one, as a plain comparison.

    Django's own `exclude` turns into a sub-select on a joined relation, which no index answers.
    """

    lookup_name = "other"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """The comparison."""
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} <> {right}", (*left_values, *right_values)


@dataclass(frozen=True)
class Keys:
    """Whole numbers as a text, "3,1,2"."""

    text: str

    @classmethod
    def listing(cls, numbers: Sequence[int]) -> Keys:
        """These numbers."""
        return cls(",".join(map(str, numbers)))


@Field.register_lookup
@ForeignObject.register_lookup
class Among(Lookup):
    """`key__among=keys`: one of many whole numbers, given to the database as one parameter; or of those a query finds.

    PostgreSQL then runs the query first and looks the rows up by what it found, however it guesses.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """The comparison."""
        left, values = self.process_lhs(compiler, connection)
        if isinstance(self.rhs, Query):
            sql, given = _keys_of(self.rhs, connection)
            found = f"= ANY(ARRAY({sql}))" if connection.vendor == "postgresql" else f"IN ({sql})"
            return f"{left} {found}", (*values, *given)
        keys: Keys = self.rhs
        if connection.vendor == "postgresql":
            return f"{left} = ANY(%s::bigint[])", (*values, f"{{{keys.text}}}")
        return f"{left} IN (SELECT value FROM json_each(%s))", (*values, f"[{keys.text}]")  # noqa: S608


@Field.register_lookup
@ForeignObject.register_lookup
class Met(Lookup):
    """`key__met=keys`: of those a query finds; the rows are found in another way, and each is looked for among them."""

    lookup_name = "met"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """The comparison."""
        left, values = self.process_lhs(compiler, connection)
        sql, given = _keys_of(self.rhs, connection)
        return f"({left} IN ({sql})) IS TRUE", (*values, *given)


def _keys_of(asked: Query, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
    keys = asked.clone()
    # A key that is found twice is looked up once all the same, and in order.
    keys.combinator_all = keys.combinator == "union"
    sql, given = keys.get_compiler(connection=connection).as_sql()
    return sql, tuple(given)


@Field.register_lookup
class Plain(Transform):
    """`path__plain=value`: the same comparison, but SQLite is not to look for an index that answers it."""

    lookup_name = "plain"

    template = "%(expressions)s"

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        """The column with a sign that hides it from indexes."""
        return self.as_sql(compiler, connection, template="+%(expressions)s", **extra)


class _Unindexed(Func):
    """The value of an expression, but no index is in that order."""

    arity = 1
    template = "+%(expressions)s"

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="GREATEST(%(expressions)s)", **extra)


def unindexed(paths: Sequence[str], *, descending: bool) -> list[OrderBy]:
    """To sort a few rows by: a database that believes in an index of that order would walk all of it."""
    return [_Unindexed(F(path)).desc() if descending else _Unindexed(F(path)).asc() for path in paths]

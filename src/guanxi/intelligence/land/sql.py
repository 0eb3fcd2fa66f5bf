"""Small words for building SQL as a tree: what a contract says becomes a literal, never a piece of text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlglot import exp

from guanxi.intelligence.sources.terms import Scalar

Expression = exp.Expr


def literal(value: Scalar | None) -> Expression:
    """A value as SQL, with its own type."""
    if value is None:
        return exp.null()
    if isinstance(value, bool):
        return exp.true() if value else exp.false()
    if isinstance(value, datetime):
        return cast(exp.Literal.string(value.isoformat(sep=" ")), "TIMESTAMP")
    if isinstance(value, date):
        return cast(exp.Literal.string(value.isoformat()), "DATE")
    if isinstance(value, str):
        return exp.Literal.string(value)
    return exp.paren(exp.Literal.number(str(value))) if value < 0 else exp.Literal.number(str(value))


def name(column: str) -> Expression:
    """A column of ours."""
    return exp.column(column, quoted=True)


def call(function: str, *arguments: Expression) -> Expression:
    """A function of DuckDB, as it is called there."""
    return exp.Anonymous(this=function, expressions=list(arguments))


def cast(value: Expression, kind: str) -> Expression:
    """CAST(value AS kind)."""
    return exp.Cast(this=value, to=exp.DataType.build(kind, dialect="duckdb"))


def try_cast(value: Expression, kind: str) -> Expression:
    """TRY_CAST(value AS kind): NULL where it does not fit."""
    return exp.TryCast(this=value, to=exp.DataType.build(kind, dialect="duckdb"))


def is_null(value: Expression) -> Expression:
    """VALUE IS NULL."""
    return exp.Is(this=value, expression=exp.null())


def not_null(value: Expression) -> Expression:
    """VALUE IS NOT NULL."""
    return exp.Not(this=exp.paren(is_null(value)))


def both(*tests: Expression) -> Expression:
    """All tests hold."""
    return exp.and_(*tests) if tests else exp.true()


def either(*tests: Expression) -> Expression:
    """One of the tests holds."""
    return exp.or_(*tests) if tests else exp.false()


def negated(test: Expression) -> Expression:
    """The test does not hold."""
    return exp.Not(this=exp.paren(test))


def choose(*branches: tuple[Expression, Expression], otherwise: Expression | None = None) -> Expression:
    """CASE WHEN .. THEN .. ELSE .. END."""
    if not branches:
        return otherwise if otherwise is not None else exp.null()
    case = exp.Case()
    for test, value in branches:
        case = case.when(test, value)
    return case.else_(otherwise) if otherwise is not None else case


def translate(value: Expression, words: Mapping[str, str]) -> Expression:
    """The value, or what stands for it in `words`."""
    if not words:
        return value
    case = exp.Case(this=value)
    for old, new in words.items():
        case = case.when(literal(old), literal(new))
    return case.else_(value)


def is_in(value: Expression, values: Iterable[Expression]) -> Expression:
    """VALUE IN (..)."""
    return exp.In(this=value, expressions=list(values))


def equal(left: Expression, right: Expression) -> Expression:
    """LEFT = RIGHT."""
    return exp.EQ(this=left, expression=right)


def text_of(statement: Expression) -> str:
    """The SQL to run."""
    return statement.sql("duckdb")

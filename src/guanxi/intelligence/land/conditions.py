"""Conditions on rows (S1h): which are kept, which are returns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlglot import exp

from guanxi.intelligence.land import sql
from guanxi.intelligence.land.readings import Fault, Reader, Reading, Source
from guanxi.intelligence.land.sql import Expression
from guanxi.intelligence.sources.terms import Condition, Scalar

_COMPARE: Final[dict[str, Callable[..., Expression]]] = {
    "=": exp.EQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE, "!=": exp.NullSafeNEQ,
}  # fmt: skip


def condition(reader: Reader, source: Source, wanted: Condition) -> Reading:
    """The test as SQL, never NULL: an empty value is not equal to anything, and meets only != and not_in.

    Its faults say where the value could not be compared.
    """
    if wanted.op == "not_null":
        return Reading(sql.not_null(source.column))
    values = wanted.value if isinstance(wanted.value, tuple) else (wanted.value,)
    value, literals, faults = _compared(reader, source, [item for item in values if item is not None])
    return Reading(sql.call("coalesce", _test(wanted.op, value, literals), exp.false()), faults)


def _test(operator: str, value: Expression, literals: list[Expression]) -> Expression:
    if operator == "in":
        return sql.is_in(value, literals)
    if operator == "not_in":
        return sql.either(sql.is_null(value), sql.negated(sql.is_in(value, literals)))
    if operator == "starts_with":
        return sql.call("starts_with", value, literals[0])
    return _COMPARE[operator](this=value, expression=literals[0])


def _compared(
    reader: Reader, source: Source, values: list[Scalar]
) -> tuple[Expression, list[Expression], tuple[Fault, ...]]:
    """Both sides in one type: numbers, moments, days, or text."""
    first = values[0]
    if isinstance(first, bool):
        return sql.call("lower", source.text), [sql.literal("true" if value else "false") for value in values], ()
    if isinstance(first, int | Decimal):
        number = reader.number(source)
        return number.value, [sql.literal(value) for value in values], number.faults
    if isinstance(first, date):
        moment = reader.time(source) if isinstance(first, datetime) else reader.day(source)
        return moment.value, [sql.literal(value) for value in values], moment.faults
    return source.text, [sql.literal(value) for value in values], ()

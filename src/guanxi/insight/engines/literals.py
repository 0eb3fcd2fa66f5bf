"""Python values as typed SQL literals: built as a tree, never by putting text together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlglot import exp

from guanxi.insight.errors import InsightError

_BIGINT = 2**63
_DECIMAL_DIGITS = 38


def literal(name: str, value: object, place: str = "") -> exp.Expr:
    """The typed literal of one parameter.

    Dates become `DATE`, naive datetimes `TIMESTAMP` (the business's wall clock), floats `DOUBLE`,
    decimals a `DECIMAL` of just their digits, `None` a bare `NULL`.

    Raises
    ------
    InsightError
        `wrong_param`: a type the engines do not share, a datetime with a zone, a float that is
        not finite, an integer beyond BIGINT.
    """
    match value:
        case None:
            return exp.Null()
        case bool():
            return exp.Boolean(this=value)
        case int():
            if not -_BIGINT <= value < _BIGINT:
                raise _wrong(name, value, "is outside BIGINT", place)
            return _number(value)
        case float():
            if not math.isfinite(value):
                raise _wrong(name, value, "is not a finite number", place)
            return _cast(repr(value), "DOUBLE")
        case Decimal():
            return _decimal(name, value, place)
        case datetime():
            if value.tzinfo is not None:
                raise _wrong(name, value, "has a time zone; give the business's wall clock", place)
            return _cast(value.isoformat(sep=" "), "TIMESTAMP")
        case date():
            return _cast(value.isoformat(), "DATE")
        case str():
            return exp.Literal.string(value)
    raise _wrong(name, value, f"is a {type(value).__name__}, which no engine takes", place)


def put_params(tree: exp.Expr, params: Mapping[str, Any], place: str = "") -> exp.Expr:
    """The tree with every `$name` replaced by its literal.

    A list is taken only as `x in ($name)` or as the last argument of a macro, `gx_above(v, $name)`.

    Raises
    ------
    InsightError
        `missing_param`, `unknown_param`, or `wrong_param`.
    """
    holes = {str(hole.this) for hole in tree.find_all(exp.Placeholder) if hole.this}
    if missing := sorted(holes - set(params)):
        raise InsightError(
            "missing_param", f"The parameter “{missing[0]}” is missing.", place=place, cure="Give it in params."
        )
    if extra := sorted(set(params) - holes):
        raise InsightError(
            "unknown_param",
            f"There is no parameter “{extra[0]}”.",
            place=place,
            cure=f"The step takes: {', '.join(sorted(holes)) or 'none'}.",
        )
    lists = {name: list(value) for name, value in params.items() if isinstance(value, list | tuple | set | frozenset)}
    tree = _put_lists(tree, lists, place)
    for hole in list(tree.find_all(exp.Placeholder)):
        name = str(hole.this)
        if name in lists:
            raise InsightError(
                "wrong_param", f"The parameter “{name}” is a list.", place=place, cure=f"Use it as: x in (${name})."
            )
        put(tree, hole, literal(name, params[name], place))
    return tree


def _put_lists(tree: exp.Expr, lists: dict[str, list[Any]], place: str) -> exp.Expr:
    for node in list(tree.find_all(exp.In, exp.Anonymous)):
        names = {str(item.this) for item in node.expressions if isinstance(item, exp.Placeholder)}
        if not names & set(lists):
            continue
        items: list[exp.Expr] = []
        for item in node.expressions:
            if isinstance(item, exp.Placeholder) and (name := str(item.this)) in lists:
                items += [literal(name, value, place) for value in lists[name]]
            else:
                items.append(item)
        if items or isinstance(node, exp.Anonymous):
            node.set("expressions", items)
        else:
            # Nothing is in an empty list; SQL has no way to write one.
            tree = put(tree, node, exp.false())
    return tree


def put(tree: exp.Expr, old: exp.Expr, new: exp.Expr) -> exp.Expr:
    """`old` replaced by `new` in place; the tree, or `new` where `old` was the whole of it."""
    if old is tree:
        return new
    old.replace(new)
    return tree


def _number(value: int) -> exp.Expr:
    number = exp.Literal.number(abs(value))
    return exp.Paren(this=exp.Neg(this=number)) if value < 0 else number


def _decimal(name: str, value: Decimal, place: str) -> exp.Expr:
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise _wrong(name, value, "is not a finite number", place)
    scale = max(-exponent, 0)
    width = max(len(digits) + max(exponent, 0), scale, 1)
    if width > _DECIMAL_DIGITS:
        raise _wrong(name, value, f"has more than {_DECIMAL_DIGITS} digits", place)
    return _cast(f"{value:f}", f"DECIMAL({width}, {scale})")


def _cast(text: str, type_: str) -> exp.Expr:
    return exp.cast(exp.Literal.string(text), exp.DataType.build(type_, dialect="duckdb"))


def _wrong(name: str, value: object, why: str, place: str) -> InsightError:
    return InsightError("wrong_param", f"The parameter “{name}” ({value!r}) {why}.", place=place)

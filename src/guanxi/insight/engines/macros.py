"""The `gx_` macros: what the engines spell differently, with one body per engine.

A macro is expanded on the syntax tree before the SQL is written for the engine, so a step file
reads the same everywhere. `_1`, `_2`, `_3` in a body are the arguments.

==========================  =========  ==========================================================
macro                       gives      meaning
==========================  =========  ==========================================================
gx_days_between(a, b)       BIGINT     calendar days from a to b (midnights passed); times of day
                                       are left out
gx_add_days(d, n)           DATE       n days after d
gx_add_months(d, n)         DATE       n months after d; the last day of the month where d's day
                                       does not exist (31 January + 1 = 28 February)
gx_month_start(d)           DATE       first day of d's month
gx_month_end(d)             DATE       last day of d's month
gx_weekday(d)               BIGINT     1 Monday ... 7 Sunday
gx_date(x)                  DATE       the day of a date or timestamp
gx_money(x)                 DECIMAL    the amount in the warehouse's one scale, DECIMAL(18,4)
gx_money_even(x)            DECIMAL    an exact number rounded half-even to that scale
gx_double(x)                DOUBLE     the number as a double
gx_ratio(a, b)              DOUBLE     a / b; NULL where b is 0 or either is NULL
gx_mean(x)                  DOUBLE     aggregate: mean of the values that are not NULL
gx_quantile(v, k, n)        type of v  aggregate: the nearest-rank edge k of n, the smallest value
                                       with at least k/n of all values at or below it
gx_first_by(v, key)         type of v  aggregate: the value that is not NULL with the smallest key;
                                       the key must be unique among them
gx_last_by(v, key)          type of v  the same with the largest key
gx_joined_by(text, key)     VARCHAR    aggregate: the texts that are not NULL in rising order of a unique
                                       key, with commas between; NULL where there are none
gx_bucket(id, n)            BIGINT     0 .. n-1 from md5 of the id's text: the same on every engine
                                       and in every run, for samples and control groups
gx_log(x)                   DOUBLE     natural logarithm; NULL where x <= 0
gx_above(v, $edges)         INTEGER    how many values of a list parameter lie strictly below v;
                                       NULL where v is NULL
==========================  =========  ==========================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import sqlglot
from sqlglot import exp

from guanxi.insight.errors import InsightError

PREFIX = "gx_"
VARIADIC = "gx_above"


@dataclass(frozen=True)
class Macro:
    """A macro: how many arguments it takes and its body in each engine's own dialect."""

    arity: int
    duckdb: str
    spark: str

    def body(self, dialect: str) -> str:
        """The body for `dialect` (`duckdb` or `spark`)."""
        return self.spark if dialect == "spark" else self.duckdb


def _same(arity: int, body: str) -> Macro:
    return Macro(arity, body, body)


# A quantile's rank is ceil(p * count). p lies a hair below k/n, so that a product which is a whole number
# in arithmetic, and just above it in doubles, is not rounded up; exact up to some 10^8 values and n <= 100.
_HAIR = "1e-11"

MACROS: dict[str, Macro] = {
    "gx_days_between": Macro(
        2,
        "date_diff('day', CAST(_1 AS DATE), CAST(_2 AS DATE))",
        "CAST(datediff(CAST(_2 AS DATE), CAST(_1 AS DATE)) AS BIGINT)",
    ),
    "gx_add_days": Macro(
        2,
        "CAST(CAST(_1 AS DATE) + to_days(CAST(_2 AS INTEGER)) AS DATE)",
        "date_add(CAST(_1 AS DATE), CAST(_2 AS INT))",
    ),
    "gx_add_months": Macro(
        2,
        "CAST(CAST(_1 AS DATE) + to_months(CAST(_2 AS INTEGER)) AS DATE)",
        "add_months(CAST(_1 AS DATE), CAST(_2 AS INT))",
    ),
    "gx_month_start": Macro(1, "CAST(date_trunc('month', CAST(_1 AS DATE)) AS DATE)", "trunc(CAST(_1 AS DATE), 'MM')"),
    "gx_month_end": Macro(1, "last_day(CAST(_1 AS DATE))", "last_day(CAST(_1 AS DATE))"),
    "gx_weekday": Macro(1, "isodow(CAST(_1 AS DATE))", "CAST(weekday(CAST(_1 AS DATE)) + 1 AS BIGINT)"),
    "gx_date": _same(1, "CAST(_1 AS DATE)"),
    "gx_money": _same(1, "CAST(_1 AS DECIMAL(18, 4))"),
    "gx_money_even": Macro(1, "CAST(round_even(_1, 4) AS DECIMAL(18, 4))", "CAST(bround(_1, 4) AS DECIMAL(18, 4))"),
    "gx_double": _same(1, "CAST(_1 AS DOUBLE)"),
    "gx_ratio": _same(2, "(CAST(_1 AS DOUBLE) / NULLIF(CAST(_2 AS DOUBLE), CAST(0 AS DOUBLE)))"),
    "gx_mean": _same(1, "(CAST(SUM(_1) AS DOUBLE) / NULLIF(CAST(COUNT(_1) AS DOUBLE), CAST(0 AS DOUBLE)))"),
    "gx_quantile": Macro(
        3,
        f"quantile_disc(_1, CAST(_2 AS DOUBLE) / CAST(_3 AS DOUBLE) - {_HAIR})",
        f"percentile_disc(CAST(_2 AS DOUBLE) / CAST(_3 AS DOUBLE) - {_HAIR}D) WITHIN GROUP (ORDER BY _1)",
    ),
    "gx_first_by": Macro(
        2, "arg_min(_1, _2) FILTER (WHERE _1 IS NOT NULL)", "min_by(_1, _2) FILTER (WHERE _1 IS NOT NULL)"
    ),
    "gx_last_by": Macro(
        2, "arg_max(_1, _2) FILTER (WHERE _1 IS NOT NULL)", "max_by(_1, _2) FILTER (WHERE _1 IS NOT NULL)"
    ),
    "gx_joined_by": Macro(
        2,
        "string_agg(_1, ',' ORDER BY _2)",
        "nullif(array_join(transform(array_sort(collect_list("
        "CASE WHEN _1 IS NOT NULL THEN named_struct('at', _2, 'text', _1) END"
        ")), told -> told.text), ','), '')",
    ),
    "gx_bucket": Macro(
        2,
        "(CAST('0x' || substring(md5(CAST(_1 AS VARCHAR)), 1, 12) AS BIGINT) % _2)",
        "(CAST(conv(substring(md5(CAST(_1 AS STRING)), 1, 12), 16, 10) AS BIGINT) % _2)",
    ),
    "gx_log": _same(1, "ln(CASE WHEN _1 > 0 THEN CAST(_1 AS DOUBLE) END)"),
}

_ATOMS = (exp.Column, exp.Literal, exp.Paren, exp.Func, exp.Null, exp.Boolean, exp.Star, exp.Subquery)


def expand(tree: exp.Expr, dialect: str, place: str = "") -> exp.Expr:
    """The tree with every `gx_` call replaced by its body in `dialect`.

    Raises
    ------
    InsightError
        `unknown_macro`, `wrong_macro_arguments`.
    """
    # Innermost first, so that a macro in a macro's argument is already expanded when it is copied.
    calls = [node for node in tree.find_all(exp.Anonymous) if str(node.this).lower().startswith(PREFIX)]
    for call in reversed(calls):
        name = str(call.this).lower()
        if name == VARIADIC and call.expressions:
            call.replace(_above(call.expressions[0], call.expressions[1:]))
            continue
        macro = MACROS.get(name)
        if macro is None:
            raise InsightError(
                "unknown_macro",
                f"There is no macro {name}.",
                place=place,
                cure=f"There are: {', '.join([*MACROS, VARIADIC])}.",
            )
        if len(call.expressions) != macro.arity:
            raise InsightError(
                "wrong_macro_arguments",
                f"{name} takes {macro.arity} arguments and was given {len(call.expressions)}.",
                place=place,
            )
        body = _fill(_body(name, dialect).copy(), call.expressions)
        if call is tree:
            return body
        call.replace(body)
    return tree


def _fill(body: exp.Expr, arguments: list[exp.Expr]) -> exp.Expr:
    for hole in list(body.find_all(exp.Column)):
        if not hole.table and hole.name in {"_1", "_2", "_3"}:
            hole.replace(_atom(arguments[int(hole.name[1]) - 1]))
    return body


def _above(value: exp.Expr, edges: list[exp.Expr]) -> exp.Expr:
    """The number of edges passed, whatever their order; equal values can only be given equal counts."""
    count: exp.Expr = exp.Literal.number(0)
    for edge in edges:
        passed = exp.GT(this=_atom(value), expression=edge.copy())
        one = exp.Case().when(passed, exp.Literal.number(1)).else_(exp.Literal.number(0))
        count = exp.Add(this=count, expression=one)
    known = exp.Not(this=exp.Is(this=_atom(value), expression=exp.Null()))
    return exp.Paren(this=exp.Case().when(known, count))


def _atom(argument: exp.Expr) -> exp.Expr:
    copy = argument.copy()
    return copy if isinstance(copy, _ATOMS) else exp.Paren(this=copy)


@cache
def _body(name: str, dialect: str) -> exp.Expr:
    return sqlglot.parse_one(MACROS[name].body(dialect), read=dialect)

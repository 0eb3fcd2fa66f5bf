"""The portable subset of SQL: what every engine is known to answer alike.

Translation between dialects is silently wrong in places, so a list of what is allowed is kept and
everything else is refused in words. Two things no syntax tree can show, and a reader must: that an
ORDER BY ends in a unique key, and that a sum over doubles is not needed to the last digit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sqlglot import exp

from guanxi.insight.engines import macros
from guanxi.insight.engines.step import Step
from guanxi.insight.errors import InsightError

_SHAPE: tuple[type[exp.Expr], ...] = (
    *(exp.Select, exp.Union, exp.Except, exp.Intersect, exp.Subquery, exp.With, exp.CTE, exp.From, exp.Join),
    *(exp.Where, exp.Group, exp.Cube, exp.Rollup, exp.GroupingSets, exp.Having, exp.Order, exp.Ordered, exp.Limit),
    *(exp.Table, exp.TableAlias, exp.Alias, exp.Column, exp.Identifier, exp.Star, exp.Values, exp.Tuple, exp.Distinct),
    *(exp.Window, exp.WindowSpec, exp.Filter, exp.Exists, exp.DataType, exp.DataTypeParam, exp.Var),
)
_VALUES: tuple[type[exp.Expr], ...] = (
    *(exp.Literal, exp.Boolean, exp.Null, exp.Placeholder, exp.Paren, exp.Cast, exp.TryCast, exp.Case, exp.If),
    *(exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between),
    *(exp.Like, exp.ILike, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Add, exp.Sub, exp.Mul, exp.Mod, exp.Neg, exp.DPipe),
)
_FUNCTIONS: tuple[type[exp.Expr], ...] = (
    *(exp.Count, exp.Sum, exp.Min, exp.Max, exp.LogicalAnd, exp.LogicalOr, exp.StddevSamp, exp.Corr, exp.CovarSamp),
    *(exp.RowNumber, exp.Rank, exp.DenseRank, exp.PercentRank, exp.CumeDist, exp.Lag, exp.Lead),
    *(exp.FirstValue, exp.LastValue, exp.Grouping),
    *(exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least, exp.Abs, exp.Sign, exp.Floor, exp.Ceil, exp.Round),
    *(exp.Sqrt, exp.Exp, exp.Pow),
    *(exp.Lower, exp.Upper, exp.Trim, exp.Length, exp.Substring, exp.Replace, exp.StartsWith, exp.EndsWith),
    *(exp.SplitPart, exp.Left, exp.Right, exp.MD5, exp.Year, exp.Quarter, exp.Month, exp.Day),
)
ALLOWED = frozenset(_SHAPE + _VALUES + _FUNCTIONS)

_TYPES = frozenset(
    {
        *(exp.DType.BOOLEAN, exp.DType.INT, exp.DType.BIGINT, exp.DType.DOUBLE, exp.DType.DECIMAL),
        *(exp.DType.TEXT, exp.DType.VARCHAR, exp.DType.DATE, exp.DType.TIMESTAMP),
    }
)
_WHOLE = frozenset({exp.DType.INT, exp.DType.BIGINT})

# Why the usual suspects are refused, and what to write in their place.
_WHY: dict[type[exp.Expr], str] = {
    exp.Div: "the operator / gives DOUBLE on one engine and DECIMAL on the other: use gx_ratio(a, b)",
    exp.IntDiv: "the operator // is not shared: use floor(gx_ratio(a, b))",
    exp.Avg: "avg of a DECIMAL differs in type: use gx_mean(x)",
    exp.Log: "log means another base on each engine: use gx_log(x), the natural one",
    exp.Ln: "ln of nothing positive fails on one engine: use gx_log(x)",
    exp.DateDiff: "date differences count differently: use gx_days_between(a, b)",
    exp.DateTrunc: "date_trunc differs in type: use gx_month_start(d)",
    exp.TimestampTrunc: "date_trunc differs in type: use gx_month_start(d)",
    exp.Interval: "interval arithmetic differs in type: use gx_add_days(d, n) or gx_add_months(d, n)",
    exp.DateAdd: "date arithmetic differs in type: use gx_add_days(d, n) or gx_add_months(d, n)",
    exp.LastDay: "last_day: use gx_month_end(d)",
    exp.DayOfWeek: "the first day of the week differs: use gx_weekday(d)",
    exp.DayOfWeekIso: "use gx_weekday(d)",
    exp.PercentileDisc: "quantile_disc ranks differently: use gx_quantile(v, k, n)",
    exp.PercentileCont: "quantile_cont is not shared: use gx_quantile(v, k, n)",
    exp.Quantile: "quantile is not shared: use gx_quantile(v, k, n)",
    exp.ApproxQuantile: "an approximate quantile differs from run to run: use gx_quantile(v, k, n)",
    exp.Median: "median interpolates differently: use gx_quantile(v, 1, 2)",
    exp.ApproxDistinct: "an approximate count differs from engine to engine",
    exp.Ntile: "ntile splits equal values by chance: use gx_quantile edges",
    exp.ArrayAgg: "the order inside a list is left to chance",
    exp.List: "the order inside a list is left to chance",
    exp.GroupConcat: "the order inside a joined text is left to chance",
    exp.First: "first depends on the order of work: use gx_first_by(v, key) with a unique key",
    exp.Last: "last depends on the order of work: use gx_last_by(v, key) with a unique key",
    exp.AnyValue: "any_value depends on the order of work: use min or max",
    exp.ArgMax: "arg_max treats NULL differently: use gx_last_by(v, key) with a unique key",
    exp.ArgMin: "arg_min treats NULL differently: use gx_first_by(v, key) with a unique key",
    exp.Mode: "mode is left to chance under ties",
    exp.Concat: "concat treats NULL differently: use || and coalesce",
    exp.ConcatWs: "concat_ws treats NULL differently: use || and coalesce",
    exp.Qualify: "QUALIFY is not shared: filter in an outer SELECT",
    exp.TableSample: "sampling differs from run to run: filter on gx_bucket(id, n)",
    exp.Explode: "unnest is not shared: give the values as an input",
    exp.Extract: "extract: write year(d), quarter(d), month(d) or day(d)",
    exp.IgnoreNulls: "IGNORE NULLS is not shared: filter first",
    exp.Unnest: "unnest is not shared: give the values as an input",
    exp.GenerateSeries: "generate_series is not shared: give the values as an input",
    exp.GenerateDateArray: "generate_series is not shared: give the values as an input",
    exp.Rand: "random numbers differ from run to run: use gx_bucket(id, n)",
    exp.CurrentDate: "the wall clock is not the business date: take a parameter",
    exp.CurrentTimestamp: "the wall clock is not the business date: take a parameter",
    exp.Pivot: "PIVOT is not shared: use CASE",
    exp.Lateral: "LATERAL is not shared",
    exp.Stddev: "stddev: write stddev_samp, which says which one",
    exp.WithinGroup: "WITHIN GROUP is not shared: use gx_quantile(v, k, n)",
    exp.SHA: "use gx_bucket(id, n) or md5",
}
_WHY_NAMED = {
    "hash": "hash gives other numbers on every engine: use gx_bucket(id, n)",
    "list": "the order inside a list is left to chance",
    "today": "the wall clock is not the business date: take a parameter",
    "now": "the wall clock is not the business date: take a parameter",
    "setseed": "random numbers differ from run to run: use gx_bucket(id, n)",
    "range": "range is not shared: give the values as an input",
}


def outside_portable_subset(sql: str, place: str = "") -> list[str]:
    """What in a step is outside the portable subset, in words; nothing if all is well.

    Parameters
    ----------
    sql : str
        One SELECT in DuckDB's dialect.
    place : str, optional
        Where it comes from, for the message of SQL that cannot be read.

    Examples
    --------
    >>> outside_portable_subset("select customer_id, sum(revenue) as spend from purchase group by customer_id")
    []
    >>> outside_portable_subset("select avg(revenue) as mean from purchase group by all")
    ['GROUP BY ALL: name the columns', 'avg of a DECIMAL differs in type: use gx_mean(x)']
    """
    try:
        tree = Step(name=place or "sql", text=sql, place=place).tree
    except InsightError as error:
        return [error.sentence]
    found = [words for node in tree.walk() for words in _refusals(node)]
    return list(dict.fromkeys(found))


def check_portable(paths: Iterable[Path]) -> list[str]:
    """One line for everything outside the portable subset in the `.sql` files: `file: what, and what to write instead`.

    A folder stands for all `.sql` files below it.
    """
    files = [file for path in paths for file in (sorted(path.rglob("*.sql")) if path.is_dir() else [path])]
    return [
        f"{file.as_posix()}: {words}"
        for file in files
        for words in outside_portable_subset(file.read_text(encoding="utf-8"), file.name)
    ]


def _refusals(node: exp.Expr) -> Iterator[str]:
    kind = type(node)
    if kind in _WHY:
        yield _WHY[kind]
    elif kind in _LOOK:
        yield from _LOOK[kind](node)
    elif kind not in ALLOWED:
        name = node.sql_name() if isinstance(node, exp.Func) else kind.__name__
        yield f"{name.upper()} is not in the portable subset"


def _of_unknown_function(node: exp.Expr) -> Iterator[str]:
    name = str(node.this).lower()
    if name in _WHY_NAMED:
        yield _WHY_NAMED[name]
    elif name.startswith(macros.PREFIX) and name not in {*macros.MACROS, macros.VARIADIC}:
        yield f"there is no macro {name}"
    elif not name.startswith(macros.PREFIX):
        yield f"{name}() is not in the portable subset"


def _of_select(node: exp.Expr) -> Iterator[str]:
    if node.args.get("sample"):
        yield _WHY[exp.TableSample]
    if node.args.get("limit") and not node.args.get("order"):
        yield "LIMIT without ORDER BY takes rows by chance"


def _of_join(node: exp.Expr) -> Iterator[str]:
    if method := node.text("method"):
        yield f"{method.upper()} JOIN is not shared: join on an equality and choose with a window"
    if (kind := node.text("kind")) in {"POSITIONAL", "STRAIGHT"}:
        yield f"{kind} JOIN is not shared"


def _of_window(node: exp.Expr) -> Iterator[str]:
    inner = node.this
    ordered = isinstance(inner, exp.RowNumber | exp.Lag | exp.Lead | exp.FirstValue | exp.LastValue)
    if ordered and not node.args.get("order") and not node.args.get("alias"):
        yield f"{inner.sql_name().lower()} without ORDER BY numbers rows by chance"
    spec = node.args.get("spec")
    if spec is not None and spec.args.get("exclude"):
        yield "EXCLUDE in a window frame is not shared"


def _of_cast(node: exp.Expr) -> Iterator[str]:
    target = node.args["to"]
    if target.this not in _TYPES:
        yield f"CAST to {target.sql(dialect='duckdb')} is not in the portable subset"
    if target.this == exp.DType.DECIMAL and not target.expressions:
        yield "CAST to DECIMAL without width and scale means another scale on each engine"
    inexact = (exp.Div, exp.Sqrt, exp.Exp, exp.Pow)
    fraction = any(isinstance(part, inexact) or _is_fraction(part) for part in node.this.walk())
    if target.this in _WHOLE and fraction and not isinstance(node.this, exp.Floor | exp.Ceil | exp.Round):
        yield "CAST of a fraction to an integer rounds here and cuts there: floor, ceil or round it first"


def _of_group(node: exp.Expr) -> Iterator[str]:
    if node.args.get("all"):
        yield "GROUP BY ALL: name the columns"


def _of_order(node: exp.Expr) -> Iterator[str]:
    if any(ordered.this.sql().lower() == "all" for ordered in node.expressions):
        yield "ORDER BY ALL: name the columns"


def _of_star(node: exp.Expr) -> Iterator[str]:
    if any(node.args.get(key) for key in ("except_", "replace", "rename")):
        yield "* EXCLUDE, REPLACE and RENAME are not shared: name the columns"


def _of_set_operation(node: exp.Expr) -> Iterator[str]:
    if node.args.get("by_name"):
        yield "UNION BY NAME is not shared: name the columns in one order"


def _of_with(node: exp.Expr) -> Iterator[str]:
    if node.args.get("recursive"):
        yield "WITH RECURSIVE is not shared: loop in Python until nothing changes"


def _of_distinct(node: exp.Expr) -> Iterator[str]:
    if node.args.get("on"):
        yield "DISTINCT ON is not shared: use row_number with a unique ORDER BY"


def _of_table(node: exp.Expr) -> Iterator[str]:
    if not isinstance(node.this, exp.Identifier):
        yield "a table function is not shared: read files through the engine and give them as inputs"
    elif node.text("db"):
        yield "a table with a schema: inputs are bare names"


def _is_fraction(node: exp.Expr) -> bool:
    if isinstance(node, exp.Literal):
        return not node.is_string and "." in str(node.this)
    return isinstance(node, exp.Anonymous) and str(node.this).lower() in {"gx_ratio", "gx_mean", "gx_double", "gx_log"}


_LOOK: dict[type[exp.Expr], Callable[[exp.Expr], Iterator[str]]] = {
    exp.Anonymous: _of_unknown_function,
    exp.Select: _of_select,
    exp.Join: _of_join,
    exp.Window: _of_window,
    exp.Cast: _of_cast,
    exp.TryCast: _of_cast,
    exp.Group: _of_group,
    exp.Order: _of_order,
    exp.Star: _of_star,
    exp.Union: _of_set_operation,
    exp.Except: _of_set_operation,
    exp.Intersect: _of_set_operation,
    exp.With: _of_with,
    exp.Distinct: _of_distinct,
    exp.Table: _of_table,
}

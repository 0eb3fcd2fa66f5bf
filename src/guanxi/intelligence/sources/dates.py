"""Date formats: which ones can be used, and which one somebody probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

import duckdb
import pyarrow as pa
from sqlglot import exp

ISO_FORMATS: Final = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M:%S%z",
    "%Y-%m-%d %H:%M:%S.%f%z",
    "%Y-%m-%dT%H:%M:%S%z",
    "%Y-%m-%dT%H:%M:%S.%f%z",
)
"""What is tried where a contract names no formats."""

COMMON_FORMATS: Final = (
    *ISO_FORMATS,
    *(
        day + time
        for day in (
            "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y",
            "%m-%d-%Y", "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%m/%d/%y", "%d/%m/%y",
            "%d-%b-%y", "%y%m%d",
        )
        for time in ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", " %H:%M:%S.%f")
    ),
)  # fmt: skip
"""What is tried to find the format of dates that do not fit."""

_LETTERS: Final = (
    ("yyyy", "%Y"), ("YYYY", "%Y"), ("yy", "%y"), ("YY", "%y"), ("MM", "%m"), ("DD", "%d"), ("dd", "%d"),
    ("HH24", "%H"), ("HH", "%H"), ("hh", "%I"), ("mm", "%M"), ("MI", "%M"), ("mi", "%M"), ("ss", "%S"), ("SS", "%S"),
)  # fmt: skip
_PARTS: Final = (r"%-?[Yy]", r"%-?m|%b|%B", r"%-?d")
_CLOCK: Final = re.compile(r"%-?[HI]")


def has_time(date_format: str) -> bool:
    """Whether the format tells a time of day, so that a clock means something."""
    return _CLOCK.search(date_format) is not None


def has_offset(date_format: str) -> bool:
    """Whether the format tells the distance from UTC itself."""
    return date_format.endswith("%z")


@cache
def is_date_format(date_format: str) -> bool:
    """Whether the format names a whole date and can be read.

    >>> is_date_format("%d.%m.%Y"), is_date_format("dd.mm.yyyy"), is_date_format("%Y-%m"), is_date_format("%Y-%m-%Q")
    (True, False, False, False)
    """
    if not all(re.search(part, date_format) for part in _PARTS) and not re.search(r"%j", date_format):
        return False
    if "%z" in date_format and not has_offset(date_format):
        return False
    parsed = exp.select(exp.Anonymous(this="try_strptime", expressions=[text(""), text(date_format)]).is_(exp.null()))
    try:
        with duckdb.connect() as connection:
            connection.execute(parsed.sql("duckdb")).fetchall()
    except duckdb.Error:
        return False
    return True


def meant_format(wrong: str) -> str:
    """The format that letters such as dd/mm/yyyy stand for; empty if that is not one either.

    >>> meant_format("yyyy-MM-dd HH:mm:ss")
    '%Y-%m-%d %H:%M:%S'
    >>> meant_format("DD.MM.YYYY")
    '%d.%m.%Y'
    """
    meant, seen_hour = wrong, "%H" in wrong
    for letters, directive in _LETTERS:
        if letters == "mm" and not seen_hour and "%m" not in meant:
            directive = "%m"  # noqa: PLW2901  (dd.mm.yyyy: no hour before it, so it is a month)
        meant = meant.replace(letters, directive)
        seen_hour = seen_hour or "%H" in meant or "%I" in meant
    return meant if meant != wrong and is_date_format(meant) else ""


def fitting_formats(values: Iterable[str], formats: Iterable[str] = COMMON_FORMATS, *, share: float = 1.0) -> list[str]:
    """The common formats that every one of `values` fits, or at least this share of them.

    >>> fitting_formats(["1/31/2026", "2/1/2026", "never"], share=0.5)
    ['%m/%d/%Y']
    """
    distinct = list(dict.fromkeys(values))
    if not distinct:
        return []
    fitting = []
    told = pa.table({"v": pa.array(distinct, pa.string())})
    with duckdb.connect() as connection:
        connection.register("told", told)
        for date_format in dict.fromkeys(formats):
            parsed = exp.select(exp.Count(this=parse(exp.column("v"), date_format))).from_("told")
            ((count,),) = connection.execute(parsed.sql("duckdb")).fetchall()
            if count and count >= share * len(distinct):
                fitting.append(date_format)
    return fitting


def two_meanings(values: Iterable[str], formats: Sequence[str]) -> tuple[str, str, str] | None:
    """The first value that two of the formats read as different moments, and those two; None if there is none.

    >>> two_meanings(["31/12/2026", "03/04/2026"], ["%d/%m/%Y", "%m/%d/%Y"])
    ('03/04/2026', '%d/%m/%Y', '%m/%d/%Y')
    """
    readings = [exp.alias_(parse(exp.column("v"), written), f"f{n}") for n, written in enumerate(formats)]
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for value in dict.fromkeys(values):
            row = exp.select(*readings).from_(exp.select(exp.alias_(text(value), "v")).subquery("told"))
            read = connection.execute(row.sql("duckdb")).fetchall()[0]
            fitting = [(written, moment) for written, moment in zip(formats, read, strict=True) if moment is not None]
            other = next((written for written, moment in fitting[1:] if moment != fitting[0][1]), None)
            if other is not None:
                return value, fitting[0][0], other
    return None


def text(value: str) -> exp.Expr:
    """A text as SQL."""
    return exp.Literal.string(value)


def shortened(value: exp.Expr, formats: Iterable[str]) -> exp.Expr:
    """SQL of the value with six digits of a second's fraction at most: %f reads no more."""
    if not any("%f" in date_format for date_format in formats):
        return value
    return exp.Anonymous(this="regexp_replace", expressions=[value, text(r"(\.[0-9]{6})[0-9]+"), text(r"\1")])


def parse(value: exp.Expr, date_format: str) -> exp.Expr:
    """SQL that reads `value` by one format, NULL if it does not fit; TIMESTAMPTZ if the format tells the offset."""
    value = shortened(value, [date_format])
    if has_offset(date_format):  # DuckDB's %z does not know Z
        value = exp.Anonymous(this="regexp_replace", expressions=[value, text("[Zz]$"), text("+00:00")])
    return exp.Anonymous(this="try_strptime", expressions=[value, text(date_format)])

"""Dates as people say them: "the last 90 days", "this month". Pure: today is always given."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

Span = tuple[date, date]  # both days belong to it
_LENGTH: Final = re.compile(r"([1-9]\d{0,3})([dwmy])")


def read_length(text: str) -> tuple[int, str] | None:
    """`90d`, `6w`, `12m`, `2y` as number and unit; nothing for anything else.

    >>> read_length("90d")
    (90, 'd')
    """
    found = _LENGTH.fullmatch(text)
    return (int(found[1]), found[2]) if found else None


def shift(day: date, count: int, unit: str) -> date:
    """The day `count` days, weeks, months or years later (earlier if negative); a missing day is the month's last.

    >>> shift(date(2026, 3, 31), -1, "m")
    datetime.date(2026, 2, 28)
    """
    try:
        match unit:
            case "d":
                return day + timedelta(days=count)
            case "w":
                return day + timedelta(weeks=count)
            case _:
                months = day.year * 12 + day.month - 1 + count * (12 if unit == "y" else 1)
                year, month = divmod(months, 12)
                last = calendar.monthrange(year, month + 1)[1]
                return date(year, month + 1, min(day.day, last))
    except (OverflowError, ValueError, calendar.IllegalMonthError):
        return date.min if count < 0 else date.max


def _week(today: date, by: int) -> Span:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=by)
    return monday, monday + timedelta(days=6)


def _months(today: date, length: int, by: int) -> Span:
    """The stretch of `length` months that today lies in, moved by `by` of them."""
    first = date(today.year, (today.month - 1) // length * length + 1, 1)
    start = shift(first, by * length, "m")
    return start, shift(start, length, "m") - timedelta(days=1)


PERIODS: Final[dict[str, Callable[[date], Span]]] = {
    "today": lambda today: (today, today),
    "yesterday": lambda today: (today - timedelta(days=1), today - timedelta(days=1)),
    "tomorrow": lambda today: (today + timedelta(days=1), today + timedelta(days=1)),
    "this_week": lambda today: _week(today, 0),
    "last_week": lambda today: _week(today, -1),
    "next_week": lambda today: _week(today, 1),
    "this_month": lambda today: _months(today, 1, 0),
    "last_month": lambda today: _months(today, 1, -1),
    "next_month": lambda today: _months(today, 1, 1),
    "this_quarter": lambda today: _months(today, 3, 0),
    "last_quarter": lambda today: _months(today, 3, -1),
    "this_year": lambda today: _months(today, 12, 0),
    "last_year": lambda today: _months(today, 12, -1),
}


def within(today: date, count: int, unit: str) -> Span:
    """The last `count` units up to and with today.

    >>> within(date(2026, 11, 22), 7, "d")
    (datetime.date(2026, 11, 16), datetime.date(2026, 11, 22))
    """
    start = shift(today, -count, unit)
    return (start + timedelta(days=1) if start > date.min else start), today

from __future__ import annotations

from datetime import date

import pytest

from guanxi.kernel.lists.relative_dates import PERIODS, read_length, shift, within

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("today", "2026-11-22", "2026-11-22"),
        ("yesterday", "2026-11-21", "2026-11-21"),
        ("tomorrow", "2026-11-23", "2026-11-23"),
        ("this_week", "2026-11-16", "2026-11-22"),
        ("last_week", "2026-11-09", "2026-11-15"),
        ("next_week", "2026-11-23", "2026-11-29"),
        ("this_month", "2026-11-01", "2026-11-30"),
        ("last_month", "2026-10-01", "2026-10-31"),
        ("next_month", "2026-12-01", "2026-12-31"),
        ("this_quarter", "2026-10-01", "2026-12-31"),
        ("last_quarter", "2026-07-01", "2026-09-30"),
        ("this_year", "2026-01-01", "2026-12-31"),
        ("last_year", "2025-01-01", "2025-12-31"),
    ],
)
def test_periods(period: str, first: str, last: str) -> None:
    assert PERIODS[period](SUNDAY) == (date.fromisoformat(first), date.fromisoformat(last))


def test_lengths() -> None:
    assert read_length("90d") == (90, "d")
    assert [read_length(text) for text in ("0d", "90", "d", "-1d", "99999d", "1h", "")] == [None] * 7
    assert within(SUNDAY, 12, "m") == (date(2025, 11, 23), SUNDAY)
    assert within(SUNDAY, 2, "w") == (date(2026, 11, 9), SUNDAY)
    assert shift(date(2024, 2, 29), -1, "y") == date(2023, 2, 28)
    assert shift(SUNDAY, -9999, "y") == date.min
    assert shift(SUNDAY, 9999, "y") == date.max

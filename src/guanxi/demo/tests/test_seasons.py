"""The year of a maker of tea ware."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from guanxi.demo.records import SHOP, STORE
from guanxi.demo.seasons import Calendar, day_weight, is_gift_time, months_before

day = datetime.date


@pytest.mark.parametrize(
    ("given", "months", "expected"),
    [
        (day(2026, 11, 22), 2, day(2026, 9, 22)),
        (day(2026, 1, 31), 2, day(2025, 11, 30)),
        (day(2024, 2, 29), 12, day(2023, 2, 28)),
        (day(2026, 12, 31), 24, day(2024, 12, 31)),
    ],
)
def test_months_before(given: datetime.date, months: int, expected: datetime.date) -> None:
    assert months_before(given, months) == expected


def test_gift_times_lead_up_to_the_feasts() -> None:
    assert is_gift_time(day(2026, 2, 1))  # New Year, 17 February
    assert is_gift_time(day(2025, 12, 31)) is False
    assert is_gift_time(day(2026, 9, 25))  # Mid-Autumn itself
    assert not is_gift_time(day(2026, 9, 26))
    assert is_gift_time(day(2031, 1, 1))  # New Year, 23 January


def test_shop_and_store_have_their_own_days() -> None:
    assert day_weight(day(2026, 11, 11), SHOP) == pytest.approx(1.05 * 2.6)
    assert day_weight(day(2026, 11, 11), STORE) == pytest.approx(1.05 * 1.3)
    assert day_weight(day(2026, 7, 11), STORE) == pytest.approx(0.74 * 1.35)  # a Saturday in the summer dip


def test_a_moment_stays_in_its_year() -> None:
    calendar = Calendar(day(2026, 3, 1))
    moments = np.array([0.0, 11.999, 12.0, 23.999])
    placed = calendar.place(moments, np.array([SHOP, STORE, SHOP, STORE]))
    assert placed.tolist() == [0, calendar.split - 1, calendar.split, len(calendar.days) - 1]
    assert calendar.days[calendar.split] == day(2025, 3, 2)
    assert calendar.days[-1] == day(2026, 2, 28)
    assert calendar.after(calendar.stopped) == len(calendar.days) - 58  # 2 January to 28 February

"""When people buy: the year of a maker of tea ware, day by day."""

from __future__ import annotations

import datetime
from typing import Final

import numpy as np

from guanxi.demo.chance import Floats, Ints

# Lunar New Year and Mid-Autumn Festival.
_NEW_YEAR: Final = """
2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13
2030-02-03 2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08 2036-01-28 2037-02-15 2038-02-04 2039-01-24
2040-02-12
"""
_MID_AUTUMN: Final = """
2020-10-01 2021-09-21 2022-09-10 2023-09-29 2024-09-17 2025-10-06 2026-09-25 2027-09-15 2028-10-03 2029-09-22
2030-09-12 2031-10-01 2032-09-19 2033-09-08 2034-09-27 2035-09-16 2036-10-04 2037-09-24 2038-09-13 2039-10-02
2040-09-20
"""
_NEW_YEARS: Final = {int(day[:4]): datetime.date.fromisoformat(day) for day in _NEW_YEAR.split()}
_MID_AUTUMNS: Final = {int(day[:4]): datetime.date.fromisoformat(day) for day in _MID_AUTUMN.split()}
# Share of the usual day by month: spring tea in March to May, a summer dip in July and August.
_MONTHS: Final = (1.0, 0.95, 1.15, 1.22, 1.12, 0.98, 0.74, 0.78, 1.05, 1.0, 1.05, 1.05)
# How strongly shop, store and call centre feel the gift seasons and the shopping days.
_GIFTS: Final = (0.7, 1.1, 0.9)
_SHOPPING: Final = (1.6, 0.3, 0.4)
_WEEKEND: Final = (1.0, 1.35, 0.5)


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The same day `months` earlier, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = datetime.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return datetime.date(year, month + 1, min(day.day, (following - datetime.timedelta(1)).day))


def new_year(year: int) -> datetime.date:
    """Lunar New Year's day of the year; beyond the table its mean date."""
    return _NEW_YEARS.get(year, datetime.date(year, 2, 4))


def mid_autumn(year: int) -> datetime.date:
    """The Mid-Autumn Festival of the year; beyond the table its mean date."""
    return _MID_AUTUMNS.get(year, datetime.date(year, 9, 22))


def is_gift_time(day: datetime.date) -> bool:
    """Whether people buy presents: five weeks before New Year, four before Mid-Autumn."""
    return any(
        0 <= (feast - day).days <= weeks * 7
        for feast, weeks in ((new_year(day.year), 5), (new_year(day.year + 1), 5), (mid_autumn(day.year), 4))
    )


def day_weight(day: datetime.date, source: int) -> float:
    """How much is bought on that day in that system, against a usual day."""
    weight = _MONTHS[day.month - 1]
    if is_gift_time(day):
        weight *= 1 + _GIFTS[source]
    if 0 <= (day - new_year(day.year)).days < 8:
        weight *= 0.3
    if (day.month == 11 and day.day <= 12) or (day.month == 6 and 10 <= day.day <= 18):
        weight *= 1 + _SHOPPING[source] * (1.0 if day.month == 11 else 0.4)
    if day.weekday() >= 5:
        weight *= _WEEKEND[source]
    return weight


class Calendar:
    """The two years up to the evening before `as_of`, and where a moment of them falls by season.

    A moment is a number of months from 0 to 24. Each of the two years keeps its moments, so that who bought in the
    last twelve months does not depend on the season in which one asks.
    """

    def __init__(self, as_of: datetime.date) -> None:
        self.as_of = as_of
        self.begin = months_before(as_of, 24) + datetime.timedelta(1)
        self.middle = months_before(as_of, 12) + datetime.timedelta(1)
        self.stopped = months_before(as_of, 2)
        self.days = [self.begin + datetime.timedelta(i) for i in range((as_of - self.begin).days)]
        self.split = (self.middle - self.begin).days
        self.gift = np.array([is_gift_time(day) for day in self.days])
        self._weights = [np.array([day_weight(day, source) for day in self.days]) for source in range(3)]

    def place(self, moments: Floats, source: Ints) -> Ints:
        """The day (counted from `begin`) of each moment in the season of its system."""
        result = np.zeros(len(moments), dtype=np.int64)
        for system, weights in enumerate(self._weights):
            for first, last, offset in ((0, self.split, 0.0), (self.split, len(weights), 12.0)):
                mine = (source == system) & (moments >= offset) & (moments < offset + 12)
                edges = np.cumsum(weights[first:last])
                share = (moments[mine] - offset) / 12
                day = np.searchsorted(edges / edges[-1], share, side="right")
                result[mine] = first + np.minimum(day, last - first - 1)
        return result

    def after(self, day: datetime.date) -> int:
        """The first day number later than `day`."""
        return (day - self.begin).days + 1

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import override

from guanxi.kernel.ui import formats

NOVEMBER = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("function", "arguments", "chinese", "english"),
    [
        (formats.number, (1234567,), "1,234,567", "1,234,567"),
        (formats.number, (Decimal("1234.565"), 2), "1,234.57", "1,234.57"),
        (formats.short, (9999,), "9,999", "9,999"),
        (formats.short, (12345,), "1.2万", "12.3k"),
        (formats.short, (1234567,), "123.5万", "1.2M"),
        (formats.short, (20000,), "2万", "20k"),
        (formats.short, (-1234567,), "-123.5万", "-1.2M"),
        (formats.short, (123456789,), "1.2亿", "123.5M"),
        (formats.percent, (0.314,), "31.4%", "31.4%"),
        (formats.percent, (Decimal("0.005"), 0), "1%", "1%"),
        (formats.money, (Decimal("1234.5000"),), "¥1,234.50", "¥1,234.50"),
        (formats.money, (Decimal("-2.345"), "GBP"), "-£2.34", "-£2.34"),
        (formats.money, (3, "SEK"), "SEK 3.00", "SEK 3.00"),
        (formats.money_whole, (Decimal("1234.5"),), "¥1,234", "¥1,234"),
        (formats.money_short, (Decimal(1234567),), "¥123.5万", "¥1.2M"),
        (formats.day, (NOVEMBER,), "2026年11月22日", "2026-11-22"),
        (formats.day, (date(2026, 3, 4),), "2026年3月4日", "2026-03-04"),
        (formats.month, (NOVEMBER,), "2026年11月", "2026-11"),
        (formats.month_short, (NOVEMBER,), "11月", "Nov"),
        (formats.month_short, (date(2026, 1, 31),), "2026年1月", "Jan 2026"),
        (formats.moment, (datetime(2026, 11, 22, 4, 5, tzinfo=UTC),), "2026年11月22日 12:05", "2026-11-22 12:05"),
    ],
)
def test_numbers_and_dates_speak_the_readers_language(
    function: Callable[..., str], arguments: tuple[object, ...], chinese: str, english: str
) -> None:
    with override("zh-hans"):
        assert function(*arguments) == chinese
    with override("en"):
        assert function(*arguments) == english


@pytest.mark.parametrize(
    ("then", "ago", "age"),
    [
        (date(2026, 11, 22), "today", "today"),
        (date(2026, 11, 21), "yesterday", "yesterday"),
        (date(2026, 11, 19), "3 days ago", "3 days ago"),
        (date(2026, 11, 15), "7 days ago", "7 days ago"),
        (date(2026, 11, 14), "2026-11-14", "8 days ago"),
        (date(2026, 9, 22), "2026-09-22", "2 months ago"),
        (date(2026, 7, 23), "2026-07-23", "3 months ago"),
        (date(2024, 11, 22), "2024-11-22", "2 years ago"),
        (date(2026, 11, 23), "2026-11-23", "2026-11-23"),
    ],
)
def test_ago_is_in_words_for_a_week_and_age_always(then: date, ago: str, age: str) -> None:
    with override("en"):
        assert formats.ago(then, NOVEMBER) == ago
        assert formats.age(then, NOVEMBER) == age


def test_age_in_chinese() -> None:
    with override("zh-hans"):
        assert formats.age(date(2026, 11, 19), NOVEMBER) == "3 天前"
        assert formats.age(date(2026, 7, 22), NOVEMBER) == "4 个月前"


def test_seconds_turn_to_minutes() -> None:
    with override("en"):
        assert formats.seconds(3.24) == "3.2 s"
        assert formats.seconds(125.4) == "2 min 5 s"
    with override("zh-hans"):
        assert formats.seconds(3.24) == "3.2 秒"
        assert formats.seconds(125.4) == "2 分 5 秒"


def test_sentences_are_joined_as_the_language_does() -> None:
    with override("en"):
        assert formats.sentences(["One.", "", "Two."]) == "One. Two."
    with override("zh-hans"):
        assert formats.sentences(["一。", "", "二。"]) == "一。二。"

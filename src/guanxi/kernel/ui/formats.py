"""Numbers, money and dates for the reader, in the language that is active."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from guanxi.kernel.errors import GuanxiError

Number = int | float | Decimal

SYMBOLS = {"CNY": "¥", "JPY": "JP¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "TWD": "NT$"}
CHINESE_SCALES = ((10**8, "亿"), (10**4, "万"))
ENGLISH_SCALES = ((10**9, "B"), (10**6, "M"), (10**3, "k"))
SHORT_FROM = 10_000  # smaller numbers are read as they are


def _in_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def _rounded(value: Number, places: int) -> Decimal:
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def number(value: Number, places: int = 0) -> str:
    """`1234567` is "1,234,567"."""
    return f"{_rounded(value, places):,}"


def listed(words: Iterable[str]) -> str:
    """Words one after the other: "tea, cups", in Chinese “茶、杯”."""
    return ("、" if _in_chinese() else ", ").join(words)


def sentences(parts: Iterable[str]) -> str:
    """Sentences one after another; Chinese puts no space between them."""
    return ("" if _in_chinese() else " ").join(filter(None, parts))


def told(error: GuanxiError) -> str:
    """What happened, and what to do about it."""
    return sentences((error.message, error.remedy))


def capped(count: int, limit: int) -> str:
    """A count that stopped one above its limit is told as "10,000+"."""
    return f"{number(limit)}+" if count > limit else number(count)


def short(value: Number) -> str:
    """`1234567` is "123.5万" or "1.2M"; below 10,000 nothing is shortened."""
    if abs(Decimal(str(value))) < SHORT_FROM:
        return number(value)
    scales = CHINESE_SCALES if _in_chinese() else ENGLISH_SCALES
    for scale, name in scales:
        shown = _rounded(Decimal(str(value)) / scale, 1)
        if abs(shown) >= 1:
            return f"{shown:,}".removesuffix(".0") + name
    return number(value)


def percent(share: Number, places: int = 1) -> str:
    """`0.314` is "31.4%"; a share is of one."""
    return f"{_rounded(Decimal(str(share)) * 100, places):,}%"


def _with_symbol(text: str, currency: str) -> str:
    symbol = SYMBOLS.get(currency, f"{currency} " if currency else "")
    return f"-{symbol}{text[1:]}" if text.startswith("-") else f"{symbol}{text}"


def money(amount: Number | str, currency: str = "CNY") -> str:
    """`1234.5` is "¥1,234.50"; half-even, as money is rounded everywhere."""
    exact = Decimal(str(amount)).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    return _with_symbol(f"{exact:,}", currency)


def money_whole(amount: Number | str, currency: str = "CNY") -> str:
    """`1234.5` is "¥1,234": for tables where cents are noise."""
    exact = Decimal(str(amount)).quantize(Decimal(1), ROUND_HALF_EVEN)
    return _with_symbol(f"{exact:,}", currency)


def money_short(amount: Number | str, currency: str = "CNY") -> str:
    """`1234567` is "¥123.5万" or "¥1.2M"."""
    return _with_symbol(short(Decimal(str(amount))), currency)


def day(value: date) -> str:
    """2026年11月22日 or 2026-11-22."""
    if _in_chinese():
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.year:04}-{value.month:02}-{value.day:02}"


def month(value: date) -> str:
    """2026年11月 or 2026-11."""
    return f"{value.year}年{value.month}月" if _in_chinese() else f"{value.year:04}-{value.month:02}"


ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def month_short(value: date) -> str:
    """11月 or Nov: for an axis; January names its year (2026年1月, Jan 2026)."""
    if value.month == 1:
        return month(value) if _in_chinese() else f"Jan {value.year}"
    return f"{value.month}月" if _in_chinese() else ENGLISH_MONTHS[value.month - 1]


def moment(value: datetime) -> str:
    """The day and the time of day on the reader's clock."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day(local.date())} {local:%H:%M}"


def ago(value: date, today: date) -> str:
    """3 天前: in words up to a week, then the date."""
    days = (today - value).days
    return age(value, today) if 0 <= days <= 7 else day(value)


def age(value: date, today: date) -> str:
    """3 天前, 4 个月前, 2 年前: in words however long ago."""
    days = (today - value).days
    if days < 0:
        return day(value)
    if days == 0:
        return gettext("today")
    if days == 1:
        return gettext("yesterday")
    if days < 60:
        return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}
    months = (today.year - value.year) * 12 + today.month - value.month - (today.day < value.day)
    if months < 24:
        return ngettext("%(count)d month ago", "%(count)d months ago", months) % {"count": months}
    years = months // 12
    return ngettext("%(count)d year ago", "%(count)d years ago", years) % {"count": years}


def seconds(value: float) -> str:
    """3.2 秒 or 3.2 s; from a minute on 2 分 5 秒 or 2 min 5 s."""
    if value < 60:
        return gettext("%(seconds)s s") % {"seconds": number(value, 1)}
    minutes, rest = divmod(round(value), 60)
    return gettext("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}

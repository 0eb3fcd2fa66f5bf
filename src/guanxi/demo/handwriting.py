"""How phones, mail addresses and places are written: the same thing in many forms."""

from __future__ import annotations

from typing import Final

from guanxi.demo.lists import City, Country
from guanxi.kernel.places import PROVINCES

_FULL_WIDTH: Final = {ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"}
_LONG: Final = {
    "CN-NM": "内蒙古自治区", "CN-GX": "广西壮族自治区", "CN-XZ": "西藏自治区", "CN-NX": "宁夏回族自治区",
    "CN-XJ": "新疆维吾尔自治区", "CN-HK": "香港特别行政区", "CN-MO": "澳门特别行政区", "CN-TW": "台湾",
    "CN-BJ": "北京市", "CN-TJ": "天津市", "CN-SH": "上海市", "CN-CQ": "重庆市",
}  # fmt: skip
PHONE_FORMS: Final = 8


def written_phone(phone: str, form: int) -> str:
    """The number as somebody typed it; every form reads as the same number.

    `written_phone("15412345678", 2) == "154-1234-5678"`
    """
    if not phone:
        return ""
    if phone.startswith("+"):
        return phone if form % 2 else "00" + phone[1:]
    first, middle, last = phone[:3], phone[3:7], phone[7:]
    return (
        phone,
        f"{first} {middle} {last}",
        f"{first}-{middle}-{last}",
        f"+86{phone}",
        f"+86 {first} {middle} {last}",
        f"0086{phone}",
        phone.translate(_FULL_WIDTH),
        f"86-{phone}",
    )[form]


def written_mail(address: str, form: int) -> str:
    """The address as somebody typed it: 0 as it is, 1 in capitals, 2 with a capital, 3 with a full-width @."""
    return (address, address.upper(), address.capitalize(), address.replace("@", "＠"))[form]


def written_province(region: str, form: int) -> str:
    """The province: 0 short, 1 in full, 2 in English."""
    chinese, english = PROVINCES[region][:2]
    return (chinese, _LONG.get(region, chinese + "省"), english)[form]


def written_city(city: City, form: int) -> str:
    """The city: 0 short, 1 with 市, 2 in English."""
    ending = "" if city.region in {"CN-HK", "CN-MO", "CN-TW"} else "市"
    return (city.name, city.name + ending, city.english)[form]


def written_country(country: Country | None, form: int) -> str:
    """The country, China where none is given: 0 and 1 in Chinese, 2 in English."""
    if country is None:
        return ("中国", "中国", "P.R. China")[form]
    return (country.chinese, country.chinese, country.english)[form]

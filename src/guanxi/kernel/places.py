"""Regions: ISO 3166-2 codes for the provinces of China, ISO 3166-1 for every other country."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Final

from babel import Locale

# code: Chinese short name, English name, column and row in the province tile grid
PROVINCES: Final[dict[str, tuple[str, str, int, int]]] = {
    "CN-HL": ("黑龙江", "Heilongjiang", 8, 0),
    "CN-XJ": ("新疆", "Xinjiang", 0, 1),
    "CN-NM": ("内蒙古", "Inner Mongolia", 6, 1),
    "CN-JL": ("吉林", "Jilin", 8, 1),
    "CN-GS": ("甘肃", "Gansu", 2, 2),
    "CN-NX": ("宁夏", "Ningxia", 3, 2),
    "CN-SX": ("山西", "Shanxi", 4, 2),
    "CN-HE": ("河北", "Hebei", 5, 2),
    "CN-BJ": ("北京", "Beijing", 6, 2),
    "CN-TJ": ("天津", "Tianjin", 7, 2),
    "CN-LN": ("辽宁", "Liaoning", 8, 2),
    "CN-QH": ("青海", "Qinghai", 2, 3),
    "CN-SN": ("陕西", "Shaanxi", 4, 3),
    "CN-HA": ("河南", "Henan", 5, 3),
    "CN-SD": ("山东", "Shandong", 6, 3),
    "CN-XZ": ("西藏", "Tibet", 1, 4),
    "CN-SC": ("四川", "Sichuan", 2, 4),
    "CN-CQ": ("重庆", "Chongqing", 3, 4),
    "CN-HB": ("湖北", "Hubei", 4, 4),
    "CN-AH": ("安徽", "Anhui", 5, 4),
    "CN-JS": ("江苏", "Jiangsu", 6, 4),
    "CN-SH": ("上海", "Shanghai", 7, 4),
    "CN-YN": ("云南", "Yunnan", 2, 5),
    "CN-GZ": ("贵州", "Guizhou", 3, 5),
    "CN-HN": ("湖南", "Hunan", 4, 5),
    "CN-JX": ("江西", "Jiangxi", 5, 5),
    "CN-ZJ": ("浙江", "Zhejiang", 6, 5),
    "CN-GX": ("广西", "Guangxi", 3, 6),
    "CN-GD": ("广东", "Guangdong", 4, 6),
    "CN-FJ": ("福建", "Fujian", 5, 6),
    "CN-TW": ("台湾", "Taiwan", 7, 6),
    "CN-HI": ("海南", "Hainan", 3, 7),
    "CN-MO": ("澳门", "Macao", 4, 7),
    "CN-HK": ("香港", "Hong Kong", 5, 7),
}

# What people write that no list of country names holds.
_COUNTRY_ALIASES: Final = {
    "eire": "IE", "rsa": "ZA", "usa": "US", "uk": "GB", "england": "GB", "korea": "KR", "czechrepublic": "CZ",
    "holland": "NL", "uae": "AE", "hongkong": "CN-HK", "macao": "CN-MO", "macau": "CN-MO", "taiwan": "CN-TW",
    "prchina": "CN", "mainlandchina": "CN",
}  # fmt: skip
# Unions, stand-ins, and what is a province here.
_NO_COUNTRIES: Final = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "HK", "MO", "TW"}
_PROVINCE_ENDING: Final = re.compile(r"(特别行政区|(回族|维吾尔|壮族)?自治区|省|市)$")
_NOT_LETTER: Final = re.compile(r"[\W\d_]+")


def _key(text: str) -> str:
    return _NOT_LETTER.sub("", unicodedata.normalize("NFKC", text)).casefold()


@cache
def _country_codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for language in ("zh_Hans", "en"):
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha():
                codes.setdefault(_key(name), code)
                codes.setdefault(code.casefold(), code)
    for region in ("HK", "MO", "TW"):
        codes.update({key: f"CN-{region}" for key, code in codes.items() if code == region})
    return codes | _COUNTRY_ALIASES


@cache
def _province_codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for code, (chinese, english, _column, _row) in PROVINCES.items():
        codes |= {_key(chinese): code, _key(english): code, _key(code): code}
        codes[_key(english) + "province"] = code
    return codes | {"xizang": "CN-XZ", "neimenggu": "CN-NM", "hongkongsar": "CN-HK", "macau": "CN-MO"}


def region_code(country: str | None, province: str | None) -> str | None:
    """The region a record lies in: the province within China, the country elsewhere, else `None`.

    `region_code("中国", "浙江省") == "CN-ZJ"`; `region_code("EIRE", None) == "IE"`.
    """
    nation = _country_codes().get(_key(country)) if country else None
    if nation not in (None, "CN"):
        return nation
    if province and (found := _province_codes().get(_key(_PROVINCE_ENDING.sub("", province.strip())))):
        return found
    return nation


@cache
def _territories(locale: str) -> Mapping[str, str]:
    names: Mapping[str, str] = Locale.parse(locale).territories  # which is slow for each cell of a list
    return names


def place_name(code: str, language: str) -> str:
    """The region's name in `language` (`zh-hans` or `en`); the code itself where no name is known."""
    chinese = language.startswith("zh")
    if code in PROVINCES:
        in_chinese, in_english, _column, _row = PROVINCES[code]
        return in_chinese if chinese else in_english
    return _territories("zh_Hans" if chinese else "en").get(code, code)


def is_place(code: str) -> bool:
    """Whether the code is one of a province of China or of a country."""
    return code in PROVINCES or code in _territories("en")


def known_places() -> list[str]:
    """The codes of all provinces of China and of all countries, provinces first."""
    countries = {code for code in _territories("en") if len(code) == 2 and code.isalpha()}
    return [*PROVINCES, *sorted(countries - _NO_COUNTRIES)]

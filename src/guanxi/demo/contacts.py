"""Phones, mail addresses and certificate numbers that look right and reach nobody.

Chinese mobiles all begin with 154. The blocks 150-153 and 155-159 belong to operators and 154 to none, so no
subscriber can hold such a number; yet it has the shape of a mobile number, `1[3-9]` and nine digits: libphonenumber
calls every one of them possible and none of them valid. Numbers abroad come from blocks that the regulators keep free
for film and print: +1 AAA 555 0100-0199 (North American Numbering Plan), +44 7700 900000-900999 (Ofcom) and
+33 6 39 98 00 00-99 99 (Arcep). Customers of other countries give a mail address only.

Mail addresses lie under example.com, example.net and example.org, which RFC 2606 keeps for documents.

Certificates (`cn_id` for people, `cn_uscc` for firms) carry correct check digits, so that they are taken for
well-formed, but a division code that begins with 99: GB/T 2260 has no province 99, so they belong to no one. A
checker that also looks the birth place up, as `stdnum.cn.ric.validate` does, refuses them: that is the point.
"""

from __future__ import annotations

import datetime
from typing import Final

MAIL_DOMAINS: Final = ("example.com", "example.net", "example.org")
MOBILE_PREFIX: Final = "154"
_AREA_CODES: Final = ("212", "206", "312", "415", "617", "646", "718", "303", "404", "512", "604", "416", "503", "702")
_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS: Final = "10X98765432"
_USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)


def mobile(serial: int) -> str:
    """The Chinese mobile number number `serial`; different for every serial below 100,000,000."""
    return f"{MOBILE_PREFIX}{(serial * 38_196_601 + 27_182_818) % 100_000_000:08d}"


def foreign_phone(country: str, serial: int) -> str:
    """A number abroad from a block kept for fiction; nothing where there is no such block, or none left in it."""
    if country in {"US", "CA"} and serial < 100 * len(_AREA_CODES):
        return f"+1{_AREA_CODES[serial // 100]}55501{serial % 100:02d}"
    if country == "GB" and serial < 1_000:
        return f"+447700900{serial:03d}"
    if country == "FR" and serial < 10_000:
        return f"+3363998{serial:04d}"
    return ""


def mail(local: str, serial: int) -> str:
    """The address of `local` under one of the three reserved domains, mostly the first."""
    return f"{local}@{MAIL_DOMAINS[max(0, serial % 8 - 5)]}"


def identity_number(serial: int, birth: datetime.date, *, male: bool) -> str:
    """An identity number with a division code nobody has; different for every serial below 4,500,000."""
    division, order = divmod(serial, 450)
    body = f"99{division % 10_000:04d}{birth:%Y%m%d}{100 + 2 * order + male:03d}"
    return body + _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True)) % 11]


def credit_code(serial: int) -> str:
    """A unified social credit code of a division nobody has; different for every serial below 100,000,000."""
    organisation = f"{(serial * 7_368_787 + 31_415) % 100_000_000:08d}"
    remainder = (
        -sum(int(digit) * weight for digit, weight in zip(organisation, _ORGANISATION_WEIGHTS, strict=True)) % 11
    )
    body = f"91990000{organisation}{'X' if remainder == 10 else remainder}"
    total = sum(_USCC_ALPHABET.index(character) * weight for character, weight in zip(body, _USCC_WEIGHTS, strict=True))
    return body + _USCC_ALPHABET[-total % 31]

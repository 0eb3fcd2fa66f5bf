"""What makes two written forms the same name, phone, e-mail, certificate or place. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import phonenumbers
from stdnum.cn import ric, uscc

_NOT_LETTER_OR_DIGIT: Final = re.compile(r"[\W_]+")
_CHINESE_MOBILE: Final = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_NUMBER_CHARACTERS: Final = re.compile(r"[^\d+]")
_CHECKED: Final = {
    "cn_id": (re.compile(r"\d{17}[\dX]"), ric),
    "cn_uscc": (re.compile(r"[0-9A-HJ-NP-RT-UW-Y]{18}"), uscc),
}


def name_key(name: str) -> str:
    """The name without width, case, spaces and punctuation: `"Ｗang  Wei" -> "wangwei"`."""
    return _NOT_LETTER_OR_DIGIT.sub("", unicodedata.normalize("NFKC", name)).casefold()


def phone_key(phone: str, region: str = "CN") -> str | None:
    """The number in E.164, or `None` where it is no possible number: `"138-0013 8000" -> "+8613800138000"`."""
    digits = _NUMBER_CHARACTERS.sub("", unicodedata.normalize("NFKC", phone))
    if mobile := _CHINESE_MOBILE.fullmatch(digits):
        return f"+86{mobile[1]}"
    try:
        number = phonenumbers.parse(re.sub(r"^00", "+", digits), region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_key(email: str) -> str | None:
    """The address in lower case without width, or `None` where it is none."""
    address = unicodedata.normalize("NFKC", email).strip().casefold()
    return address if _EMAIL.fullmatch(address) else None


def certificate_key(kind: str, number: str) -> str | None:
    """The number in upper case without spaces and dashes; `None` where its own check digit refutes it."""
    compact = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", number)).upper()
    if kind not in _CHECKED:
        return compact or None
    form, checker = _CHECKED[kind]
    # Only form and check digit: a birth place or issuing office we do not list is no reason to doubt it.
    return compact if form.fullmatch(compact) and checker.calc_check_digit(compact) == compact[-1] else None

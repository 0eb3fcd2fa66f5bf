"""Pure rules about customers: what is masked, and which twelve months count."""

from __future__ import annotations

import re
from datetime import date

CHINESE_MOBILE = re.compile(r"(?:\+?86)?(1\d{2})\d{4}(\d{4})")
MASK = "****"


def mask_phone(phone: str) -> str:
    """The phone with its middle hidden.

    >>> mask_phone("+8613812345678")
    '138****5678'
    >>> mask_phone("+44 20 7946 0958")
    '+44****0958'
    >>> mask_phone("0571-88")
    '****'
    """
    plain = re.sub(r"[^\d+]", "", phone)
    if found := CHINESE_MOBILE.fullmatch(plain):
        return f"{found[1]}{MASK}{found[2]}"
    if len(plain) < 8:
        return MASK if plain else ""
    return f"{plain[:3]}{MASK}{plain[-4:]}"


def mask_email(email: str) -> str:
    """The mail address with its name hidden.

    >>> mask_email("wang.wei@example.com")
    'w***@example.com'
    """
    name, at, domain = email.partition("@")
    if not at:
        return "***" if email else ""
    return f"{name[:1]}***@{domain}"


def year_before(day: date) -> date:
    """The day twelve months earlier; 29 February becomes the 28th.

    Bought in the last twelve months means: after this day.
    """
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)

"""The currencies a contract and its files may name."""

from __future__ import annotations

from functools import cache

from babel.numbers import list_currencies


@cache
def currencies() -> frozenset[str]:
    """The ISO 4217 codes, those of the past too: files hold old amounts."""
    return frozenset(list_currencies())

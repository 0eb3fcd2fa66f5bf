"""Numbers of rows as addresses and forms hold them."""

from __future__ import annotations

from typing import Final

MOST_DIGITS: Final = 18  # what every database holds


def read_row_number(text: str) -> int | None:
    """The number, or None for what is none or larger than any row's; signs that only look like digits are none.

    >>> read_row_number("12"), read_row_number("²"), read_row_number("9" * 30)
    (12, None, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None

"""How numbers are written: which marks group their digits, and what stands around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_PLAIN: Final = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"
_STYLES: Final = (  # decimal mark, mark between thousands, what such numbers look like
    (".", "", _PLAIN),
    (".", ",", r"[+-]?[0-9]{1,3}(,[0-9]{3})*(\.[0-9]*)?|" + _PLAIN),
    (",", "", r"[+-]?[0-9]+(,[0-9]*)?"),
    (",", ".", r"[+-]?[0-9]{1,3}(\.[0-9]{3})*(,[0-9]*)?|[+-]?[0-9]+(,[0-9]*)?"),
    (".", " ", r"[+-]?[0-9]{1,3}( [0-9]{3})*(\.[0-9]*)?"),
    (",", " ", r"[+-]?[0-9]{1,3}( [0-9]{3})*(,[0-9]*)?"),
    (".", "'", r"[+-]?[0-9]{1,3}('[0-9]{3})*(\.[0-9]*)?"),
)
_AROUND: Final = re.compile(r"([+-]?)([^0-9.,+\-\s]*)\s*([+-]?[0-9.,][0-9.,' eE+-]*?)\s*([^0-9.,+\-\s]*)")
_MOST_UNITS: Final = 4


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """The marks by which numbers are read, and the `units` that stand before or behind them."""

    decimal: str = "."
    thousands: str = ""
    units: tuple[str, ...] = ()

    @property
    def keys(self) -> dict[str, str]:
        """The keys of a contract that say so, with their values as TOML; those that say the usual are left out."""
        found = {"decimal": self.decimal if self.decimal != "." else "", "thousands": self.thousands}
        keys = {key: f'"{mark}"' for key, mark in found.items() if mark}
        if self.units:
            keys["units"] = "[" + ", ".join(f'"{unit}"' for unit in self.units) + "]"
        return keys


def style_of(values: Sequence[str]) -> NumberStyle | None:
    """The plainest way in which all values are numbers; None if they are none.

    >>> style_of(["12.5", "-1"]), style_of(["¥1,234.50", "¥ 7"])
    (NumberStyle(decimal='.', thousands='', units=()), NumberStyle(decimal='.', thousands=',', units=('¥',)))
    >>> style_of(["12,50", "1.234,00"]), style_of(["yes"]), style_of([])
    (NumberStyle(decimal=',', thousands='.', units=()), None, None)
    """
    parts = [_AROUND.fullmatch(value.strip()) for value in values]
    if not values or None in parts:
        return None
    found = [part.groups() for part in parts if part is not None]
    units = tuple(dict.fromkeys(unit for _sign, before, _number, behind in found for unit in (before, behind) if unit))
    if len(units) > _MOST_UNITS:
        return None
    for decimal, thousands, pattern in _STYLES:
        if all(re.fullmatch(pattern, number) for _sign, _before, number, _behind in found):
            return NumberStyle(decimal, thousands, units)
    return None

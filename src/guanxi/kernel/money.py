"""Money: whole ten-thousandths in the database, `Decimal` in Python."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any

from django.db import models

SCALE = 4
_UNIT = Decimal(10) ** SCALE


def to_units(amount: Decimal | int | str) -> int:
    """The amount in ten-thousandths, half-even: `to_units("2.55") == 25500`."""
    return int((Decimal(amount) * _UNIT).to_integral_value(ROUND_HALF_EVEN))


def from_units(units: int) -> Decimal:
    """The amount behind `units`, with four places: `from_units(25500) == Decimal("2.5500")`."""
    return (Decimal(units) / _UNIT).quantize(1 / _UNIT)


PLACES = {"JPY": 0, "KRW": 0, "VND": 0}  # smallest coins that are no hundredths


def round_to_currency(amount: Decimal, currency: str) -> Decimal:
    """The amount as it can be paid, half-even: `round_to_currency(Decimal("2.345"), "CNY") == Decimal("2.34")`."""
    return amount.quantize(Decimal(1).scaleb(-PLACES.get(currency, 2)), ROUND_HALF_EVEN)


class MoneyField(models.BigIntegerField):  # type: ignore[type-arg]
    """A `Decimal` of four places kept as BIGINT, because SQLite would keep a decimal as a float."""

    if TYPE_CHECKING:  # what the type checker takes the values of a field to be
        _pyi_private_set_type: Decimal | int | str  # type: ignore[assignment]
        _pyi_private_get_type: Decimal  # type: ignore[assignment]

    def from_db_value(self, value: int | None, *_: object) -> Decimal | None:
        """Out of the database: units to `Decimal`."""
        return None if value is None else from_units(value)

    def to_python(self, value: Any) -> Decimal | None:
        """Out of a form or a fixture: what somebody wrote to `Decimal`."""
        return None if value is None else Decimal(value)

    def get_prep_value(self, value: Any) -> int | None:
        """Into the database: `Decimal` to units."""
        return None if value is None else to_units(value)

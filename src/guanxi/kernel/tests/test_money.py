from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.money import MoneyField, from_units, to_units


@pytest.mark.parametrize(
    ("amount", "units"),
    [
        ("2.55", 25_500),
        ("9747747.934", 97_477_479_340),
        (-3, -30_000),
        ("0.00005", 0),  # half goes to the even neighbour
        ("0.00015", 2),
        ("-0.00015", -2),
        (Decimal("0.1"), 1_000),
    ],
)
def test_amounts_become_units(amount: Decimal | int | str, units: int) -> None:
    assert to_units(amount) == units


def test_units_become_amounts_of_four_places() -> None:
    assert str(from_units(25_500)) == "2.5500"
    assert str(from_units(-1)) == "-0.0001"


@given(st.integers(-(2**63), 2**63 - 1))
def test_nothing_is_lost_on_the_way(units: int) -> None:
    assert to_units(from_units(units)) == units


def test_the_field_speaks_decimal_outside_and_units_inside() -> None:
    field = MoneyField(null=True)
    assert field.get_prep_value(Decimal("2.55")) == 25_500
    assert field.from_db_value(25_500) == Decimal("2.5500")
    assert field.to_python("2.55") == Decimal("2.55")
    assert (field.get_prep_value(None), field.from_db_value(None), field.to_python(None)) == (None, None, None)

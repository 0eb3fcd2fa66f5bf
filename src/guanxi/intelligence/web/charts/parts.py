"""What every insight chart needs: shares, cells and months ready to show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from guanxi.intelligence.queries.figures import amount
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.parts import Cell


def share(part: Decimal | float, whole: Decimal | float) -> float:
    """Part of whole, 0 where there is no whole."""
    return float(Decimal(part) / Decimal(whole)) if whole else 0.0


def count_cell(value: int, href: str = "") -> Cell:
    """A count, right-aligned."""
    return Cell(formats.number(value), href=href, value=value)


def share_cell(value: float, places: int = 1) -> Cell:
    """A share of one as percent; a hair below zero is zero."""
    value = 0.0 if round(value, 2 + places) == 0 else value
    return Cell(formats.percent(value, places), value=round(value, 6))


def money_cell(value: Decimal, currency: str) -> Cell:
    """Money without cents."""
    return Cell(formats.money_whole(value, currency), value=value)


def spend_of(row: Mapping[str, Any]) -> Decimal:
    """The spend of the last twelve months of a published row."""
    return amount(row.get("spend_12m", row.get("spend")))


def total(rows: Iterable[Mapping[str, Any]], column: str) -> int:
    """The sum of a counted column."""
    return sum(int(row[column] or 0) for row in rows)


def spend_total(rows: Iterable[Mapping[str, Any]]) -> Decimal:
    """The sum of the spend of published rows."""
    return sum((spend_of(row) for row in rows), Decimal(0))

"""Grids the server draws itself: province tiles and heat maps, as links with a sequential colour step."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

STEPS = 6  # colour steps above zero; step 0 is "none"


@dataclass(frozen=True)
class GridCell:
    """One drawn cell; `step` is its colour class, 0 to 6."""

    label: str
    text: str
    step: int
    href: str = ""
    note: str = ""
    row: int = 0
    col: int = 0


@dataclass(frozen=True)
class HeatRow:
    """One row of a heat map."""

    label: str
    cells: Sequence[GridCell | None]


def colour_step(value: float, largest: float) -> int:
    """0 for nothing, else 1 to 6 by the square root of the share of the largest.

    The root spreads the small values, which would all be one shade where one value towers.
    """
    if value <= 0 or largest <= 0:
        return 0
    return max(1, min(STEPS, round(math.sqrt(value / largest) * STEPS)))


def _drawn(cell: Mapping[str, Any], largest: float) -> GridCell:
    return GridCell(
        label=str(cell.get("label", "")), text=str(cell["text"]), step=colour_step(float(cell["value"]), largest),
        href=cell.get("href", ""), note=str(cell.get("note", "")),
        row=int(cell.get("row", 0)), col=int(cell.get("col", 0)),
    )  # fmt: skip


def tile_cells(cells: Sequence[Mapping[str, Any]]) -> list[GridCell]:
    """The tiles in reading order, each with its colour step."""
    largest = max((float(cell["value"]) for cell in cells), default=0.0)
    return sorted((_drawn(cell, largest) for cell in cells), key=lambda cell: (cell.row, cell.col))


def heat_rows(data: Mapping[str, Any]) -> list[HeatRow]:
    """The rows of a heat map from the top (the last y) to the bottom (the first)."""
    largest = max((float(cell["value"]) for cell in data["cells"]), default=0.0)
    at = {(int(cell["x"]), int(cell["y"])): _drawn(cell, largest) for cell in data["cells"]}
    return [
        HeatRow(label=str(name), cells=[at.get((x, y)) for x in range(len(data["x"]))])
        for y, name in reversed(list(enumerate(data["y"])))
    ]

from __future__ import annotations

import pytest

from guanxi.kernel.ui.grids import colour_step, heat_rows, tile_cells


@pytest.mark.parametrize(
    ("value", "largest", "step"),
    [(0, 100, 0), (-5, 100, 0), (1, 100, 1), (0.01, 100, 1), (25, 100, 3), (50, 100, 4), (100, 100, 6), (0, 0, 0)],
)
def test_colour_steps_follow_the_root_of_the_share(value: float, largest: float, step: int) -> None:
    assert colour_step(value, largest) == step


def test_tiles_come_in_reading_order() -> None:
    cells = tile_cells(
        [
            {"row": 1, "col": 0, "label": "新疆", "value": 0, "text": "0"},
            {"row": 0, "col": 8, "label": "黑龙江", "value": 4, "text": "4", "href": "/x"},
        ]
    )
    assert [(cell.label, cell.step, cell.href) for cell in cells] == [("黑龙江", 6, "/x"), ("新疆", 0, "")]


def test_a_heat_map_reads_from_the_top_and_leaves_holes() -> None:
    rows = heat_rows(
        {"x": ["1", "2"], "y": ["low", "high"], "cells": [{"x": 1, "y": 1, "value": 9, "text": "9", "note": "90%"}]}
    )
    assert [row.label for row in rows] == ["high", "low"]
    assert rows[0].cells[0] is None
    assert rows[0].cells[1] is not None
    assert (rows[0].cells[1].text, rows[0].cells[1].note, rows[0].cells[1].step) == ("9", "90%", 6)
    assert rows[1].cells == [None, None]

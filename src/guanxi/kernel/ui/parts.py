"""What a page hands to the components: tables, charts, chips, pages. All text is translated already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from django.utils.functional import Promise

Text = str | Promise
STACKED_FROM: Final = 5  # columns
ChartKind = Literal["steps", "hbar", "pyramid", "line", "columns", "stacked", "moves", "heat", "tiles"]


@dataclass(frozen=True)
class Column:
    """A column: `sorted` is "", "asc" or "desc"; with `sort_url` its head is a link."""

    key: str
    label: Text
    numeric: bool = False
    sort_url: str = ""
    sorted: Literal["", "asc", "desc"] = ""


@dataclass(frozen=True)
class Cell:
    """A cell: what the reader sees, and the raw `value` a download carries instead.

    A number stands right-aligned; `title` is told on hovering.
    """

    text: Text
    href: str = ""
    value: object = None
    tone: str = ""
    title: Text = ""

    @property
    def numeric(self) -> bool:
        """Whether the cell is a number."""
        return isinstance(self.value, int | float | Decimal)


@dataclass(frozen=True)
class Row:
    """A row; with `href` the whole row opens that page."""

    cells: Sequence[Cell]
    href: str = ""


@dataclass(frozen=True)
class Table:
    """A table of ready texts. `name` is the file name of its download."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    caption: Text = ""
    empty: Text = ""
    name: str = "table"
    fits_page: bool = False  # scrolls with the page instead of in a box of its own

    @property
    def stacks(self) -> bool:
        """Whether it is too wide for a phone, which then shows the cells of a row one after the other."""
        return len(self.columns) >= STACKED_FROM

    @property
    def lines(self) -> list[tuple[Row, list[tuple[Column, Cell]]]]:
        """Every row, and its cells with their columns."""
        return [(row, list(zip(self.columns, row.cells, strict=True))) for row in self.rows]


@dataclass(frozen=True)
class Chart:
    """A chart and the table behind it. `data` by kind is described in `static/guanxi/charts.js`."""

    key: str
    kind: ChartKind
    title: Text
    data: Mapping[str, Any]
    table: Table
    summary: Text = ""
    meaning: Text = ""
    as_of: date | None = None
    height: Literal["s", "m", "l"] = "m"
    href: str = ""
    href_text: Text = ""

    @property
    def data_id(self) -> str:
        """The id of the script element that carries the data."""
        return f"chart-{self.key}-data"


@dataclass(frozen=True)
class Chip:
    """One filter as a sentence; `remove_url` is the same page without it, `edit_url` a dialog that changes it."""

    text: Text
    remove_url: str
    edit_url: str = ""


@dataclass(frozen=True)
class Pager:
    """Where the next and the previous page are; empty where there is none."""

    next_url: str = ""
    previous_url: str = ""
    text: Text = ""


@dataclass(frozen=True)
class Tab:
    """One tab of a page."""

    label: Text
    url: str
    active: bool = False
    count: Text = ""

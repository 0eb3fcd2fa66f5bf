"""What a reader asks of a list, as its address holds it: filters, order, columns, density, view, place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal
from urllib.parse import quote

from django.urls import reverse

from guanxi.kernel.lists.conditions import EVERYTHING, Condition, Group, as_all, read, write
from guanxi.kernel.lists.fields import Field
from guanxi.kernel.lists.operators import check
from guanxi.kernel.lists.spec import ListSpec, field_of

WHERE: Final = "where"
EVERYTHING_ASKED: Final = "all"  # an address without filters that is not to open in a view of its own accord
RESERVED: Final = frozenset({WHERE, "sort", "columns", "density", "view", "cursor"})
LONGEST_VALUE: Final = 200
WIDTH_STEP: Final = 20
NARROWEST: Final = 60
WIDEST: Final = 600
Density = Literal["", "dense"]


@dataclass(frozen=True)
class ListState:
    """The whole of it. `sort` is empty for the list's own order; `columns` are empty for the usual ones.

    `filter` holds items that must all hold, so that each can be shown and taken away.
    """

    filter: Group = EVERYTHING
    sort: str = ""
    turned: bool = False  # sorted the other way round than the field's first click
    columns: tuple[str, ...] = ()
    widths: tuple[tuple[str, int], ...] = ()  # in pixels, of columns that are not as wide as usual
    density: Density = ""
    view: str = ""
    cursor: str = ""

    @classmethod
    def from_address(
        cls, spec: ListSpec, given: Mapping[str, Any], fields: Mapping[str, Field] | None = None
    ) -> ListState:
        """What an address asks for.

        `tier=vip` is the short form of `where=tier:is:vip`; what is no field of the list is left alone.

        Raises
        ------
        FilterUnknown, FilterUnreadable
            A filter is none, or has a value it cannot have.
        """
        fields = spec.all_fields() if fields is None else fields
        items: list[Condition | Group] = []
        for key in fields:
            value = str(given.get(key, "")).strip()[:LONGEST_VALUE]
            if value and key not in RESERVED:
                items.append(Condition(key, "is", (value,)))
        where = str(given.get(WHERE, ""))
        written = EVERYTHING if where == EVERYTHING_ASKED else as_all(read(where))
        group = Group("and", tuple(dict.fromkeys([*items, *written.items])))
        for condition in group.conditions():
            check(field_of(fields, condition.field, ";".join(condition.values)), condition)
        key, _dot, way = str(given.get("sort", "")).partition(".")
        sortable = key in fields and bool(fields[key].order)
        chosen, widths = read_columns(str(given.get("columns", "")), fields)
        return cls(
            filter=group,
            sort=key if sortable and (key != spec.default_sort or way) else "",
            turned=sortable and way == "turned",
            columns=chosen,
            widths=widths,
            density="dense" if given.get("density") == "dense" else "",
            view=str(given.get("view", ""))[:20],
            cursor=str(given.get("cursor", "")),
        )

    def parameters(self) -> dict[str, str]:
        """The same as parameters of an address; nothing that says nothing."""
        asked: dict[str, str] = {}
        rest: list[Condition | Group] = []
        for item in self.filter.items:
            short = isinstance(item, Condition) and item.op == "is" and len(item.values) == 1
            if isinstance(item, Condition) and short and item.field not in asked and item.field not in RESERVED:
                asked[item.field] = item.values[0]
            else:
                rest.append(item)
        asked[WHERE] = write(Group("and", tuple(rest)))
        asked["sort"] = f"{self.sort}.turned" if self.turned else self.sort
        wide = dict(self.widths)
        asked["columns"] = ",".join(f"{key}.{wide[key]}" if key in wide else key for key in self.columns)
        asked |= {"density": self.density, "view": self.view, "cursor": self.cursor}
        told = {name: value for name, value in asked.items() if value}
        return told if told.keys() - {"view", "cursor"} else {WHERE: EVERYTHING_ASKED} | told

    def query(self) -> str:
        """The parameters as they stand behind the question mark, readable."""
        return "&".join(f"{name}={quote(value, safe=',:;()|~')}" for name, value in self.parameters().items())

    def address(self, spec: ListSpec) -> str:
        """The address of the list in this state."""
        query = self.query()
        return reverse(spec.url_name) + (f"?{query}" if query else "")

    def changed(self, **what: Any) -> ListState:
        """The same with something changed; the first page of it."""
        return replace(self, **{"cursor": ""} | what)

    def shown(self, fields: Mapping[str, Field]) -> list[Field]:
        """The columns: those chosen, else the usual ones."""
        chosen = [fields[key] for key in self.columns if key in fields]
        return chosen or [field for field in fields.values() if field.is_default]

    def without(self, at: int) -> ListState:
        """The same but for one item of the filter."""
        items = self.filter.items
        return self.changed(filter=Group("and", (*items[:at], *items[at + 1 :])))


def read_columns(text: str, fields: Mapping[str, Field]) -> tuple[tuple[str, ...], tuple[tuple[str, int], ...]]:
    """The columns an address names, `name.240,tier`, and those widths; what is no column is left out."""
    keys, widths = dict[str, None](), dict[str, int]()
    for part in text.split(","):
        key, _dot, width = part.partition(".")
        if key in fields and fields[key].is_column:
            keys[key] = None
            if width.isascii() and width.isdigit() and len(width) <= 4:
                widths[key] = min(max(int(width) // WIDTH_STEP * WIDTH_STEP, NARROWEST), WIDEST)
    return tuple(keys), tuple(widths.items())

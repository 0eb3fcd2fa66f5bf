"""What a reader asks of a list, as its address holds it: filters, order, columns, density, view, place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal
from urllib.parse import quote

from django.urls import reverse

from guanxi.kernel.lists.conditions import EVERYTHING, Condition, Group, as_all, read, write
from guanxi.kernel.lists.operators import check
from guanxi.kernel.lists.spec import ListSpec, field_of

WHERE: Final = "where"
RESERVED: Final = frozenset({WHERE, "sort", "columns", "density", "view", "cursor"})
LONGEST_VALUE: Final = 200
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
    density: Density = ""
    view: str = ""
    cursor: str = ""

    @classmethod
    def from_address(cls, spec: ListSpec, given: Mapping[str, Any]) -> ListState:
        """What an address asks for.

        `tier=vip` is the short form of `where=tier:is:vip`; what is no field of the list is left alone.

        Raises
        ------
        FilterUnknown, FilterUnreadable
            A filter is none, or has a value it cannot have.
        """
        fields = spec.all_fields()
        items: list[Condition | Group] = []
        for key in fields:
            value = str(given.get(key, "")).strip()[:LONGEST_VALUE]
            if value and key not in RESERVED:
                items.append(Condition(key, "is", (value,)))
        written = as_all(read(str(given.get(WHERE, ""))))
        group = Group("and", tuple(dict.fromkeys([*items, *written.items])))
        for condition in group.conditions():
            check(field_of(fields, condition.field, ";".join(condition.values)), condition)
        key, _dot, way = str(given.get("sort", "")).partition(".")
        sortable = key in fields and bool(fields[key].order)
        chosen = [name for name in str(given.get("columns", "")).split(",") if name in fields]
        return cls(
            filter=group,
            sort=key if sortable and (key != spec.default_sort or way) else "",
            turned=sortable and way == "turned",
            columns=tuple(dict.fromkeys(name for name in chosen if fields[name].is_column)),
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
        asked["columns"] = ",".join(self.columns)
        asked |= {"density": self.density, "view": self.view, "cursor": self.cursor}
        return {name: value for name, value in asked.items() if value}

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

    def without(self, at: int) -> ListState:
        """The same but for one item of the filter."""
        items = self.filter.items
        return self.changed(filter=Group("and", (*items[:at], *items[at + 1 :])))

    def with_item(self, item: Condition | Group) -> ListState:
        """The same with one more item of the filter."""
        return self.changed(filter=as_all(Group("and", (*self.filter.items, item))))

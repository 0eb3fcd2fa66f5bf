"""The form that edits a filter: conditions in groups, as they stand while somebody is still at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.http import QueryDict

from guanxi.kernel.lists.conditions import DEEPEST, Condition, Group, Join, as_all
from guanxi.kernel.lists.errors import FilterUnknown
from guanxi.kernel.lists.fields import Field, Kind
from guanxi.kernel.lists.operators import (
    NO,
    OPERATORS,
    PERIOD_LABELS,
    UNIT_LABELS,
    YES,
    Takes,
    check,
    operators_of,
)
from guanxi.kernel.lists.relative_dates import read_length
from guanxi.kernel.lists.sentences import value_text
from guanxi.kernel.row_numbers import read_row_number
from guanxi.kernel.ui.registry import Text

ROOT: Final = "r"


@dataclass(frozen=True)
class Draft:
    """A condition or a group in the form; `path` names it: "r" is the whole, "r.0" its first item."""

    path: str
    join: Join = "and"
    items: tuple[Draft, ...] = ()
    is_group: bool = False
    field: str = ""
    op: str = ""
    values: tuple[str, ...] = ()
    error: FilterUnknown | None = None

    @property
    def depth(self) -> int:
        """How deep it stands."""
        return self.path.count(".")

    @property
    def may_nest(self) -> bool:
        """Whether a group may stand in it."""
        return self.depth < DEEPEST - 1


@dataclass(frozen=True)
class Row:
    """What the form shows of a condition."""

    draft: Draft
    takes: Takes
    input_kind: str  # text, number, date, select, checks, length, period, none
    operators: Sequence[tuple[str, Text]]
    options: Sequence[tuple[str, Text, bool]] = ()
    count: str = ""
    unit: str = "d"
    units: Sequence[tuple[str, Text]] = ()
    first: str = ""
    last: str = ""


@dataclass(frozen=True)
class Node:
    """A row, or a group of nodes, ready for the template."""

    draft: Draft
    row: Row | None = None
    items: Sequence[Node] = field(default_factory=tuple)


def drafted(group: Group, path: str = ROOT) -> Draft:
    """A group as a draft."""
    items = tuple(
        drafted(item, f"{path}.{at}") if isinstance(item, Group) else _drafted_condition(item, f"{path}.{at}")
        for at, item in enumerate(group.items)
    )
    return Draft(path, group.join, items, is_group=True)


def _drafted_condition(condition: Condition, path: str) -> Draft:
    return Draft(path, field=condition.field, op=condition.op, values=condition.values)


def from_form(form: QueryDict, path: str = ROOT) -> Draft:
    """The draft as it was sent; its items keep their places."""
    join: Join = "or" if form.get(f"join:{path}") == "or" else "and"
    items: list[Draft] = []
    while True:
        inner = f"{path}.{len(items)}"
        if f"field:{inner}" in form:
            items.append(_sent_condition(form, inner))
        elif f"join:{inner}" in form and inner.count(".") < DEEPEST:
            items.append(from_form(form, inner))
        else:
            return Draft(path, join, tuple(items), is_group=True)


def _sent_condition(form: QueryDict, path: str) -> Draft:
    values = tuple(value.strip() for value in form.getlist(f"value:{path}") if value.strip())
    if count := form.get(f"count:{path}", "").strip():
        values = (f"{count}{form.get(f'unit:{path}', 'd')}",)
    return Draft(path, field=form.get(f"field:{path}", ""), op=form.get(f"op:{path}", ""), values=values)


def settled(draft: Draft, fields: Mapping[str, Field]) -> Draft:
    """The same with operators and values that fit the fields: both may just have been chosen anew."""
    if draft.is_group:
        return replace(draft, items=tuple(settled(item, fields) for item in draft.items))
    chosen = fields.get(draft.field)
    if chosen is None or not operators_of(chosen):
        chosen = next(iter(offered(fields).values()))
    offers = operators_of(chosen)
    op = draft.op if draft.op in offers else offers[0]
    takes = OPERATORS[op].takes
    values = draft.values if takes != "none" else ()
    if takes in ("one", "length", "period"):
        values = values[:1]
    if takes == "length" and not (values and read_length(values[0])):
        values = ("90d",)
    elif takes == "period" and not (values and values[0] in PERIOD_LABELS):
        values = ("this_month",)
    elif takes in ("one", "many", "two") and chosen.options is not None and not chosen.is_open:
        options = chosen.options()
        values = tuple(value for value in values if value in options)
    return replace(draft, field=chosen.key, op=op, values=values)


def edited(draft: Draft, deed: str) -> Draft:
    """The draft after a button of the form: `add:r`, `group:r.1`, `remove:r.0`."""
    what, _colon, path = deed.partition(":")
    changed = _edited(draft, what, path)
    return renumbered(changed) if changed is not None else Draft(ROOT, is_group=True)


def _edited(draft: Draft, what: str, path: str) -> Draft | None:
    if draft.path == path and what == "remove":
        return None
    if draft.path == path and draft.is_group:
        blank = Draft("")
        if what == "add":
            return replace(draft, items=(*draft.items, blank))
        if what == "group" and draft.may_nest:
            other: Join = "or" if draft.join == "and" else "and"
            return replace(draft, items=(*draft.items, Draft("", other, (blank, blank), is_group=True)))
    kept = (_edited(item, what, path) for item in draft.items)
    return replace(draft, items=tuple(item for item in kept if item is not None))


def renumbered(draft: Draft, path: str = ROOT) -> Draft:
    """The same with paths as the items stand now."""
    items = tuple(renumbered(item, f"{path}.{at}") for at, item in enumerate(draft.items))
    return replace(draft, path=path, items=items)


def checked(draft: Draft, fields: Mapping[str, Field]) -> Draft:
    """The same with what is wrong noted where it is."""
    if draft.is_group:
        return replace(draft, items=tuple(checked(item, fields) for item in draft.items))
    try:
        check(fields[draft.field], Condition(draft.field, draft.op, draft.values))
    except FilterUnknown as error:
        return replace(draft, error=error)
    return draft


def errors(draft: Draft) -> Iterator[FilterUnknown]:
    """What is wrong, wherever."""
    if draft.error is not None:
        yield draft.error
    for item in draft.items:
        yield from errors(item)


def as_group(draft: Draft) -> Group:
    """The draft as a filter."""
    return Group(
        draft.join,
        tuple(as_group(item) if item.is_group else Condition(item.field, item.op, item.values) for item in draft.items),
    )


def placed(whole: Group, at: str, draft: Draft) -> Group:
    """The whole filter with the draft in its place: "new", "all", or the number of an item."""
    group = as_group(draft)
    if at == "all":
        return as_all(group)
    if at == "new":
        return as_all(Group("and", (*whole.items, group)))
    items = list(whole.items)
    items[int(at)] = group
    return as_all(Group("and", tuple(items)))


def taken(whole: Group, at: str) -> Draft:
    """The part of the filter that is edited."""
    if at == "all":
        return drafted(whole)
    place = place_of(whole, at)
    if place is not None:
        item = whole.items[place]
        return drafted(item if isinstance(item, Group) else Group("or", (item,)))
    return Draft(ROOT, items=(Draft(f"{ROOT}.0"),), is_group=True)


def place_of(whole: Group, at: str) -> int | None:
    """Which item of the filter `at` names, if it has one there."""
    place = read_row_number(at)
    return place if place is not None and place < len(whole.items) else None


def offered(fields: Mapping[str, Field]) -> dict[str, Field]:
    """The fields a form offers."""
    return {key: found for key, found in fields.items() if found.is_filter}


def field_groups(fields: Mapping[str, Field]) -> list[tuple[Text, list[Field]]]:
    """The fields a form offers, under their headings."""
    groups: dict[str, tuple[Text, list[Field]]] = {}
    for found in offered(fields).values():
        groups.setdefault(str(found.group), (found.group, []))[1].append(found)
    return list(groups.values())


def nodes(draft: Draft, fields: Mapping[str, Field]) -> Node:
    """The draft ready for the template."""
    if draft.is_group:
        return Node(draft, items=[nodes(item, fields) for item in draft.items])
    return Node(draft, _row(draft, fields[draft.field]))


def _row(draft: Draft, chosen: Field) -> Row:
    takes = OPERATORS[draft.op].takes
    more: dict[str, Any] = {"operators": [(op, OPERATORS[op].label) for op in operators_of(chosen)]}
    match takes:
        case "length":
            count, unit = read_length(draft.values[0]) or (90, "d")
            more |= {"input_kind": "length", "count": str(count), "unit": unit, "units": list(UNIT_LABELS.items())}
        case "period":
            periods = [(key, label, key in draft.values) for key, label in PERIOD_LABELS.items()]
            more |= {"input_kind": "select", "options": periods}
        case "none":
            more["input_kind"] = "none"
        case _:
            more |= _value_input(draft, chosen, many=takes == "many")
    first, last = (*draft.values, "", "")[:2]
    return Row(draft, takes, first=first, last=last, **more)


def _value_input(draft: Draft, chosen: Field, *, many: bool) -> dict[str, Any]:
    options = _options(draft, chosen)
    if options:
        return {"input_kind": "checks" if many else "select", "options": options}
    kinds = {Kind.NUMBER: "number", Kind.MONEY: "number", Kind.DATE: "date", Kind.MOMENT: "date"}
    return {"input_kind": kinds.get(chosen.kind, "text")}


def _options(draft: Draft, chosen: Field) -> list[tuple[str, Text, bool]]:
    if chosen.kind is Kind.BOOL:
        return [(value, value_text(chosen, value), value in draft.values) for value in (YES, NO)]
    if chosen.options is None:
        return []
    known = chosen.options()
    beyond = [value for value in draft.values if value not in known]
    offers = [(value, option.label, value in draft.values) for value, option in known.items()]
    return [*((value, value, True) for value in beyond), *offers]

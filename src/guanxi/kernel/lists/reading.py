"""Reading one page of a list: counted up to a limit, in order, however many rows there are.

First the rows that match are looked for in whatever order is quickest, up to one more than are counted. If they are
few, the page is cut out of them; if they are many, the list's order is walked (`keyset.Stretch`). Only then are the
fields of the rows on the page read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Exists, F, JSONField, Model, OuterRef, QuerySet, Sum

from guanxi.kernel.commands import Actor
from guanxi.kernel.lists.conditions import Condition, Group
from guanxi.kernel.lists.fields import Field, Ground
from guanxi.kernel.lists.keyset import Cursor, Narrow, Stretch, read_page
from guanxi.kernel.lists.leading import candidates, find_leader, led
from guanxi.kernel.lists.lookups import Keys
from guanxi.kernel.lists.matching import matching, parts, refuse_unless_allowed, where
from guanxi.kernel.lists.searching import search_rows, search_side
from guanxi.kernel.lists.spec import ListSpec
from guanxi.kernel.lists.state import ListState

COUNT_LIMIT: Final = 10_000
PAGE_SIZE: Final = 50
KEY: Final = "key"  # of a row of the list, whatever rows it is read from


@dataclass(frozen=True)
class ListPage:
    """One page: rows as path -> value with the row's own key under "pk"; `count` stops at one over the limit."""

    rows: Sequence[Mapping[str, Any]]
    next_cursor: str
    previous_cursor: str
    count: int
    ground: Ground

    @property
    def is_count_capped(self) -> bool:
        """Whether there are more than were counted."""
        return self.count > COUNT_LIMIT


def read_list(
    actor: Actor,
    spec: ListSpec,
    state: ListState,
    columns: Iterable[Field],
    size: int = PAGE_SIZE,
    *,
    ground: Ground | None = None,
) -> ListPage:
    """One page of the list in `state`, with what `columns` need.

    Raises
    ------
    PermissionDenied
        The actor may not see the list.
    """
    refuse_unless_allowed(actor, spec)
    ground = ground or spec.stand(actor)
    cursor = Cursor.decode(state.cursor) if state.cursor else None
    few: Keys | None = None
    count = cursor.count if cursor is not None else 0
    if count <= COUNT_LIMIT:
        found = find_keys(actor, spec, state, ground)
        count = found.count
        few = found if count <= COUNT_LIMIT else None
    if not count:
        return ListPage([], "", "", 0, ground)
    page = read_page(list(_stretches(spec, state, ground, few)), cursor, size, count)
    keys = [row[_key_of(spec, row)] for row in page.rows]
    return ListPage(
        rows=read_rows(spec, ground, keys, columns),
        next_cursor=page.next_cursor,
        previous_cursor=page.previous_cursor,
        count=count,
        ground=ground,
    )


def find_keys(actor: Actor, spec: ListSpec, state: ListState, ground: Ground | None = None) -> Keys:
    """The keys of the rows that match, in no order, up to one more than are counted."""
    return Keys.of(_matching_keys(actor, spec, state, ground or spec.stand(actor))[: COUNT_LIMIT + 1], KEY)


def walk_keys(actor: Actor, spec: ListSpec, state: ListState, among: Sequence[int] | None = None) -> Iterator[int]:
    """The keys of all rows that match, in the list's order; or of the seen ones `among` some, in that order.

    Raises
    ------
    PermissionDenied
        The actor may not see the list.
    """
    refuse_unless_allowed(actor, spec)
    ground = spec.stand(actor)
    if among is None:
        found = find_keys(actor, spec, state, ground)
        few = found if found.count <= COUNT_LIMIT else None
    else:
        state = state.changed(filter=Group())
        few = Keys.of(matching(actor, spec, state, ground=ground).filter(pk__in=among), "pk")
    for stretch in _stretches(spec, state, ground, few):
        yield from stretch.walk()


def count_matching(actor: Actor, spec: ListSpec, state: ListState, *, ground: Ground | None = None) -> int:
    """How many rows match, counted up to one more than the limit."""
    return _matching_keys(actor, spec, state, ground or spec.stand(actor))[: COUNT_LIMIT + 1].count()


def _matching_keys(actor: Actor, spec: ListSpec, state: ListState, ground: Ground) -> QuerySet[Any]:
    """The keys of the rows that match, by the side alone where it has them all: the listed rows need not be read."""
    refuse_unless_allowed(actor, spec)
    asked = parts(spec, state.filter, spec.at_main, ground, prefix="")
    rivals = list(candidates(asked, spec.model._default_manager.all()))
    side = spec.side
    if side is None or ground.side is None or not asks_side(spec, ground.fields, state.filter):
        rows = spec.main_rows(ground).filter(*led(asked, find_leader(rivals), spec.model))
        return rows.order_by().values(**{KEY: F("pk")})
    beside = parts(spec, state.filter, spec.at_side, ground, prefix=f"{side.back}__")
    leader = find_leader([*rivals, *candidates(beside, spec.side_rows(ground), ground.side)])
    if leader in rivals:
        rows = spec.main_rows(ground, side_leads=False).filter(*led(asked, leader, spec.model))
        return rows.order_by().values(**{KEY: F("pk")})
    rows = spec.side_rows(ground).filter(*led(beside, leader, side.model))
    return rows.order_by().values(**{KEY: F(f"{side.back}_id")})


def read_rows(spec: ListSpec, ground: Ground, keys: Sequence[Any], columns: Iterable[Field]) -> list[dict[str, Any]]:
    """The rows of these keys, in this order, with what the columns need."""
    columns = list(columns)
    paths = dict.fromkeys([*spec.needs, *(path for column in columns for path in column.needs)])
    read = spec.main_rows(ground).filter(pk__in=keys).values("pk", *paths)
    found: dict[Any, dict[str, Any]] = {row["pk"]: row for row in read}
    for column in columns:
        if column.load is not None:
            values = column.load(keys, ground)
            for key, row in found.items():
                row[column.key] = values.get(key)
    return [found[key] for key in keys if key in found]


@dataclass(frozen=True)
class Totals:
    """Sums over all that match, by the key of the field; nothing where they are too many to be summed at once."""

    count: int
    sums: Mapping[str, Any] | None


def sum_up(actor: Actor, spec: ListSpec, state: ListState, columns: Iterable[Field]) -> Totals:
    """The sums of those `columns` that can be summed, over all rows that match."""
    refuse_unless_allowed(actor, spec)
    ground = spec.stand(actor)
    keys = find_keys(actor, spec, state, ground)
    summed = {field.key: Sum(field.source) for field in columns if field.total}
    if keys.count > COUNT_LIMIT or not summed:
        return Totals(keys.count, None)
    return Totals(keys.count, spec.main_rows(ground).filter(pk__among=keys).aggregate(**summed))


def _stretches(spec: ListSpec, state: ListState, ground: Ground, few: Keys | None) -> Iterator[Stretch]:
    """The list in as many stretches as its order needs: rows with a value, rows without, rows without a side."""
    field = ground.fields[state.sort or spec.default_sort]
    descending = field.falls != state.turned
    path = field.order[0]

    def narrow_main(rows: QuerySet[Any]) -> QuerySet[Any]:
        return spec.beside(rows, ground).filter(where(spec, state.filter, spec.at_main, ground, prefix=""))

    if not spec.is_of_side(path):
        rows, search = spec.model._default_manager.all(), search_rows(spec, state.filter, ground)
        yield from _in_order(rows, "pk", path, narrow_main, search, descending=descending, few=few)
        return
    if ground.side is not None:
        yield from _by_side(spec, state, ground, path, descending=descending, few=few)
    if ground.side is None or not asks_side(spec, ground.fields, state.filter):
        yield from _without_side(spec, ground, narrow_main, few)


def _by_side(
    spec: ListSpec, state: ListState, ground: Ground, path: str, *, descending: bool, few: Keys | None
) -> Iterator[Stretch]:
    side = spec.side
    if side is None:
        raise LookupError(spec.key)

    def narrow(rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(where(spec, state.filter, spec.at_side, ground, prefix=f"{side.back}__"))

    rows, search = spec.side_rows(ground, leads=few is None), search_side(spec, state.filter, ground)
    yield from _in_order(rows, f"{side.back}_id", spec.at_side(path), narrow, search, descending=descending, few=few)


def _without_side(spec: ListSpec, ground: Ground, narrow: Narrow, few: Keys | None) -> Iterator[Stretch]:
    rows: QuerySet[Any] = spec.model._default_manager.all()
    if spec.side is not None and ground.side is not None:
        beside = spec.side.model._default_manager.filter(**ground.side, **{spec.side.back: OuterRef("pk")})
        rows = rows.filter(~Exists(beside))
    yield from _in_order(rows, "pk", "pk", narrow, None, descending=True, few=few)


def _in_order(
    rows: QuerySet[Any], key: str, path: str, narrow: Narrow, search: Narrow | None, *, descending: bool,
    few: Keys | None,
) -> Iterator[Stretch]:  # fmt: skip
    """Rows with a value in its order, then those without one by their key."""
    more: dict[str, Any] = {"narrow": narrow, "search": search}
    if few is not None:  # these match: there is nothing left to narrow
        rows, more = rows.filter(**{f"{key}__among": few}), {"are_few": True}
    if path in ("pk", "id", key):  # no search reads rows any faster than in the order of their keys
        yield Stretch(rows, (key,), descending=descending, **more | {"search": None})
        return
    is_nullable = may_be_null(rows.model, path)
    filled = rows.filter(**{f"{path}__isnull": False}) if is_nullable else rows
    yield Stretch(filled, (path, key), descending=descending, **more)
    if is_nullable:
        yield Stretch(rows.filter(**{f"{path}__isnull": True}), (key,), descending=True, **more)


def _key_of(spec: ListSpec, row: Mapping[str, Any]) -> str:
    return "pk" if "pk" in row or spec.side is None else f"{spec.side.back}_id"


def asks_side(spec: ListSpec, fields: Mapping[str, Field], group: Group) -> bool:
    """Whether only rows that have a side can match."""

    def asks(item: Condition | Group) -> bool:
        if isinstance(item, Group):
            return asks_side(spec, fields, item)
        field = fields[item.field]
        return item.op not in ("not", "empty") and (field.is_of_side or spec.is_of_side(field.source))

    answers = [asks(item) for item in group.items]
    return (any(answers) if group.join == "and" else all(answers)) if answers else False


def may_be_null(model: type[Model], path: str) -> bool:
    """Whether a path can lead to nothing."""
    at: Any = model
    for name in path.split("__"):
        try:
            field = at._meta.get_field(name)
        except FieldDoesNotExist:
            return True
        if field.null or isinstance(field, JSONField):
            return True
        at = field.related_model
        if at is None:
            break
    return False

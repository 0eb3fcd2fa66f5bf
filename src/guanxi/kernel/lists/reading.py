"""Reading one page of a list: counted up to a limit, in order, however many rows there are.

If few rows match, they are found in whatever way is quickest, counted and sorted at once (`few.Few`); if many, they
are counted up to the limit, and the list's order is walked (`keyset.Stretch`). Only then are the fields of the rows on
the page read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Exists, JSONField, Model, OuterRef, Q, QuerySet, Sum

from guanxi.kernel.commands import Actor
from guanxi.kernel.lists.conditions import Condition, Group
from guanxi.kernel.lists.few import Few, read_few
from guanxi.kernel.lists.fields import At, Field, Ground
from guanxi.kernel.lists.keyset import Cursor, Narrow, Page, Stretch, cut_page, walk_to_page
from guanxi.kernel.lists.leading import candidates, find_leader, is_scan, led
from guanxi.kernel.lists.links import Known
from guanxi.kernel.lists.lookups import Keys
from guanxi.kernel.lists.matching import matching, parts, refuse_unless_allowed, where
from guanxi.kernel.lists.searching import search_rows, search_side
from guanxi.kernel.lists.sizes import remember_size, remembered_size
from guanxi.kernel.lists.spec import ListSpec, Side
from guanxi.kernel.lists.state import ListState

COUNT_LIMIT: Final = 10_000
PAGE_SIZE: Final = 50
MANY: Final = 2_000  # known keys of which a page is met soon


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


@dataclass(frozen=True)
class Found:
    """The rows that match, read from the listed rows or, where it tells all that is asked, from their side.

    `key` is where the listed row's key stands in them, and `at` says where its other paths do. `living` are their keys
    where these are known without the rows. What is `scanned` takes long to find.
    """

    rows: QuerySet[Any]
    key: str
    at: At
    is_of_side: bool = False
    living: QuerySet[Any] | None = None
    scanned: bool = False

    @property
    def keys(self) -> QuerySet[Any]:
        """The keys of the listed rows, in no order."""
        return self.rows.order_by().values_list(self.key, flat=True)

    def count(self) -> int:
        """How many there are, up to one more than are counted."""
        keys = self.keys if self.living is None else self.living
        return keys[: COUNT_LIMIT + 1].count()


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
    page = _find_page(actor, spec, state, size, ground)
    return ListPage(
        rows=read_rows(spec, ground, page.keys, columns) if page.keys else [],
        next_cursor=page.next_cursor,
        previous_cursor=page.previous_cursor,
        count=page.count,
        ground=ground,
    )


def _find_page(actor: Actor, spec: ListSpec, state: ListState, size: int, ground: Ground) -> Page:
    order = f"{state.sort or spec.default_sort} {state.turned}"
    cursor = Cursor.decode(state.cursor, order) if state.cursor else None
    count = cursor.count if cursor is not None else 0
    if count <= COUNT_LIMIT:
        found = find(actor, spec, state, ground)
        if cursor is None or found.scanned:
            found, count = _count(spec, ground, found)
        if count <= COUNT_LIMIT:
            parts = _few(spec, state, ground, found, are_many=count >= MANY)
            if cursor is None and len(parts) == 1:
                places, count = parts[0].counted(size + 1)
            else:
                count = cursor.count if cursor is not None else found.count()
                places = read_few(parts, cursor, size + 1)
            if count > COUNT_LIMIT:  # they have become many since
                remember_size(found.keys, COUNT_LIMIT, count)
            return cut_page(places, cursor, size, order, count)
    places = walk_to_page(list(_stretches(spec, state, ground)), cursor, size + 1)
    return cut_page(places, cursor, size, order, count)


def _count(spec: ListSpec, ground: Ground, found: Found) -> tuple[Found, int]:
    """How many were found: if few, about, as they are counted once more when they are sorted.

    If nobody asked lately, or if it takes long, their keys are read, and the few are known by them.
    """
    about = remembered_size(found.keys, COUNT_LIMIT)
    if about is not None and about > COUNT_LIMIT:
        return found, found.count()
    if about is not None and not found.scanned:
        return found, about
    keys = list(found.keys[: COUNT_LIMIT + 1])
    remember_size(found.keys, COUNT_LIMIT, len(keys))
    if len(keys) > COUNT_LIMIT:
        return found, len(keys)
    return Found(spec.main_rows(ground).filter(pk__among=Keys.listing(keys)), "pk", spec.at_main), len(keys)


def walk_keys(actor: Actor, spec: ListSpec, state: ListState, among: Sequence[int] | None = None) -> Iterator[int]:
    """The keys of all rows that match, in the list's order; or of the seen ones `among` some, in that order.

    Raises
    ------
    PermissionDenied
        The actor may not see the list.
    """
    ground = spec.stand(actor)
    if among is not None:
        everything = state.changed(filter=Group())
        rows = matching(actor, spec, everything, ground=ground).filter(pk__in=among)
        for few in _few(spec, state, ground, Found(rows, "pk", spec.at_main)):
            yield from few.walk()
        return
    found, count = _count(spec, ground, find(actor, spec, state, ground))
    if count <= COUNT_LIMIT:
        for few in _few(spec, state, ground, found):
            yield from few.walk()
        return
    for stretch in _stretches(spec, state, ground):
        yield from stretch.walk()


def count_matching(actor: Actor, spec: ListSpec, state: ListState, *, ground: Ground | None = None) -> int:
    """How many rows match, counted up to one more than the limit."""
    return find(actor, spec, state, ground or spec.stand(actor)).count()


def find(actor: Actor, spec: ListSpec, state: ListState, ground: Ground) -> Found:
    """The rows that match, by the condition that fewest rows meet, and by the side alone where it has them all.

    Raises
    ------
    PermissionDenied
        The actor may not see the list.
    """
    refuse_unless_allowed(actor, spec)
    asked = parts(spec, state.filter, spec.at_main, ground, prefix="")
    rivals = list(candidates(asked, spec.model._default_manager.all()))
    side = spec.side
    if side is None or ground.side is None or not asks_side(spec, ground.fields, state.filter):
        rows = spec.main_rows(ground).filter(*led(asked, find_leader(rivals), spec.model))
        return Found(rows, "pk", spec.at_main, living=_known_alone(actor, state.filter, asked), scanned=is_scan(rivals))
    beside = parts(spec, state.filter, spec.at_side, ground, prefix=f"{side.back}__")
    leader = find_leader([*rivals, *candidates(beside, spec.side_rows(ground), ground.side)])
    if leader in rivals:
        rows = spec.main_rows(ground, side_leads=False).filter(*led(asked, leader, spec.model))
        return Found(rows, "pk", spec.at_main)
    rows = spec.side_rows(ground).filter(*led(beside, leader, side.model))
    return Found(rows, f"{side.back}_id", spec.at_side, is_of_side=True)


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
    found = find(actor, spec, state, spec.stand(actor))
    count = found.count()
    summed = {field.key: Sum(found.at(field.source)) for field in columns if field.total}
    return Totals(count, found.rows.aggregate(**summed) if summed and count <= COUNT_LIMIT else None)


def _known_alone(actor: Actor, group: Group, asked: Sequence[Q]) -> QuerySet[Any] | None:
    """The keys of all that match, if the actor sees every living row and nothing but known keys is asked for."""
    alone = asked[-1] if len(group.items) == 1 and actor.seen_owners() is None else None
    return alone.living if isinstance(alone, Known) and not alone.negated else None


def _few(spec: ListSpec, state: ListState, ground: Ground, found: Found, *, are_many: bool = False) -> list[Few]:
    """What was found in the list's order, in the stretches in which it would be walked.

    Those whose keys are known are looked up in their side alone, and only behind them those that have none.
    """
    path, descending = _order(spec, state, ground)
    at, side = found.at(path), spec.side if spec.is_of_side(path) else None
    if at in ("id", found.key):
        return [Few(found.rows, (found.key,), descending=descending)]
    is_nullable = may_be_null(side.model if side else spec.model, spec.at_side(path) if side else path)
    if side is None or found.is_of_side:
        return [Few(found.rows, (at, found.key), _nothing(at, is_nullable=is_nullable), descending)]
    no_side = Q(**{f"{side.name}__{side.back}_id__isnull": True})
    if found.living is None or ground.side is None:
        without = (*_nothing(at, is_nullable=is_nullable), no_side)
        return [Few(found.rows, (at, found.key), without, descending)]
    at, key = spec.at_side(path), f"{side.back}_id"
    without = _nothing(at, is_nullable=is_nullable)
    within = Few(spec.side_rows(ground), (at, key), without, descending, known=found.living, are_many=are_many)
    return [within, Few(found.rows.filter(no_side), (found.key,), (), descending, first=within.last + 1)]


def _nothing(path: str, *, is_nullable: bool) -> tuple[Q, ...]:
    return (Q(**{f"{path}__isnull": True}),) if is_nullable else ()


def _order(spec: ListSpec, state: ListState, ground: Ground) -> tuple[str, bool]:
    """The path that orders the list, and whether it falls."""
    field = ground.fields[state.sort or spec.default_sort]
    return field.order[0], field.falls != state.turned


def _stretches(spec: ListSpec, state: ListState, ground: Ground) -> Iterator[Stretch]:
    """The list in as many stretches as its order needs: rows with a value, rows without, rows without a side."""
    path, descending = _order(spec, state, ground)

    def narrow_main(rows: QuerySet[Any]) -> QuerySet[Any]:
        return spec.beside(rows, ground).filter(where(spec, state.filter, spec.at_main, ground, prefix=""))

    rows: QuerySet[Any] = spec.model._default_manager.all()
    side = spec.side
    if side is None or not spec.is_of_side(path):
        search = search_rows(spec, state.filter, ground)
        yield from _in_order(rows, "pk", path, narrow_main, search, descending=descending)
        return
    if ground.side is not None:
        yield from _by_side(spec, side, state, ground, path, descending=descending)
        rows = rows.filter(~Exists(spec.side_rows(ground).filter(**{side.back: OuterRef("pk")})))
    if ground.side is None or not asks_side(spec, ground.fields, state.filter):
        yield from _in_order(rows, "pk", "pk", narrow_main, None, descending=descending)


def _by_side(
    spec: ListSpec, side: Side, state: ListState, ground: Ground, path: str, *, descending: bool
) -> Iterator[Stretch]:
    def narrow(rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(where(spec, state.filter, spec.at_side, ground, prefix=f"{side.back}__"))

    rows, search = spec.side_rows(ground), search_side(spec, state.filter, ground)
    yield from _in_order(rows, f"{side.back}_id", spec.at_side(path), narrow, search, descending=descending)


def _in_order(
    rows: QuerySet[Any], key: str, path: str, narrow: Narrow, search: Narrow | None, *, descending: bool
) -> Iterator[Stretch]:
    """Rows with a value in its order, then those without one by their key."""
    if path in ("pk", "id", key):  # no search reads rows any faster than in the order of their keys
        yield Stretch(rows, (key,), narrow, descending=descending)
        return
    is_nullable = may_be_null(rows.model, path)
    filled = rows.filter(**{f"{path}__isnull": False}) if is_nullable else rows
    yield Stretch(filled, (path, key), narrow, search, descending)
    if is_nullable:
        yield Stretch(rows.filter(**{f"{path}__isnull": True}), (key,), narrow, search, descending)


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

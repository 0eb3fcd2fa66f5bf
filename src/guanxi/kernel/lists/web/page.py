"""What the template of any list shows, from its spec and what an address asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeGuard

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from guanxi.kernel.commands import Actor
from guanxi.kernel.lists.actions import Action, actions_for
from guanxi.kernel.lists.conditions import Condition, Group
from guanxi.kernel.lists.errors import FilterUnknown, FilterUnreadable
from guanxi.kernel.lists.fields import Field, Ground
from guanxi.kernel.lists.matching import matching, refuse_unless_allowed
from guanxi.kernel.lists.queries import Opened, ViewLine, open_list
from guanxi.kernel.lists.reading import COUNT_LIMIT, ListPage, count_matching, read_list, read_rows
from guanxi.kernel.lists.sentences import sentence_of
from guanxi.kernel.lists.spec import ListSpec
from guanxi.kernel.lists.state import EVERYTHING_ASKED, WHERE, ListState
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.parts import Cell, Chip, Column, Pager, Tab
from guanxi.kernel.ui.registry import Text

MOST_WAYS: Final = 5  # filters that are tried without, when nothing matches
STEPS: Final = 20


@dataclass(frozen=True)
class ListColumn:
    """A column's head, how wide it is (0: as its contents), and what its cells edit."""

    column: Column
    width: int
    edits: str = ""


@dataclass(frozen=True)
class ListRow:
    """A row: its key, its page, the card of the side panel, and its cells."""

    key: int
    href: str
    card_url: str
    name: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Offer:
    """One thing to choose in a menu."""

    text: Text
    url: str
    chosen: bool = False


@dataclass(frozen=True)
class OfferGroup:
    """Things to choose under a heading."""

    title: Text
    options: Sequence[Offer]


@dataclass(frozen=True)
class WayOut:
    """A filter to take away where nothing matches, and how many rows there are without it."""

    text: str
    url: str
    count: str


@dataclass(frozen=True)
class ListShown:
    """Everything the template of a list needs."""

    spec: ListSpec
    state: ListState
    query: str
    count: str
    count_plain: str
    total_known: bool
    columns: Sequence[ListColumn]
    rows: Sequence[ListRow]
    chips: Sequence[Chip]
    clear_url: str
    offers: Sequence[OfferGroup]
    new_filter_url: str
    groups_url: str
    columns_url: str
    density_url: str
    totals_url: str
    count_url: str
    views_url: str
    tabs: Sequence[Tab]
    view: ViewLine | None
    is_changed: bool
    reset_url: str
    may_save: bool
    actions: Sequence[Action]
    pager: Pager
    ground: Ground
    cells_url: str = ""  # where cells are edited in place, for those who may
    empty: Literal["", "nobody", "search", "filters"] = ""
    empty_text: str = ""
    way: WayOut | None = None

    @property
    def is_dense(self) -> bool:
        """Whether rows stand close."""
        return self.state.density == "dense"


def show_list(request: HttpRequest, actor: Actor, spec: ListSpec) -> ListShown:
    """The list as the request's address asks for it.

    Raises
    ------
    PermissionDenied
        The actor may not see it.
    FilterUnknown, FilterUnreadable
        The address holds a filter that is none.
    """
    refuse_unless_allowed(actor, spec)
    ground = spec.stand(actor)
    fields = ground.fields
    opened = open_list(actor, spec, request.GET, fields)
    state = opened.state
    columns = state.shown(fields)
    found = read_list(actor, spec, state, columns, ground=ground)
    here = state.changed().query()
    widths = dict(state.widths)
    shown = ListShown(
        spec=spec,
        state=state,
        query=here,
        count=_count_text(actor, spec, state, found, ground),
        count_plain=counted(found.count),
        total_known=not found.is_count_capped,
        columns=[
            ListColumn(_head(spec, state, field, ground), widths.get(field.key, 0), field.edits) for field in columns
        ],
        rows=[_row(spec, columns, row, ground) for row in found.rows],
        chips=[
            Chip(sentence_of(fields, item), state.without(at).address(spec), editor_url(spec, state, f"{at}"))
            for at, item in enumerate(state.filter.items)
        ],
        clear_url=state.changed(filter=Group()).address(spec) if len(state.filter.items) > 1 else "",
        offers=list(_quick_offers(spec, fields, state)),
        new_filter_url=editor_url(spec, state, "new"),
        groups_url=editor_url(spec, state, "all"),
        columns_url=part_url("list_columns", spec, here),
        density_url=state.changed(density="" if state.density else "dense", cursor=state.cursor).address(spec),
        totals_url=part_url("list_totals", spec, here) if any(field.total for field in columns) else "",
        count_url=part_url("list_count", spec, here),
        views_url=part_url("list_views", spec, here),
        tabs=_tabs(spec, opened),
        view=opened.view,
        is_changed=opened.is_changed,
        reset_url=view_address(spec, opened.view.id) if opened.view else "",
        may_save=actor.may("views.save") and actor.pk is not None,
        actions=actions_for(spec.key, actor),
        cells_url=spec.cells_url() if spec.cells_url and actor.may(spec.edit_permission) else "",
        pager=Pager(
            next_url=state.changed(cursor=found.next_cursor).address(spec) if found.next_cursor else "",
            previous_url=state.changed(cursor=found.previous_cursor).address(spec) if found.previous_cursor else "",
        ),
        ground=ground,
    )
    return shown if found.rows else _empty(actor, shown)


def render_list(request: HttpRequest, template: str, context: Callable[[], Mapping[str, Any]]) -> HttpResponse:
    """The page of a list; a filter that is none is told in words, with the way on."""
    try:
        return render(request, template, context())
    except (FilterUnknown, FilterUnreadable) as error:
        return render(
            request, "lists/bad_filter.html", {"error": error, "without_url": _without(request, error)}, status=409
        )


def _without(request: HttpRequest, error: FilterUnknown | FilterUnreadable) -> str:
    """The same address without what is wrong in it, as far as that can be told."""
    name = error.facts.get("name", WHERE)
    rest = request.GET.copy()
    rest.pop(name if name in rest else WHERE, None)
    rest.pop("cursor", None)
    return f"{request.path}?{rest.urlencode(safe=',:;()|~') or f'{WHERE}={EVERYTHING_ASKED}'}"


def counted(count: int) -> str:
    """A count as it is told: 10,000+ where counting stopped."""
    return f"{formats.number(COUNT_LIMIT)}+" if count > COUNT_LIMIT else formats.number(count)


def part_url(name: str, spec: ListSpec, query: str, **more: str) -> str:
    """The address of a part of the page that knows the list's state."""
    return f"{reverse(name, args=[spec.key])}?{urlencode({'state': query} | more)}"


def editor_url(spec: ListSpec, state: ListState, at: str) -> str:
    """Where an item of the filter is edited: its number, "new", or "all"."""
    return part_url("list_filter", spec, state.changed().query(), at=at)


def _count_text(actor: Actor, spec: ListSpec, state: ListState, found: ListPage, ground: Ground) -> str:
    if not state.filter.items or found.is_count_capped:
        return counted(found.count)
    return gettext("%(count)s of %(all)s") % {
        "count": counted(found.count), "all": counted(count_matching(actor, spec, ListState(), ground=ground)),
    }  # fmt: skip


def _head(spec: ListSpec, state: ListState, field: Field, ground: Ground) -> Column:
    label = str(field.heading(ground) if field.heading is not None else field.label)  # it stands in every row
    if not field.order:
        return Column(field.key, label, field.is_numeric)
    is_sorted = field.key == (state.sort or spec.default_sort)
    falling = field.falls != state.turned
    order: Literal["", "asc", "desc"] = ("desc" if falling else "asc") if is_sorted else ""
    turned = is_sorted and not state.turned
    sort = "" if field.key == spec.default_sort and not turned else field.key
    url = state.changed(sort=sort, turned=turned).address(spec)
    return Column(field.key, label, field.is_numeric, sort_url=url, sorted=order)


def _row(spec: ListSpec, columns: Sequence[Field], row: Mapping[str, Any], ground: Ground) -> ListRow:
    cells = [field.show(row, ground) for field in columns if field.show is not None]
    key = row["pk"]
    return ListRow(
        key=key,
        href=spec.row_url(key),
        card_url=spec.card_url(key) if spec.card_url else "",
        name=spec.row_name(row),
        cells=cells,
    )


def row_context(actor: Actor, spec: ListSpec, state: ListState, key: int) -> dict[str, Any]:
    """The context of `lists/_row.html`: one row as the list in `state` shows it now; no row where it is gone."""
    ground = spec.stand(actor)
    columns = state.shown(ground.fields)
    seen = matching(actor, spec, ListState(), ground=ground).filter(pk=key).exists()
    rows = read_rows(spec, ground, [key], columns) if seen else []
    return {
        "row": _row(spec, columns, rows[0], ground) if rows else None,
        "columns": [ListColumn(_head(spec, state, field, ground), 0, field.edits) for field in columns],
        "with_pick": bool(actions_for(spec.key, actor)),
    }


def _quick_offers(spec: ListSpec, fields: Mapping[str, Field], state: ListState) -> Sequence[OfferGroup]:
    """What can be added to the filter by one click."""
    groups = []
    for field in fields.values():
        if not field.is_quick or field.options is None:
            continue
        plain = {item.values[0]: item for item in state.filter.items if _is_plain(item, field.key)}
        rest = tuple(item for item in state.filter.items if item not in plain.values())
        options = [
            Offer(
                option.label,
                state.changed(filter=Group("and", (*rest, Condition(field.key, "is", (value,))))).address(spec),
                chosen=value in plain,
            )
            for value, option in list(field.options().items())[:STEPS]
            if field.kind != "user" or not value.isdigit()
        ]
        groups.append(OfferGroup(field.label, options))
    return groups


def _is_plain(item: Condition | Group, key: str) -> TypeGuard[Condition]:
    return isinstance(item, Condition) and item.field == key and item.op == "is"


def view_address(spec: ListSpec, view_id: int) -> str:
    """Where a view opens as it is kept."""
    return f"{reverse(spec.url_name)}?view={view_id}"


def _tabs(spec: ListSpec, opened: Opened) -> list[Tab]:
    """Everything, then the pinned views, and the open one even if it is not pinned."""
    shown = [view for view in opened.views if view.is_pinned or view == opened.view]
    if not shown:
        return []
    everything = Tab(gettext("All"), f"{reverse(spec.url_name)}?where=all", active=opened.view is None)
    return [everything, *(Tab(view.name, view_address(spec, view.id), active=view == opened.view) for view in shown)]


def _empty(actor: Actor, shown: ListShown) -> ListShown:
    """Why the list is empty: nobody at all, nothing found, or filters that exclude each other."""
    items = shown.state.filter.items
    if not items:
        return replace(shown, empty="nobody")
    if all(isinstance(item, Condition) and item.field == "q" for item in items):
        return replace(shown, empty="search")
    way = _way_out(actor, shown)
    nothing = shown.spec.nothing or gettext("Nothing matches.")
    said = str(nothing) if len(items) == 1 else gettext("No match for all %(count)s filters.") % {"count": len(items)}
    if way is not None:
        said = gettext("%(said)s Without “%(filter)s”: %(customers)s.") % {
            "said": said, "filter": way.text, "customers": way.count,
        }  # fmt: skip
    return replace(shown, empty="filters", empty_text=said, way=way)


def _way_out(actor: Actor, shown: ListShown) -> WayOut | None:
    """The filter whose removal shows the fewest rows, but some: the closest to what was asked."""
    best: tuple[int, int] | None = None
    for at in range(min(len(shown.state.filter.items), MOST_WAYS)):
        count = count_matching(actor, shown.spec, shown.state.without(at), ground=shown.ground)
        if count and (best is None or count < best[0]):
            best = (count, at)
    if best is None:
        return None
    count, at = best
    text = sentence_of(shown.ground.fields, shown.state.filter.items[at])
    return WayOut(text, shown.state.without(at).address(shown.spec), counted(count))

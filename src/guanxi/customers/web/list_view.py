"""What the list template shows, from one page of customers."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext, pgettext

from guanxi.customers.filters import CustomerFilters, sentence_of
from guanxi.customers.models import Customer
from guanxi.customers.queries import COUNT_LIMIT, CustomerList, CustomerRow, count_customers, find_way_out
from guanxi.customers.queries.customer_list import SORTS, Sort, WayOut
from guanxi.customers.templatetags.customers import stage_badge, tier_badge
from guanxi.customers.words import KINDS, OWNERS, STAGES, STATUSES, TIERS
from guanxi.kernel.commands import Actor
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.parts import Cell, Chip, Column, Pager, Row, Table
from guanxi.kernel.ui.registry import find_door
from guanxi.kernel.ui.templatetags.ui import draw_icon

DEFAULT_SORT: Final[Sort] = "spend"
IMPORT_DOOR: Final = "data"


def sort_of(text: str) -> Sort:
    """The sort an address asks for, or the usual one."""
    return next((sort for sort in SORTS if sort == text), DEFAULT_SORT)


def list_address(filters: CustomerFilters, sort: Sort, cursor: str = "") -> str:
    """The address of a page of the list."""
    asked = filters.active() | ({} if sort == DEFAULT_SORT else {"sort": sort}) | ({"cursor": cursor} if cursor else {})
    return reverse("customers") + (f"?{urlencode(asked)}" if asked else "")


def counted(count: int) -> str:
    """A count as it is told: 10,000+ where counting stopped."""
    return f"{formats.number(COUNT_LIMIT)}+" if count > COUNT_LIMIT else formats.number(count)


def list_context(reader: Actor, found: CustomerList, filters: CustomerFilters, sort: Sort) -> dict[str, Any]:
    """The context of `customers/list.html`."""
    active = filters.active()
    context = {
        "found": found,
        "count": _count_text(reader, found, filters),
        "table": _table(found, filters, sort),
        "chips": [Chip(sentence_of(n, v), list_address(filters.without(n), sort)) for n, v in active.items()],
        "clear_url": list_address(CustomerFilters(), sort) if len(active) > 1 else "",
        "choices": _choices(filters, sort),
        "filters": filters,
        "pager": Pager(
            next_url=list_address(filters, sort, found.next_cursor) if found.next_cursor else "",
            previous_url=list_address(filters, sort, found.previous_cursor) if found.previous_cursor else "",
        ),
    }
    return context if found.rows else context | _empty(reader, filters, sort)


def _count_text(reader: Actor, found: CustomerList, filters: CustomerFilters) -> str:
    if not filters.active() or found.is_count_capped:
        return counted(found.count)
    return gettext("%(count)s of %(all)s") % {
        "count": counted(found.count), "all": counted(count_customers(reader, CustomerFilters())),
    }  # fmt: skip


def _empty(reader: Actor, filters: CustomerFilters, sort: Sort) -> dict[str, Any]:
    """Why the list is empty: nobody at all, nothing found, or filters that exclude each other."""
    active = filters.active()
    if not active:
        door = find_door(IMPORT_DOOR)
        may_import = door is not None and bool(door.url_name) and reader.may("updates.view")
        return {"empty": "nobody", "import_url": reverse(door.url_name) if door and may_import else ""}
    if list(active) == ["q"]:
        return {"empty": "search"}
    way = find_way_out(reader, filters)
    return {"empty": "filters", "empty_text": _nobody_matches(len(active), way)} | (
        {"way_url": list_address(filters.without(way.name), sort), "way_text": sentence_of(way.name, way.value)}
        if way
        else {}
    )


def _nobody_matches(count: int, way: WayOut | None) -> str:
    said = (
        gettext("No customer matches.")
        if count == 1
        else gettext("No match for all %(count)s filters.") % {"count": count}
    )
    if way is None:
        return said
    return gettext("%(said)s Without “%(filter)s”: %(customers)s.") % {
        "said": said, "filter": sentence_of(way.name, way.value), "customers": counted(way.count),
    }  # fmt: skip


def _table(found: CustomerList, filters: CustomerFilters, sort: Sort) -> Table:
    def column(key: str, label: str, by: Sort | None = None, *, numeric: bool = False) -> Column:
        if by is None:
            return Column(key, label, numeric)
        rising = by in {"name", "id"}
        order: Any = ("asc" if rising else "desc") if sort == by else ""
        return Column(key, label, numeric, sort_url=list_address(filters, by), sorted=order)

    unit = formats.SYMBOLS.get(found.currency, found.currency)
    spend = gettext("12-month spend, %(unit)s") % {"unit": unit} if unit else gettext("Spend in 12 months")
    return Table(
        columns=[
            column("name", gettext("Name"), "name"),
            column("tier", gettext("Tier")),
            column("stage", gettext("Stage")),
            column("spend", spend, "spend", numeric=True),
            column("orders", gettext("Orders"), numeric=True),
            column("last", gettext("Last purchase"), "last"),
            column("place", gettext("Place")),
            column("phone", gettext("Phone")),
            column("owner", gettext("Owner")),
        ],
        rows=[_row(row, found) for row in found.rows],
        caption=pgettext("menu", "Customers"),
        name="customers",
        fits_page=True,
    )


def _row(row: CustomerRow, found: CustomerList) -> Row:
    href = reverse("customer", args=[row.id])
    name = row.name or gettext("No name")
    if row.kind == Customer.Kind.ORGANISATION:
        name = format_html("{}{}", draw_icon("building", "gx-inline"), name)
    last = row.last_purchase_on
    return Row(
        [
            Cell(name, href=href),
            Cell(tier_badge(row.tier)),
            Cell(stage_badge(row.stage)),
            Cell("" if row.spend_12m is None else formats.number(row.spend_12m), value=row.spend_12m),
            Cell("" if row.orders is None else formats.number(row.orders), value=row.orders),
            Cell(
                formats.age(last, found.as_of) if last and found.as_of else "",
                value=last,
                title=formats.day(last) if last else "",
            ),
            Cell(row.place),
            Cell(row.phone),
            _owner_cell(row),
        ],
        href=href,
    )


def _owner_cell(row: CustomerRow) -> Cell:
    if row.left_owner:
        return Cell(row.left_owner, tone="warning", title=gettext("Seller left: %(code)s") % {"code": row.left_owner})
    return Cell(row.owner)


def _choices(filters: CustomerFilters, sort: Sort) -> list[dict[str, Any]]:
    """What can be added to the filters by one click; the address knows more."""
    groups: list[tuple[str, str, dict[str, Any]]] = [
        ("tier", gettext("Tier"), {value: word.label for value, word in TIERS.items()}),
        ("stage", gettext("Stage"), {value: word.label for value, word in STAGES.items()}),
        ("status", gettext("Status"), {value: word.label for value, word in STATUSES.items()}),
        ("owner", gettext("Owner"), {value: word.label for value, word in OWNERS.items()}),
        ("kind", gettext("Kind"), {value: word.label for value, word in KINDS.items()}),
    ]
    return [
        {
            "title": title,
            "options": [
                {
                    "text": label,
                    "url": list_address(filters.with_value(name, value), sort),
                    "chosen": filters.active().get(name) == value,
                }
                for value, label in options.items()
            ],
        }
        for name, title, options in groups
    ]

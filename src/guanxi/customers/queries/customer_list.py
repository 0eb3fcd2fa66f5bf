"""The customer list: filtered, sorted, paged by keys, counted up to a limit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal, get_args

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from guanxi.customers.filters import NO_REGION, CustomerFilters
from guanxi.customers.models import CurrentStanding, Customer, SourceRecord, Standing, seen_by
from guanxi.customers.place_words import place_of
from guanxi.customers.rules import mask_phone, year_before
from guanxi.customers.search import matching_ids
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.lists.keyset import Cursor, Stretch, read_page

PERMISSION: Final = "customers.view"
COUNT_LIMIT: Final = 10_000
PAGE_SIZE: Final = 50

# An owner who is no user has left, or never was one here: the source still names them by their code.
_OWNERS: Final[dict[str, dict[str, Any]]] = {
    "me": {},
    "left": {"owner__isnull": True, "owner_code__gt": ""},
    "none": {"owner__isnull": True, "owner_code": ""},
}

Sort = Literal["spend", "last", "name", "id"]
SORTS: Final[tuple[Sort, ...]] = get_args(Sort)

CUSTOMER_COLUMNS: Final = ("id", "kind", "name", "region_code", "city", "phone", "owner_code")
OWNER_COLUMNS: Final = ("owner__display_name", "owner__username")
STANDING_COLUMNS: Final = ("tier", "stage", "status", "frequency", "spend_12m", "last_purchase_on")


@dataclass(frozen=True)
class CustomerRow:
    """One line of the list, ready to show; the phone is masked."""

    id: int
    kind: str
    name: str
    place: str
    phone: str
    owner: str
    left_owner: str
    tier: str
    stage: str
    status: str
    orders: int | None
    spend_12m: Decimal | None
    last_purchase_on: date | None


@dataclass(frozen=True)
class CustomerList:
    """One page of the list. `count` stops at `COUNT_LIMIT`; `as_of` is the day the standings are of."""

    rows: list[CustomerRow]
    next_cursor: str
    previous_cursor: str
    count: int
    as_of: date | None
    currency: str

    @property
    def is_count_capped(self) -> bool:
        """Whether there are more than were counted."""
        return self.count > COUNT_LIMIT


def list_customers(
    actor: Actor, filters: CustomerFilters, cursor: str = "", size: int = PAGE_SIZE, sort: Sort = "spend"
) -> CustomerList:
    """One page of the living customers under `filters`.

    Parameters
    ----------
    cursor
        `next_cursor` or `previous_cursor` of another page of the same list; empty for the first page.
    sort
        By spend in 12 months (most first), last purchase (latest first), name, or id. Equals follow by id.

    Raises
    ------
    PermissionDenied
        The actor may not see customers.
    """
    _refuse_unless_allowed(actor)
    current = CurrentStanding.objects.filter(pk=1).first()
    stretches = _stretches(actor, filters, sort, current)
    page = read_page(stretches, Cursor.decode(cursor) if cursor else None, size)
    return CustomerList(
        rows=[_row(values) for values in page.rows],
        next_cursor=page.next_cursor,
        previous_cursor=page.previous_cursor,
        count=_counted(stretches),
        as_of=current.as_of if current else None,
        currency=current.currency if current else "",
    )


def count_customers(actor: Actor, filters: CustomerFilters) -> int:
    """How many living customers match, counted up to one more than `COUNT_LIMIT`."""
    _refuse_unless_allowed(actor)
    return _counted(_stretches(actor, filters, "id", CurrentStanding.objects.filter(pk=1).first()))


@dataclass(frozen=True)
class WayOut:
    """A filter to take away where nothing matched, and how many customers there are without it."""

    name: str
    value: str
    count: int


def find_way_out(actor: Actor, filters: CustomerFilters) -> WayOut | None:
    """The filter whose removal shows the fewest customers, but some: the closest to what was asked."""
    active = filters.active()
    ways = [WayOut(name, value, count_customers(actor, filters.without(name))) for name, value in active.items()]
    return min((way for way in ways if way.count), key=lambda way: way.count, default=None)


def _refuse_unless_allowed(actor: Actor) -> None:
    if not actor.may(PERMISSION):
        raise PermissionDenied(permission=PERMISSION)


def _stretches(actor: Actor, filters: CustomerFilters, sort: Sort, current: CurrentStanding | None) -> list[Stretch]:
    """The list in as many stretches as its order needs.

    Orders by standing are read from the standings, whose indexes hold them; customers that the last run did not
    know follow.
    """
    if sort in ("name", "id") or current is None:
        keys = ("name", "id") if sort == "name" else ("id",)
        customers = _with_standing(Customer.objects.all(), current)
        return [
            Stretch(_narrowed(customers, actor, filters, current, "", "now__").values(*_columns("", "now__")), keys)
        ]
    standings = _narrowed(
        Standing.objects.filter(run_id=current.run_id), actor, filters, current, "customer__", ""
    ).values(*_columns("customer__", ""), "customer_id")  # fmt: skip
    if sort == "spend":
        stretches = [Stretch(standings, ("spend_12m", "customer_id"), descending=True)]
    else:
        stretches = [
            Stretch(
                standings.filter(last_purchase_on__isnull=False), ("last_purchase_on", "customer_id"), descending=True
            ),
            Stretch(standings.filter(last_purchase_on__isnull=True), ("customer_id",), descending=True),
        ]
    if not filters.asks_standing:
        stretches.append(_unknown_to_the_run(actor, filters, current))
    return stretches


def _unknown_to_the_run(actor: Actor, filters: CustomerFilters, current: CurrentStanding) -> Stretch:
    has_standing = Exists(Standing.objects.filter(run_id=current.run_id, customer=OuterRef("pk")))
    customers = _with_standing(Customer.objects.filter(~has_standing), current)
    narrowed = _narrowed(customers, actor, filters, current, "", "now__")
    return Stretch(narrowed.values(*_columns("", "now__")), ("id",), descending=True)


def _with_standing(customers: QuerySet[Customer], current: CurrentStanding | None) -> QuerySet[Customer]:
    run_id = current.run_id if current else -1
    return customers.annotate(now=FilteredRelation("standings", condition=Q(standings__run_id=run_id)))


def _columns(customer: str, standing: str) -> Iterable[str]:
    yield from (f"{customer}{name}" for name in (*CUSTOMER_COLUMNS, *OWNER_COLUMNS))
    yield from (f"{standing}{name}" for name in STANDING_COLUMNS)


def _narrowed(
    rows: QuerySet[Any],
    actor: Actor,
    filters: CustomerFilters,
    current: CurrentStanding | None,
    customer: str,
    standing: str,
) -> QuerySet[Any]:
    """The living ones under `filters`; the prefixes say where customer and standing stand in `rows`."""
    by_customer = {
        "kind": filters.kind, "region_code": "" if filters.region == NO_REGION else filters.region,
    }  # fmt: skip
    by_standing = {
        "tier": filters.tier, "stage": filters.stage, "status": filters.status, "rfm_group": filters.rfm,
        "r": filters.r, "f": filters.f, "m": filters.m, "abc": filters.abc,
    }  # fmt: skip
    rows = rows.filter(seen_by(actor, customer))
    wanted: dict[str, Any] = {f"{customer}main": F(f"{customer}id"), f"{customer}deleted_at__isnull": True}
    wanted |= {f"{customer}{name}": value for name, value in by_customer.items() if value}
    wanted |= {f"{standing}{name}": value for name, value in by_standing.items() if value}
    if filters.region == NO_REGION:
        wanted[f"{customer}region_code"] = ""
    if filters.owner:
        wanted |= {f"{customer}{name}": value for name, value in _OWNERS[filters.owner].items()}
        if filters.owner == "me":
            wanted[f"{customer}owner_id"] = actor.pk
    if filters.records:
        wanted[f"{customer}source_records__gte"] = 2
    if filters.bought == "ever":
        wanted[f"{standing}last_purchase_on__isnull"] = False
    if (filters.bought == "12m" or filters.quiet) and current is not None:
        wanted[f"{standing}last_purchase_on__gt"] = year_before(current.as_of)
    if filters.quiet:
        rows = rows.filter(**{f"{standing}stage": "decline"})
    rows = rows.filter(**wanted)
    if filters.source:
        known = SourceRecord.objects.filter(customer=OuterRef(f"{customer}pk"), source=filters.source)
        rows = rows.filter(Exists(known))
    if filters.q:
        found = matching_ids(filters.q)
        rows = rows.none() if found is None else rows.filter(**{f"{customer}id__in": found})
    return rows


def _counted(stretches: list[Stretch]) -> int:
    count = 0
    for stretch in stretches:
        if count <= COUNT_LIMIT:
            count += stretch.rows.order_by().values("pk")[: COUNT_LIMIT + 1 - count].count()
    return count


def _row(values: dict[str, Any]) -> CustomerRow:
    plain = {name.removeprefix("customer__").removeprefix("now__"): value for name, value in values.items()}
    owner = plain["owner__display_name"] or plain["owner__username"] or ""
    return CustomerRow(
        id=plain["id"],
        kind=plain["kind"],
        name=plain["name"],
        place=place_of(plain["region_code"], plain["city"]),
        phone=mask_phone(plain["phone"]),
        owner=owner,
        left_owner="" if owner else plain["owner_code"],
        tier=plain["tier"] or "",
        stage=plain["stage"] or "",
        status=plain["status"] or "",
        orders=plain["frequency"],
        spend_12m=plain["spend_12m"],
        last_purchase_on=plain["last_purchase_on"],
    )

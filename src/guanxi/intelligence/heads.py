"""Figures that count customers one by one, told with others or without some of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum

from guanxi.customers.models import Standing
from guanxi.intelligence.standing.step import MONTHS, months_before

Rows = Sequence[Mapping[str, Any]]
WHERE: Final = ("region_code", "tier", "abc", "rfm_group", "r", "f", "stage", "status")
MEASURES: Final = ("customers", "bought_ever", "bought_12m", "quiet", "spend_12m", "monetary")
ACTIVE: Final = "active"  # what the monthly flow calls those who bought in 12 months
BY_MONTH: Final = {"stage_month", "flow_month"}
MONEY: Final = {"spend_12m", "monetary"}
CLASSES: Final[Mapping[str, tuple[str, ...]]] = {  # figure -> what tells its rows apart
    "headline": (), "region": ("region_code",), "status": ("status",), "tier": ("tier",), "abc": ("abc",),
    "stage": ("stage",), "rfm": ("r", "f"), "rfm_group": ("rfm_group",), "stage_month": ("stage",),
    "pyramid": ("tier",), "flow_month": (),
}  # fmt: skip


@dataclass(frozen=True)
class Heads:
    """Customers who stand alike: where, by `WHERE`, and how many and how much, by `MEASURES`; money as `Decimal`."""

    where: tuple[Any, ...]
    much: tuple[Any, ...]


def count_heads(run_id: int, customers: QuerySet[Any] | Iterable[int], as_of: date) -> list[Heads]:
    """Where these customers stand in a run, those who stand alike together; one statement.

    `as_of` is the day of the run: bought in 12 months is what the lists mean by it.
    """
    lately = Q(last_purchase_on__gt=months_before(as_of, MONTHS))
    rows = (
        Standing.objects.filter(run_id=run_id, customer__in=customers)
        .order_by()
        .values_list(*WHERE)
        .annotate(
            heads=Count("pk"), ever=Count("pk", filter=Q(frequency__gt=0)), lately=Count("pk", filter=lately),
            quiet=Count("pk", filter=lately & Q(stage="decline")), spend=Sum("spend_12m"), spent=Sum("monetary"),
        )
    )  # fmt: skip
    return [Heads(tuple(row[: len(WHERE)]), tuple(row[len(WHERE) :])) for row in rows]


def difference(after: Iterable[Heads], before: Iterable[Heads]) -> list[Heads]:
    """What came and, below zero, what went."""
    much: defaultdict[tuple[Any, ...], list[Any]] = defaultdict(lambda: [0] * len(MEASURES))
    for heads, sign in [*((one, 1) for one in after), *((one, -1) for one in before)]:
        much[heads.where] = [old + sign * new for old, new in zip(much[heads.where], heads.much, strict=True)]
    return [Heads(where, tuple(amounts)) for where, amounts in much.items() if any(amounts)]


def total_heads(heads: Iterable[Heads]) -> dict[str, Any]:
    """All of them together, by `MEASURES`."""
    return _summed(heads, ()).get((), dict.fromkeys(MEASURES, 0))


def with_heads(
    by_name: Mapping[str, Rows], heads: Sequence[Heads], *, as_of: date, by_pyramid: bool
) -> dict[str, Rows]:
    """The figures with these customers added, or taken out where they count below zero.

    Figures that do not count heads, and months before `as_of`, stay as they are; so does the pyramid where the tiers
    of customers are made in another way (not `by_pyramid`).
    """
    if not heads:
        return dict(by_name)
    told = dict(by_name)
    for name, keys in CLASSES.items():
        if name in by_name and (by_pyramid or name != "pyramid"):
            at = {"month_on": as_of.isoformat()} if name in BY_MONTH else {}
            told[name] = _moved(by_name[name], _summed(heads, keys), keys, at)
    return told


def _summed(heads: Iterable[Heads], keys: Sequence[str]) -> dict[tuple[Any, ...], dict[str, Any]]:
    places = [WHERE.index(key) for key in keys]
    sums: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in heads:
        key = tuple(one.where[place] or "" for place in places)
        if "" in key and keys != CLASSES["region"]:
            continue  # who is in no class is in no row; whose region is not known has one
        row = sums.setdefault(key, dict.fromkeys(MEASURES, 0))
        for name, amount in zip(MEASURES, one.much, strict=True):
            row[name] += amount
    return sums


def _moved(
    rows: Rows, sums: dict[tuple[Any, ...], dict[str, Any]], keys: Sequence[str], at: Mapping[str, str]
) -> list[Mapping[str, Any]]:
    moved: list[Mapping[str, Any]] = []
    for row in rows:
        is_now = all(str(row[name])[:10] == value for name, value in at.items())
        more = sums.pop(tuple(row[key] or "" for key in keys), None) if is_now else None
        told = row if more is None else {name: _plus(name, cell, more) for name, cell in row.items()}
        if more is None or not keys or told["customers"]:
            moved.append(told)
    for key, more in sums.items():
        if keys and more["customers"] > 0:
            fresh = {name: _plus(name, 0, more) for name in MEASURES}
            moved.append({**dict(zip(keys, key, strict=True)), **at, **fresh})
    return moved


def _plus(name: str, cell: Any, more: Mapping[str, Any]) -> Any:
    if name == ACTIVE:
        return int(cell) + more["bought_12m"]
    if name not in MEASURES:
        return cell
    return str(Decimal(cell or 0) + more[name]) if name in MONEY else int(cell or 0) + more[name]

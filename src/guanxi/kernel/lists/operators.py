"""The operators of each kind of field: which values each takes, and the comparison it makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel.lists.conditions import Condition, Group
from guanxi.kernel.lists.errors import FilterUnknown
from guanxi.kernel.lists.fields import At, Field, Ground, Kind
from guanxi.kernel.lists.relative_dates import PERIODS, read_length, shift, within
from guanxi.kernel.row_numbers import read_row_number

ME: Final = "me"
YES, NO = "yes", "no"
Takes = Literal["none", "one", "two", "many", "length", "period"]


@dataclass(frozen=True)
class Operator:
    """How an operator is called in a form, and what it takes."""

    label: str | Promise
    takes: Takes


OPERATORS: Final[dict[str, Operator]] = {
    "is": Operator(pgettext_lazy("filter operator", "is"), "one"),
    "not": Operator(pgettext_lazy("filter operator", "is not"), "one"),
    "in": Operator(pgettext_lazy("filter operator", "is one of"), "many"),
    "contains": Operator(pgettext_lazy("filter operator", "contains"), "one"),
    "from": Operator(pgettext_lazy("filter operator", "is at least"), "one"),
    "to": Operator(pgettext_lazy("filter operator", "is at most"), "one"),
    "between": Operator(pgettext_lazy("filter operator", "is between"), "two"),
    "since": Operator(pgettext_lazy("filter operator", "is on or after"), "one"),
    "until": Operator(pgettext_lazy("filter operator", "is on or before"), "one"),
    "within": Operator(pgettext_lazy("filter operator", "is within the last"), "length"),
    "before": Operator(pgettext_lazy("filter operator", "is longer ago than"), "length"),
    "next": Operator(pgettext_lazy("filter operator", "is within the next"), "length"),
    "during": Operator(pgettext_lazy("filter operator", "is in"), "period"),
    "empty": Operator(pgettext_lazy("filter operator", "is empty"), "none"),
    "filled": Operator(pgettext_lazy("filter operator", "is not empty"), "none"),
}
_DATES: Final = ("within", "before", "next", "during", "is", "since", "until", "between", "empty", "filled")
BY_KIND: Final[dict[Kind, tuple[str, ...]]] = {
    Kind.TEXT: ("contains", "is", "not", "empty", "filled"),
    Kind.NUMBER: ("is", "from", "to", "between", "not", "empty", "filled"),
    Kind.MONEY: ("from", "to", "between", "is", "empty", "filled"),
    Kind.DATE: _DATES,
    Kind.MOMENT: _DATES,
    Kind.CHOICE: ("is", "not", "in", "empty", "filled"),
    Kind.USER: ("is", "not", "in", "empty", "filled"),
    Kind.BOOL: ("is",),
    Kind.TAG: ("is", "not", "in", "empty", "filled"),
    Kind.SEARCH: ("is",),
}
PERIOD_LABELS: Final[dict[str, Promise]] = {
    "today": pgettext_lazy("period", "today"),
    "yesterday": pgettext_lazy("period", "yesterday"),
    "tomorrow": pgettext_lazy("period", "tomorrow"),
    "this_week": pgettext_lazy("period", "this week"),
    "last_week": pgettext_lazy("period", "last week"),
    "next_week": pgettext_lazy("period", "next week"),
    "this_month": pgettext_lazy("period", "this month"),
    "last_month": pgettext_lazy("period", "last month"),
    "next_month": pgettext_lazy("period", "next month"),
    "this_quarter": pgettext_lazy("period", "this quarter"),
    "last_quarter": pgettext_lazy("period", "last quarter"),
    "this_year": pgettext_lazy("period", "this year"),
    "last_year": pgettext_lazy("period", "last year"),
}
UNIT_LABELS: Final[dict[str, Promise]] = {"d": _("days"), "w": _("weeks"), "m": _("months"), "y": _("years")}


def operators_of(field: Field) -> tuple[str, ...]:
    """The operators a field offers; none where rows cannot be asked for by it."""
    if not field.is_asked:
        return ()
    if field.is_masked:
        return ("filled", "empty")
    offered = field.operators or BY_KIND[field.kind]
    return offered if field.may_be_empty else tuple(op for op in offered if op not in ("empty", "filled"))


def check(field: Field, condition: Condition) -> None:
    """See that the field can be compared so.

    Raises
    ------
    FilterUnknown
        It cannot: the operator is not the field's, or a value is none of the kind.
    """
    shown = ";".join(condition.values) or condition.op
    if condition.op not in operators_of(field):
        raise FilterUnknown(name=field.key, value=f"{condition.op}:{shown}" if condition.values else condition.op)
    takes, values = OPERATORS[condition.op].takes, condition.values
    counts = {"none": len(values) == 0, "two": len(values) == 2, "many": len(values) >= 1}
    fits = counts.get(takes, len(values) == 1) and all(values)
    if fits and takes == "length":
        fits = read_length(values[0]) is not None
    elif fits and takes == "period":
        fits = values[0] in PERIODS
    elif fits:
        fits = all(_fits(field, value) for value in values)
    if not fits:
        raise FilterUnknown(name=field.key, value=shown)


def _fits(field: Field, value: str) -> bool:
    if field.options is not None and value in field.options():
        return True
    if "\0" in value and field.kind is not Kind.SEARCH:  # no database compares it; a search leaves it out
        return False
    match field.kind:
        case Kind.NUMBER | Kind.MONEY:
            return read_number(value) is not None
        case Kind.DATE | Kind.MOMENT:
            return read_day(value) is not None
        case Kind.CHOICE | Kind.BOOL:
            return (field.options is None or field.is_open) and (field.kind is not Kind.BOOL or value in (YES, NO))
        case Kind.USER | Kind.TAG:
            return value == ME or read_row_number(value) is not None
        case _:
            return True


def read_number(text: str) -> Decimal | None:
    """A number as typed; nothing if it is none or too large to be kept."""
    try:
        number = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**14 else None


def read_day(text: str) -> date | None:
    """A day as an address holds it, 2026-11-22."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def condition_where(field: Field, condition: Condition, at: At, ground: Ground) -> Q:
    """The comparison a checked condition makes."""
    options = field.options() if field.options is not None else {}
    if condition.op in ("is", "in"):
        special = [options[value].where for value in condition.values if value in options]
        if any(special):
            return _any(
                own(at, ground)
                if (own := options[value].where if value in options else None)
                else _where(field, Condition(field.key, "is", (value,)), at, ground)
                for value in condition.values
            )
    if condition.op == "not" and condition.values[0] in options and (own := options[condition.values[0]].where):
        return ~own(at, ground)
    return _where(field, condition, at, ground)


def _where(field: Field, condition: Condition, at: At, ground: Ground) -> Q:
    if field.where is not None:
        return field.where(condition, at, ground)
    path = at(field.source)
    match condition.op:
        case "empty":
            return _empty(field, path)
        case "filled":
            return _filled(field, path)
    if field.kind in (Kind.DATE, Kind.MOMENT):
        return _dates(field, condition, path, field.day(ground))
    values = [_stored(field, value, ground) for value in condition.values]
    if isinstance(values[0], float) and condition.op in ("is", "not"):  # "exact" would cut it for whole numbers
        below, above = ("lte", "gte") if condition.op == "is" else ("lt", "gt")
        smaller, larger = Q(**{f"{path}__{below}": values[0]}), Q(**{f"{path}__{above}": values[0]})
        return smaller & larger if condition.op == "is" else smaller | larger | Q(**{f"{path}__isnull": True})
    match condition.op:
        case "not":
            return Q(**{f"{path}__other": values[0]}) | Q(**{f"{path}__isnull": True})
        case "in":
            return Q(**{f"{path}__in": values})
        case "between":
            return Q(**{f"{path}__gte": values[0], f"{path}__lte": values[1]})
        case op:
            lookups: Mapping[str, str] = {"contains": "icontains", "from": "gte", "to": "lte"}
            return Q(**{f"{path}__{lookups.get(op, 'exact')}": values[0]})


def _stored(field: Field, value: str, ground: Ground) -> Any:
    match field.kind:
        case Kind.NUMBER:
            number = read_number(value)
            return int(number) if number is not None and number == number.to_integral_value() else float(number or 0)
        case Kind.MONEY:
            return read_number(value)
        case Kind.USER | Kind.TAG:
            return ground.actor.pk if value == ME else int(value)
        case Kind.BOOL:
            return value == YES
        case _:
            return value


def _empty(field: Field, path: str) -> Q:
    nothing = Q(**{f"{path}__isnull": True})
    return nothing | Q(**{path: ""}) if field.kind in (Kind.TEXT, Kind.CHOICE) else nothing


def _filled(field: Field, path: str) -> Q:
    # Larger than "" is every text but the empty one, and no null: an index answers it.
    if field.kind in (Kind.TEXT, Kind.CHOICE):
        return Q(**{f"{path}__gt": ""})
    return Q(**{f"{path}__isnull": False})


def _dates(field: Field, condition: Condition, path: str, today: date) -> Q:
    values = condition.values
    match condition.op:
        case "within":
            return _span(field, path, *within(today, *_length(values[0])))
        case "next":
            count, unit = _length(values[0])
            return _span(field, path, today, shift(today, count, unit))
        case "before":
            count, unit = _length(values[0])
            return _span(field, path, None, shift(today, -count, unit) - timedelta(days=1))
        case "during":
            return _span(field, path, *PERIODS[values[0]](today))
        case "since":
            return _span(field, path, date.fromisoformat(values[0]), None)
        case "until":
            return _span(field, path, None, date.fromisoformat(values[0]))
        case _:
            return _span(field, path, date.fromisoformat(values[0]), date.fromisoformat(values[-1]))


def _length(text: str) -> tuple[int, str]:
    found = read_length(text)
    if found is None:
        raise FilterUnknown(name="length", value=text)
    return found


def _span(field: Field, path: str, first: date | None, last: date | None) -> Q:
    """From the first day to the last, both included; a point in time is compared with the days' borders."""
    found = Q()
    if first is not None and first > date.min:
        found &= Q(**{f"{path}__gte": _midnight(first) if field.kind is Kind.MOMENT else first})
    if last is not None and last < date.max:
        if field.kind is Kind.MOMENT:
            found &= Q(**{f"{path}__lt": _midnight(last + timedelta(days=1))})
        else:
            found &= Q(**{f"{path}__lte": last})
    return found or Q(**{f"{path}__isnull": False})


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _any(parts: Any) -> Q:
    found = Q()
    for part in parts:
        found |= part
    return found


def group_where(group: Group, where: Callable[[Condition], Q]) -> Q:
    """The whole group as one comparison; every condition by `where`."""
    parts = [where(item) if isinstance(item, Condition) else group_where(item, where) for item in group.items]
    found = Q()
    for part in parts:
        found = found & part if group.join == "and" else found | part
    return found

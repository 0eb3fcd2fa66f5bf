"""Filters as sentences: "Stage is Stable", "Last purchase within the last 90 days", "等级是 VIP客户 或 主要客户"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.utils.translation import gettext, ngettext, pgettext

from guanxi.kernel.lists.conditions import Condition, Group
from guanxi.kernel.lists.fields import Field, Kind
from guanxi.kernel.lists.operators import ME, PERIOD_LABELS, YES, read_day, read_number
from guanxi.kernel.lists.relative_dates import read_length
from guanxi.kernel.ui import formats


def sentence_of(fields: Mapping[str, Field], item: Condition | Group) -> str:
    """The condition or the group in words."""
    if isinstance(item, Condition):
        return _sentence(fields[item.field], item)
    merged = _one_of(item)
    if merged is not None:
        return _sentence(fields[merged.field], merged)
    joiner = pgettext("filter", " and ") if item.join == "and" else pgettext("filter", " or ")
    parts = [
        f"({text})" if isinstance(part, Group) and _one_of(part) is None else text
        for part in item.items
        for text in [sentence_of(fields, part)]
    ]
    return joiner.join(parts)


def _one_of(group: Group) -> Condition | None:
    """Return “A is 1 or A is 2” as one condition, if the group is no more than that."""
    conditions = [item for item in group.items if isinstance(item, Condition) and item.op in ("is", "in")]
    if group.join != "or" or len(conditions) < len(group.items) or len({c.field for c in conditions}) != 1:
        return None
    return Condition(conditions[0].field, "in", tuple(value for c in conditions for value in c.values))


def _sentence(field: Field, condition: Condition) -> str:
    own = _own_sentence(field, condition)
    if own:
        return own
    values = [value_text(field, value) for value in condition.values]
    words: dict[str, Callable[[], str]] = {
        "is": lambda: gettext("%(field)s is %(value)s"),
        "in": lambda: gettext("%(field)s is %(value)s"),
        "not": lambda: gettext("%(field)s is not %(value)s"),
        "contains": lambda: gettext("%(field)s contains “%(value)s”"),
        "from": lambda: gettext("%(field)s at least %(value)s"),
        "to": lambda: gettext("%(field)s at most %(value)s"),
        "between": lambda: gettext("%(field)s between %(value)s and %(last)s"),
        "since": lambda: gettext("%(field)s on or after %(value)s"),
        "until": lambda: gettext("%(field)s on or before %(value)s"),
        "within": lambda: gettext("%(field)s within the last %(value)s"),
        "before": lambda: gettext("%(field)s more than %(value)s ago"),
        "next": lambda: gettext("%(field)s within the next %(value)s"),
        "during": lambda: gettext("%(field)s in the period: %(value)s"),
        "empty": lambda: gettext("%(field)s is empty"),
        "filled": lambda: gettext("%(field)s is not empty"),
    }
    told = pgettext("filter", " or ").join(values) if condition.op == "in" else values[0] if values else ""
    last = values[-1] if values else ""
    return words[condition.op]() % {"field": field.label, "value": told, "last": last}


def _own_sentence(field: Field, condition: Condition) -> str:
    """The sentence an option brings along; a search says what it looks for."""
    if field.kind is Kind.SEARCH:
        return gettext("Matches “%(text)s”") % {"text": condition.values[0]}
    if condition.op not in ("is", "in") or field.options is None:
        return ""
    options = field.options()
    told = [str(options[value].sentence) if value in options else "" for value in condition.values]
    return told[0] if len(told) == 1 else ""


def value_text(field: Field, value: str) -> str:
    """One value as a reader says it."""
    if field.options is not None:
        options = field.options()
        if value in options:
            return str(options[value].label)
    if value in PERIOD_LABELS:
        return str(PERIOD_LABELS[value])
    match field.kind:
        case Kind.DATE | Kind.MOMENT:
            return _date_text(value)
        case Kind.NUMBER | Kind.MONEY:
            number = read_number(value)
            places = 0 if number is None or number == number.to_integral_value() else 2
            return value if number is None else formats.number(number, places)
        case Kind.BOOL:
            return gettext("yes") if value == YES else gettext("no")
        case Kind.USER if value == ME:
            return gettext("me")
        case _:
            return value


def _date_text(value: str) -> str:
    length = read_length(value)
    if length is not None:
        return length_text(*length)
    day: date | None = read_day(value)
    return formats.day(day) if day else value


def length_text(count: int, unit: str) -> str:
    """Return “90 days”, “90 天”."""
    match unit:
        case "d":
            told = ngettext("%(count)d day", "%(count)d days", count)
        case "w":
            told = ngettext("%(count)d week", "%(count)d weeks", count)
        case "m":
            told = ngettext("%(count)d month", "%(count)d months", count)
        case _:
            told = ngettext("%(count)d year", "%(count)d years", count)
    return told % {"count": count}

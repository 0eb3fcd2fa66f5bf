"""The form that chooses the columns of a list: which, in which order, how wide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from guanxi.kernel.lists.fields import Field
from guanxi.kernel.lists.state import ListState, read_columns


@dataclass(frozen=True)
class ColumnLine:
    """A field in the form."""

    field: Field
    is_shown: bool
    width: int


def lines_of(state: ListState, fields: Mapping[str, Field]) -> list[ColumnLine]:
    """The fields that can be shown: those that are, in their order, then the others."""
    shown, widths = state.shown(fields), dict(state.widths)
    rest = [field for field in fields.values() if field.is_column and field not in shown]
    return [ColumnLine(field, field in shown, widths.get(field.key, 0)) for field in (*shown, *rest)]


def from_form(form: QueryDict, fields: Mapping[str, Field]) -> list[ColumnLine]:
    """The lines as they were sent."""
    shown = set(form.getlist("show"))
    _keys, widths = read_columns(",".join(f"{key}.{form.get(f'width:{key}', '')}" for key in fields), fields)
    wide = dict(widths)
    order = dict.fromkeys(key for key in form.getlist("order") if key in fields and fields[key].is_column)
    return [ColumnLine(fields[key], key in shown, wide.get(key, 0)) for key in order]


def moved(lines: list[ColumnLine], deed: str) -> list[ColumnLine]:
    """The lines after a button: `up:tier`, `down:tier`."""
    what, _colon, key = deed.partition(":")
    at = next((at for at, line in enumerate(lines) if line.field.key == key), None)
    to = None if at is None else at - 1 if what == "up" else at + 1
    if at is None or to is None or not 0 <= to < len(lines):
        return lines
    changed = list(lines)
    changed[at], changed[to] = changed[to], changed[at]
    return changed


def chosen(state: ListState, lines: list[ColumnLine], fields: Mapping[str, Field]) -> ListState:
    """The state with these columns; the usual ones in their usual order need not be named."""
    keys = tuple(line.field.key for line in lines if line.is_shown)
    widths = tuple((line.field.key, line.width) for line in lines if line.is_shown and line.width)
    usual = tuple(field.key for field in ListState().shown(fields))
    return state.changed(columns=() if keys == usual and not widths else keys, widths=widths)

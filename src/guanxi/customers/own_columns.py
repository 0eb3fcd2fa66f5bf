"""A company's own fields in the customer list: as columns, and where they are marked so as filters and orders."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.customers.own_fields import HEAD, HOLDER
from guanxi.kernel.fields.queries import list_definitions
from guanxi.kernel.fields.values import FieldDefinition
from guanxi.kernel.lists.conditions import Condition
from guanxi.kernel.lists.fields import At, Field, Ground, Kind, Option
from guanxi.kernel.ui.parts import Cell

GROUP: Final = _("Fields of your own")
KINDS: Final = {
    "text": Kind.TEXT, "number": Kind.NUMBER, "money": Kind.MONEY, "date": Kind.DATE, "choice": Kind.CHOICE,
    "choices": Kind.TAG, "flag": Kind.BOOL,
}  # fmt: skip


def list_own_columns() -> Iterator[Field]:
    """The fields as the list knows them; `custom_KEY` is their name in addresses."""
    for own in list_definitions(HOLDER):
        path = f"custom__{own.kind}_{own.key}"
        has_options = own.kind in ("choice", "choices")
        yield Field(
            f"custom_{own.key}", own.label, KINDS[own.kind], path,
            options=_options(own) if has_options else None, is_open=True,
            where=_choosing(path) if own.kind == "choices" else None,
            order=(path,) if own.is_filter and own.kind != "choices" else (),
            falls=own.kind in ("number", "money", "date"), is_filter=own.is_filter, is_asked=own.is_filter,
            needs=("custom",), show=_showing(own), group=GROUP, edits=f"{HEAD}{own.key}",
        )  # fmt: skip


def _options(own: FieldDefinition) -> Callable[[], Mapping[str, Option]]:
    return lambda: {option.key: Option(option.label) for option in own.options}


def _choosing(path: str) -> Callable[[Condition, At, Ground], Q]:
    def where(condition: Condition, at: At, _ground: Ground) -> Q:
        if condition.op in ("empty", "filled"):
            return Q(**{f"{at(path)}__isnull": condition.op == "empty"})
        some = Q()
        for value in condition.values:
            some |= Q(**{f"{at(path)}__holds": value})
        return (~some | Q(**{f"{at(path)}__isnull": True})) if condition.op == "not" else some

    return where


def _showing(own: FieldDefinition) -> Callable[[Mapping[str, Any], Ground], Cell]:
    def show(row: Mapping[str, Any], ground: Ground) -> Cell:
        kept = row["custom"].get(own.key)
        plain = own.plain(kept)
        value = plain if isinstance(plain, date | Decimal) else None
        return Cell(own.show(kept, ground.currency or "CNY"), value=value)

    return show

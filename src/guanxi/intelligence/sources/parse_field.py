"""What fills one field of a feed: a column, several, or a constant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from guanxi.intelligence.sources.currencies import currencies
from guanxi.intelligence.sources.fields import KINDS, VERIFIABLE, FieldKind
from guanxi.intelligence.sources.locate import KeyPath
from guanxi.intelligence.sources.mistakes import did_you_mean
from guanxi.intelligence.sources.scope import Scope, as_text, is_plain
from guanxi.intelligence.sources.terms import Mapped

LARGEST: Final = Decimal(10) ** 14  # DECIMAL(18,4) holds fourteen digits before the point
_MAPPABLE: Final = (FieldKind.KEY, FieldKind.TEXT, FieldKind.KIND, FieldKind.CURRENCY)
_NUMBERS: Final = (FieldKind.NUMBER, FieldKind.RATE)
_SINGLE: Final = (
    FieldKind.KIND, FieldKind.NUMBER, FieldKind.AMOUNT, FieldKind.MEASURE, FieldKind.CHOICE, FieldKind.CHOICES,
    FieldKind.FLAG,
)  # fmt: skip


class FieldParser:
    """Reads what fills one field: "Column", or { column = .. } or { value = .. }."""

    def __init__(self, scope: Scope, field: str, kind: FieldKind) -> None:
        self.outer, self.field, self.kind = scope, field, kind

    def parse(self, value: Any) -> Mapped | None:
        """What fills it; None, with a mistake noted, if nothing does."""
        if isinstance(value, str):
            if not value:
                self.outer.complain(self.field, _("The name of the column is empty."))
            return Mapped(column=value)
        if not isinstance(value, dict):
            self.outer.complain(
                self.field, _("“{field}” must name a column.").format(field=self.field),
                _('For example {field} = "Column", or {field} = {{ value = "always this" }}.').format(field=self.field),
            )  # fmt: skip
            return None
        scope = Scope(value, (*self.outer.path, self.field), self.outer.mistakes)
        if [scope.has(key) for key in ("column", "columns", "value")].count(True) != 1:
            message = _("“{field}” needs one of “column”, “columns” and “value”.")
            scope.complain(None, message.format(field=self.field))
        mapped = Mapped(
            column=scope.text("column") or None, columns=self._columns(scope), join=scope.text("join", " "),
            value=self._constant(scope), is_integer=self._is_integer(scope), map=self._map(scope),
            verified=self._verified(scope), is_lenient=self._is_lenient(scope),
        )  # fmt: skip
        scope.close()
        return mapped

    def _columns(self, scope: Scope) -> tuple[str, ...]:
        columns = scope.texts("columns")
        if columns and self.kind in _SINGLE:
            scope.complain("columns", _("Only texts, keys, dates and times can be put together from several columns."))
        if scope.has("columns") and not columns:
            scope.complain("columns", _("The list of columns is empty."))
        if scope.has("join") and not scope.has("columns"):
            scope.complain("join", _("“join” needs “columns”."))
        return columns

    def _constant(self, scope: Scope) -> str | date | None:
        value = scope.raw("value")
        if value is None:
            return None
        if self.kind in {FieldKind.DATE, FieldKind.TIME}:
            return self._constant_day(scope, value)
        if not is_plain(value):
            scope.complain("value", _("A constant is a text or a number in {field}.").format(field=self.field))
            return None
        text = as_text(value)
        if self.kind in _NUMBERS and not _fits(text):
            scope.complain("value", _("“{value}” is not a number with at most 4 decimals.").format(value=text))
        if self.kind is FieldKind.RATE and text.startswith(("-", "0")) and not Decimal(text):
            scope.complain("value", _("A rate is above 0."))
        if self.kind is FieldKind.KIND:
            self._check_kind(scope, "value", text)
        if self.kind is FieldKind.CURRENCY:
            self._check_currency(scope, ("value",), text)
        return text

    def _constant_day(self, scope: Scope, value: Any) -> date | None:
        if isinstance(value, datetime) and value.tzinfo is None:
            return value
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        scope.complain("value", _("A constant is a date without quotes in {field}, such as 2026-01-31.")
                       .format(field=self.field))  # fmt: skip
        return None

    def _is_integer(self, scope: Scope) -> bool:
        is_integer = scope.text("type", "text", choices=("text", "integer")) == "integer"
        if scope.has("type") and self.kind not in {FieldKind.KEY, FieldKind.TEXT}:
            scope.complain("type", _("“{field}” has its own type.").format(field=self.field), _("Leave “type” out."))
        return is_integer

    def _is_lenient(self, scope: Scope) -> bool:
        is_lenient = scope.text("unreadable", choices=("nothing",)) == "nothing"
        if is_lenient and (scope.path[-2] != "customer" or self.kind not in {FieldKind.DATE, FieldKind.TIME}):
            scope.complain("unreadable", _("Only days of customers may be unreadable."), _("Leave it out."))
        return is_lenient

    def _map(self, scope: Scope) -> Mapping[str, str]:
        mapped = scope.text_map("map")
        if mapped and self.kind not in _MAPPABLE:
            scope.complain("map", _("Numbers and dates cannot be mapped."),
                           _("Use “replace” in the feed to change what is read."))  # fmt: skip
        if self.kind is FieldKind.KIND:
            for old, new in mapped.items():
                self._check_kind(scope, "map", new, old)
        if self.kind is FieldKind.CURRENCY:
            for old, new in mapped.items():
                self._check_currency(scope, ("map", old), new)
        return mapped

    @staticmethod
    def _check_currency(scope: Scope, key: KeyPath, code: str) -> None:
        if code not in currencies():
            scope.mistakes.add(
                (*scope.path, *key), _("There is no currency “{code}”.").format(code=code),
                did_you_mean(code.upper(), currencies()),
            )  # fmt: skip

    def _check_kind(self, scope: Scope, key: str, kind: str, inner: str | None = None) -> None:
        if kind not in KINDS:
            path: KeyPath = (*scope.path, key) if inner is None else (*scope.path, key, inner)
            scope.mistakes.add(
                path, _("“{value}” is not a kind of customer.").format(value=kind),
                _("Possible: {words}.").format(words=", ".join(KINDS)),
            )  # fmt: skip

    def _verified(self, scope: Scope) -> bool | str:
        value = scope.raw("verified")
        if value is None:
            return False
        if self.field not in VERIFIABLE:
            scope.complain("verified", _("Only phone and email can be verified."))
        if not isinstance(value, bool | str):
            scope.complain("verified", _("“verified” is true, false, or the name of the column that tells."))
            return False
        return value


def _fits(text: str) -> bool:
    try:
        number = Decimal(text)
    except ArithmeticError:
        return False
    return number.is_finite() and abs(number) < LARGEST and number == number.quantize(Decimal("0.0001"))

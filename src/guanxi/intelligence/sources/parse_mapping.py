"""Which columns fill which fields, and the conditions on rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, cast, get_args

from django.utils.translation import gettext as _

from guanxi.intelligence.sources.currencies import currencies
from guanxi.intelligence.sources.fields import KINDS, MAPPINGS, REQUIRED, VERIFIABLE, FieldKind
from guanxi.intelligence.sources.locate import KeyPath
from guanxi.intelligence.sources.mistakes import did_you_mean
from guanxi.intelligence.sources.scope import Scope, as_text, is_plain
from guanxi.intelligence.sources.terms import Condition, Feed, Mapped, Operator, Returns, Scalar

OPERATORS: Final = get_args(Operator)
LARGEST: Final = Decimal(10) ** 14  # DECIMAL(18,4) holds fourteen digits before the point
VALID_DAYS: Final = 10  # the longest holidays of banks are eight days and a weekend
_MAPPABLE: Final = (FieldKind.KEY, FieldKind.TEXT, FieldKind.KIND, FieldKind.CURRENCY)
_NUMBERS: Final = (FieldKind.NUMBER, FieldKind.RATE)


class MappingParser:
    """Reads the tables customer, purchase, product and rate of one feed."""

    def __init__(self, feed: Scope) -> None:
        self.feed = feed
        self.returns: Returns | None = None
        self.valid_days = 0
        self.prices_own = False

    def mapping(self, table: str) -> Mapping[str, Mapped]:
        """What fills the fields of one table; empty if the feed does not fill it."""
        scope = self.feed.table(table)
        if scope is None:
            return {}
        found = {}
        for field, kind in MAPPINGS[table].items():
            value = scope.raw(field, required=field in REQUIRED[table], example='"Column"')
            if value is not None:
                mapped = _Field(scope, field, kind).parse(value)
                if mapped is not None:
                    found[field] = mapped
        if table == "purchase":
            self._check_amount(scope)
            self.returns = _returns(scope)
        if table == "rate":
            self.valid_days = scope.whole("valid_days", VALID_DAYS)
            self.prices_own = scope.text("price_of", "foreign", choices=("foreign", "own")) == "own"
        scope.close(dict.fromkeys(self.feed.known, _("It belongs to the feed: write it above its first table.")))
        return found

    def _check_amount(self, scope: Scope) -> None:
        revenue, price = scope.has("revenue"), scope.has("unit_price")
        if revenue and price:
            scope.complain("unit_price", _("“revenue” and “unit_price” are both there; one of them tells the amount."),
                           _("Leave one out."))  # fmt: skip
        elif not revenue and not price:
            scope.complain(None, _("Nothing tells the amount of a purchase."),
                           _('Add: unit_price = "Column" and quantity = "Column", or revenue = "Column"'))  # fmt: skip
        elif price and not scope.has("quantity"):
            scope.complain("unit_price", _("A unit price needs a quantity."),
                           _("Add: {example}").format(example='quantity = "Column"'))  # fmt: skip


class _Field:
    """Reads what fills one field: "Column", or { column = .. } or { value = .. }."""

    def __init__(self, scope: Scope, field: str, kind: FieldKind) -> None:
        self.outer, self.field, self.kind = scope, field, kind

    def parse(self, value: Any) -> Mapped | None:
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
        if columns and self.kind in {FieldKind.KIND, FieldKind.NUMBER}:
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


def parse_conditions(scope: Scope, key: str) -> tuple[Condition, ...]:
    """A list of conditions on columns, all of which must hold."""
    return tuple(condition for table in scope.tables(key) if (condition := _condition(table)) is not None)


def _condition(scope: Scope) -> Condition | None:
    column = scope.text("column", required=True, example='"Column"')
    operator = scope.text("op", "=", choices=OPERATORS)
    value = scope.raw("value")
    scope.close()
    if operator == "not_null":
        if value is not None:
            scope.complain("value", _("“not_null” takes no value."), _("Leave “value” out."))
        return Condition(column, "not_null")
    if value is None:
        scope.complain(None, _("The condition has no value to compare with."),
                       _("Add: {example}").format(example='value = "Won"'))  # fmt: skip
        return None
    problem = _why_not_comparable(operator, value)
    if problem:
        scope.complain("value", problem)
        return None
    return Condition(column, cast(Operator, operator), tuple(value) if isinstance(value, list) else value)


def _why_not_comparable(operator: str, value: Any) -> str:
    if operator in {"in", "not_in"}:
        if not isinstance(value, list) or not value or not all(_is_scalar(item) for item in value):
            return _('“{op}” needs a list, such as ["one", "two"].').format(op=operator)
        if len({_family(item) for item in value}) > 1:
            return _("The values of a list are all texts, all numbers or all dates.")
        return ""
    if not _is_scalar(value):
        return _("“{op}” compares with one text, number or date.").format(op=operator)
    if operator == "starts_with" and (not isinstance(value, str) or not value):
        return _("“starts_with” needs a text.")
    if operator in {"<", "<=", ">", ">="} and isinstance(value, bool):
        return _("“{op}” cannot compare true and false.").format(op=operator)
    return ""


def _is_scalar(value: Any) -> bool:
    return isinstance(value, Scalar)


def _family(value: Any) -> str:
    if isinstance(value, bool | str):
        return "text"
    return "day" if isinstance(value, date) else "number"


def _returns(purchase: Scope) -> Returns | None:
    scope = purchase.table("returns")
    if scope is None:
        return None
    when = parse_conditions(scope, "when")
    if not when and not scope.data.get("when"):
        example = 'when = [ { column = "Status", op = "=", value = "returned" } ]'
        scope.complain(None, _("Nothing says which rows are returns."), _("Add: {example}").format(example=example))
    sign = scope.text("sign", required=True, choices=("as_is", "negate"), example='"as_is"')
    scope.close()
    return Returns(when, is_negated=sign == "negate")


def _fits(text: str) -> bool:
    try:
        number = Decimal(text)
    except ArithmeticError:
        return False
    return number.is_finite() and abs(number) < LARGEST and number == number.quantize(Decimal("0.0001"))


def column_places(feed: Feed, base: KeyPath) -> Iterator[tuple[str, KeyPath]]:
    """Every column a feed reads, and the key of the contract that asks for it."""
    for table, mapping in feed.mappings.items():
        for field, mapped in mapping.items():
            for column in mapped.read:
                yield column, (*base, table, field)
            if isinstance(mapped.verified, str):
                yield mapped.verified, (*base, table, field, "verified")
    for index, condition in enumerate(feed.keep):
        yield condition.column, (*base, "keep", index, "column")
    for index, condition in enumerate(feed.returns.when if feed.returns else ()):
        yield condition.column, (*base, "purchase", "returns", "when", index, "column")
    for index, column in enumerate(feed.leeway.required):
        yield column, (*base, "required", index)
    if feed.control is not None and feed.control.sum_of:
        yield feed.control.sum_of, (*base, "control", "sum_of")
    if feed.split is not None:
        yield feed.split.column, (*base, "split", "column")

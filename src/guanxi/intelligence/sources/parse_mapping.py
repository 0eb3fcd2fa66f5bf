"""Which columns fill which fields, and the conditions on rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, cast, get_args

from django.utils.translation import gettext as _

from guanxi.intelligence.sources.fields import MAPPINGS, OWN_HEAD, REQUIRED
from guanxi.intelligence.sources.locate import KeyPath
from guanxi.intelligence.sources.parse_field import FieldParser
from guanxi.intelligence.sources.parse_own import Definitions, parse_own
from guanxi.intelligence.sources.scope import Scope
from guanxi.intelligence.sources.terms import Condition, Feed, Mapped, Operator, OwnMapped, Returns, Scalar

OPERATORS: Final = get_args(Operator)
VALID_DAYS: Final = 10  # the longest holidays of banks are eight days and a weekend


class MappingParser:
    """Reads the tables customer, purchase, product and rate of one feed."""

    def __init__(self, feed: Scope, own: Definitions) -> None:
        self.feed, self.definitions = feed, own
        self.own: Mapping[str, OwnMapped] = {}
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
                mapped = FieldParser(scope, field, kind).parse(value)
                if mapped is not None:
                    found[field] = mapped
        if table == "customer":
            self.own = parse_own(scope, self.definitions)
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


def column_places(feed: Feed, base: KeyPath) -> Iterator[tuple[str, KeyPath]]:
    """Every column a feed reads, and the key of the contract that asks for it."""
    for table, mapping in feed.mappings.items():
        for field, mapped in mapping.items():
            for column in mapped.read:
                yield column, (*base, table, field)
            if isinstance(mapped.verified, str):
                yield mapped.verified, (*base, table, field, "verified")
    for key, mapped in feed.own.items():
        for column in mapped.read:
            yield column, (*base, "customer", OWN_HEAD, key)
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

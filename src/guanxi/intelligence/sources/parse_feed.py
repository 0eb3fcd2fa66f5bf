"""One [[feed]] of a contract: where its files are, how they are written, what becomes of their rows."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from guanxi.intelligence.sources.databases import DATABASES
from guanxi.intelligence.sources.dates import is_date_format, meant_format
from guanxi.intelligence.sources.fields import MAPPINGS, PSEUDO_COLUMNS
from guanxi.intelligence.sources.mistakes import did_you_mean
from guanxi.intelligence.sources.parse_control import parse_control
from guanxi.intelligence.sources.parse_leeway import check_leeway, parse_leeway
from guanxi.intelligence.sources.parse_mapping import MappingParser, column_places, parse_conditions
from guanxi.intelligence.sources.parse_options import FORMATS, OptionsParser, explain_keys
from guanxi.intelligence.sources.parse_own import Definitions
from guanxi.intelligence.sources.readers.options import XlsxOptions, ending_in_total, named_columns
from guanxi.intelligence.sources.scope import Scope
from guanxi.intelligence.sources.terms import Feed, Mapped, Split
from guanxi.intelligence.sources.zones import check_zone

VARIABLES: Final = ("GUANXI_DATA", "GUANXI_HOME")
SEPARATORS: Final = {",", ".", " ", "'", "’", "_", "\u00a0", "\u202f"}
_VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")


class FeedParser:
    """Reads one feed; mistakes are noted, and what is wrong gets a harmless default."""

    def __init__(self, scope: Scope, folder: Path, environment: Mapping[str, str], own: Definitions) -> None:
        self.scope, self.folder, self.environment, self.own = scope, folder, environment, own

    def parse(self) -> Feed:
        """The feed; use it only if no mistake was noted."""
        scope = self.scope
        name = scope.slug("name", example='"lines"')
        file_format = scope.text("format", required=True, choices=FORMATS, example='"csv"')
        parser = OptionsParser(scope)
        location = parser.database_url() if file_format == "postgresql" else self._location()
        members = "*" if file_format in DATABASES else scope.text("members", "*")
        options = parser.parse(file_format)
        delivery = scope.text("delivery", "full", choices=("full", "delta"))
        formats = self._date_formats()
        clock = scope.text("clock")
        check_zone(scope, "clock", clock)
        thousands, decimal = self._number_marks()
        rounding = scope.text("rounding", choices=("half_even",))
        nulls = scope.texts("nulls")
        keep, split = parse_conditions(scope, "keep"), self._split()
        replace = self._replace()
        leeway, control = parse_leeway(scope), parse_control(scope, file_format, options)
        if control is not None and control.is_last_line:
            options = ending_in_total(options)
        mappings, fields = self._mappings()
        feed = Feed(
            name=name, location=location, members=members, format=file_format, options=options,
            is_full=delivery == "full", date_formats=formats, clock=clock or None, thousands=thousands,
            decimal=decimal, is_rounded=rounding == "half_even", nulls=nulls, keep=keep, replace=replace,
            customer=mappings["customer"], purchase=mappings["purchase"], product=mappings["product"],
            returns=fields.returns, rate=mappings["rate"], valid_days=fields.valid_days, leeway=leeway,
            control=control, split=split, units=self._units(), prices_own=fields.prices_own, own=fields.own,
        )  # fmt: skip
        scope.close(explain_keys(file_format))
        self._check_known_columns(feed)
        check_leeway(scope, feed)
        return feed

    def _location(self) -> str:
        written = self.scope.text("path", required=True, example='"${GUANXI_DATA}/shop/orders.csv"')
        expanded = written
        for variable in dict.fromkeys(_VARIABLE.findall(written)):
            value = self.environment.get(variable, "")
            if variable not in VARIABLES:
                self.scope.complain(
                    "path", _("“{name}” is not a variable a contract may use.").format(name=variable),
                    did_you_mean(variable, VARIABLES),
                )  # fmt: skip
            elif not value:
                self.scope.complain(
                    "path", _("The variable “{name}” is not set.").format(name=variable),
                    _("Set it in the environment: {name}=/a/folder").format(name=variable),
                )  # fmt: skip
            expanded = expanded.replace(f"${{{variable}}}", value)
        return os.path.normpath(self.folder / expanded) if expanded else ""

    def _date_formats(self) -> tuple[str, ...]:
        formats = self.scope.texts("date_formats")
        for index, date_format in enumerate(formats):
            if not is_date_format(date_format):
                meant = meant_format(date_format)
                self.scope.mistakes.add(
                    (*self.scope.path, "date_formats", index),
                    _("“{text}” is not a date format: it needs a year, a month and a day.").format(text=date_format),
                    did_you_mean(meant, [meant]) if meant else _("For example “%Y-%m-%d” or “%d.%m.%Y %H:%M”."),
                )
        return formats

    def _number_marks(self) -> tuple[str, str]:
        decimal = self.scope.text("decimal", ".", choices=(".", ","))
        thousands = self.scope.text("thousands")
        if thousands and (thousands not in SEPARATORS or thousands == decimal):
            self.scope.complain(
                "thousands", _("“{mark}” cannot separate thousands here.").format(mark=thousands),
                _('With decimal = "," it is usually "."; with decimal = "." it is usually ",".'),
            )  # fmt: skip
            thousands = ""
        return thousands, decimal

    def _units(self) -> tuple[str, ...]:
        units = self.scope.texts("units")
        if any(not unit.strip() or re.search(r"[0-9.,+-]", unit) for unit in units):
            self.scope.complain(
                "units", _("A unit is a text without digits and marks of numbers."),
                _("For example: {example}").format(example='units = ["¥", "元"]'),
            )  # fmt: skip
        return units

    def _replace(self) -> Mapping[str, Mapping[str, str]]:
        scope = self.scope.table("replace")
        if scope is None:
            return {}
        return {column: scope.text_map(column) for column in scope.data}

    def _split(self) -> Split | None:
        scope = self.scope.table("split")
        if scope is None:
            return None
        column, mark = (
            scope.text("column", required=True, example='"items"'),
            scope.text("by", required=True, example='","'),
        )
        scope.close()
        if scope.has("by") and not mark:
            scope.complain("by", _("Nothing separates the values."), _("Add: {example}").format(example='by = ","'))
        return Split(column, mark) if column and mark else None

    def _mappings(self) -> tuple[dict[str, Mapping[str, Mapped]], MappingParser]:
        parser = MappingParser(self.scope, self.own)
        mappings = {table: parser.mapping(table) for table in MAPPINGS}
        if not any(self.scope.has(table) for table in MAPPINGS):
            self.scope.complain(
                None, _("The feed fills nothing: it has neither customer nor purchase nor product."),
                _("Add: {example}").format(example="[feed.customer]"),
            )  # fmt: skip
        for table, field in (("customer", "customer"), ("product", "product")):
            own, bought = mappings[table].get("key"), mappings["purchase"].get(field)
            if own and bought and own.read and own.read == bought.read and own != bought:
                self.scope.mistakes.add(
                    (*self.scope.path, "purchase", field),
                    _("“{column}” is read differently for {table}.key and purchase.{field}, so they would never meet.")
                    .format(column=", ".join(own.read), table=table, field=field),
                    _("Write both the same way."),
                )  # fmt: skip
        if self.scope.has("rate") and any(self.scope.has(table) for table in MAPPINGS if table != "rate"):
            self.scope.complain(
                "rate", _("A feed of rates tells of nothing else."), _("Give the rates a feed of their own.")
            )  # fmt: skip
        return mappings, parser

    def _check_known_columns(self, feed: Feed) -> None:
        """What is replaced must be read; where the contract itself names the columns, what it reads must be there."""
        for column in feed.replace:
            if column not in feed.columns():
                self.scope.mistakes.add(
                    (*self.scope.path, "replace", column),
                    _("Nothing reads the column “{column}”, so replacing in it does nothing.").format(column=column),
                    did_you_mean(column, feed.columns()),
                )
        for index, column in enumerate(feed.options.fill_down if isinstance(feed.options, XlsxOptions) else ()):
            if column not in feed.columns():
                self.scope.mistakes.add(
                    (*self.scope.path, "fill_down", index),
                    _("Nothing reads the column “{column}”, so filling it does nothing.").format(column=column),
                    did_you_mean(column, feed.columns()),
                )
        if columns := named_columns(feed.options):
            for column, path in column_places(feed, self.scope.path):
                if column not in (*columns, *PSEUDO_COLUMNS):
                    self.scope.mistakes.add(path, missing_column(column), did_you_mean(column, columns))


def missing_column(column: str) -> str:
    """The words for a column that is not there."""
    return _("There is no column “{column}”.").format(column=column)

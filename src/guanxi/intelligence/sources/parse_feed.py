"""One [[feed]] of a contract: where its files are, how they are written, what becomes of their rows."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from guanxi.intelligence.sources.dates import is_date_format, meant_format
from guanxi.intelligence.sources.fields import MAPPINGS, PSEUDO_COLUMNS
from guanxi.intelligence.sources.mistakes import did_you_mean
from guanxi.intelligence.sources.parse_mapping import MappingParser, column_places, parse_conditions
from guanxi.intelligence.sources.readers.options import CsvOptions, ParquetOptions, ReaderOptions
from guanxi.intelligence.sources.scope import Scope
from guanxi.intelligence.sources.terms import Feed, Mapped, Returns
from guanxi.intelligence.sources.zones import check_zone

VARIABLES: Final = ("GUANXI_DATA", "GUANXI_HOME")
FORMATS: Final = ("csv", "parquet")
CSV_KEYS: Final = ("delimiter", "quote", "escape", "encoding", "header", "columns", "skip")
SEPARATORS: Final = {",", ".", " ", "'", "’", "_", "\u00a0", "\u202f"}
COMMON_ENCODINGS: Final = ("utf-8", "gb18030", "gbk", "big5", "utf-16", "cp1252", "latin-1", "shift_jis", "euc-kr")
_VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")


class FeedParser:
    """Reads one feed; mistakes are noted, and what is wrong gets a harmless default."""

    def __init__(self, scope: Scope, folder: Path, environment: Mapping[str, str]) -> None:
        self.scope, self.folder, self.environment = scope, folder, environment

    def parse(self) -> Feed:
        """The feed; use it only if no mistake was noted."""
        scope = self.scope
        name = scope.slug("name", example='"lines"')
        location = self._location()
        members = scope.text("members", "*")
        file_format = scope.text("format", required=True, choices=FORMATS, example='"csv"')
        options = self._options(file_format)
        delivery = scope.text("delivery", "full", choices=("full", "delta"))
        formats = self._date_formats()
        clock = scope.text("clock")
        check_zone(scope, "clock", clock)
        thousands, decimal = self._number_marks()
        rounding = scope.text("rounding", choices=("half_even",))
        nulls = scope.texts("nulls")
        keep = parse_conditions(scope, "keep")
        replace = self._replace()
        mappings, returns = self._mappings()
        feed = Feed(
            name=name, location=location, members=members, format=file_format, options=options,
            is_full=delivery == "full", date_formats=formats, clock=clock or None, thousands=thousands,
            decimal=decimal, is_rounded=rounding == "half_even", nulls=nulls, keep=keep, replace=replace,
            customer=mappings["customer"], purchase=mappings["purchase"], product=mappings["product"], returns=returns,
        )  # fmt: skip
        if file_format == "parquet":
            scope.close(CSV_KEYS, _('It belongs to format = "csv".'))
        else:
            scope.close()
        self._check_known_columns(feed)
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

    def _options(self, file_format: str) -> ReaderOptions:
        if file_format == "parquet":
            return ParquetOptions()
        scope = self.scope
        default = CsvOptions()
        options = CsvOptions(
            delimiter=scope.text("delimiter", default.delimiter),
            quote=scope.text("quote", default.quote),
            escape=scope.text("escape", default.escape),
            encoding=scope.text("encoding", default.encoding),
            has_header=scope.flag("header", default=default.has_header),
            columns=scope.texts("columns"),
            skip=scope.whole("skip", default.skip),
        )
        self._check_marks(options)
        self._check_encoding(options.encoding)
        self._check_columns(options)
        return options

    def _check_marks(self, options: CsvOptions) -> None:
        if options.delimiter in {"\\t", "tab"}:
            self.scope.complain("delimiter", _("This is not a tab."), _('Write "\\t", in double quotes.'))
        elif not options.delimiter or set(options.delimiter) & set("\r\n"):
            self.scope.complain("delimiter", _("A delimiter is one character or more, and no line end."))
        for key, mark in (("quote", options.quote), ("escape", options.escape)):
            if len(mark) > 1 or mark in {"\r", "\n"}:
                self.scope.complain(key, _("“{key}” is one character, or empty for none.").format(key=key))
            elif mark and mark in options.delimiter:
                self.scope.complain(key, _("“{key}” is part of the delimiter.").format(key=key))
        if options.escape and options.escape == options.quote:
            self.scope.complain("escape", _("Doubled quotes need no “escape”."), _("Leave it out."))

    def _check_encoding(self, encoding: str) -> None:
        try:
            "a".encode(encoding)
        except (LookupError, UnicodeError, ValueError):
            self.scope.complain(
                "encoding", _("There is no encoding “{name}”.").format(name=encoding),
                did_you_mean(encoding, COMMON_ENCODINGS),
            )  # fmt: skip

    def _check_columns(self, options: CsvOptions) -> None:
        if options.has_header and options.columns:
            self.scope.complain(
                "columns", _("The header names the columns already."),
                _("Leave “columns” out, or set header = false (and skip = 1 to pass over a header)."),
            )  # fmt: skip
        if not options.has_header and not self.scope.has("columns"):
            self.scope.complain("header", _("Without a header the contract must name the columns."),
                                _("Add: {example}").format(example='columns = ["a", "b"]'))  # fmt: skip
        twice = sorted({column for column in options.columns if options.columns.count(column) > 1})
        if twice:
            self.scope.complain("columns", _("Named more than once: {columns}.").format(columns=", ".join(twice)))

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

    def _replace(self) -> Mapping[str, Mapping[str, str]]:
        scope = self.scope.table("replace")
        if scope is None:
            return {}
        return {column: scope.text_map(column) for column in scope.data}

    def _mappings(self) -> tuple[dict[str, Mapping[str, Mapped]], Returns | None]:
        parser = MappingParser(self.scope)
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
        return mappings, parser.returns

    def _check_known_columns(self, feed: Feed) -> None:
        """What is replaced must be read; where the contract itself names the columns, what it reads must be there."""
        for column in feed.replace:
            if column not in feed.columns():
                self.scope.mistakes.add(
                    (*self.scope.path, "replace", column),
                    _("Nothing reads the column “{column}”, so replacing in it does nothing.").format(column=column),
                    did_you_mean(column, feed.columns()),
                )
        columns = feed.options.columns if isinstance(feed.options, CsvOptions) else ()
        if columns:
            for column, path in column_places(feed, self.scope.path):
                if column not in (*columns, *PSEUDO_COLUMNS):
                    self.scope.mistakes.add(path, missing_column(column), did_you_mean(column, columns))


def missing_column(column: str) -> str:
    """The words for a column that is not there."""
    return _("There is no column “{column}”.").format(column=column)

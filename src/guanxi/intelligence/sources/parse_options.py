"""How the files of a feed are written: the keys of each format."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from django.utils.translation import gettext as _

from guanxi.intelligence.sources.databases import DATABASES, URL_VARIABLE, has_password
from guanxi.intelligence.sources.mistakes import did_you_mean
from guanxi.intelligence.sources.readers.options import (
    CsvOptions,
    FixedColumn,
    FixedOptions,
    JsonLinesOptions,
    Lookup,
    ParquetOptions,
    ReaderOptions,
    TableOptions,
    XlsxOptions,
)
from guanxi.intelligence.sources.scope import Scope

FORMAT_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "csv": ("delimiter", "quote", "escape", "encoding", "header", "columns", "skip", "ends_lines"),
    "xlsx": ("sheet", "header", "columns", "skip", "fill_down"),
    "fixed": ("columns", "encoding", "skip", "ends_lines"),
    "jsonl": ("encoding",),
    "parquet": (),
    "sqlite": ("table", "lookup"),
    "postgresql": ("table", "lookup", "schema", "database_url"),
}
FORMATS: Final = tuple(FORMAT_KEYS)
COMMON_ENCODINGS: Final = ("utf-8", "gb18030", "gbk", "big5", "utf-16", "cp1252", "latin-1", "shift_jis", "euc-kr")


def explain_keys(file_format: str) -> dict[str, str]:
    """The keys of other formats, with the words where they belong."""
    every = dict.fromkeys(key for keys in FORMAT_KEYS.values() for key in keys)
    words = _("It belongs to format = {formats}.")
    return {
        key: words.format(formats=", ".join(f'"{name}"' for name, keys in FORMAT_KEYS.items() if key in keys))
        for key in every
        if key not in FORMAT_KEYS.get(file_format, ())
    }


class OptionsParser:
    """Reads the keys that belong to the format of one feed."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def parse(self, file_format: str) -> ReaderOptions:
        """The options; what is wrong is noted and gets a harmless default."""
        if file_format == "parquet":
            return ParquetOptions()
        if file_format == "xlsx":
            return self._xlsx()
        if file_format == "fixed":
            return self._fixed()
        if file_format == "jsonl":
            return self._json_lines()
        if file_format in DATABASES:
            return self._table(file_format)
        return self._csv()

    def _fixed(self) -> FixedOptions:
        encoding, skip = self._encoding(), self.scope.whole("skip", 0)
        example = '[{ name = "id", start = 1, width = 5 }]'
        if not self.scope.has("columns"):
            self.scope.raw("columns", required=True, example=example)
        columns = []
        for column in self.scope.tables("columns"):
            name = column.text("name", required=True, example='"id"')
            for key in ("start", "width"):
                if not column.has(key):
                    column.raw(key, required=True, example="1")
            start, width = column.whole("start", 1), column.whole("width", 1)
            column.close()
            if not start or not width:
                column.complain("start" if not start else "width", _("The first character is 1, the least width too."))
            columns.append(FixedColumn(name, start or 1, width or 1))
        self._refuse_twice([column.name for column in columns])
        for before, after in pairwise(sorted(columns, key=lambda column: column.start)):
            if after.start <= before.end:
                words = _("“{first}” ends at character {end}, but “{second}” begins at {start}.")
                self.scope.complain(
                    "columns",
                    words.format(first=before.name, end=before.end, second=after.name, start=after.start),
                    _("Columns may not overlap; for parts of a column leave the whole out."),
                )
        if self.scope.raw("columns") == []:
            self.scope.complain("columns", _("No column is named."), _("Add: {example}").format(example=example))
        ends_lines = self.scope.flag("ends_lines", default=False)
        return FixedOptions(tuple(columns), encoding, skip, ends_lines=ends_lines)

    def _json_lines(self) -> JsonLinesOptions:
        for key in ("thousands", "decimal"):
            if self.scope.has(key):
                self.scope.complain(key, _("Numbers in JSON are always written with a point."), _("Leave it out."))
        return JsonLinesOptions(self._encoding())

    def _table(self, file_format: str) -> TableOptions:
        scope = self.scope
        table = scope.text("table", required=True, example='"orders"')
        schema = scope.text("schema", "public") if file_format == "postgresql" else "public"
        if scope.data.get("delivery") == "delta":
            scope.complain(
                "delivery", _("A table always delivers all its rows: added up, they would count again each time."),
                _("Leave it out."),
            )  # fmt: skip
        found = scope.table("lookup")
        if found is None:
            return TableOptions(table, schema)
        lookup = Lookup(
            found.text("table", required=True, example='"orders"'), found.text("key", required=True, example='"id"'),
            found.texts("columns"),
        )  # fmt: skip
        found.close()
        if not lookup.columns:
            found.complain("columns", _("No column is named."), _("Add: {example}").format(example='columns = ["day"]'))
        return TableOptions(table, schema, lookup)

    def database_url(self) -> str:
        """Where the database is, as it is written: the variable is only looked up when the table is read."""
        written = self.scope.text("database_url", required=True, example='"${GUANXI_SOURCE_URL}"')
        variable = URL_VARIABLE.fullmatch(written)
        url = os.environ.get(variable[1], "") if variable else written
        words, cure = "", ""
        if not written:
            return ""
        if variable and not url:
            words = _("The variable “{name}” is not set.").format(name=variable[1])
            cure = _("Set it in the environment: {name}=postgresql://user@host/database").format(name=variable[1])
        elif not variable and "${" in written:
            words = _("Only a variable whose name begins with GUANXI_ may stand here, and nothing beside it.")
        elif not variable and has_password(written):
            words = _("A contract must not hold a password.")
            cure = _("Put the address into a variable: {example}").format(example='"${GUANXI_SOURCE_URL}"')
        elif not url.startswith(("postgresql://", "postgres://")):
            words = _("This is not the address of a PostgreSQL database.")
            cure = _("It begins with postgresql://")
        if words:
            self.scope.complain("database_url", words, cure)
        return written

    def _encoding(self) -> str:
        encoding = self.scope.text("encoding", "utf-8")
        self._check_encoding(encoding)
        return encoding if self._is_encoding(encoding) else "utf-8"

    def _csv(self) -> CsvOptions:
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
            ends_lines=scope.flag("ends_lines", default=default.ends_lines),
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
        if not self._is_encoding(encoding):
            self.scope.complain(
                "encoding", _("There is no encoding “{name}”.").format(name=encoding),
                did_you_mean(encoding, COMMON_ENCODINGS),
            )  # fmt: skip

    def _xlsx(self) -> XlsxOptions:
        scope = self.scope
        default = XlsxOptions()
        options = XlsxOptions(
            sheet=scope.text("sheet"),
            has_header=scope.flag("header", default=default.has_header),
            columns=scope.texts("columns"),
            skip=scope.whole("skip", default.skip),
            fill_down=scope.texts("fill_down"),
            decimal="," if scope.data.get("decimal") == "," else ".",
        )
        self._check_columns(options)
        return options

    def _check_columns(self, options: CsvOptions | XlsxOptions) -> None:
        if options.has_header and options.columns:
            self.scope.complain(
                "columns", _("The header names the columns already."),
                _("Leave “columns” out, or set header = false (and skip = 1 to pass over a header)."),
            )  # fmt: skip
        if not options.has_header and not self.scope.has("columns"):
            self.scope.complain("header", _("Without a header the contract must name the columns."),
                                _("Add: {example}").format(example='columns = ["a", "b"]'))  # fmt: skip
        self._refuse_twice(options.columns)

    def _refuse_twice(self, columns: Sequence[str]) -> None:
        twice = sorted({column for column in columns if columns.count(column) > 1})
        if twice:
            self.scope.complain("columns", _("Named more than once: {columns}.").format(columns=", ".join(twice)))

    @staticmethod
    def _is_encoding(encoding: str) -> bool:
        try:
            "a".encode(encoding)
        except (LookupError, UnicodeError, ValueError):
            return False
        return True

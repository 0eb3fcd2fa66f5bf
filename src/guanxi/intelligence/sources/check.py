"""Checking a contract against the files it names, before anything is landed."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.utils.translation import gettext as _

from guanxi.intelligence.land.control import check_control
from guanxi.intelligence.land.sample import check_sample
from guanxi.intelligence.sources.archives import is_archive
from guanxi.intelligence.sources.drift import Drift, delivered_columns, find_drift
from guanxi.intelligence.sources.drift_words import MOST_LISTED, changes_in_words, unread_in_words
from guanxi.intelligence.sources.errors import SourceFileMissing
from guanxi.intelligence.sources.fields import OWN_HEAD, PSEUDO_COLUMNS
from guanxi.intelligence.sources.files import SourceFile, find_files
from guanxi.intelligence.sources.fit import Fit, fit_columns, no_header
from guanxi.intelligence.sources.locate import KeyPath
from guanxi.intelligence.sources.mistakes import Mistake, MistakeList, did_you_mean
from guanxi.intelligence.sources.parse import Parsed, parse_contract
from guanxi.intelligence.sources.parse_feed import missing_column
from guanxi.intelligence.sources.parse_mapping import column_places
from guanxi.intelligence.sources.parse_own import Definitions
from guanxi.intelligence.sources.readers import READERS
from guanxi.intelligence.sources.readers.encoding import encoding_error, ends_with_line_end, find_bad_byte
from guanxi.intelligence.sources.readers.options import TEXT_OPTIONS, CsvOptions, FixedOptions
from guanxi.intelligence.sources.terms import Contract, Feed
from guanxi.kernel.errors import GuanxiError

DECODED: Final = 64_000_000  # bytes of each file that are decoded
DELIMITERS: Final = (",", ";", "\t", "|")
KEYS: Final = {  # which key of the contract an error is about, if it is not where the file is
    "encoding_wrong": "encoding", "stray_bytes": "encoding", "sheet_missing": "sheet", "sheet_unclear": "sheet",
    "no_workbook": "format", "no_text": "format",
}  # fmt: skip
MOST_FILES: Final = 3  # with the same mistake, before the rest are only counted


Columns = Sequence[str]
ColumnsBefore = Callable[[str, str], Sequence[tuple[str, Columns]]]  # source, feed -> file and columns, as they came


def check_contract(
    path: Path, columns_before: ColumnsBefore = lambda _source, _feed: (), own: Definitions = None
) -> list[Mistake]:
    """Every mistake in a contract and in the files it names, in the order of its lines.

    `own` are the company's own fields of customers; without them what the contract says of such fields is not checked.

    The files of all feeds are opened: they must exist, decode, and have the columns that are read; a thousand rows of
    the first and of the last file must convert. A few that do not are only a warning: the rejects are for them. So are
    columns that differ from those of the file before, or of the deliveries `columns_before`, and columns nobody reads.

    Raises
    ------
    ContractMissing, FileUnreadable
        There is no such contract, or it cannot be read.
    """
    parsed = parse_contract(path, own)
    if parsed.contract is not None:
        if own is None:
            _doubt_own_fields(parsed)
        for index, feed in parsed.sound_feeds:
            with TemporaryDirectory(prefix="guanxi-check-") as folder:
                before = columns_before(parsed.contract.name, feed.name)
                _FeedCheck(parsed.contract, parsed.mistakes, index, feed, Path(folder)).run(before)
        _doubt_day(parsed.contract, parsed.mistakes)
    return parsed.mistakes.sorted()


def _doubt_day(contract: Contract, mistakes: MistakeList) -> None:
    """Of customers without a purchase or the day of a record, only somebody can say which day the data counts for."""
    tells_day = any(feed.purchase or {"created_on", "updated_at"} & set(feed.customer) for feed in contract.feeds)
    is_sound = all(mistake.warning for mistake in mistakes.found)
    has_customers = any(feed.customer for feed in contract.feeds)
    if is_sound and has_customers and not tells_day and contract.business_date is None:
        mistakes.add(
            ("business_date",), _("Nothing in the files tells which day they count for."),
            _("If no other source has purchases: {example}").format(example="business_date = 2026-01-31"), warning=True,
        )  # fmt: skip


def _doubt_own_fields(parsed: Parsed) -> None:
    """Whether the company has these fields, and of which kind, only its home can tell."""
    for index, feed in parsed.sound_feeds:
        if feed.own:
            keys = ", ".join(f"“{key}”" for key in feed.own)
            parsed.mistakes.add(
                ("feed", index, "customer", OWN_HEAD),
                _("Whether the company has these fields of its own is not checked here: {keys}.").format(keys=keys),
                _("To check it: {example}").format(example="guanxi source check --home DIR"), warning=True,
            )  # fmt: skip


class _FeedCheck:
    """Checks the files of one feed."""

    def __init__(self, contract: Contract, mistakes: MistakeList, index: int, feed: Feed, folder: Path) -> None:
        self.contract, self.mistakes, self.feed, self.folder = contract, mistakes, feed, folder
        self.base: KeyPath = ("feed", index)
        self._told: dict[str, int] = {}  # code of an error -> files that have it
        self._wrong: dict[tuple[KeyPath, str, str], list[str]] = {}  # mistake in the columns -> files that have it

    def run(self, columns_before: Sequence[tuple[str, Columns]]) -> None:
        try:
            files = find_files(self.contract, self.feed, self.folder)
        except SourceFileMissing as missing:
            is_pattern = self.feed.members != "*" and Path(self.feed.location).exists()
            self._add("members" if is_pattern else "path", missing.message, self._nearby())
            return
        except GuanxiError as error:
            if error.code == "table_missing":
                where = "table"
            else:
                where = "database_url" if self.feed.format == "postgresql" else "path"
            self._add(where, error.message, error.remedy)
            return
        usable = [(file, fit) for file in files if (fit := self._fit(file)) is not None]
        self._tie(usable)
        self._tell_the_rest()
        if usable:
            self._compare(usable, columns_before)
            self._sample(usable)

    def _fit(self, file: SourceFile) -> Fit | None:
        """The columns of a file nothing is wrong with."""
        try:
            if isinstance(self.feed.options, TEXT_OPTIONS):
                encoding = self.feed.options.encoding
                if find_bad_byte(file.path, encoding, DECODED) is not None:
                    raise encoding_error(file.path, file.shown, encoding)
                self._doubt_encoding(file, encoding)
                self._doubt_end(file)
            header = READERS[self.feed.format].header(file.path, file.shown, self.feed.options)
        except GuanxiError as error:
            self._add_once(error.code, KEYS.get(error.code, "path"), error.message, error.remedy)
            return None
        fit = fit_columns(self.feed, header)
        wrong = list(self._wrong_columns(fit))
        for mistake in wrong:
            self._wrong.setdefault(mistake, []).append(file.shown)
        return None if wrong else fit

    def _doubt_encoding(self, file: SourceFile, encoding: str) -> None:
        """Text beyond ASCII that is UTF-8 as well is UTF-8: no other encoding's text looks like it by chance."""
        if codecs.lookup(encoding).name == "utf-8" or find_bad_byte(file.path, "ascii", DECODED) is None:
            return
        if find_bad_byte(file.path, "utf-8", DECODED) is None:
            message = _("{file} reads as {encoding}, but also as utf-8, which is hardly chance.")
            self._add_once(
                "doubtful_encoding", "encoding", message.format(file=file.shown, encoding=encoding),
                _("Probably: {example}").format(example='encoding = "utf-8"'), warning=True,
            )  # fmt: skip

    def _doubt_end(self, file: SourceFile) -> None:
        """A last line without line end is the sender's habit, or a file that was cut off: only they know."""
        options = self.feed.options
        if not isinstance(options, CsvOptions | FixedOptions) or options.ends_lines or self.feed.control is not None:
            return
        if not ends_with_line_end(file.path):
            self._add_once(
                "no_line_end", "path",
                _("{file} ends without a line end: its last line may be cut off.").format(file=file.shown),
                _("If the sender ends every line: {example}").format(example="ends_lines = true"), warning=True,
            )  # fmt: skip

    def _wrong_columns(self, fit: Fit) -> Iterator[tuple[KeyPath, str, str]]:
        other, names = self._other_delimiter(fit), fit.header.names
        for column, path in column_places(self.feed, self.base):
            if column in PSEUDO_COLUMNS or (column in self.feed.leeway.optional and column not in names):
                continue
            if column not in names:
                suggestion = other or no_header(self.feed, fit) or did_you_mean(column, fit.written)
                yield path, missing_column(column), suggestion
            elif names.count(column) > 1:
                yield path, _("The column “{column}” is there more than once.").format(column=column), ""
            elif (kind := fit.header.types[names.index(column)]).num_fields:
                words = _("The column “{column}” holds {type}, which is not a single value.")
                yield path, words.format(column=column, type=kind), ""

    def _other_delimiter(self, fit: Fit) -> str:
        """A header that is all one column was written with another delimiter."""
        if len(fit.written) != 1 or not isinstance(self.feed.options, CsvOptions):
            return ""
        counts = {mark: fit.written[0].count(mark) for mark in DELIMITERS}
        best = max(counts, key=lambda mark: counts[mark])
        shown = "\\t" if best == "\t" else best
        return _("The whole header is one column. Perhaps: {example}").format(
            example=f'delimiter = "{shown}"'
        ) if counts[best] else ""  # fmt: skip

    def _compare(self, usable: Sequence[tuple[SourceFile, Fit]], columns_before: Sequence[tuple[str, Columns]]) -> None:
        """Tell where the columns differ from those of the file before, and which of the last file nobody reads."""
        delivered = dict(columns_before)
        name, before = columns_before[-1] if columns_before else ("", ())
        for file, fit in usable:
            columns = delivered_columns(self.feed, fit.written)
            drift = find_drift(self.feed, columns, before, name)
            if drift.is_change and tuple(delivered.get(file.name, ())) != columns:
                words = _("{file} has other columns than {before}: {changes}.").format(
                    file=file.shown, before=name, changes=changes_in_words(drift)
                )
                self._add_once("drift", "path", words, _alias_for(drift), warning=True)
            name, before = file.name, columns
        self._tell_the_rest_of("drift", warning=True)
        if unread := unread_in_words(drift):
            self._add("path", f"{usable[-1][0].shown}: {unread}", _ignored_for(drift), warning=True)

    def _sample(self, usable: Sequence[tuple[SourceFile, Fit]]) -> None:
        first, last = usable[0], usable[-1]
        for file, fit in [first] if first == last else [first, last]:
            try:
                check_sample(self.contract, self.feed, self.base, self.mistakes, file, fit)
            except GuanxiError as error:
                self._add("path", error.message, error.remedy)

    def _tie(self, usable: Sequence[tuple[SourceFile, Fit]]) -> None:
        """Hold the files against their control totals."""
        for file, fit in usable:
            try:
                check_control(self.contract, self.feed, file, fit)
            except GuanxiError as error:
                self._add_once(error.code, "control", error.message, error.remedy)

    def _nearby(self) -> str:
        """What there is instead of what the contract names."""
        path = Path(self.feed.location)
        if path.is_dir():
            return did_you_mean(self.feed.members, sorted(child.name for child in path.iterdir()))
        if is_archive(path):
            return _("The archive has other members.")
        while not path.parent.exists():
            path = path.parent
        return did_you_mean(path.name, sorted(child.name for child in path.parent.iterdir()))

    def _tell_the_rest(self) -> None:
        """What many files have in common is told once."""
        for kind in self._told:
            self._tell_the_rest_of(kind)
        for (path, message, suggestion), files in self._wrong.items():
            if len(files) > 1:
                more = _("{file} and {count} more: {message}")
                self.mistakes.add(path, more.format(file=files[0], count=len(files) - 1, message=message), suggestion)
            else:
                self.mistakes.add(path, f"{files[0]}: {message}", suggestion)

    def _tell_the_rest_of(self, kind: str, *, warning: bool = False) -> None:
        count = self._told.get(kind, 0) - MOST_FILES
        if count > 0:
            self._add("path", _("The same holds for {count} more files.").format(count=count), warning=warning)

    def _add(self, key: str, message: str, suggestion: str = "", *, warning: bool = False) -> None:
        self.mistakes.add((*self.base, key), message, suggestion, warning=warning)

    def _add_once(self, kind: str, key: str, message: str, suggestion: str, *, warning: bool = False) -> None:
        """The first few mistakes of a kind; the others are counted."""
        count = self._told[kind] = self._told.get(kind, 0) + 1
        if count <= MOST_FILES:
            self._add(key, message, suggestion, warning=warning)


def _alias_for(drift: Drift) -> str:
    """What to write if a column has got another name."""
    pairs = ", ".join(f'"{old}" = ["{new}"]' for old, new in drift.perhaps)
    return _("If it is the same column: {example}").format(example=f"aliases = {{ {pairs} }}") if pairs else ""


def _ignored_for(drift: Drift) -> str:
    """What to write if a column is nobody's business."""
    names = ", ".join(f'"{name}"' for name in drift.unknown[:MOST_LISTED])
    return _("To pass over them: {example}").format(example=f"ignored = [{names}]") if names else ""

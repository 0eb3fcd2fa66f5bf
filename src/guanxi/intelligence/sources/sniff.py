"""Looking at a file nobody has described yet: how it is written, and what stands in its first rows."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final

import pyarrow as pa
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.intelligence.sources.archives import is_archive
from guanxi.intelligence.sources.dates import ISO_FORMATS, fitting_formats
from guanxi.intelligence.sources.errors import FileEmpty, FileUnreadable
from guanxi.intelligence.sources.numbers import NumberStyle, style_of
from guanxi.intelligence.sources.readers import READERS
from guanxi.intelligence.sources.readers.encoding import open_name, possible_encodings
from guanxi.intelligence.sources.readers.options import JsonLinesOptions, ParquetOptions, ReaderOptions, XlsxOptions
from guanxi.intelligence.sources.readers.workbook import OLE, open_workbook, sheet_names
from guanxi.intelligence.sources.readers.xlsx import XlsxReader
from guanxi.kernel.errors import GuanxiError

SAMPLE_LINES: Final = 2_000
MOST_DISTINCT: Final = 200
REGULAR: Final = 0.95  # of the sampled lines must have the same number of values
_DELIMITERS: Final = {",": ",", ";": ";", "\t": "\\t", "|": "|"}
_DAY: Final = re.compile(
    r"(?=.*\d)[\dA-Za-z年月日/.\-, ]*\d[/.\-年 ][\dA-Za-z年月日/.\-:, +]*|(19|20)\d{6}|.*\d{2}:\d{2}.*"
)
_DAY_FIRST: Final = tuple(
    f"%d{mark}%m{mark}%Y{time}" for mark in "/-." for time in ("", " %H:%M", " %H:%M:%S")
)  # what is mixed up with its American twin


class DraftRefused(GuanxiError):
    """A file of which no contract can be drafted."""

    code = "draft_refused"
    sentence = gettext_lazy("No contract can be drafted for {file}: {reason}")
    cure = gettext_lazy("{way} The how-to “Add a source” tells how to write a contract by hand.")


@dataclass
class Column:
    """What is in a column of the sample. `formats` fit its dates; `others` would fit them too.

    A column of dates may have `misfits`: a few values that are none.
    """

    name: str
    values: list[str]
    is_typed_date: bool = False
    formats: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    misfits: list[str] = field(default_factory=list)

    @property
    def filled(self) -> list[str]:
        """The values that are there."""
        return [value for value in self.values if value]

    @property
    def style(self) -> NumberStyle | None:
        """How its numbers are written; None if not all values are numbers."""
        return style_of(self.filled)

    @property
    def is_number(self) -> bool:
        """Whether all values are plain numbers."""
        return self.style == NumberStyle()

    @property
    def is_date(self) -> bool:
        """Whether all values are dates."""
        return self.is_typed_date or bool(self.formats)

    @property
    def is_unique(self) -> bool:
        """Whether every row has a value of its own."""
        return len(self.filled) == len(self.values) == len(set(self.values)) > 0


@dataclass
class Sniffed:
    """How a file is written: keys of the contract with the words how sure they are, and its columns."""

    format: str
    keys: list[tuple[str, str, str]]  # key, value as TOML, remark
    columns: list[Column]


def sniff(path: Path) -> Sniffed:
    """Look at the beginning of a file.

    Raises
    ------
    DraftRefused, FileEmpty, FileUnreadable
        It is nothing a contract can be drafted for.
    """
    try:
        with path.open("rb") as file:
            head = file.read(1_000_000)
    except OSError as error:
        raise FileUnreadable(file=str(path), reason=error.strerror or str(error)) from error
    if not head.strip():
        raise FileEmpty(file=str(path), place=str(path))
    if head.startswith(b"PAR1"):
        return _typed(path, "parquet", ParquetOptions())
    if head.startswith(b"SQLite format 3\0"):
        raise _refused(path, _("it is a database."), _('Write format = "sqlite" and name the table.'))
    if is_archive(path):
        raise _refused(path, _("it is an archive."), _("Unpack it, and draft for one of its files."))
    if head.startswith((b"PK", OLE)):
        return _workbook(path)
    encodings = possible_encodings(path)
    text = head.decode(open_name(encodings[0]), "ignore" if len(head) == 1_000_000 else "replace")
    lines = [line for line in text.splitlines() if line.strip()][:SAMPLE_LINES]
    if len(head) == 1_000_000 and len(lines) > 1:
        lines.pop()
    if _is_json(lines[0]):
        return _typed(path, "jsonl", JsonLinesOptions(encodings[0]))
    return _delimited(path, lines, encodings)


def _refused(path: Path, reason: str, way: str) -> DraftRefused:
    return DraftRefused(place=str(path), file=path.name, reason=reason, way=way)


def _is_json(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _typed(path: Path, format_: str, options: ReaderOptions) -> Sniffed:
    """Formats that name their own columns."""
    header = READERS[format_].header(path, path.name, options)
    usable = [
        (name, kind) for name, kind in zip(header.names, header.types, strict=True)
        if not kind.num_fields and header.names.count(name) == 1
    ]  # fmt: skip
    block = next(READERS[format_].blocks(path, path.name, options, [name for name, _kind in usable]), None)
    columns = []
    for index, (name, kind) in enumerate(usable):
        values = block.columns[index].slice(0, SAMPLE_LINES).to_pylist() if block is not None else []
        is_day = bool(pa.types.is_date(kind) or pa.types.is_timestamp(kind))
        texts = ["" if value is None else str(value).strip() for value in values]
        columns.append(Column(name, texts, is_day) if is_day else _column(name, texts))
    keys = [("format", f'"{format_}"', _("sure"))]
    if isinstance(options, JsonLinesOptions) and options.encoding != "utf-8":
        keys.append(("encoding", f'"{options.encoding}"', _("a guess")))
    return Sniffed(format_, keys, columns)


def _workbook(path: Path) -> Sniffed:
    """The first sheet with something on it, from the row on that is as full as most are."""
    with open_workbook(path, path.name) as workbook:
        sheets = sheet_names(workbook)
        if not sheets:
            raise FileEmpty(file=str(path), place=str(path))
        end = workbook.get_sheet_by_name(sheets[0]).end
    keys = [("format", '"xlsx"', _("sure"))]
    if len(sheets) > 1:
        words = _("a guess: the first; the others are: {others}").format(others=", ".join(sheets[1:]))
        keys.append(("sheet", json.dumps(sheets[0], ensure_ascii=False), words))
    places = tuple(map(str, range(end[1] + 1 if end is not None else 1)))
    options = XlsxOptions(sheets[0], has_header=False, columns=places)
    block = next(XlsxReader().blocks(path, path.name, options, places))
    lines = block.lines.to_pylist()[:SAMPLE_LINES]
    rows = [[column[at].as_py() or "" for column in block.columns] for at in range(len(lines))]
    filled = [sum(map(bool, row)) for row in rows]
    usual = Counter(filled).most_common(1)[0][0]
    first = next(index for index, count in enumerate(filled) if count >= usual)
    if first:
        keys.append(("skip", str(lines[first] - 1), _("likely: the rows above are fewer columns wide")))
    names = [" ".join(name.split()) for name in rows[first]]
    named = [index for index, name in enumerate(names) if name]
    below = [[row[index] for index in named] for row in rows[first + 1 :]]
    if _is_header([names[index] for index in named], below):
        keys.append(("header", "true", _("likely")))
        names, rows = [names[index] for index in named], below
    else:
        names, rows = _numbered(len(places), keys), rows[first:]
    return Sniffed("xlsx", keys, _columns(names, rows))


def _delimited(path: Path, lines: Sequence[str], encodings: Sequence[str]) -> Sniffed:
    delimiter, rows = _split(path, lines)
    keys = [("format", '"csv"', _("sure")), ("delimiter", f'"{_DELIMITERS[delimiter]}"', _("sure"))]
    if encodings[0] == "utf-8":
        keys.append(("encoding", '"utf-8"', _("sure")))
    else:
        words = _("a guess; these would fit too: {others}").format(others=", ".join(encodings[1:]) or "-")
        keys.append(("encoding", f'"{encodings[0]}"', words))
    names = [name.strip().removeprefix("\ufeff") for name in rows[0]]
    if _is_header(names, rows[1:]):
        keys.append(("header", "true", _("likely")))
        rows = rows[1:]
    else:
        names = _numbered(len(names), keys)
    return Sniffed("csv", keys, _columns(names, rows))


def _numbered(width: int, keys: list[tuple[str, str, str]]) -> list[str]:
    """Names for columns without a header, and the keys that say so."""
    names = [f"column_{number + 1}" for number in range(width)]
    keys.append(("header", "false", _("likely: the first row looks like the others. Name the columns:")))
    keys.append(("columns", json.dumps(names), _("from left to right")))
    return names


def _columns(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Column]:
    return [_column(name, [row[index].strip() for row in rows]) for index, name in enumerate(names)]


def _split(path: Path, lines: Sequence[str]) -> tuple[str, list[list[str]]]:
    """The delimiter by which most lines have the same number of values, and the rows of that number."""
    best: tuple[float, int, str, list[list[str]]] | None = None
    for delimiter in _DELIMITERS:
        try:
            rows = list(islice(csv.reader((f"{line}\n" for line in lines), delimiter=delimiter), SAMPLE_LINES))
        except csv.Error:
            continue
        width, count = Counter(map(len, rows)).most_common(1)[0]
        share = count / len(rows)
        if max(map(len, rows)) > 1 and (best is None or (share >= REGULAR, width, share) > (
            best[0] >= REGULAR, best[1], best[0]
        )):  # fmt: skip
            best = share, width, delimiter, rows
    if best is None:
        if len({len(line) for line in lines}) == 1:
            raise _refused(path, _("its lines are of the same length, so it is of fixed width."),
                           _('Write format = "fixed" and name the columns.'))  # fmt: skip
        raise _refused(path, _("no delimiter splits its lines."), _("Find out how its columns are separated."))
    share, width, delimiter, rows = best
    if share < REGULAR or width == 1:
        counts = [len(row) for row in rows]
        words = _("its lines have from {least} to {most} values, so they are no rows of a table.")
        raise _refused(
            path, words.format(least=min(counts), most=max(counts)),
            _("If each line is a basket of items, see “split”; else deliver the same columns in every line."),
        )  # fmt: skip
    return delimiter, [row for row in rows if len(row) == width]


def _is_header(names: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Names are there, differ, and are no numbers or dates."""
    if not all(names) or len(set(names)) < len(names):
        return False
    if any(style_of([name]) == NumberStyle() or (_DAY.fullmatch(name) and _formats([name])[0]) for name in names):
        return False
    first_words = [{row[index] for row in rows} for index in range(len(names))]
    return not any(name in words for name, words in zip(names, first_words, strict=True))


def _column(name: str, values: list[str]) -> Column:
    column = Column(name, values)
    distinct = list(dict.fromkeys(column.filled))[:MOST_DISTINCT]
    days = [value for value in distinct if _DAY.fullmatch(value)]
    if distinct and len(days) >= REGULAR * len(distinct):
        column.formats, column.others = _formats(days)
    if column.formats:
        column.misfits = [value for value in distinct if not fitting_formats([value], column.formats)]
    return column


def _formats(distinct: Sequence[str]) -> tuple[list[str], list[str]]:
    """One format for each way dates are written here, and those that would do as well; nothing if not all are dates."""
    alike: dict[str, list[str]] = {}
    for value in distinct:
        shape = re.sub(r"[A-Za-z]+", "a", re.sub(r"\d+", "9", value))
        if re.fullmatch(r"9", shape):
            shape = "8 digits"
        alike.setdefault(shape, []).append(value)
    if len(alike) > 4:
        return [], []
    formats: list[str] = []
    others: list[str] = []
    for values in alike.values():
        fitting = fitting_formats(values)
        if fitting:
            formats.append(fitting[0])
            others += fitting[1:] if fitting[0] not in ISO_FORMATS else []
        elif pair := _two_styles(values):
            formats += pair
        elif nearly := fitting_formats(values, share=REGULAR):
            formats.append(nearly[0])
            others += nearly[1:]
        else:
            return [], []
    return list(dict.fromkeys(formats)), [other for other in dict.fromkeys(others) if other not in formats]


def _two_styles(values: Sequence[str]) -> list[str]:
    """Two formats of which every value fits one, day and month the other way round; nothing if there are none."""
    for first in _DAY_FIRST:
        second = first.replace("%d", "%D").replace("%m", "%d").replace("%D", "%m")
        rest = [value for value in values if not _fits(value, first)]
        if rest and len(rest) < len(values) and all(_fits(value, second) for value in rest):
            return [first, second]
    return []


def _fits(value: str, date_format: str) -> bool:
    with suppress(ValueError):
        return bool(datetime.strptime(value, date_format))  # noqa: DTZ007  (it is only asked whether it can be read)
    return False

"""Trying a contract on the first rows of a file: how many would be rejected, why, and what would mend it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from django.utils.translation import gettext as _

from guanxi.intelligence.land.chunk import ChunkConverter, Delivered, RowBuffer, connect
from guanxi.intelligence.land.readings import is_number, is_text
from guanxi.intelligence.land.reasons import reason_text
from guanxi.intelligence.sources.dates import fitting_formats, two_meanings
from guanxi.intelligence.sources.fields import KINDS, MAPPINGS, OWN, OWN_HEAD, PSEUDO_COLUMNS, FieldKind
from guanxi.intelligence.sources.files import SourceFile
from guanxi.intelligence.sources.fit import Fit, read_blocks
from guanxi.intelligence.sources.locate import KeyPath
from guanxi.intelligence.sources.mistakes import MistakeList, did_you_mean
from guanxi.intelligence.sources.numbers import style_of
from guanxi.intelligence.sources.parse_mapping import column_places
from guanxi.intelligence.sources.terms import Contract, Feed, Mapped

SAMPLE_ROWS: Final = 1_000
TOLERABLE: Final = 0.05  # of the sample: more bad rows than that are a mistake in the contract
_MOST_VALUES: Final = 50
_MOST_DATES: Final = 200


def check_sample(
    contract: Contract, feed: Feed, base: KeyPath, mistakes: MistakeList, file: SourceFile, fit: Fit
) -> None:
    """Convert the first rows of a file and note what does not convert."""
    buffer = RowBuffer()
    for block in read_blocks(file, feed, fit):
        buffer.add(0, block.first(SAMPLE_ROWS - buffer.rows))
        if buffer.rows >= SAMPLE_ROWS:
            break
    if not buffer.rows:
        return
    with connect() as connection:
        converter, sample = ChunkConverter(connection, contract, feed, fit), Delivered(file.name, 0)
        faults = converter.faults(buffer, sample)
        counts = converter.convert(buffer, [sample]).counts[0]
    places = dict(reversed([*column_places(feed, base)]))
    for (column, reason), values in faults.items():
        share = len(values) / buffer.rows
        words = _("{percent} of the first {rows} rows of {file} would be rejected: {reason}")
        mistakes.add(
            places.get(column, (*base, "path")),
            words.format(
                percent=f"{share:.1%}",
                rows=buffer.rows,
                file=file.shown,
                reason=reason_text(reason, values[0], fit.written_name(column)),
            ),
            _cure(feed, reason, column, values),
            warning=share <= TOLERABLE,
        )
    _doubt_dates(feed, base, mistakes, buffer)
    if counts.filtered == buffer.rows:
        mistakes.add(
            (*base, "keep"), _("“keep” leaves out every one of the first {rows} rows.").format(rows=buffer.rows),
            _values_there_are(feed, buffer), warning=True,
        )  # fmt: skip


def _doubt_dates(feed: Feed, base: KeyPath, mistakes: MistakeList, buffer: RowBuffer) -> None:
    """Dates that two formats of the contract read differently: the first one counts, and somebody should know."""
    for path, kind, mapped in _mapped(feed):
        is_time = kind in {FieldKind.DATE, FieldKind.TIME}
        if not is_time or mapped.column is None or mapped.column in PSEUDO_COLUMNS or len(feed.date_formats) < 2:
            continue
        arrays = [block.columns[feed.columns().index(mapped.column)] for _file, block in buffer.blocks]
        values = {value.strip() for array in arrays if is_text(array.type) for value in array.to_pylist() if value}
        found = two_meanings(sorted(values)[:_MOST_DATES], feed.date_formats)
        if found is not None:
            words = _("“{value}” in “{column}” fits both “{first}” and “{second}”; it is read by “{first}”.")
            mistakes.add(
                (*base, *path), words.format(value=found[0], column=mapped.column, first=found[1], second=found[2]),
                _("The order of date_formats decides."), warning=True,
            )  # fmt: skip


def _mapped(feed: Feed) -> Iterator[tuple[KeyPath, FieldKind, Mapped]]:
    """Every field the feed fills: its place in the feed, its kind, and what fills it."""
    for table, mapping in feed.mappings.items():
        for field, mapped in mapping.items():
            yield (table, field), MAPPINGS[table][field], mapped
    for key, own in feed.own.items():
        yield ("customer", OWN_HEAD, key), OWN[own.kind], own


def _cure(feed: Feed, reason: str, column: str, values: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(values))[:_MOST_VALUES]
    if reason in {"bad_date", "date_out_of_range"}:
        return _fitting_date(feed, distinct)
    if reason == "bad_number":
        return _fitting_number(distinct)
    if reason == "unknown_choice":
        options = next(own.words for own in feed.own.values() if column in own.read and own.words)
        return did_you_mean(distinct[0], [word for word, meant in options.items() if meant])
    if reason in {"too_many_decimals", "too_many_own_decimals"}:
        return _("To round them: {example}").format(example='rounding = "half_even"')
    if reason == "unknown_kind":
        return _("Map them: {example}").format(example=f'map = {{ "{distinct[0]}" = "{KINDS[1]}" }}')
    if reason == "merged_cell":
        return _("If it counts for every row of the merged cells: {example}").format(
            example=f'fill_down = ["{column}"]'
        )
    if reason == "digits_lost":
        return _("In the sheet, make the column text before the numbers are entered.")
    if reason in {"column_count", "stray_quote", "unclosed_quote"}:
        return _("Look at “delimiter” and “quote”: {current}.").format(
            current=f"{getattr(feed.options, 'delimiter', '')!r}, {getattr(feed.options, 'quote', '')!r}"
        )
    return ""


def _fitting_date(feed: Feed, values: Sequence[str]) -> str:
    if feed.format == "xlsx" and all(is_number(value, "", ".") for value in values):
        return _("If they are days, format the cells as dates in the sheet.")
    formats = fitting_formats(values)
    if not formats:
        return ""
    shown = " / ".join(f"“{date_format}”" for date_format in formats[:3])
    return _("They fit the date format {formats}; add it to date_formats.").format(formats=shown)


def _fitting_number(values: Sequence[str]) -> str:
    style = style_of(values)
    if style is None or not style.keys:
        return ""
    keys = ", ".join(f"{key} = {value}" for key, value in style.keys.items())
    return _("They are numbers with: {example}").format(example=keys)


def _values_there_are(feed: Feed, buffer: RowBuffer) -> str:
    """What stands in the column of the first condition, near to what it asks for."""
    condition = feed.keep[0]
    if condition.column not in feed.columns() or not isinstance(condition.value, str):
        return ""
    index = feed.columns().index(condition.column)
    values = {str(value) for _file, block in buffer.blocks for value in block.columns[index].unique().to_pylist()}
    return did_you_mean(condition.value, sorted(values))

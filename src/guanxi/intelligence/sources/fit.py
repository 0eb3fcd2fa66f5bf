"""How the columns of a file fit those a contract reads, and the rows as the contract sees them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _

from guanxi.intelligence.sources.errors import ColumnAmbiguous, ColumnsMissing, ColumnUnusable
from guanxi.intelligence.sources.files import SourceFile
from guanxi.intelligence.sources.mistakes import did_you_mean
from guanxi.intelligence.sources.readers import READERS
from guanxi.intelligence.sources.readers.options import CsvOptions, XlsxOptions
from guanxi.intelligence.sources.readers.rows import Block, Header
from guanxi.intelligence.sources.terms import Feed


@dataclass(frozen=True, slots=True)
class Fit:
    """The columns of one file.

    Attributes
    ----------
    header
        The columns by the contract's names; those it does not know by their own.
    written
        Their names as they stand in the file, in the same order.
    missing
        Columns the contract reads or requires, that are neither there nor optional.
    """

    header: Header
    written: tuple[str, ...]
    missing: tuple[str, ...] = ()

    def written_name(self, column: str) -> str:
        """What the file calls a column of the contract."""
        return self.written[self.header.names.index(column)] if column in self.header.names else column


def fit_columns(feed: Feed, header: Header) -> Fit:
    """Find the feed's columns in the header of a file, by whichever of their names is there."""
    called = called_by_contract(feed, header.names)
    needed = dict.fromkeys([*feed.columns(), *feed.leeway.required])
    missing = tuple(name for name in needed if name not in called and name not in feed.leeway.optional)
    return Fit(dataclasses.replace(header, names=called), header.names, missing)


def called_by_contract(feed: Feed, names: Sequence[str]) -> tuple[str, ...]:
    """The names of a file's columns as the contract calls them; those it does not know stay as they are.

    Where a file has several names of one column, the first in the contract's order counts.
    """
    known = dict.fromkeys([*feed.columns(), *feed.leeway.required])
    called = {}
    for column in known:
        found = next((name for name in feed.leeway.names_of(column) if name in names), None)
        if found is not None:
            called[found] = column
    return tuple(called.get(name, name) for name in names)


def no_header(feed: Feed, fit: Fit) -> str:
    """A word where the first row is none of names: nothing in it is known, and some of it is a number."""
    options = feed.options
    if not isinstance(options, CsvOptions | XlsxOptions) or not options.has_header:
        return ""
    is_known = any(column in fit.header.names for column in feed.columns())
    has_number = any(name.replace(".", "", 1).isdigit() for name in fit.written)
    words = _("Perhaps there is no header: write header = false and name the columns.")
    return words if has_number and not is_known else ""


def read_header(file: SourceFile, feed: Feed) -> Fit:
    """The file's columns, if it has all that the feed reads.

    Raises
    ------
    ColumnsMissing, ColumnAmbiguous, ColumnUnusable, FileEmpty, EncodingWrong, FileUnreadable
        The file cannot be used as the contract says.
    """
    fit = fit_columns(feed, READERS[feed.format].header(file.path, file.shown, feed.options))
    if fit.missing:
        shown = ", ".join(f"“{column}”" for column in fit.missing)
        near = no_header(feed, fit) or " ".join(
            hint for column in fit.missing if (hint := did_you_mean(column, fit.written))
        )
        raise ColumnsMissing(
            place=file.shown, file=file.shown, missing=shown, near=near, columns=", ".join(fit.written)
        )  # fmt: skip
    names, types = fit.header.names, fit.header.types
    for column in feed.columns():
        if names.count(column) > 1:
            raise ColumnAmbiguous(place=file.shown, file=file.shown, column=fit.written_name(column))
        if column in names and types[names.index(column)].num_fields:
            kind = str(types[names.index(column)])
            raise ColumnUnusable(place=file.shown, file=file.shown, column=fit.written_name(column), type=kind)
    return fit


def read_blocks(file: SourceFile, feed: Feed, fit: Fit) -> Iterator[Block]:
    """The rows of a file, one array for every column the feed reads, with a row for every value of a split column."""
    for block in read_unsplit(file, feed, fit):
        yield block if feed.split is None else _split(block, feed.columns().index(feed.split.column), feed.split.by)


def read_unsplit(file: SourceFile, feed: Feed, fit: Fit) -> Iterator[Block]:
    """The rows as they stand in the file; in columns the file lacks stands nothing."""
    columns = feed.columns()
    there = [column for column in columns if column in fit.header.names]
    written = [fit.written_name(column) for column in there]
    options = feed.options
    if isinstance(options, XlsxOptions):
        options = dataclasses.replace(options, fill_down=tuple(map(fit.written_name, options.fill_down)))
    for block in READERS[feed.format].blocks(file.path, file.shown, options, written):
        if len(there) == len(columns):
            yield block
        else:
            own = dict(zip(there, block.columns, strict=True))
            empty = pa.nulls(len(block.lines), pa.string())
            yield dataclasses.replace(block, columns=[own.get(column, empty) for column in columns])


def _split(block: Block, index: int, by: str) -> Block:
    """A row for every value in one column; a row without any stays one. Values without anything in them are none."""
    lists = pc.split_pattern(pc.fill_null(block.columns[index].cast(pa.string()), ""), by)
    rows, values = pc.list_parent_indices(lists), pc.list_flatten(lists)
    is_filled = pc.not_equal(pc.utf8_trim_whitespace(values), "").to_numpy(zero_copy_only=False)
    starts = lists.offsets.to_numpy()[:-1]
    kept = is_filled.copy()
    kept[starts[~np.isin(np.arange(len(block.lines)), rows.to_numpy()[is_filled])]] = True
    rows, values = rows.filter(pa.array(kept)), values.filter(pa.array(kept))
    columns = [values if at == index else column.take(rows) for at, column in enumerate(block.columns)]
    parents = rows.to_pylist()
    return Block(block.lines.take(rows), columns, block.bad, lambda i: block.raw(parents[i]))

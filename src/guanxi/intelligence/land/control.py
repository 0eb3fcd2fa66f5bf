"""Holding a file against its control totals, before a row of it lands."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from guanxi.intelligence.land import sql
from guanxi.intelligence.land.chunk import connect
from guanxi.intelligence.land.readings import Reader, is_text
from guanxi.intelligence.sources.control import SUM, Control, Totals, read_totals
from guanxi.intelligence.sources.errors import (
    ControlFileMissing,
    CountDoesNotTie,
    SumDoesNotTie,
    TotalLineMissing,
    TotalsNotInFile,
    ValuesDoNotAdd,
)
from guanxi.intelligence.sources.files import SourceFile, base_name, read_beside
from guanxi.intelligence.sources.fit import Fit, read_unsplit
from guanxi.intelligence.sources.readers import read_last_line
from guanxi.intelligence.sources.readers.encoding import decode
from guanxi.intelligence.sources.readers.rows import Block
from guanxi.intelligence.sources.terms import Contract, Feed


def check_control(contract: Contract, feed: Feed, file: SourceFile, fit: Fit) -> None:
    """Read the whole file and compare its rows with what the sender says; without control totals do nothing.

    Raises
    ------
    TotalLineMissing, ControlFileMissing, TotalsNotInFile, CountDoesNotTie, SumDoesNotTie, ValuesDoNotAdd
        The file does not tie, or nothing says how it should.
    """
    control = feed.control
    if control is None:
        return
    totals = _told(feed, control, file)
    rows, total, unread = 0, Decimal(0), 0
    with connect() as connection:
        summed = _Summing(connection, contract, feed, control, fit) if control.tells(SUM) else None
        for block in read_unsplit(file, feed, fit):
            rows += block.rows
            if summed is not None:
                added, missed = summed.add(block)
                total, unread = total + added, unread + missed + len(block.bad)
    if totals.rows is not None and totals.rows != rows:
        raise CountDoesNotTie(place=file.shown, file=file.name, told=totals.rows, found=rows)
    if totals.sum is not None and totals.sum != total:
        kind = ValuesDoNotAdd if unread else SumDoesNotTie
        raise kind(
            place=file.shown, file=file.name, column=control.sum_of, told=str(totals.sum),
            found=format(total.normalize(), "f"), unread=unread,
        )  # fmt: skip


def _told(feed: Feed, control: Control, file: SourceFile) -> Totals:
    """What the sender says of the file."""
    own_name = base_name(file)
    if control.is_last_line:
        line = read_last_line(file.path, file.shown, feed.options)
        totals = read_totals(control, [line], own_name, feed.decimal)
        if totals is None:
            raise TotalLineMissing(place=file.shown, file=file.name, line=control.lines[0])
        return totals
    name = control.name_beside(own_name)
    raw = read_beside(file, name)
    if raw is None:
        raise ControlFileMissing(place=file.shown, file=file.name, control=name)
    text = decode(raw, getattr(feed.options, "encoding", "utf-8"), name)
    found = read_totals(control, text.splitlines(), own_name, feed.decimal)
    if found is None:
        raise TotalsNotInFile(place=name, control=name, file=file.name, line=" / ".join(control.lines))
    return found


class _Summing:
    """Adds up one column as the feed writes numbers."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, contract: Contract, feed: Feed, control: Control, fit: Fit
    ) -> None:
        self._connection = connection
        self._index = feed.columns().index(control.sum_of)
        kinds = dict(zip(fit.header.names, fit.header.types, strict=True))
        kind = kinds.get(control.sum_of, pa.string())
        reader = Reader(contract, feed)
        source = reader.clean(sql.name("c"), kind, dict(feed.replace.get(control.sum_of, {})), feed.nulls)
        value = reader.exact(source)
        lost = sql.both(sql.not_null(source.column), sql.is_null(value))
        chosen = sql.call("sum", value), sql.call("count_if", lost)
        self._statement = sql.text_of(exp.select(*chosen).from_("block"))
        self._is_text = is_text(kind)

    def add(self, block: Block) -> tuple[Decimal, int]:
        """The sum of a block, and how many of its values are no numbers."""
        column = block.columns[self._index]
        self._connection.register(
            "block", pa.table({"c": pc.utf8_trim_whitespace(column) if self._is_text else column})
        )
        try:
            ((total, missed),) = self._connection.execute(self._statement).fetchall()
        finally:
            self._connection.unregister("block")
        return Decimal(total or 0), missed or 0  # both are NULL where no row could be read

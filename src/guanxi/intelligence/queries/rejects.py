"""Rejected rows of a data update as a CSV that a spreadsheet opens safely (S1i)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.utils.translation import gettext

from guanxi.intelligence.land.rejects import Reject, iterate_rejects
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.runs.queries import get_run

BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for the machine's own code page
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BATCH = 1_000  # rows sent in one piece


def iter_rejects_csv(actor: Actor, run_id: int) -> Iterator[str]:
    """The rejected rows of update `run_id` in pieces of CSV text, with a byte order mark; needs `updates.view`.

    Raises
    ------
    PermissionDenied, RunNotFound
        Raised by the call itself, before the first piece.
    """
    if not actor.may("updates.view"):
        raise PermissionDenied(permission="updates.view")
    get_run(actor, run_id)
    return _pieces(iterate_rejects(run_id=run_id))


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula: `safe_cell("=1+1") == "'=1+1"`."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _pieces(rejects: Iterator[Reject]) -> Iterator[str]:
    head = [
        gettext("Source"), gettext("Feed"), gettext("File"), gettext("Line"), gettext("Column"), gettext("Reason"),
        gettext("Row as delivered"),
    ]  # fmt: skip
    yield BYTE_ORDER_MARK + _lines([head])
    while piece := list(islice(rejects, BATCH)):
        yield _lines([row.source, row.feed, row.file, row.line, row.column, row.text, row.raw] for row in piece)


def _lines(rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue()

"""Writing delivered files: bytes that are the same on every machine."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from guanxi.demo.bad_rows import BAD_ROWS, PlacedBadRow, insert_bad_rows


def write_table(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    encoding: str = "utf-8",
    delimiter: str = ",",
    header: bool = True,
) -> None:
    """Write the rows with line feeds and quotes only where needed."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    if header:
        writer.writerow(columns)
    writer.writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.getvalue().encode(encoding))


def deliver(
    folder: Path,
    file: str,
    feed: tuple[str, str],
    columns: Sequence[str],
    rows: list[list[str]],
    key: str,
    *,
    encoding: str = "utf-8",
    delimiter: str = ",",
    header: bool = True,
) -> list[PlacedBadRow]:
    """Write a feed's file with its bad rows among the good ones; say where these stand.

    `feed` is the source and the feed, `key` the column whose value is the row's own.
    """
    bad = [each for each in BAD_ROWS if (each.source, each.feed) == feed]
    placed = insert_bad_rows(rows, bad, list(columns), key, file=file, header=header)
    write_table(folder / file, columns, rows, encoding=encoding, delimiter=delimiter, header=header)
    return placed

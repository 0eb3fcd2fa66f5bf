"""The floor of landing: DuckDB reads the same text files, all columns as text, and writes them as Parquet."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

COPY = """
    copy (
        select * from read_csv(
            $files, delim = $delimiter, header = $header, quote = '"', escape = '"', all_varchar = true,
            auto_detect = false, columns = $columns, ignore_errors = true
        )
    ) to '{target}' (format parquet, compression zstd)
"""


@dataclass(frozen=True)
class RawFeed:
    """Text files of one shape, in UTF-8."""

    files: list[Path]
    delimiter: str
    header: bool


def feeds_of(contract: Path, copies: Path) -> Iterable[RawFeed]:
    """The feeds of a contract of the sample company; files in other encodings are copied in UTF-8 to `copies`."""
    for feed in tomllib.loads(contract.read_text(encoding="utf-8"))["feed"]:
        files = sorted(contract.parent.glob(feed["path"]))
        if feed["encoding"] != "utf-8":
            files = [_in_utf8(file, feed["encoding"], copies) for file in files]
        yield RawFeed(files, feed.get("delimiter", ","), feed.get("header", True))


def seconds_to_read(feeds: Iterable[RawFeed], folder: Path) -> float:
    """How long DuckDB takes from the text files to Parquet files in `folder`."""
    taken = 0.0
    with duckdb.connect() as connection:
        for number, feed in enumerate(feeds):
            with feed.files[0].open(encoding="utf-8") as file:
                width = len(file.readline().split(feed.delimiter))
            values = {
                "files": [file.as_posix() for file in feed.files], "delimiter": feed.delimiter, "header": feed.header,
                "columns": {f"c{column}": "VARCHAR" for column in range(width)},
            }  # fmt: skip
            start = time.perf_counter()
            connection.execute(COPY.format(target=(folder / f"{number}.parquet").as_posix()), values)
            taken += time.perf_counter() - start
    return taken


def _in_utf8(file: Path, encoding: str, folder: Path) -> Path:
    copy = folder / file.name
    copy.write_text(file.read_text(encoding=encoding), encoding="utf-8")
    return copy

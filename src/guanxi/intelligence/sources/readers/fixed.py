"""Text of fixed width: every line is a row, every column has its place in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa

from guanxi.intelligence.sources.readers.lines import bare, has_end, is_torn, open_lines
from guanxi.intelligence.sources.readers.options import FixedOptions
from guanxi.intelligence.sources.readers.rows import BadRow, Block, Header

BLOCK_CHARACTERS: Final = 4_000_000


class FixedReader:
    """Reads lines cut at fixed places. What stands between and behind the columns is not looked at."""

    def header(self, path: Path, shown: str, options: FixedOptions) -> Header:
        """The columns the contract names; the file has no header."""
        with open_lines(path, shown, options.encoding) as lines:
            skipped = lines.skip(options.skip)
        names = tuple(column.name for column in options.columns)
        return Header(names, (pa.string(),) * len(names), skipped + 1)

    def blocks(self, path: Path, shown: str, options: FixedOptions, columns: Sequence[str]) -> Iterator[Block]:
        """The rows in blocks. Lines with nothing on them are no rows; one that ends too early is a bad row."""
        places = {column.name: slice(column.start - 1, column.end) for column in options.columns}
        cuts = [places[column] for column in columns]
        with open_lines(path, shown, options.encoding, ends_in_total=options.ends_in_total) as lines:
            first = lines.skip(options.skip) + 1
            while block := lines.read(BLOCK_CHARACTERS):
                yield _block(block, first, options, cuts)
                first += len(block)


def _block(lines: list[str], first: int, options: FixedOptions, cuts: Sequence[slice]) -> Block:
    texts, width = [bare(line) for line in lines], options.width
    good, bad = [], []
    for index, text in enumerate(texts):
        if not text or text.isspace():
            continue
        is_short, line = len(text) < width, lines[index]
        if is_torn(line, ends_lines=options.ends_lines) or (is_short and not has_end(line)):
            bad.append(BadRow(first + index, text, "torn_line"))
        elif is_short:
            bad.append(BadRow(first + index, text, "short_line", f"{len(text)}/{width}"))
        else:
            good.append(index)
    arrays = [pa.array([texts[index][cut] for index in good], pa.string()) for cut in cuts]
    return Block(pa.array([first + index for index in good], pa.int64()), arrays, bad, lambda i: texts[good[i]])

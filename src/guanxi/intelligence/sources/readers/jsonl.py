"""JSON lines: one object a line; what is nested is a column with a dotted name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from guanxi.intelligence.sources.readers.lines import bare, open_lines
from guanxi.intelligence.sources.readers.options import JsonLinesOptions
from guanxi.intelligence.sources.readers.rows import BadRow, Block, Header

BLOCK_CHARACTERS: Final = 4_000_000


class JsonLinesReader:
    """Reads one object a line. Numbers are taken digit by digit as they are written, never through binary fractions."""

    def header(self, path: Path, shown: str, options: JsonLinesOptions) -> Header:
        """Every field that is in at least one object."""
        names: dict[str, None] = {}
        with open_lines(path, shown, options.encoding, newline="\n") as lines:
            while block := lines.read(BLOCK_CHARACTERS):
                for line in block:
                    found = _parse(line)
                    if isinstance(found, dict):
                        names.update(dict.fromkeys(_names(found)))
        return Header(tuple(names), (pa.string(),) * len(names))

    def blocks(self, path: Path, shown: str, options: JsonLinesOptions, columns: Sequence[str]) -> Iterator[Block]:
        """The rows in blocks. Empty lines are no rows; a line that is no object is a bad row."""
        first = 1
        with open_lines(path, shown, options.encoding, newline="\n") as lines:
            while block := lines.read(BLOCK_CHARACTERS):
                yield _block(block, first, columns)
                first += len(block)


class _NoJson(ValueError):
    """The line is no JSON."""


def _block(lines: list[str], first: int, columns: Sequence[str]) -> Block:
    good: list[int] = []
    rows: list[list[str | None]] = []
    bad: list[BadRow] = []
    for index, line in enumerate(lines):
        if not line.strip():
            continue
        found = _parse(line)
        if not isinstance(found, dict):
            reason = "not_an_object" if found is not _NoJson else "bad_json" if line.endswith("\n") else "torn_line"
            bad.append(BadRow(first + index, bare(line), reason))
            continue
        values = [_value(found, column) for column in columns]
        nested = next((column for column, value in zip(columns, values, strict=True) if _is_nested(value)), None)
        if nested is not None:
            bad.append(BadRow(first + index, bare(line), "nested_value", nested))
            continue
        good.append(index)
        rows.append([_text(value) for value in values])
    turned: list[Sequence[str | None]] = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    arrays = [pa.array(column, pa.string()) for column in turned]
    return Block(pa.array([first + index for index in good], pa.int64()), arrays, bad, lambda i: bare(lines[good[i]]))


def _parse(line: str) -> Any:
    """What the line says; `_NoJson` itself if it is none."""
    try:
        found = json.loads(line, parse_int=str, parse_float=str, parse_constant=_refuse)
        if "\\u" in line:
            json.dumps(found, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        return _NoJson
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(constant)  # NaN and Infinity are no JSON


def _names(found: dict[str, Any], before: str = "") -> Iterator[str]:
    for name, value in found.items():
        if isinstance(value, dict) and value:
            yield from _names(value, f"{before}{name}.")
        else:
            yield f"{before}{name}"


def _value(found: dict[str, Any], column: str) -> Any:
    """The value at a dotted path; a name that itself has dots in it goes first."""
    if column in found:
        return found[column]
    value: Any = found
    for part in column.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(part)
    return value


def _is_nested(value: Any) -> bool:
    return isinstance(value, dict | list)


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)

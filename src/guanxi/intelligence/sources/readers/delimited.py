"""Splitting text at delimiters wider than one character, which `csv` cannot do."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator


class WideDelimiter:
    r"""Records of `lines` split at `delimiter`, quotes as `csv.reader(strict=True)` takes them.

    >>> list(WideDelimiter(['a||"b||c"\n'], "||", '"', ""))
    [['a', 'b||c']]
    """

    def __init__(self, lines: Iterable[str], delimiter: str, quote: str, escape: str) -> None:
        self._lines = iter(lines)
        self._delimiter, self._quote, self._escape = delimiter, quote, escape
        self.line_num = 0

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        line = self._next_line()
        if not (self._quote and self._quote in line) and not (self._escape and self._escape in line):
            bare = line.rstrip("\r\n")
            return bare.split(self._delimiter) if bare else []
        return self._careful(line)

    def _next_line(self) -> str:
        line = next(self._lines)
        self.line_num += 1
        return line

    def _careful(self, line: str) -> list[str]:
        fields, at = [], 0
        while True:
            if self._quote and line.startswith(self._quote, at):
                field, line, at = self._quoted(line, at + 1)
                if not self._ends_field(line, at):
                    raise csv.Error(f"{self._delimiter!r} expected after {self._quote!r}")
            else:
                field, at = self._plain(line, at)
            fields.append(field)
            if not line.startswith(self._delimiter, at):
                return fields
            at += len(self._delimiter)

    def _plain(self, line: str, at: int) -> tuple[str, int]:
        field = ""
        while not self._ends_field(line, at):
            if self._escape and line.startswith(self._escape, at) and at + 1 < len(line):
                at += 1
            field += line[at]
            at += 1
        return field, at

    def _quoted(self, line: str, at: int) -> tuple[str, str, int]:
        """The rest of a quoted field, and where in which line it ended."""
        field = ""
        while True:
            if at >= len(line):
                try:
                    line, at = self._next_line(), 0
                except StopIteration:
                    raise csv.Error("unexpected end of data") from None
                continue
            if self._escape and line.startswith(self._escape, at) and at + 1 < len(line):
                at += 1
            elif line[at] == self._quote:
                if self._escape or not line.startswith(self._quote, at + 1):
                    return field, line, at + 1
                at += 1
            field += line[at]
            at += 1
            if len(field) > csv.field_size_limit():
                raise csv.Error("field larger than field limit")

    def _ends_field(self, line: str, at: int) -> bool:
        return at >= len(line) or line[at] in "\r\n" or line.startswith(self._delimiter, at)

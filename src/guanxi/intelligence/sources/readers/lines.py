"""The physical lines of a text file, decoded strictly: a byte that does not fit is an error with its place."""

from __future__ import annotations

import io
from pathlib import Path
from typing import IO, Final, Self

from guanxi.intelligence.sources.errors import FileUnreadable
from guanxi.intelligence.sources.readers.encoding import (
    CUT_CHARACTER,
    START,
    TOLERANT,
    encoding_error,
    open_name,
    refuse_other_encoding,
)
from guanxi.kernel.errors import GuanxiError

PIECE: Final = 1_000_000  # characters


class Lines:
    """The physical lines of a file, some at a time, each with its line end.

    Where the file `ends_in_total`, its last line with something on it is kept back.
    """

    def __init__(self, text: IO[str], path: Path, shown: str, encoding: str, *, ends_in_total: bool) -> None:
        self._text, self._path, self._shown, self._encoding = text, path, shown, encoding
        self._ends_in_total = ends_in_total
        self._kept: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._text.close()

    def read(self, characters: int) -> list[str]:
        """The next lines, about `characters` of them; empty at the end."""
        while self._ends_in_total and (more := self._read(characters)):
            lines = self._kept + more
            last = max((index for index, line in enumerate(lines) if line.strip()), default=0)
            self._kept = lines[last:]
            if last:
                return lines[:last]
        return [] if self._ends_in_total else self._read(characters)

    def _read(self, characters: int) -> list[str]:
        try:
            return self._text.readlines(characters)
        except UnicodeError as error:
            raise encoding_error(self._path, self._shown, self._encoding) from error
        except OSError as error:
            raise FileUnreadable(file=self._shown, reason=error.strerror or str(error)) from error

    def one(self) -> str:
        """The next line; empty at the end."""
        try:
            return self._text.readline()
        except UnicodeError as error:
            raise encoding_error(self._path, self._shown, self._encoding) from error

    def skip(self, lines: int) -> int:
        """Pass over some lines; how many there were."""
        return sum(1 for _ in range(lines) if self.one())


def open_lines(path: Path, shown: str, encoding: str, *, newline: str = "", ends_in_total: bool = False) -> Lines:
    r"""Open a text file; a line ends as text editors see it, or only at `newline`.

    Raises
    ------
    FileUnreadable
        The system will not let us read it.
    """
    try:
        raw = path.open("rb")
        start = raw.peek(START)[:START]
    except OSError as error:
        raise FileUnreadable(file=shown, reason=error.strerror or str(error)) from error
    try:
        refuse_other_encoding(start, path, shown, encoding)
    except GuanxiError:
        raw.close()
        raise
    text = io.TextIOWrapper(raw, encoding=open_name(encoding), errors=TOLERANT, newline=newline)
    return Lines(text, path, shown, encoding, ends_in_total=ends_in_total)


def last_line(path: Path, shown: str, encoding: str) -> str:
    """The last line of a text file with something on it, without its line end; empty if there is none."""
    last = ""
    with open_lines(path, shown, encoding) as lines:
        while some := lines.read(PIECE):
            last = next((line for line in reversed(some) if line.strip()), last)
    return bare(last)


def has_end(line: str) -> bool:
    """Whether a line has a line end; only the last one of a file may lack it."""
    return line.endswith(("\n", "\r"))


def is_torn(line: str, *, ends_lines: bool) -> bool:
    """Whether a line is surely cut off: in the middle of a character, or though its sender ends every line."""
    return not has_end(line) and (ends_lines or line.endswith(CUT_CHARACTER))


def bare(text: str) -> str:
    """A line without its line end."""
    return text.rstrip("\r\n")

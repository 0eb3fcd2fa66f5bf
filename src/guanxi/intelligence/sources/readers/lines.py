"""The physical lines of a text file, decoded strictly: a byte that does not fit is an error with its place."""

from __future__ import annotations

import io
from pathlib import Path
from typing import IO, Self

from guanxi.intelligence.sources.errors import FileUnreadable
from guanxi.intelligence.sources.readers.encoding import encoding_error, open_name


class Lines:
    """The physical lines of a file, some at a time, each with its line end."""

    def __init__(self, text: IO[str], path: Path, shown: str, encoding: str) -> None:
        self._text, self._path, self._shown, self._encoding = text, path, shown, encoding

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._text.close()

    def read(self, characters: int) -> list[str]:
        """The next lines, about `characters` of them; empty at the end."""
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


def open_lines(path: Path, shown: str, encoding: str, *, newline: str = "") -> Lines:
    r"""Open a text file; a line ends as text editors see it, or only at `newline`.

    Raises
    ------
    FileUnreadable
        The system will not let us read it.
    """
    try:
        raw = path.open("rb")
    except OSError as error:
        raise FileUnreadable(file=shown, reason=error.strerror or str(error)) from error
    return Lines(io.TextIOWrapper(raw, encoding=open_name(encoding), newline=newline), path, shown, encoding)


def bare(text: str) -> str:
    """A line without its line end."""
    return text.rstrip("\r\n")

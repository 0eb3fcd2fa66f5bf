"""Where in a TOML text a key stands: `tomllib` reads values, but forgets their lines."""

from __future__ import annotations

import bisect
import re
import tomllib
from typing import Final

KeyPath = tuple[str | int, ...]

_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR: Final = re.compile(r"[^,\]}\n#]*")


class Locator:
    r"""The line of every key, array element and table of a TOML text that `tomllib` accepts.

    >>> Locator('a = 1\n[[feed]]\n"x" = [1,\n 2]').line_of(("feed", 0, "x", 1))
    4
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line_starts = [0, *(match.end() for match in re.finditer(r"\n", text))]
        self._lines: dict[KeyPath, int] = {}
        self._array_sizes: dict[KeyPath, int] = {}
        self._scan()

    def line_of(self, path: KeyPath) -> int:
        """The line of `path`, or of the nearest table around it that is written down."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def _scan(self) -> None:
        table: KeyPath = ()
        while self._skip_blank():
            start = self._at
            if self._take("[["):
                table = self._header(is_array=True)
                self._note(table, start)
            elif self._take("["):
                table = self._header(is_array=False)
                self._note(table, start)
            else:
                self._pair(table)

    def _header(self, *, is_array: bool) -> KeyPath:
        path: KeyPath = ()
        keys = self._keys()
        for position, key in enumerate(keys):
            path = (*path, key)
            if position < len(keys) - 1 or not is_array:
                if path in self._array_sizes:
                    path = (*path, self._array_sizes[path] - 1)
            else:
                index = self._array_sizes.get(path, 0)
                self._array_sizes[path] = index + 1
                path = (*path, index)
        self._take("]]" if is_array else "]")
        return path

    def _pair(self, table: KeyPath) -> None:
        start = self._at
        path = table
        for key in self._keys():
            path = (*path, key)
            self._note(path, start)
        self._take("=")
        self._value(path)

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._skip_blank()
            keys.append(self._key())
            self._skip_spaces()
            if not self._take("."):
                return keys

    def _key(self) -> str:
        if self._text[self._at : self._at + 1] in {'"', "'"}:
            start = self._at
            self._string()
            value: str = tomllib.loads(f"k={self._text[start : self._at]}")["k"]
            return value
        bare = _BARE_KEY.match(self._text, self._at)
        if bare is None:  # cannot be in a text tomllib accepts; go on rather than loop
            self._at += 1
            return ""
        self._at = bare.end()
        return bare.group()

    def _value(self, path: KeyPath) -> None:
        self._skip_spaces()
        first = self._text[self._at : self._at + 1]
        if first in {'"', "'"}:
            self._string()
        elif first == "[":
            self._array(path)
        elif first == "{":
            self._inline_table(path)
        elif (scalar := _SCALAR.match(self._text, self._at)) is not None:
            self._at = scalar.end()

    def _array(self, path: KeyPath) -> None:
        self._take("[")
        index = 0
        while self._skip_blank() and not self._take("]"):
            if self._take(","):
                continue
            self._note((*path, index), self._at)
            self._value((*path, index))
            index += 1

    def _inline_table(self, path: KeyPath) -> None:
        self._take("{")
        while self._skip_blank() and not self._take("}"):
            if not self._take(","):
                self._pair(path)

    def _string(self) -> None:
        quote = self._text[self._at]
        fence = quote * 3 if self._text.startswith(quote * 3, self._at) else quote
        self._at += len(fence)
        while not self._text.startswith(fence, self._at) and self._at < len(self._text):
            self._at += 2 if quote == '"' and self._text[self._at] == "\\" else 1
        self._at += len(fence)
        while len(fence) > 1 and self._text.startswith(quote, self._at):  # """ may follow up to two quotes
            self._at += 1

    def _skip_blank(self) -> bool:
        """Go past blanks, line ends and comments; False at the end of the text."""
        while self._at < len(self._text):
            if self._text[self._at] == "#":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            elif self._text[self._at] in " \t\r\n":
                self._at += 1
            else:
                return True
        return False

    def _skip_spaces(self) -> None:
        while self._text[self._at : self._at + 1] in {" ", "\t"}:
            self._at += 1

    def _take(self, token: str) -> bool:
        self._skip_spaces()
        if self._text.startswith(token, self._at):
            self._at += len(token)
            return True
        return False

    def _note(self, path: KeyPath, at: int) -> None:
        self._lines.setdefault(path, bisect.bisect_right(self._line_starts, at))

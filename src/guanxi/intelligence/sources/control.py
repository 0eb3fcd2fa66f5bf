"""Control totals: the line in which a sender says how many rows a file has, and what a column of it adds up to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

ROWS: Final = "rows"
SUM: Final = "sum"
FILE: Final = "file"
_TOKEN: Final = re.compile(r"(\{(?:rows|sum|file)(?::[0-9]+)?\}|\*|\s+)")
_NUMBER: Final = r"[+-]?[0-9][0-9.,'\s]*"
_PATTERNS: Final = {ROWS: _NUMBER, SUM: _NUMBER, FILE: r".+?"}


@dataclass(frozen=True, slots=True)
class Control:
    """What a contract says of the control totals of a feed.

    Attributes
    ----------
    lines
        How the lines read: literal text with {rows}, {sum} and {file} in it, and * for whatever else changes.
    sum_of
        The column whose values add up to {sum}.
    file
        The name of the control file beside each file, with {name} or {stem} for the file's own; empty if the last line
        of the file itself tells.
    """

    lines: tuple[str, ...]
    sum_of: str = ""
    file: str = ""

    @property
    def is_last_line(self) -> bool:
        """Whether each file tells its totals itself, in a last line that is no row."""
        return not self.file

    def tells(self, word: str) -> bool:
        """Whether one of the lines tells {word}."""
        return any(f"{{{word}" in line for line in self.lines)

    def name_beside(self, name: str) -> str:
        """The name of the control file for a file of this name, both without folders."""
        stem = name.rpartition(".")[0] or name
        return self.file.replace("{name}", name).replace("{stem}", stem)

    def is_control_file(self, name: str) -> bool:
        """Whether a file of this name, without folders, can be a control file, and so is none with rows."""
        if not self.file:
            return False
        wild = "".join(".*" if part in {"{name}", "{stem}"} else re.escape(part)
                       for part in re.split(r"(\{name\}|\{stem\})", self.file))  # fmt: skip
        return re.fullmatch(wild, name) is not None


@dataclass(frozen=True, slots=True)
class Totals:
    """What the sender says; None where nothing is said."""

    rows: int | None = None
    sum: Decimal | None = None


def read_totals(control: Control, text: list[str], name: str, decimal: str) -> Totals | None:
    """The totals of the file `name` in these lines of text; None if one of them is missing."""
    told: dict[str, str] = {}
    for template in control.lines:
        matches = (pattern_of(template).fullmatch(line.strip()) for line in text)
        fitting = [match.groupdict() for match in matches if match is not None]
        own = next((found for found in fitting if found.get(FILE, name).strip() == name), None)
        if own is None:
            return None
        told |= own
    rows, total = _number(told.get(ROWS), decimal), _number(told.get(SUM), decimal)
    if (ROWS in told and (rows is None or rows != int(rows))) or (SUM in told and total is None):
        return None
    return Totals(None if rows is None else int(rows), total)


@cache
def pattern_of(template: str) -> re.Pattern[str]:
    r"""The pattern of a line such as "Total {rows} rows, {sum} yuan".

    >>> pattern_of("T|{rows}|{sum}").fullmatch("T|305| 1,234.50 ").groupdict()
    {'rows': '305', 'sum': '1,234.50 '}
    >>> pattern_of("T{rows:4}{sum:6}*").fullmatch("T0305001250x").groupdict()
    {'rows': '0305', 'sum': '001250'}
    """
    pattern = ""
    for part in filter(None, _TOKEN.split(template.strip())):
        if part == "*":
            pattern += ".*?"
        elif part.isspace():
            pattern += r"\s+"
        elif part.startswith("{") and _TOKEN.fullmatch(part):
            word, _colon, width = part[1:-1].partition(":")
            pattern += rf"(?P<{word}>.{{{width}}})" if width else rf"\s*(?P<{word}>{_PATTERNS[word]})"
        else:
            pattern += re.escape(part)
    return re.compile(pattern)


def _number(text: str | None, decimal: str) -> Decimal | None:
    """A number, whatever groups its digits."""
    if text is None:
        return None
    plain = re.sub(r"[\s']" + ("|," if decimal == "." else r"|\."), "", text).replace(decimal, ".")
    return Decimal(plain) if re.fullmatch(r"[+-]?[0-9]+(\.[0-9]*)?", plain) else None

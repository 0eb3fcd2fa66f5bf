"""No file over 600 lines: a room that has grown is split by noun."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checks.problem import Problem, source_files

MOST_LINES = 600
WRITTEN_BY_HAND = (".py", ".html", ".sql", ".js", ".mjs", ".css", ".toml", ".md")


def find_problems(root: Path) -> Iterator[Problem]:
    """Yield every file written by hand that is too long to be read at a sitting."""
    for path in source_files(root, *WRITTEN_BY_HAND):
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > MOST_LINES:
            yield Problem(path.relative_to(root), lines, f"{lines} lines; split it by noun ({MOST_LINES} at most)")

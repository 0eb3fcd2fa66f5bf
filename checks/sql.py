"""SQL is written once for every engine: only the portable subset, listed in `insight.engines`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checks.problem import Problem, source_files
from guanxi.insight.engines.portable import outside_portable_subset


def find_problems(root: Path) -> Iterator[Problem]:
    """Yield everything in the product's SQL files that some engine would read differently."""
    for path in source_files(root, ".sql"):
        inside = path.relative_to(root)
        if inside.parts[:2] == ("src", "guanxi"):
            for message in outside_portable_subset(path.read_text(encoding="utf-8")):
                yield Problem(inside, 0, message)

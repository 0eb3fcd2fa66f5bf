"""Every folder of code has an `__init__.py`: the import contracts cannot see a folder without one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checks.problem import Problem, source_files

TOPS = ("src/guanxi", "checks", "messages", "frontend", "benchmarks")


def find_problems(root: Path) -> Iterator[Problem]:
    """Yield every folder that holds Python and cannot be imported."""
    tops = [root / top for top in TOPS]
    folders = set()
    for path in source_files(root, ".py", ".sql"):
        for folder in path.parents:
            if any(folder == top or top in folder.parents for top in tops):
                folders.add(folder)
    for folder in sorted(folders):
        if not (folder / "__init__.py").exists():
            yield Problem(folder.relative_to(root), 0, "a folder of code without __init__.py; add an empty one")

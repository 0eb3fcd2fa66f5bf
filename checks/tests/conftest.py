"""A little project in a folder of its own, for a check to look at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a file of the little project, folders and all."""

    def write_file(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


@pytest.fixture
def words() -> Callable[..., list[str]]:
    """Return a function that gives a check's problems as lines."""

    def of(check: object, root: Path) -> list[str]:
        return [str(problem) for problem in check.find_problems(root)]  # type: ignore[attr-defined]

    return of

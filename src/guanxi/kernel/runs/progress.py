"""How a run tells what it is doing; the command line draws it, the default is silent."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told as a run goes on."""

    def step(self, name: str, position: int, total: int) -> None:
        """Step `name`, the `position`-th (from 1), begins; `total` is 0 where nobody knows how many come."""
        ...

    def advance(self, done: int, expected: int | None) -> None:
        """`done` of `expected` units of the step are through, in the step's own unit."""
        ...


class _Silent:
    def step(self, name: str, position: int, total: int) -> None: ...

    def advance(self, done: int, expected: int | None) -> None: ...


SILENT: Progress = _Silent()

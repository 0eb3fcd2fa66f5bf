"""The bar of a long run in a terminal, a line a step elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class Bar:
    """Draws the progress of a run on standard error."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._bars = Progress(
            TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=self._console, disable=not self._console.is_terminal,
        )  # fmt: skip
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close_task()
        self._bars.stop()

    def step(self, name: str, position: int, total: int) -> None:
        """Begin the bar of a step."""
        self._close_task()
        self._task = self._bars.add_task(name, total=None)
        if not self._console.is_terminal:
            self._console.print(f"{position}/{total} {name}")

    def advance(self, done: int, expected: int | None) -> None:
        """Move the bar of the step."""
        if self._task is not None:
            self._bars.update(self._task, completed=done, total=expected)

    def _close_task(self) -> None:
        if self._task is not None:
            task = self._bars.tasks[-1]
            self._bars.update(self._task, total=task.total or 1, completed=task.total or 1)
            self._bars.stop_task(self._task)

"""What may be done with a bulk action, and how its rows are cut."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

CHUNK: Final = 2_000  # rows in one transaction: SQLite has one writer, and nobody should wait for a bulk action
EVENT_IDS: Final = 1_000  # an event of more rows names its batch only


def cut(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """The ids in pieces.

    >>> [list(piece) for piece in cut([1, 2, 3, 4, 5], 2)]
    [[1, 2], [3, 4], [5]]
    """
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def show_state(state: str, job_state: str | None, *, cancelling: bool) -> str:
    """How a batch stands: waiting, running, cancelling, stopped, or how it ended.

    An open batch whose job ended without it (it failed too often, or somebody cancelled the job) has stopped: it can
    be gone on with.

    >>> show_state("open", "running", cancelling=False)
    'running'
    >>> show_state("open", "failed", cancelling=False)
    'stopped'
    """
    if state != "open":
        return state
    if job_state not in {"ready", "running"}:
        return "stopped"
    if cancelling:
        return "cancelling"
    return "running" if job_state == "running" else "waiting"


def can_undo(*, is_open: bool, is_final: bool, is_undo: bool, changed: int, undoing: Collection[str]) -> bool:
    """Whether there is something to take back; `undoing` are the states of the batches that took it back so far.

    >>> can_undo(is_open=False, is_final=False, is_undo=False, changed=3, undoing={"cancelled"})
    True
    """
    if is_open or is_final or is_undo or not changed:
        return False
    return not {"open", "done"} & set(undoing)

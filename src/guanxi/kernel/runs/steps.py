"""Steps and their chunks: what is done once is not done again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from guanxi.kernel.runs.files import file_name, make_durable, part_of
from guanxi.kernel.runs.lease import Lease
from guanxi.kernel.runs.models import Checkpoint, RunStep
from guanxi.kernel.runs.progress import Progress

TELL_EVERY = 1.0  # seconds between two looks at the database while a chunk goes on


class Chunk:
    """A piece of a step that is done whole or not at all.

    Attributes
    ----------
    counts
        What the chunk counted; kept with its checkpoint and summed into the step's counts.
    files
        The relative paths of its files, once it is committed.
    """

    def __init__(self, root: Path, run_id: int, step: str, name: str) -> None:
        self._root, self._run_id, self._step = root, run_id, step
        self.name = name
        self.counts: dict[str, int] = {}
        self.files: list[str] = []
        self._planned: dict[str, str] = {}  # relative path -> table
        self._writes: list[Callable[[], None]] = []

    def path(self, table: str, suffix: str = ".parquet", folder: str | None = None) -> Path:
        """Where to write the file of `table` now; it gets its own name when the chunk ends.

        The file must be there at the end: ask only for what you write.
        """
        relative = file_name(self._run_id, self._step, table, self.name, suffix=suffix, folder=folder).as_posix()
        self._planned[relative] = table
        path = part_of(self._root / relative)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def commit_with(self, write: Callable[[], None]) -> None:
        """Call `write` in the transaction that stores the checkpoint, so that data and checkpoint commit together."""
        self._writes.append(write)

    def _finish(self, lease: Lease, step: RunStep, done: int, seconds: float) -> None:
        make_durable(self._root / path for path in self._planned)
        with transaction.atomic():
            lease.hold()
            for write in self._writes:
                write()
            Checkpoint.objects.create(
                step=step, chunk=self.name, counts=self.counts, done=done, at=timezone.now(),
                files=[{"table": table, "path": path} for path, table in self._planned.items()],
            )  # fmt: skip
            RunStep.objects.filter(pk=step.pk).update(done=step.done, expected=step.expected, seconds=seconds)
        self.files = list(self._planned)

    def _discard(self) -> None:
        for path in self._planned:
            part_of(self._root / path).unlink(missing_ok=True)


class Step:
    """One step of an open run.

    Attributes
    ----------
    done
        Whether an earlier attempt finished the step: the caller skips its body.
    """

    def __init__(self, row: RunStep, root: Path, lease: Lease, progress: Progress) -> None:
        self.row = row
        self.name = row.name
        self.done = row.state == RunStep.State.DONE
        self._root, self._lease, self._progress = root, lease, progress
        self._chunks = set(row.checkpoints.values_list("chunk", flat=True))
        self._own_counts: dict[str, int] = {}
        self._open: Chunk | None = None
        self._began, self._told, self._before = time.monotonic(), 0.0, row.seconds

    def has(self, chunk: str) -> bool:
        """Whether the chunk is done already."""
        return chunk in self._chunks

    def files(self, table: str) -> list[Path]:
        """The files of `table` written so far, absolute, in the order of their names."""
        return files_of(self.row, self._root, table)

    @contextmanager
    def checkpoint(self, chunk: str) -> Iterator[Chunk]:
        """Do a chunk: its files and rows are kept together when the block ends, or not at all.

        Raises
        ------
        RunStopRequested, LeaseLost
            The run is to end here.
        """
        if self.done or self._open is not None or self.has(chunk):
            raise RuntimeError(f"chunk {chunk!r} of step {self.name!r} is done, or another one is under way")
        self._lease.check()
        done_before = self.row.done
        self._open = opened = Chunk(self._root, self.row.run_id, self.name, chunk)
        try:
            yield opened
            opened._finish(self._lease, self.row, self.row.done - done_before, self._seconds())
        except BaseException:
            self.row.done = done_before
            opened._discard()
            raise
        finally:
            self._open = None
        self._chunks.add(chunk)
        self._progress.advance(self.row.done, self.row.expected)
        self._lease.check()

    def expect(self, total: int) -> None:
        """Say how many units the whole step has."""
        self.row.expected = total
        self._tell()

    def advance(self, n: int) -> None:
        """`n` more units are through.

        Raises
        ------
        RunStopRequested, LeaseLost
            The run is to end here.
        """
        self.row.done += n
        self._progress.advance(self.row.done, self.row.expected)
        if time.monotonic() - self._told >= TELL_EVERY:
            self._tell()

    def count(self, **numbers: int) -> None:
        """Add to the step's counts; within a chunk, to the chunk's, so that they are kept or dropped with it."""
        counts = self._own_counts if self._open is None else self._open.counts
        for name, number in numbers.items():
            counts[name] = counts.get(name, 0) + number

    def _tell(self) -> None:
        self._told = time.monotonic()
        RunStep.objects.filter(pk=self.row.pk).update(done=self.row.done, expected=self.row.expected)
        self._progress.advance(self.row.done, self.row.expected)
        self._lease.check()

    def _seconds(self) -> float:
        return self._before + time.monotonic() - self._began

    def _finish(self) -> None:
        self._lease.check()
        counts: dict[str, int] = {}
        for kept in [*self.row.checkpoints.order_by("pk").values_list("counts", flat=True), self._own_counts]:
            for name, number in kept.items():
                counts[name] = counts.get(name, 0) + number
        row = self.row
        row.counts, row.state, row.finished_at = counts, RunStep.State.DONE, timezone.now()
        row.seconds = self._seconds()
        with transaction.atomic():
            self._lease.hold()
            row.save()

    def _stop(self) -> None:
        RunStep.objects.filter(pk=self.row.pk, state=RunStep.State.RUNNING).update(
            state=RunStep.State.STOPPED, seconds=self._seconds(), done=self.row.done
        )


def files_of(row: RunStep, root: Path, table: str) -> list[Path]:
    """The files of one logical table over all checkpoints of a step, absolute, in the order of their names."""
    listed = [file for files in row.checkpoints.values_list("files", flat=True) for file in files]
    return sorted(root / file["path"] for file in listed if file["table"] == table)

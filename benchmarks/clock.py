"""Whole processes, measured: started anew each time, in turns, and the median taken."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil  # type: ignore[import-untyped]

PROJECT = Path(__file__).resolve().parent.parent
Command = Sequence[str | Path]
LOOK_EVERY = 0.02  # seconds between two looks at a process's memory


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds from start to end, and the most memory it had, in MB."""

    seconds: float
    megabytes: float


class ProcessFailed(RuntimeError):
    """A measured process did not do its work; its last words are told."""


def run(command: Command, more: Mapping[str, str] | None = None) -> Cost:
    """Start a process, wait for its end and tell its cost.

    Raises
    ------
    ProcessFailed
        It ended with another status than 0.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as words:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command], env=environment(more), stdout=subprocess.DEVNULL, stderr=words
        )
        watch = _Watch(process.pid)
        code = process.wait()
        seconds = time.perf_counter() - start
        megabytes = watch.end()
        if code != 0:
            words.seek(0)
            raise ProcessFailed(f"{' '.join(map(str, command))} ended with {code}: {words.read()[-2000:]}")
    return Cost(seconds, megabytes)


def output(command: Command, more: Mapping[str, str] | None = None) -> str:
    """What a process prints."""
    done = subprocess.run(
        [str(word) for word in command], env=environment(more), capture_output=True, check=True,
        text=True, encoding="utf-8",
    )  # fmt: skip
    return done.stdout


def in_turns(commands: Mapping[str, Command], repeat: int) -> dict[str, Cost]:
    """The median cost of each command over `repeat` rounds; in a round each runs once, so that noise hits all."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _round in range(repeat):
        for name, command in commands.items():
            costs[name].append(run(command))
    return {name: middle(found) for name, found in costs.items()}


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of the seconds, and of the memory."""
    return Cost(median(cost.seconds for cost in costs), median(cost.megabytes for cost in costs))


def guanxi(*words: str | Path) -> list[str | Path]:
    """The command line of this project."""
    return [sys.executable, "-m", "guanxi", *words]


def environment(more: Mapping[str, str] | None) -> dict[str, str]:
    """The environment of a measured process: that of a user who has set nothing of ours, in English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GUANXI_", "DJANGO_"))}
    paths = os.pathsep.join([str(PROJECT / "src"), str(PROJECT)])
    return {**kept, "PYTHONPATH": paths, "GUANXI_LANGUAGE": "en", **(more or {})}


class _Watch:
    """Looks at a process every now and then; what the system tells of its end would include our own memory."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._most, self._over = 0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> float:
        """The most memory it had, in MB."""
        self._over.set()
        self._thread.join()
        return self._most / 2**20

    def _look(self) -> None:
        with suppress(psutil.Error):
            while not self._over.wait(LOOK_EVERY):
                self._most = max(self._most, self._process.memory_info().rss)

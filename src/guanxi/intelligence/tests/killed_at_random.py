"""A refresh killed at random moments inside its chunks: the child's side.

One process sets everything up and forks a new one for every attempt, so that a kill costs no more than the work it
destroys. Each attempt dies by SIGKILL, within the first or second chunk it comes to: after a share of the chunk's usual
time, or before one of its database statements, renames or commits. The seed decides which.
"""

from __future__ import annotations

import random
import signal
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from guanxi.intelligence.land import deliver, plan
from guanxi.intelligence.publish import step as publish
from guanxi.intelligence.road import refresh
from guanxi.intelligence.sources.contract import load_contract
from guanxi.intelligence.tests.killed import AS_OF, outcome
from guanxi.intelligence.tests.small_company import SHOP_CUSTOMERS, write_small_company
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.runs import files, steps
from guanxi.kernel.runs.models import RunStep
from guanxi.kernel.tests.forks import die, fork

MORE = 24  # customers beside the small company's, so that there are enough chunks to be killed in


@dataclass(frozen=True)
class Death:
    """When an attempt dies: in its `chunk`-th chunk, after a `share` of its usual time or of its usual points."""

    by_time: bool
    chunk: int
    share: float


@dataclass
class Habits:
    """What a chunk of each step usually takes: seconds, and points where something is about to change."""

    seconds: dict[str, float] = field(default_factory=dict)
    points: dict[str, float] = field(default_factory=dict)


class _Watch:
    """Counts chunks and points of one attempt, measures them, and strikes when its time has come."""

    def __init__(self, death: Death | None, habits: Habits) -> None:
        self.death, self.habits = death, habits
        self.chunks = 0
        self.left: float | None = None  # points until death
        self.open = False
        self.taken: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
        self._points = 0

    def point(self) -> None:
        """Something is about to change."""
        if not self.open:
            return
        self._points += 1
        if self.left is not None:
            self.left -= 1
            if self.left <= 0:
                die()

    @contextmanager
    def chunk(self, step: str) -> Iterator[None]:
        """Watch a chunk."""
        self.chunks += 1
        self.open, self._points, began = True, 0, time.perf_counter()
        if self.death is not None and self.chunks == self.death.chunk:
            if self.death.by_time:
                threading.Thread(
                    target=self._strike_after, args=(self.death.share * self.habits.seconds[step],)
                ).start()
            else:
                self.left = 1 + int(self.death.share * self.habits.points[step])
        yield
        self.open = False
        self.taken[step].append((time.perf_counter() - began, self._points))

    def learned(self) -> Habits:
        """The usual, as this attempt had it."""
        means = {
            name: [sum(part) / len(part) for part in zip(*taken, strict=True)] for name, taken in self.taken.items()
        }
        return Habits({name: mean[0] for name, mean in means.items()}, {name: mean[1] for name, mean in means.items()})

    def _strike_after(self, seconds: float) -> None:
        time.sleep(seconds)
        die()


def run_clean(folder: str) -> dict[str, Any]:
    """Write the company and refresh it once, whole; returns the outcome, the number of chunks and the habits."""
    company = Path(folder)
    write_small_company(company)
    more = "".join(f"{n},客户{n},1390000{n:04d},1,,浙江省,杭州,S01,2024-01-05\n" for n in range(100, 100 + MORE))
    (company / "customers.csv").write_text(SHOP_CUSTOMERS + more, encoding="utf-8")
    watch = _Watch(None, Habits())
    _refresh(company, watch)
    return outcome(settings.WAREHOUSE) | {"chunks": watch.chunks, "habits": asdict(watch.learned())}


def run_killed(folder: str, habits: dict[str, Any], seed: int, kills: int) -> dict[str, Any]:
    """Refresh the company, killed `kills` times and then no more; returns the outcome and how the attempts died."""
    chance = random.Random(seed)
    deaths: list[str] = []  # the step each attempt died in
    while True:
        death = None
        if len(deaths) < kills:
            death = Death(by_time=chance.random() < 0.5, chunk=chance.choice((1, 2)), share=chance.random())
        status = fork(partial(_refresh, Path(folder), _Watch(death, Habits(**habits))))
        if status == -signal.SIGKILL:
            deaths.append(RunStep.objects.get(state=RunStep.State.RUNNING).name)
            connection.close()  # the next process must not inherit it
            continue
        if status != 0:
            raise RuntimeError(f"attempt {len(deaths) + 1}, to die as {death}, ended with {status}")
        return outcome(settings.WAREHOUSE) | {"deaths": deaths}


def _refresh(company: Path, watch: _Watch) -> None:
    deliver.CHUNK_ROWS = plan.CHUNK_ROWS = 2  # type: ignore[misc,attr-defined]  # every file a big one
    publish.CHUNK = 1
    contracts = [load_contract(company / f"{name}.toml") for name in ("shop", "store")]
    with _watched(watch), connection.execute_wrapper(_pointing(watch)):
        refresh(contracts, home=settings.GUANXI_HOME, root=settings.WAREHOUSE, actor=SYSTEM, business_date=AS_OF)
    connection.close()


def _pointing(watch: _Watch) -> Callable[..., Any]:
    def execute(run: Callable[..., Any], *arguments: Any) -> Any:
        watch.point()
        return run(*arguments)

    return execute


@contextmanager
def _watched(watch: _Watch) -> Iterator[None]:
    checkpoint, renamed, finish = steps.Step.checkpoint, files.make_durable, steps.Chunk._finish

    @contextmanager
    def watched(step: steps.Step, chunk: str) -> Iterator[steps.Chunk]:
        with watch.chunk(step.name), checkpoint(step, chunk) as opened:
            yield opened

    def make_durable(paths: Any) -> None:
        watch.point()
        renamed(paths)
        watch.point()

    def finished(chunk: steps.Chunk, *arguments: Any) -> None:
        finish(chunk, *arguments)
        watch.point()

    steps.Step.checkpoint = watched  # type: ignore[method-assign,assignment]  # the test's own knife
    steps.make_durable = make_durable  # type: ignore[attr-defined]
    steps.Chunk._finish = finished  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        steps.Step.checkpoint = checkpoint  # type: ignore[method-assign]
        steps.make_durable = renamed  # type: ignore[attr-defined]
        steps.Chunk._finish = finish  # type: ignore[method-assign]

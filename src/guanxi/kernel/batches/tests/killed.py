"""Workers that die at random while they are at work on a batch: the child's side of a `Lab`."""

from __future__ import annotations

import os
import random
import signal
import threading
import traceback
from collections.abc import Callable
from typing import Any

from django.db import connection

from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.batches import commands
from guanxi.kernel.batches.commands import resume_batch, undo_batch
from guanxi.kernel.batches.models import Batch
from guanxi.kernel.batches.queries import is_at_work
from guanxi.kernel.batches.tests import toy
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.worker import Worker


def run_clean(count: int) -> dict[str, Any]:
    """A batch and its undo that nobody kills; also the statements they took."""
    _small_chunks()
    statements = 0

    def count_one(run: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal statements
        statements += 1
        return run(*arguments)

    batch_id = toy.begin(count, "red")
    with connection.execute_wrapper(count_one):
        work_until_idle()
    clean = {"after": toy.state()}
    undo_batch(SYSTEM, batch_id=batch_id)
    work_until_idle()
    return clean | {"undone": toy.state(), "statements": statements}


def run_killed(count: int, kills: int, seed: int, statements: int) -> dict[str, Any]:
    """The same batch and its undo, each killed `kills` times at random statements."""
    _small_chunks()
    chance = random.Random(seed)
    batch_id = toy.begin(count, "red")
    deaths = die_at_work(chance, kills, statements)
    killed: dict[str, Any] = {"after": toy.state()}
    undo_batch(SYSTEM, batch_id=batch_id)
    deaths += die_at_work(chance, kills, statements)
    return killed | {"undone": toy.state(), "deaths": deaths}


def die_at_work(chance: random.Random, kills: int, statements: int) -> int:
    """Let workers do what is asked for, the first `kills` of them killed on the way; returns how many died."""
    deaths = 0
    while True:
        for batch in Batch.objects.filter(state=Batch.State.OPEN):
            if not is_at_work(batch):  # too many workers died over it: somebody goes on with it
                resume_batch(SYSTEM, batch_id=batch.pk)
        due = chance.randint(1, max(2, statements // kills * 2)) if deaths < kills else None
        connection.close()  # the next process must not inherit it
        status = _in_a_process_of_its_own(due)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            deaths += 1
        elif status != 0:
            raise RuntimeError(f"a worker ended with {status}")
        elif not Batch.objects.filter(state=Batch.State.OPEN).exists():
            return deaths


def work_until_idle() -> None:
    """Work until nothing is asked for any more."""
    worker = Worker(threading.Event())
    while Job.objects.filter(state__in=["ready", "running"]).exists() and worker.run_one():
        pass


def _small_chunks() -> None:
    commands.CHUNK = 10  # type: ignore[attr-defined]


def _in_a_process_of_its_own(due: int | None) -> int:
    """Work in a forked process, killed before its statement number `due`. Returns how it ended."""
    pid = os.fork()
    if pid:
        return os.waitpid(pid, 0)[1]
    left = due

    def count_down(run: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal left
        if left is not None:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return run(*arguments)

    try:
        with connection.execute_wrapper(count_down):
            work_until_idle()
        connection.close()
    except BaseException:  # noqa: BLE001  # whatever it is, the fork ends here
        traceback.print_exc()
        os._exit(1)
    os._exit(0)

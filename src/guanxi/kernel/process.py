"""Which process holds something, and whether it still lives: the base of every lease."""

from __future__ import annotations

import os
import socket
from typing import TypedDict

import psutil  # type: ignore[import-untyped]

SAME = 2.0  # seconds; the kernel tells the time of the last boot to the second only


class Holder(TypedDict):
    """A process, so that another one can tell whether it lives.

    Two clocks, because either may jump: `started` is seconds since 1970, `after_boot` since the machine started.
    """

    host: str
    pid: int
    started: float
    after_boot: float


def this_process() -> Holder:
    """The process this runs in."""
    started = psutil.Process().create_time()
    return Holder(host=socket.gethostname(), pid=os.getpid(), started=started, after_boot=started - psutil.boot_time())


def is_dead(holder: Holder) -> bool:
    """Whether the process certainly lives no more. False also where nobody can know: on another host."""
    if not holder or holder["host"] != socket.gethostname():
        return False
    try:
        started = psutil.Process(holder["pid"]).create_time()
    except psutil.NoSuchProcess:
        return True
    except psutil.Error:
        return False
    same_start = abs(started - holder["started"]) <= SAME
    same_after_boot = abs(started - psutil.boot_time() - holder["after_boot"]) <= SAME
    return not (same_start or same_after_boot)  # the number was given to another process since

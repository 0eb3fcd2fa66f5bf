"""Processes that cost no start: forked from one that has everything set up and holds no connection and no thread."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable


def fork(work: Callable[[], object]) -> int:
    """Do the work in a process of its own; returns its exit status, or minus the number of the signal it died by."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    try:
        work()
    except BaseException:  # noqa: BLE001  # whatever it is, the fork ends here
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def die() -> None:
    """End this process as kill -9 does."""
    os.kill(os.getpid(), signal.SIGKILL)

"""Children of a `Lab` that cost no start: forked from one process that has Python and Django loaded, and nothing else.

That process, the nursery, holds no thread and no connection, and has read no setting of a child's: a child gets its own
environment, reads the settings by it, and from then on is a process like any other, to be killed, signalled or waited
for. It ends like one too: exit status, traceback, what is done at exit.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import Any

from guanxi.kernel.tests import child

OWN = {"GUANXI_HOME", "GUANXI_DATABASE_URL", "PYTEST_CURRENT_TEST"}  # what may differ between children of one nursery


class Child(subprocess.Popen[str]):
    """A child of the nursery. It is asked as a `Popen` is; its minder waits for it and tells how it ended."""

    def __init__(self, pid: int, ending: io.TextIOWrapper, said: io.TextIOWrapper, errors: io.TextIOWrapper) -> None:
        self.pid = pid
        self.args = []
        self.returncode = None
        self.stdin, self.stdout, self.stderr = None, said, errors
        self._ending = ending
        self._heard = ["", ""]
        self._readers: list[threading.Thread] = []

    def poll(self) -> int | None:
        """How it ended, or `None` if it has not."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it ends; as `Popen` does, minus the number of the signal that killed it."""
        if self.returncode is None:
            if not select.select([self._ending], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            self.returncode = int(self._ending.readline())
            self._ending.close()
        return self.returncode

    def communicate(self, input: str | None = None, timeout: float | None = None) -> tuple[str, str]:  # noqa: A002
        """Read both outputs to their ends and wait; asked again it tells the same, or goes on after a time-out."""
        until = None if timeout is None else time.monotonic() + timeout
        if not self._readers:
            self._readers = [threading.Thread(target=self._hear, args=(number,), daemon=True) for number in (0, 1)]
            for reader in self._readers:
                reader.start()
        for reader in self._readers:
            reader.join(None if until is None else max(0.0, until - time.monotonic()))
            if reader.is_alive():
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
        self.wait(None if until is None else max(0.0, until - time.monotonic()))
        return self._heard[0], self._heard[1]

    def _hear(self, number: int) -> None:
        with (self.stdout, self.stderr)[number] as pipe:  # type: ignore[union-attr]
            self._heard[number] = pipe.read()


class Nursery:
    """The process that children are forked from, as this test run sees it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = common(environment)
        self._line, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "guanxi.kernel.tests.nursery", str(theirs.fileno())],
                env=environment, pass_fds=[theirs.fileno()],
            )  # fmt: skip

    def start(self, environment: dict[str, str], function: str, *arguments: Any) -> Child:
        """Fork a child that calls `module:function` in `environment`."""
        (ending, tell), (said, say), (errors, complain) = os.pipe(), os.pipe(), os.pipe()
        order = json.dumps([environment, function, json.dumps(arguments)]).encode() + b"\n"
        socket.send_fds(self._line, [order[:1]], [tell, say, complain])
        self._line.sendall(order[1:])
        for descriptor in (tell, say, complain):
            os.close(descriptor)
        told = os.fdopen(ending, buffering=1)
        return Child(int(told.readline()), told, os.fdopen(said), os.fdopen(errors))

    def close(self) -> None:
        """End it; children that still run are not its own any more."""
        self._line.close()
        self._process.wait()


def common(environment: dict[str, str]) -> dict[str, str]:
    """The part of an environment that all children of a nursery share."""
    return {name: value for name, value in environment.items() if name not in OWN}


def serve(line: socket.socket) -> tuple[str, str]:
    """Fork a child for each order. Returns in the child only, with what it has to call."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # minders need nobody to wait for them
    while True:
        order, descriptors, _flags, _from = socket.recv_fds(line, 1, 3)
        if not order:
            os._exit(0)
        while not order.endswith(b"\n"):
            order += line.recv(65536)
        if os.fork():
            for descriptor in descriptors:
                os.close(descriptor)
            continue
        line.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background ignores it
        tell, say, complain = descriptors
        born = os.fork()
        if born:
            _mind(born, tell, say, complain)
        os.close(tell)
        for ours, theirs in ((say, 1), (complain, 2)):
            os.dup2(ours, theirs)
            os.close(ours)
        environment, function, arguments = json.loads(order)
        os.environ.clear()
        os.environ.update(environment)
        return function, arguments


def _mind(born: int, tell: int, say: int, complain: int) -> None:
    """Tell which process the child is, and how it ended."""
    os.close(say)
    os.close(complain)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    os.write(tell, f"{born}\n".encode())
    ended = os.waitstatus_to_exitcode(os.waitpid(born, 0)[1])
    with contextlib.suppress(BrokenPipeError):
        os.write(tell, f"{ended}\n".encode())
    os._exit(0)


def read_settings_anew() -> None:
    """Forget the settings and connections of the nursery: they are read by the environment of the child."""
    from django.conf import settings
    from django.db import connections
    from django.utils.functional import empty

    importlib.reload(importlib.import_module("guanxi.config.settings"))
    settings._wrapped = empty
    connections.__dict__.pop("settings", None)
    connections.__init__()  # type: ignore[misc]


def main(descriptor: str) -> None:
    """Load everything once, then be forked."""
    import django

    django.setup()
    assert threading.active_count() == 1, threading.enumerate()
    function, arguments = serve(socket.socket(fileno=int(descriptor)))
    read_settings_anew()
    child.main(function, arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])

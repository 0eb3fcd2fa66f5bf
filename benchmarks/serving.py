"""The real server, in processes of its own."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import psutil  # type: ignore[import-untyped]

from benchmarks.clock import environment, guanxi

PATIENCE: Final = 120.0  # seconds until it must answer
LOOK_EVERY: Final = 0.5
# Told with every answer where the time went; as many API calls as are measured; no nightly work in between.
SETTINGS: Final = {"GUANXI_SERVER_TIMING": "1", "GUANXI_API_RATE": "100000/m", "GUANXI_NIGHTLY_REFRESH": "off"}


class Server:
    """A running server: its port, and the memory of it and all it started."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.port = port
        self._process = psutil.Process(process.pid)
        self._most, self._over = 0, threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def most_megabytes(self) -> float:
        """The most it had at one time, in MB."""
        self._over.set()
        return self._most / 2**20

    def _look(self) -> None:
        while not self._over.wait(LOOK_EVERY):
            with suppress(psutil.Error):
                family = [self._process, *self._process.children(recursive=True)]
                self._most = max(self._most, sum(each.memory_info().rss for each in family))


@contextmanager
def served(home: Path, more: Mapping[str, str]) -> Iterator[Server]:
    """`guanxi serve` of a home, once it answers; it ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [str(word) for word in guanxi("serve", "--home", home, "--port", str(port))]
    process = subprocess.Popen(words, env=environment({**SETTINGS, **more}), stdout=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    begun = time.perf_counter()
    while process.poll() is None and time.perf_counter() - begun < PATIENCE:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=5):
            return
        time.sleep(0.2)
    raise AssertionError("the server does not answer")

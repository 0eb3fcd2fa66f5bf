"""The sample company, made once by the command a user would type, for the tests that look at all of it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from guanxi.config.tests.terminal import Terminal
from guanxi.kernel.tests.lab import lab, lab_template

__all__ = ["lab", "lab_template"]

AS_OF = "2026-11-22"


@dataclass(frozen=True)
class SampleHome:
    """The home of the sample company and where it is served."""

    home: Path
    address: str = ""

    @property
    def warehouse(self) -> Path:
        """The warehouse folder."""
        return self.home / "warehouse"

    @property
    def sources(self) -> Path:
        """The folder of the source files."""
        return self.home / "demo"


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> SampleHome:
    """The sample company as of a fixed day, made by `guanxi demo`."""
    folder = tmp_path_factory.mktemp("sample")
    told = Terminal(folder).type("demo", "--no-serve", "--home", "home", "--as-of", AS_OF)
    assert told.code == 0, told.errors
    return SampleHome(folder / "home")


@pytest.fixture(scope="session")
def served_sample(sample_home: SampleHome) -> Iterator[SampleHome]:
    """The sample company served by `guanxi serve`, with its worker."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = Terminal(sample_home.home).environment("en")
    with subprocess.Popen(
        [sys.executable, "-m", "guanxi", "serve", "--home", str(sample_home.home), "--port", str(port)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/login/")
        yield SampleHome(sample_home.home, address)
        server.terminate()
        server.wait(timeout=30)


def _wait_for(address: str) -> None:
    for _attempt in range(300):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")

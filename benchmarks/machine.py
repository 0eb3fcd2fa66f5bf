"""The machine, as far as a reader needs it to judge the numbers: no name, no place."""

from __future__ import annotations

import os
import platform
import time
from datetime import UTC, datetime
from importlib.metadata import version
from statistics import median

import psutil  # type: ignore[import-untyped]

PACKAGES = ("duckdb", "sqlglot", "pyarrow", "django")


def describe() -> str:
    """One line: day, cores, memory, system, versions, how busy it is now, and how fast."""
    cores = psutil.cpu_count(logical=True)
    memory = psutil.virtual_memory().total / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {cores} cores ({platform.machine()}), {memory:.0f} GB memory, "
        f"{platform.system()}, Python {platform.python_version()}, {versions}; {_load()}, "
        f"{_pace():.2f} s for ten million additions in Python."
    )


def _load() -> str:
    if not hasattr(os, "getloadavg"):
        return "load not known"
    load = os.getloadavg()[0]
    return f"load {load:.1f} when this part began"


def _pace() -> float:
    """The median of five: some machines change within the minute."""
    return median(_additions() for _time in range(5))


def _additions() -> float:
    begun, total = time.perf_counter(), 0
    for number in range(10_000_000):
        total += number
    return time.perf_counter() - begun

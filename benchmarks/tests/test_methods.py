"""The benchmark measures every method, on facts that are the same every time."""

from __future__ import annotations

import hashlib
import inspect
from pathlib import Path

import guanxi.insight as gx
from benchmarks.facts import write_facts
from benchmarks.methods import METHODS
from benchmarks.singles import measure

# Packages of the library that hold no method.
NO_METHODS = {"engines", "errors", "tests", "warehouse"}
CALENDAR = {"lifecycle.month_ends"}


def public_methods() -> set[str]:
    rooms = [name for name, room in vars(gx).items() if inspect.ismodule(room) and name not in NO_METHODS]
    return {
        f"{name}.{verb}"
        for name in rooms
        for verb in getattr(vars(gx)[name], "__all__", ())
        if inspect.isfunction(getattr(vars(gx)[name], verb))
    }


def test_every_method_has_its_line() -> None:
    assert set(METHODS) == public_methods() - CALENDAR


def test_every_method_runs_on_the_facts(tmp_path: Path) -> None:
    with gx.duckdb_engine(threads=1) as engine:
        seconds = measure(engine, write_facts(tmp_path, 2_000), repeat=1)
    assert list(seconds) == ["floor", *METHODS]


def test_the_facts_are_the_same_every_time(tmp_path: Path) -> None:
    digests = []
    for name in ("once", "again"):
        (tmp_path / name).mkdir()
        files = write_facts(tmp_path / name, 500)
        digests.append([hashlib.sha256(path.read_bytes()).hexdigest() for path in files.values()])
    assert digests[0] == digests[1]

"""What a measured refresh left in its home: its steps and their counts."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.clock import guanxi, output

STEPS = """
    select name, seconds, counts from runs_runstep
    where run_id = (select max(id) from runs_run) order by position
"""


@dataclass(frozen=True)
class StepCost:
    """One step of a refresh: seconds, and what it counted."""

    name: str
    seconds: float
    counts: dict[str, int]


def steps_of(home: Path) -> list[StepCost]:
    """The steps of the last refresh of a home on SQLite."""
    with closing(sqlite3.connect(home / "guanxi.sqlite3")) as database:
        return [StepCost(name, seconds, json.loads(counts)) for name, seconds, counts in database.execute(STEPS)]


def middle_of(runs: list[list[StepCost]]) -> list[StepCost]:
    """The same steps with the median of their seconds over several runs."""
    return [
        StepCost(steps[0].name, median(step.seconds for step in steps), steps[0].counts)
        for steps in zip(*runs, strict=True)
    ]


def query(home: Path, sql: str) -> list[dict[str, Any]]:
    """Rows of a query over the marts."""
    rows: list[dict[str, Any]] = json.loads(output(guanxi("sql", sql, "--home", home, "--json")))
    return rows


def canonical_hash(home: Path) -> str:
    """The canonical hash of everything in the warehouse."""
    return str(json.loads(output(guanxi("warehouse", "hash", "--home", home, "--json")))["total"])

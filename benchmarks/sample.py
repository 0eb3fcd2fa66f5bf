"""The sample company: made, refreshed, refreshed again; and landing beside DuckDB's own reader."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from benchmarks.asked import Asked, table
from benchmarks.clock import Cost, guanxi, middle, run
from benchmarks.facts import AS_OF
from benchmarks.homes import StepCost, middle_of, steps_of
from benchmarks.raw import feeds_of, seconds_to_read


def tell(asked: Asked) -> list[str]:
    """Measure and tell."""
    made, again, steps, raw = [], [], [], []
    for _round in range(asked.repeat):
        with tempfile.TemporaryDirectory() as folder:
            home, copies = Path(folder, "home"), Path(folder, "copies")
            copies.mkdir()
            made.append(run(guanxi("demo", "--no-serve", "--home", home, "--as-of", f"{AS_OF}")))
            steps.append(steps_of(home))
            again.append(run(guanxi("refresh", "--home", home, "--as-of", f"{AS_OF}")))
            feeds = [feed for contract in sorted((home / "demo").glob("*.toml")) for feed in feeds_of(contract, copies)]
            raw.append(seconds_to_read(feeds, copies))
    return page(middle(made), middle(again), middle_of(steps), median(raw), asked.repeat)


def page(made: Cost, again: Cost, steps: list[StepCost], raw: float, repeat: int) -> list[str]:
    """The steps as a table, and what stands around them."""
    refresh = sum(step.seconds for step in steps)
    land = steps[0]
    rows = land.counts["rows"]
    return [
        f"`guanxi demo --no-serve` in a new home, the median of {repeat}.",
        "",
        *table(
            ("step", "seconds", "counted"),
            [
                ("make the source files and users, start and end", f"{made.seconds - refresh:.1f}", ""),
                *((step.name, f"{step.seconds:.1f}", _counted(step)) for step in steps),
                ("refresh, all steps", f"{refresh:.1f}", ""),
                ("the whole process", f"{made.seconds:.1f}", f"{made.megabytes:,.0f} MB at most"),
                ("refresh again, nothing new", f"{again.seconds:.1f}", f"{again.megabytes:,.0f} MB at most"),
            ],
        ),
        "",
        (
            "Landing beside DuckDB's `read_csv` of the same files, all columns as text, written as Parquet (files in "
            "GB 18030 are given to it in UTF-8; it types nothing and explains no row):"
        ),
        "",
        *table(
            ("reader", "seconds", "rows/s", "x read_csv"),
            [
                ("DuckDB `read_csv` to Parquet", f"{raw:.2f}", f"{rows / raw:,.0f}", "1.0"),
                ("`land`", f"{land.seconds:.2f}", f"{rows / land.seconds:,.0f}", f"{land.seconds / raw:.1f}"),
            ],
        ),
    ]


def _counted(step: StepCost) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in step.counts.items() if number)

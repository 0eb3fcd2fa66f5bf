"""Measure every method on made-up purchases and print a table for `docs/scale.md`."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

import psutil  # type: ignore[import-untyped]

import guanxi.insight as gx
from benchmarks.facts import write_facts
from benchmarks.methods import METHODS, begin

REPORT = Path(".cache") / "bench.json"


def open_engine(name: str, threads: int | None) -> gx.Engine:
    """Return the engine called `name`."""
    return gx.spark_engine() if name == "spark" else gx.duckdb_engine(threads=threads)


def measure(engine: gx.Engine, files: dict[str, Path], repeat: int) -> dict[str, float]:
    """Return the best of `repeat` times of every method, in seconds."""
    facts = begin(*(engine.parquet([files[name]]) for name in ("purchase", "customer", "record")))
    seconds = {}
    for name, call in METHODS.items():
        times = []
        for _ in range(repeat):
            start = time.perf_counter()
            result = call(facts)
            if isinstance(result, gx.Table):
                result.count()  # a lazy engine has not worked yet
            times.append(time.perf_counter() - start)
            if isinstance(result, gx.Table):
                result.drop()
        seconds[name] = min(times)
    return seconds


def main() -> None:
    """Measure as the options say, print, and keep the numbers in `.cache/bench.json`."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000, help="purchases (default 1,000,000)")
    options.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb")
    options.add_argument("--threads", type=int, default=None, help="threads of DuckDB (default: all)")
    options.add_argument("--repeat", type=int, default=3, help="runs of each method; the best counts")
    asked = options.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        files = write_facts(Path(folder), asked.rows)
        seconds = measure(open_engine(asked.engine, asked.threads), files, asked.repeat)

    memory = getattr(psutil.Process().memory_info(), "peak_wset", psutil.Process().memory_info().rss)
    print(f"{asked.rows:,} purchases, {asked.engine}, {psutil.cpu_count()} cores, {memory / 2**20:,.0f} MB in use\n")
    print("| method | seconds | rows/s |\n|---|---:|---:|")
    for name, taken in seconds.items():
        print(f"| `{name}` | {taken:.3f} | {asked.rows / taken:,.0f} |")
    REPORT.parent.mkdir(exist_ok=True)
    facts = {"rows": asked.rows, "engine": asked.engine, "threads": asked.threads, "seconds": seconds}
    REPORT.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

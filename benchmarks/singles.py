"""Every method of the library by itself, inside one process."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import guanxi.insight as gx
from benchmarks.asked import Asked, table
from benchmarks.facts import write_facts
from benchmarks.methods import METHODS, Facts, begin

FLOOR = """
    select customer_id, count(*) as baskets, max(ordered_at) as last_at, sum(revenue) as revenue
    from purchase group by customer_id
"""
Call = Callable[[Facts], object]


def open_engine(name: str, threads: int | None) -> gx.Engine:
    """The engine called `name`."""
    return gx.spark_engine() if name == "spark" else gx.duckdb_engine(threads=threads)


def measure(engine: gx.Engine, files: dict[str, Path], repeat: int) -> dict[str, float]:
    """The median of `repeat` times of every method, in seconds; the bare group-by stands under `floor`."""
    purchase, customer, record = (engine.parquet([files[name]]) for name in ("purchase", "customer", "record"))
    engine.name_table("purchase", purchase)
    facts = begin(purchase, customer, record)
    floor: dict[str, Call] = {"floor": lambda _facts: engine.query(FLOOR)}
    seconds = {}
    for name, call in {**floor, **METHODS}.items():
        times = []
        for _ in range(repeat):
            start = time.perf_counter()
            result = call(facts)
            if isinstance(result, gx.Table):
                result.count()  # a lazy engine has not worked yet
            times.append(time.perf_counter() - start)
            if isinstance(result, gx.Table):
                result.drop()
        seconds[name] = median(times)
    return seconds


def tell(asked: Asked) -> list[str]:
    """Measure and tell."""
    with tempfile.TemporaryDirectory() as folder:
        files = write_facts(Path(folder), asked.rows)
        with open_engine(asked.engine, asked.threads) as engine:
            seconds = measure(engine, files, asked.repeat)
    floor = seconds.pop("floor")
    rows = [(f"`{name}`", f"{taken:.3f}", f"{taken / floor:.1f}") for name, taken in seconds.items()]
    return [
        (
            f"The same baskets, each method on tables that are there already ({asked.engine}), the median of "
            f"{asked.repeat}. The floor, the bare group-by in the same process, took {floor:.3f} s."
        ),
        "",
        *table(("method", "seconds", "x floor"), rows),
    ]

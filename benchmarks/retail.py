"""Online Retail, a public data set of a British shop: loaded whole, and as 305 daily files."""

from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.asked import Asked, table
from benchmarks.clock import PROJECT, Cost, guanxi, middle, run
from benchmarks.homes import StepCost, canonical_hash, middle_of, query, steps_of
from benchmarks.raw import RawFeed, seconds_to_read

SOURCES = PROJECT / "examples" / "sources"
ARCHIVE = Path("online_retail") / "by-day.tar.xz"
FIGURES = """
    select
        count(*) as lines,
        count(distinct customer_id) as customers,
        sum(case when customer_id is null then 1 else 0 end) as anonymous_lines,
        sum(revenue) as revenue
    from purchase_line
"""
KNOWN = {"lines": "541909", "customers": "4372", "anonymous_lines": "135080", "revenue": "9747747.9340"}


class FiguresDiffer(AssertionError):
    """The refresh did not find what is in the data set."""


def tell(asked: Asked) -> list[str]:
    """Measure and tell; without the data, say so."""
    if asked.data is None or not (asked.data / ARCHIVE).exists():
        return ["Not measured: the data set is not here (`GUANXI_DATA`)."]
    whole, daily, whole_steps, daily_steps, raw = [], [], [], [], []
    for _round in range(asked.repeat):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            whole.append(_refresh(folder / "whole", "online_retail", asked.data))
            whole_steps.append(steps_of(folder / "whole"))
            daily.append(_refresh(folder / "daily", "online_retail_daily", asked.data))
            daily_steps.append(steps_of(folder / "daily"))
            raw.append(_read_raw(asked.data / ARCHIVE, folder))
            figures = {key: str(value) for key, value in query(folder / "whole", FIGURES)[0].items()}
            hashes = {canonical_hash(folder / "whole"), canonical_hash(folder / "daily")}
            if figures != KNOWN or len(hashes) != 1:
                raise FiguresDiffer(f"{figures} and {len(hashes)} hashes; known is {KNOWN}, and one hash")
    return page(middle(whole), middle(daily), middle_of(whole_steps), middle_of(daily_steps), median(raw), asked.repeat)


def page(
    whole: Cost, daily: Cost, whole_steps: list[StepCost], daily_steps: list[StepCost], raw: float, repeat: int
) -> list[str]:
    """Both ways to load it, step by step."""
    rows = [
        (one.name, f"{one.seconds:.1f}", f"{other.seconds:.1f}")
        for one, other in zip(whole_steps, daily_steps, strict=True)
    ]
    lines = int(KNOWN["lines"])
    landed = daily_steps[0].seconds
    return [
        (
            f"`guanxi refresh` in a new home, the median of {repeat}. Found each time: {lines:,} lines, "
            f"{int(KNOWN['customers']):,} customers, {int(KNOWN['anonymous_lines']):,} anonymous lines, net revenue "
            f"{float(KNOWN['revenue']):,.3f}; both ways end with the same canonical hash."
        ),
        "",
        *table(
            ("step", "one Parquet file, seconds", "305 daily CSV files in an archive, seconds"),
            [
                *rows,
                ("the whole process", f"{whole.seconds:.1f}", f"{daily.seconds:.1f}"),
                ("MB at most", f"{whole.megabytes:,.0f}", f"{daily.megabytes:,.0f}"),
            ],
        ),
        "",
        (
            f"DuckDB's `read_csv` takes the unpacked daily files to Parquet in {raw:.2f} s "
            f"({lines / raw:,.0f} rows/s); `land`, unpacking included, is {landed / raw:.1f} times that "
            f"({lines / landed:,.0f} rows/s)."
        ),
    ]


def _refresh(home: Path, source: str, data: Path) -> Cost:
    return run(guanxi("refresh", "--home", home, "--source", SOURCES / f"{source}.toml"), {"GUANXI_DATA": str(data)})


def _read_raw(archive: Path, folder: Path) -> float:
    unpacked = folder / "unpacked"
    with tarfile.open(archive) as packed:
        packed.extractall(unpacked, filter="data")
    return seconds_to_read([RawFeed(sorted(unpacked.rglob("*.csv")), ",", header=True)], folder)

"""Measure, and write the numbers down: `make bench`, or `python -m benchmarks --quick`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from benchmarks import retail, road, sample, singles, stories, workbench
from benchmarks.asked import Asked
from benchmarks.clock import PROJECT
from benchmarks.machine import describe
from benchmarks.page import PAGE, TITLES, write

PARTS: dict[str, Callable[[Asked], list[str]]] = {
    "stories": stories.tell,
    "singles": singles.tell,
    "sample": sample.tell,
    "retail": retail.tell,
    "road": road.tell,
    "workbench": workbench.tell,
}
FULL = {"rows": 10_000_000, "customers": 1_000_000, "lines": 10_000_000, "repeat": 5}
QUICK = {"rows": 200_000, "customers": 10_000, "lines": 100_000, "repeat": 1}


def asked_by(words: argparse.Namespace) -> Asked:
    """What the options ask for."""
    sizes = {name: getattr(words, name) or size for name, size in (QUICK if words.quick else FULL).items()}
    data = Path(os.environ.get("GUANXI_DATA", PROJECT.parent / "shared" / "data")).resolve()
    return Asked(
        **sizes, engine=words.engine, threads=words.threads, peer=words.peer and words.peer.absolute(),
        data=data if data.is_dir() else None, homes=words.homes and words.homes.absolute(), postgres=words.postgres,
    )  # fmt: skip


def main() -> None:
    """Measure as the options say; print, and write `docs/benchmarks.md` unless it was a quick look."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--only", action="append", choices=tuple(PARTS), help="this part; may be given again")
    options.add_argument("--quick", action="store_true", help="small sizes, once each, and nothing is written")
    options.add_argument("--rows", type=int, help=f"baskets (default {FULL['rows']:,})")
    options.add_argument("--customers", type=int, help=f"customers of the road (default {FULL['customers']:,})")
    options.add_argument("--lines", type=int, help=f"purchase lines of the road (default {FULL['lines']:,})")
    options.add_argument("--repeat", type=int, help=f"rounds; the median counts (default {FULL['repeat']})")
    options.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb", help="of the single methods")
    options.add_argument("--threads", type=int, help="of DuckDB in the single methods (default: all)")
    options.add_argument("--peer", type=Path, help="a Python that has openretailscience")
    options.add_argument("--homes", type=Path, help="keep the homes of the workbench here, and find them again")
    options.add_argument("--postgres", default="", help="a PostgreSQL server for the workbench, postgres://user@host")
    words = options.parse_args()
    asked = asked_by(words)
    for name, tell in PARTS.items():
        if words.only and name not in words.only:
            continue
        machine = describe()
        told = [f"Measured {machine}", "", *tell(asked)]
        print(f"\n## {TITLES[name]}\n", *told, sep="\n", flush=True)
        if not words.quick:
            write({name: told})
    if not words.quick:
        print(f"\nwritten: {PAGE.relative_to(PROJECT)}")


if __name__ == "__main__":
    main()

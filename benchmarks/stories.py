"""The library beside a bare DuckDB and a peer: RFM, ABC, pyramid and stage, as whole processes."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks import programs
from benchmarks.asked import Asked, table
from benchmarks.clock import Command, Cost, in_turns
from benchmarks.facts import AS_OF, write_facts
from benchmarks.programs.library import STORIES

FOLDER = Path(programs.__file__).parent
PEER = "openretailscience, RFM"
PEER_START = "openretailscience, started only"
PEER_FLOOR = "bare scan-and-group, DuckDB of the peer"
START = "Python and DuckDB, started only"
FLOOR = "bare scan-and-group"
LIBRARY_START = "guanxi.insight, started only"
SHORTEST = 0.05  # seconds of work below which a ratio says nothing
TOLD = {
    "summary": "purchase summary", "rfm": "RFM", "abc": "ABC", "pyramid": "spend pyramid", "stage": "life-cycle stage",
    "all": "all of them",
}  # fmt: skip


def commands(file: Path, peer: Path | None) -> dict[str, Command]:
    """Every process to measure, by its name on the page."""
    here = sys.executable
    library = [here, "-m", "benchmarks.programs.library"]
    found: dict[str, Command] = {
        START: [here, FOLDER / "floor.py", "-"],
        FLOOR: [here, FOLDER / "floor.py", file],
        LIBRARY_START: [*library, "start", "-"],
        **{f"guanxi.insight, {TOLD[story]}": [*library, story, file] for story in STORIES},
    }
    if peer is not None:
        found |= {
            PEER_FLOOR: [peer, FOLDER / "floor.py", file],
            PEER_START: [peer, FOLDER / "peer.py", "-", f"{AS_OF}"],
            PEER: [peer, FOLDER / "peer.py", file, f"{AS_OF}"],
        }
    return found


def tell(asked: Asked) -> list[str]:
    """Measure and tell."""
    with tempfile.TemporaryDirectory() as folder:
        file = write_facts(Path(folder), asked.rows)["purchase"]
        costs = in_turns(commands(file, asked.peer), asked.repeat)
    return page(costs, asked)


def page(costs: dict[str, Cost], asked: Asked) -> list[str]:
    """The costs as a table: in all, and beyond starting Python and the library."""
    rows = []
    for name, cost in costs.items():
        floor = costs[PEER_FLOOR if name in {PEER, PEER_START, PEER_FLOOR} else FLOOR].seconds
        work, least = cost.seconds - costs[_start_of(name)].seconds, floor - costs[START].seconds
        is_told = name != _start_of(name) and min(work, least) >= SHORTEST
        rows.append((
            name, f"{cost.seconds:.2f}", f"{cost.seconds / floor:.1f}", f"{work:.2f}" if is_told else "",
            f"{work / least:.1f}" if is_told else "", f"{cost.megabytes:,.0f}",
        ))  # fmt: skip
    return [
        (
            f"{asked.rows:,} baskets of {asked.rows // 10:,} customers in one Parquet file; each line is a process of "
            f"its own from start to end, the median of {asked.repeat}. *Work* is what is left without starting up. "
            "The floor reads the file once and groups it by customer (count, latest, sum): the least anybody can do."
        ),
        "",
        *table(("process", "seconds", "x floor", "work", "x floor's work", "MB at most"), rows),
        "",
        _of_peer(asked),
    ]


def _start_of(name: str) -> str:
    if name in {PEER, PEER_START}:
        return PEER_START
    return LIBRARY_START if name.startswith("guanxi.insight") else START


def _of_peer(asked: Asked) -> str:
    if asked.peer is None:
        return "openretailscience was left out: no Python that has it was given (`--peer`)."
    return (
        "openretailscience runs in an environment of its own with the DuckDB it asks for, so it is compared with the "
        "same scan in that DuckDB. It counts distinct orders and cuts with NTILE; we keep the fact at basket grain "
        "and compare with quantile edges."
    )

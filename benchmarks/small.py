"""Between two refreshes: purchases written down beside a running worker, in the home that walked the whole road."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.asked import table
from benchmarks.clock import environment, guanxi, output


def measure(home: Path) -> dict[str, float]:
    """Let a worker run as beside `guanxi serve`, write purchases down, and tell the seconds."""
    worker = subprocess.Popen(
        [str(word) for word in guanxi("worker", "--quick", "--home", home)], env=environment(None),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        found: dict[str, float] = json.loads(output([sys.executable, "-m", "benchmarks.programs.purchases", home]))
    finally:
        worker.terminate()
        worker.wait(timeout=60)
    return found


def page(found: Mapping[str, float]) -> list[str]:
    """The seconds as a table."""
    many = f"{found['many']:,.0f}"
    return [
        (
            "Then, in the same home with one worker beside it (`guanxi worker --quick`), purchases are written down by "
            "the command that screens and programs use, today, for customers from all over; the small refresh scores "
            "them. One at a time, the median and the slowest of nine; then many in a row."
        ),
        "",
        *table(
            ("from writing it down until", "seconds"),
            [
                ("it shows among the customer's purchases", f"{found['shown']:.2f}"),
                ("it shows in the customer's value, median", f"{found['valued']:.1f}"),
                ("it shows in the customer's value, slowest", f"{found['slowest']:.1f}"),
                (f"{many} purchases of as many customers are written down", f"{found['recorded']:.1f}"),
                ("the last of them shows in its customer's value", f"{found['all']:.1f}"),
            ],
        ),
    ]

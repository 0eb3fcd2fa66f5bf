"""What is to be measured, and how the parts of the page are told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Asked:
    """Sizes and places.

    Attributes
    ----------
    rows
        Baskets the methods are measured on; a tenth as many customers.
    customers, lines
        Size of the made-up company that walks the whole road.
    repeat
        Rounds; the median counts.
    engine, threads
        What the single methods run on.
    peer
        A Python that has openretailscience, if it is to be measured.
    data
        The folder of public data sets, if it is there.
    homes
        Where the homes of the workbench are kept and found again; without it they are made and thrown away.
    postgres
        The address of a PostgreSQL server where a database may be made.
    """

    rows: int
    customers: int
    lines: int
    repeat: int
    engine: str = "duckdb"
    threads: int | None = None
    peer: Path | None = None
    data: Path | None = None
    homes: Path | None = None
    postgres: str = ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table; the first column is text, the others are numbers."""
    lines = [f"| {' | '.join(head)} |", f"|---|{'---:|' * (len(head) - 1)}"]
    return lines + [f"| {' | '.join(row)} |" for row in rows]

"""`make test-all`: every test on everything this machine has, and loud words about the rest.

What uses the database, on PostgreSQL, and everything, on SQLite, in parts of which two run side by side: two cores are
not idle. The words of a part are shown when it is done, how each ended when all are.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import psycopg

from checks.problem import PROJECT
from guanxi.config.tests.isolation import POSTGRES_URL

AT_ONCE: Final = 2
ANALYTICAL: Final = ("src/guanxi/insight", "src/guanxi/intelligence", "src/guanxi/demo")
_CLOSING: Final = re.compile(r"\d+ \w+.* in \d[\d.]*s\b")
_COUNTED: Final = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed)\b")


@dataclass(frozen=True)
class Part:
    """Tests that run in one process: what they run on, which are meant, in which folders or in all but those."""

    database: str
    marked: str
    folders: Sequence[str] = ()
    but: Sequence[str] = ()

    @property
    def name(self) -> str:
        """What the part is called."""
        where = " ".join(self.folders) or " ".join(f"not {folder}" for folder in self.but) or "everywhere"
        return f"{self.database}: {self.marked}, {where}"


POSTGRES: Final = Part("postgres", "(database or postgres) and not browser")  # pages look the same on both
# Together every test that SQLite can run, the longest part first.
SQLITE: Final = (
    Part("sqlite", "not postgres and not browser", folders=ANALYTICAL),
    Part("sqlite", "not postgres and not browser", but=ANALYTICAL),
    Part("sqlite", "not postgres and browser"),
)


@dataclass(frozen=True)
class Ended:
    """How a part ended: pytest's exit code, its closing line, seconds."""

    part: Part
    code: int
    line: str
    seconds: float


def postgres_refusal(url: str) -> str | None:
    """Return why PostgreSQL at `url` cannot be used, or `None` if it answers."""
    try:
        with psycopg.connect(url, connect_timeout=5, autocommit=True) as connection:
            connection.execute("select 1")
    except psycopg.Error as error:
        return str(error).strip().splitlines()[0]
    return None


def run(part: Part, url: str) -> Ended:
    """Run a part to its end, and show its words."""
    command = [sys.executable, "-m", "pytest", "-m", part.marked, *part.folders]
    command += [f"--ignore={folder}" for folder in part.but]
    more = {
        "GUANXI_TEST_DATABASE": part.database,
        "GUANXI_TEST_POSTGRES_URL": url,
        "GUANXI_TEST_LEFT_OUT": "",  # what this part leaves out runs in another
    }
    print(f">>> begun: {part.name}", flush=True)
    begun = time.monotonic()
    done = subprocess.run(
        command, cwd=PROJECT, env=os.environ | more, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    words = done.stdout.decode(errors="replace")
    print(f"\n>>> {part.name}\n{words}", flush=True)
    closing = [line for line in words.splitlines() if _CLOSING.search(line)]  # libraries may still say something
    return Ended(part, done.returncode, closing[-1] if closing else "it did not end", time.monotonic() - begun)


def main() -> int:
    """Run all parts; 0 only if each is green."""
    url = os.environ.get("GUANXI_TEST_POSTGRES_URL", POSTGRES_URL)
    refusal = postgres_refusal(url)
    parts = SQLITE if refusal else (POSTGRES, *SQLITE)
    begun = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as slots:
        ended = list(slots.map(lambda part: run(part, url), parts))
    counted: Counter[str] = Counter()
    print()
    for end in ended:
        color = "FAILED" if end.code else "green"
        print(f"{color:6} {end.seconds / 60:4.1f} min  {end.part.name}: {end.line.strip('= ')}")
        counted.update({kind.removesuffix("s"): int(count) for count, kind in _COUNTED.findall(end.line)})
    if refusal:
        print(f"!!! NOT RUN: PostgreSQL, the whole part: {refusal} (set GUANXI_TEST_POSTGRES_URL)")
    told = ", ".join(f"{count} {kind}" for kind, count in counted.items())
    print(f"==== {told} in {time.monotonic() - begun:.0f}s ====", flush=True)
    return int(any(end.code for end in ended))


if __name__ == "__main__":
    sys.exit(main())

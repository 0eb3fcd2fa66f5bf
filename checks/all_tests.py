"""`make test-all`: every test on everything this machine has, and loud words about the rest.

What uses the database, on PostgreSQL, and everything, on SQLite, side by side: two cores are not idle. The words of
the second are shown when both are done, so that pytest's closing line over the whole suite comes last.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from typing import IO

import psycopg

from checks.problem import PROJECT
from guanxi.config.tests.isolation import POSTGRES_URL


def postgres_refusal(url: str) -> str | None:
    """Return why PostgreSQL at `url` cannot be used, or `None` if it answers."""
    try:
        with psycopg.connect(url, connect_timeout=5, autocommit=True) as connection:
            connection.execute("select 1")
    except psycopg.Error as error:
        return str(error).strip().splitlines()[0]
    return None


def pytest(*arguments: str, output: IO[bytes] | None = None, **environment: str) -> subprocess.Popen[bytes]:
    """Start pytest over the project with more variables, its words to `output` if given."""
    print(f"\n>>> pytest {' '.join(arguments)}  {environment}", flush=True)
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.Popen(command, cwd=PROJECT, env={**os.environ, **environment}, stdout=output, stderr=output)


def main() -> int:
    """Run both passes; 0 only if both are green."""
    url = os.environ.get("GUANXI_TEST_POSTGRES_URL", POSTGRES_URL)
    refusal = postgres_refusal(url)
    if refusal:
        left_out = f"PostgreSQL, the whole pass: {refusal} (set GUANXI_TEST_POSTGRES_URL)"
        print(f"!!! NOT RUN: {left_out}", flush=True)
        return pytest("-m", "not postgres", GUANXI_TEST_DATABASE="sqlite", GUANXI_TEST_LEFT_OUT=left_out).wait()
    with tempfile.TemporaryFile() as words:
        whole = pytest("-m", "not postgres", output=words, GUANXI_TEST_DATABASE="sqlite", GUANXI_TEST_LEFT_OUT="")
        first = pytest(
            "-m",
            "(database or postgres) and not browser",  # pages look the same on both
            GUANXI_TEST_DATABASE="postgres",
            GUANXI_TEST_POSTGRES_URL=url,
            GUANXI_TEST_LEFT_OUT="",
        ).wait()
        last = whole.wait()
        words.seek(0)
        shutil.copyfileobj(words, sys.stdout.buffer)
        sys.stdout.flush()
    if first:
        print("!!! the pass on PostgreSQL, above, FAILED", flush=True)
    return first or last


if __name__ == "__main__":
    sys.exit(main())

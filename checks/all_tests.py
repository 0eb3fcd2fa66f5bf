"""`make test-all`: every test on everything this machine has, and loud words about the rest.

First what uses the database, on PostgreSQL; then everything, on SQLite, so that pytest's closing
line over the whole suite comes last.
"""

from __future__ import annotations

import os
import subprocess
import sys

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


def pytest(*arguments: str, **environment: str) -> int:
    """Run pytest over the project with more variables; answer its exit code."""
    print(f"\n>>> pytest {' '.join(arguments)}  {environment}", flush=True)
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=PROJECT, env={**os.environ, **environment}, check=False).returncode


def main() -> int:
    """Run both passes; 0 only if both are green."""
    url = os.environ.get("GUANXI_TEST_POSTGRES_URL", POSTGRES_URL)
    refusal = postgres_refusal(url)
    first, left_out = 0, ""
    if refusal:
        left_out = f"PostgreSQL, the whole pass: {refusal} (set GUANXI_TEST_POSTGRES_URL)"
        print(f"!!! NOT RUN: {left_out}", flush=True)
    else:
        first = pytest(
            "-m",
            "(database or postgres) and not browser",  # pages look the same on both
            GUANXI_TEST_DATABASE="postgres",
            GUANXI_TEST_POSTGRES_URL=url,
            GUANXI_TEST_LEFT_OUT="",
        )
        if first:
            left_out = "nothing on PostgreSQL, but that pass, above, FAILED"
    last = pytest("-m", "not postgres", GUANXI_TEST_DATABASE="sqlite", GUANXI_TEST_LEFT_OUT=left_out)
    return first or last


if __name__ == "__main__":
    sys.exit(main())

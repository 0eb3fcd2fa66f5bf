"""Every test that asks for `engine` runs on each engine, and must get the same answers."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from guanxi.insight import Engine, duckdb_engine, spark_engine

# Tests are over before what its second compiler makes has paid for the making.
os.environ.setdefault("SPARK_SUBMIT_OPTS", "-XX:TieredStopAtLevel=1")


@pytest.fixture(scope="session", params=["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Return each engine in turn."""
    made: Engine = duckdb_engine(threads=2) if request.param == "duckdb" else spark_engine()
    with made:
        yield made


@pytest.fixture(scope="session")
def embedded() -> Iterator[Engine]:
    """Return the embedded engine alone, for properties tried on very many examples."""
    with duckdb_engine(threads=2) as made:
        yield made

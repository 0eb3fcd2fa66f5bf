"""Every test that asks for `engine` runs on each engine, and must get the same answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from guanxi.insight import Engine, duckdb_engine, spark_engine


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

"""The analytics library: who customers are, what they are worth, where they stand.

It needs neither Django nor the rest of Guanxi, so it works in a notebook on the same Parquet:

>>> import guanxi.insight as gx
>>> engine = gx.duckdb_engine()
>>> engine.close()
"""

from guanxi.insight import experiment, identity, lifecycle, value, warehouse
from guanxi.insight.engines import (
    DuckDBEngine,
    Engine,
    SparkEngine,
    Step,
    Table,
    check_portable,
    duckdb_engine,
    outside_portable_subset,
    spark_engine,
    step,
)
from guanxi.insight.errors import InsightError
from guanxi.insight.warehouse import open_warehouse

__all__ = [
    "DuckDBEngine",
    "Engine",
    "InsightError",
    "SparkEngine",
    "Step",
    "Table",
    "check_portable",
    "duckdb_engine",
    "experiment",
    "identity",
    "lifecycle",
    "open_warehouse",
    "outside_portable_subset",
    "spark_engine",
    "step",
    "value",
    "warehouse",
]

"""The engines: one small port, DuckDB (embedded), Spark (cluster), and the macros both share."""

from guanxi.insight.engines.duckdb import DuckDBEngine, duckdb_engine
from guanxi.insight.engines.port import Engine, Table, tidy
from guanxi.insight.engines.portable import check_portable, outside_portable_subset
from guanxi.insight.engines.spark import SparkEngine, spark_engine
from guanxi.insight.engines.step import Step, step

__all__ = [
    "DuckDBEngine",
    "Engine",
    "SparkEngine",
    "Step",
    "Table",
    "check_portable",
    "duckdb_engine",
    "outside_portable_subset",
    "spark_engine",
    "step",
    "tidy",
]

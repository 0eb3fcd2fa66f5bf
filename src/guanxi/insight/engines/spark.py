"""The cluster's engine: Spark on the same Parquet, with the same steps translated."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from sqlglot import exp

from guanxi.insight.engines.port import Engine, Table
from guanxi.insight.errors import InsightError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

T = TypeVar("T")


class SparkEngine(Engine):
    """Spark; see `spark_engine` for the options.

    A kept result is written to the scratch folder and read back, not cached: its lineage ends
    there, so nothing is computed twice, and loops do not grow their plans.
    """

    dialect: ClassVar[str] = "spark"

    def __init__(self, session: SparkSession | None = None, *, scratch: Path | str | None = None) -> None:
        super().__init__()
        self._own_session = session is None
        self._session = session if session is not None else _local_session()
        self._own_scratch = scratch is None
        self._scratch = Path(tempfile.mkdtemp(prefix="guanxi-spark-") if scratch is None else scratch)

    def parquet(
        self, paths: Sequence[Path | str], columns: Mapping[str, str] | None = None, *, name: str | None = None
    ) -> Table:
        """A view of Parquet files; see `Engine.parquet`."""
        if not paths and columns is None:
            raise InsightError(
                "no_files", "There is no file to read the columns from.", cure="Give the columns and their types."
            )
        types = {column: exp.DataType.build(type_, dialect="duckdb") for column, type_ in (columns or {}).items()}
        if paths:
            frame = self._guard(lambda: self._session.read.option("mergeSchema", "true").parquet(*map(str, paths)))
            picks = [exp.cast(exp.column(column, quoted=True), type_) for column, type_ in types.items()]
            texts = [
                exp.alias_(pick, column, quoted=True).sql(dialect="spark")
                for pick, column in zip(picks, types, strict=True)
            ]
            frame = frame.selectExpr(*texts) if texts else frame
            table = self._named(name or "parquet", frame)
        else:
            nulls = [exp.alias_(exp.cast(exp.Null(), type_), column, quoted=True) for column, type_ in types.items()]
            table = self.create(name or "parquet", exp.select(*nulls).where(exp.false()), view=True)
        return table if name is None else self.name_table(name, table)

    def arrow(self, data: pa.Table, *, name: str | None = None) -> Table:
        """A table holding `data`."""
        path = self._scratch / f"{self._new_name(name or 'arrow')}.parquet"
        pq.write_table(data, path, coerce_timestamps="us")
        table = self._named(name or "arrow", self._guard(lambda: self._session.read.parquet(str(path))))
        return table if name is None else self.name_table(name, table)

    def fetch(self, query: exp.Expr) -> pa.Table:
        """The result of a query as an Arrow table."""
        found = self._guard(lambda: self._session.sql(query.sql(dialect="spark")).toArrow())
        # Spark notes how it named a column; equal results should have equal schemas.
        return found.cast(pa.schema([field.remove_metadata() for field in found.schema]))

    def schema(self, name: str) -> pa.Schema:
        """The Arrow schema of a relation."""
        nothing = exp.select("*").from_(exp.Table(this=exp.to_identifier(name, quoted=True))).limit(0)
        return self.fetch(nothing).schema

    def write_parquet(self, query: exp.Expr, path: Path) -> None:
        """Write a query's result as a folder of Parquet parts."""
        writer = self._guard(lambda: self._session.sql(query.sql(dialect="spark"))).write
        self._guard(lambda: writer.mode("overwrite").option("compression", "zstd").parquet(str(path)), path.name)

    def interrupt(self) -> None:
        """Cancel the jobs of the session."""
        self._session.sparkContext.cancelAllJobs()

    def close(self) -> None:
        """Forget all tables, and stop the session if it is the engine's own."""
        for name in self.relations():
            self.drop(name)
        if self._own_session:
            self._session.stop()
        if self._own_scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def _create(self, name: str, sql: str, place: str, *, view: bool) -> None:
        frame = self._guard(lambda: self._session.sql(sql), place)
        if not view:
            path = str(self._scratch / name)
            self._guard(lambda: frame.write.mode("overwrite").parquet(path), place)
            frame = self._guard(lambda: self._session.read.schema(frame.schema).parquet(path), place)
        frame.createOrReplaceTempView(name)

    def _drop(self, name: str, *, view: bool) -> None:
        self._session.catalog.dropTempView(name)
        if not view:
            shutil.rmtree(self._scratch / name, ignore_errors=True)

    def _named(self, hint: str, frame: DataFrame) -> Table:
        name = self._new_name(hint)
        frame.createOrReplaceTempView(name)
        return self._made_relation(name, view=True)

    def _guard(self, action: Callable[[], T], place: str = "") -> T:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            return action()
        except (PySparkException, Py4JError) as error:
            first = str(error).strip().splitlines()[0]
            raise InsightError("step_failed", f"The engine refused the step: {first}", place=place) from error


def spark_engine(session: SparkSession | None = None, *, scratch: Path | str | None = None) -> SparkEngine:
    """A Spark engine.

    Parameters
    ----------
    session : SparkSession, optional
        A cluster's session, with `spark.sql.session.timeZone` UTC; a local one of its own by default.
    scratch : Path, optional
        Where kept results are written: a folder all workers share. A temporary folder by default,
        which serves a local session only.

    Raises
    ------
    InsightError
        `no_spark`: PySpark is not installed.
    """
    try:
        import pyspark  # noqa: F401
    except ImportError as error:
        raise InsightError(
            "no_spark", "PySpark is not installed.", cure='Install it: pip install "guanxi[spark]" (and Java 17).'
        ) from error
    return SparkEngine(session, scratch=scratch)


def _local_session() -> Any:
    from pyspark.sql import SparkSession

    options = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "4",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }
    builder = SparkSession.builder.appName("guanxi").master("local[*]")
    for key, value in options.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    # What the engine refuses is raised with Spark's own words; it need not be logged as well.
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    return session

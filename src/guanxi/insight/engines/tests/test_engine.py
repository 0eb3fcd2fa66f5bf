from __future__ import annotations

import threading
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from guanxi.insight import DuckDBEngine, Engine, InsightError, Step, Table, duckdb_engine
from guanxi.insight.engines import tidy
from guanxi.insight.tests.make import MONEY


@pytest.fixture
def pairs() -> pa.Table:
    return pa.table({"k": [3, 1, 2, None], "v": ["c", "a", "b", "d"]})


def test_what_goes_in_as_arrow_comes_out(engine: Engine) -> None:
    data = pa.table(
        {
            "n": pa.array([1, None], pa.int64()),
            "money": pa.array([Decimal("1.2345"), None], MONEY),
            "day": pa.array([date(2024, 2, 29), None], pa.date32()),
            "at": pa.array([datetime.fromisoformat("2024-02-29 01:02:03"), None], pa.timestamp("us")),
            "flag": pa.array([True, None], pa.bool_()),
            "text": pa.array(["知客", None], pa.string()),
            "x": pa.array([0.1, None], pa.float64()),
        }
    )

    table = engine.arrow(data)

    assert table.columns == data.schema.names
    assert table.schema == data.schema
    assert table.rows() == data.to_pylist()


def test_rows_come_in_the_order_asked_for_with_nulls_last(engine: Engine, pairs: pa.Table) -> None:
    assert [row["v"] for row in engine.arrow(pairs).rows(["k"])] == ["a", "b", "c", "d"]


def test_a_sum_of_integers_is_a_bigint(engine: Engine) -> None:
    table = engine.arrow(pa.table({"n": pa.array([1, 2], pa.int32())}))

    summed = engine.run(Step.from_text("probe", "select sum(n) as total, count(*) as rows_in from t"), {"t": table})

    assert [str(type_) for type_ in summed.schema.types] == ["int64", "int64"]
    assert summed.rows() == [{"total": 3, "rows_in": 2}]


def test_a_table_is_kept_and_a_view_computed_anew(engine: Engine, pairs: pa.Table) -> None:
    source = engine.arrow(pairs)
    kept = engine.run(Step.from_text("probe", "select k from t where k > 1"), {"t": source})
    view = engine.run(Step.from_text("probe", "select k from t where k > 1"), {"t": kept}, view=True)

    assert (kept.count(), view.count()) == (2, 2)
    kept.drop()
    with pytest.raises(InsightError):
        kept.count()


def test_select_picks_and_renames(engine: Engine, pairs: pa.Table) -> None:
    picked = engine.arrow(pairs).select("k", letter="v")

    assert picked.columns == ["k", "letter"]
    assert picked.rows(["k"])[0] == {"k": 1, "letter": "a"}


def test_select_names_a_column_that_is_not_there(engine: Engine, pairs: pa.Table) -> None:
    with pytest.raises(InsightError, match=r"no column “x”.*k, v"):
        engine.arrow(pairs).select("x")


def test_keep_outlives_what_it_was_made_from(engine: Engine, pairs: pa.Table) -> None:
    source = engine.arrow(pairs)
    view = source.select("k")
    kept = view.keep()
    source.drop()

    assert kept.count() == 4


def test_parquet_goes_out_and_comes_in(engine: Engine, pairs: pa.Table, tmp_path: Path) -> None:
    path = tmp_path / "pairs.parquet"
    engine.arrow(pairs).write_parquet(path, order_by=["k"])

    assert engine.parquet([path]).rows(["k"]) == sorted(pairs.to_pylist(), key=lambda row: row["k"] or 9)


def test_parquet_files_are_united_by_name_and_cast(engine: Engine, tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": pa.array([1], pa.int32()), "b": ["x"]}), tmp_path / "1.parquet")
    pq.write_table(pa.table({"b": ["y"], "a": pa.array([2], pa.int32())}), tmp_path / "2.parquet")

    table = engine.parquet([tmp_path / "1.parquet", tmp_path / "2.parquet"], {"b": "VARCHAR", "a": "DECIMAL(18,4)"})

    assert table.columns == ["b", "a"]
    assert table.rows(["b"]) == [{"b": "x", "a": Decimal("1.0000")}, {"b": "y", "a": Decimal("2.0000")}]


def test_no_files_give_an_empty_table_of_the_columns_given(engine: Engine) -> None:
    table = engine.parquet([], {"customer_id": "BIGINT", "revenue": "DECIMAL(18,4)", "at": "TIMESTAMP"})

    assert table.schema == pa.schema([("customer_id", pa.int64()), ("revenue", MONEY), ("at", pa.timestamp("us"))])
    assert table.rows() == []


def test_no_files_and_no_columns_are_refused(engine: Engine) -> None:
    with pytest.raises(InsightError) as error:
        engine.parquet([])
    assert error.value.code == "no_files"


def test_a_named_table_can_be_queried(engine: Engine, pairs: pa.Table) -> None:
    engine.arrow(pairs, name="letters")

    assert engine.query("select max(v) as last_one from letters where k = $k", {"k": 2}).rows() == [{"last_one": "b"}]
    assert engine.table("letters").count() == 4


def test_a_table_nobody_named_is_refused(engine: Engine) -> None:
    with pytest.raises(InsightError, match="no table “nowhere”"):
        engine.query("select x from nowhere")
    with pytest.raises(InsightError, match="no table “nowhere”"):
        engine.table("nowhere")


def test_a_table_of_another_engine_is_refused(engine: Engine, pairs: pa.Table) -> None:
    with duckdb_engine() as other, pytest.raises(InsightError) as error:
        engine.run(Step.from_text("probe", "select k from t"), {"t": other.arrow(pairs)})
    assert error.value.code == "foreign_table"


def test_what_the_engine_refuses_names_the_step(engine: Engine, pairs: pa.Table) -> None:
    with pytest.raises(InsightError, match="nocol") as error:
        engine.run(Step("probe", "select nocol from t", "marts/probe.sql"), {"t": engine.arrow(pairs)})
    assert (error.value.code, error.value.place) == ("step_failed", "marts/probe.sql")


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    sql = """
        select n % 5000 as k, sum(gx_money(n * n % 97)) as money, count(*) as lines
        from t group by n % 5000
    """
    numbers = list(range(400_000))
    written = []
    for attempt in range(3):
        with duckdb_engine(threads=2) as engine:
            table = engine.arrow(pa.table({"n": numbers}))
            path = tmp_path / f"{attempt}.parquet"
            engine.run(Step.from_text("probe", sql), {"t": table}).write_parquet(path, order_by=["k"])
            written.append(path.read_bytes())
        numbers.reverse()

    assert written[0] == written[1] == written[2]


def test_a_running_query_can_be_interrupted() -> None:
    with duckdb_engine(threads=1) as engine:
        numbers = engine.arrow(pa.table({"n": list(range(20_000))}))
        endless = Step.from_text("endless", "select sum(a.n * b.n + c.n) as n from t as a, t as b, t as c")
        alarm = threading.Timer(0.2, engine.interrupt)
        alarm.start()
        with pytest.raises(InsightError) as error:
            engine.run(endless, {"t": numbers})
        alarm.join()

        assert error.value.code == "interrupted"
        assert numbers.count() == 20_000

    engine.interrupt()  # too late, and harmless


def test_too_little_memory_is_said() -> None:
    greedy = Step.from_text("greedy", "select list(x.range) as l from range(20000000) as x")

    with duckdb_engine(memory_limit="10MB", threads=1) as engine, pytest.raises(InsightError) as error:
        engine.run(greedy)
    assert error.value.code == "out_of_memory"


def test_spill_goes_with_the_engine(tmp_path: Path) -> None:
    engine = DuckDBEngine()
    spill = Path(engine._own_spill or "")
    assert spill.is_dir()

    engine.close()

    assert not spill.exists()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with duckdb_engine() as engine, pytest.raises(InsightError, match=r"gone\.parquet") as error:
        engine.parquet([tmp_path / "gone.parquet"])
    assert error.value.code == "file_not_found"


def test_a_tidy_method_leaves_only_its_result(engine: Engine, pairs: pa.Table) -> None:
    @tidy
    def smallest(table: Table, *, fails: bool = False) -> Table:
        """Go over a view to a result."""
        view = table.select(number="k")
        if fails:
            raise InsightError("probe", "Failed on purpose.")
        return engine.run(Step.from_text("smallest", "select min(number) as k from t"), {"t": view})

    source = engine.arrow(pairs)
    before = engine.relations()
    result = smallest(source)

    assert engine.relations() == [*before, result.name]
    assert result.rows() == [{"k": 1}]
    with pytest.raises(InsightError, match="on purpose"):
        smallest(source, fails=True)
    assert engine.relations() == [*before, result.name]

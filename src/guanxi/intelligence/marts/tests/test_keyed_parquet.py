"""Rows are found by their keys, in whatever groups of whichever files they lie."""

from __future__ import annotations

import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.insight import duckdb_engine
from guanxi.intelligence.marts.keyed_parquet import KeyedParquet

KEYS = st.lists(st.one_of(st.none(), st.integers(0, 12)), max_size=30)


def write(path: Path, keys: list[int | None], *, statistics: bool = True) -> Path:
    ordered = sorted(keys, key=lambda key: (key is None, key or 0))
    table = pa.table({"key": pa.array(ordered, pa.int64()), "place": pa.array(range(len(keys)), pa.int64())})
    pq.write_table(table, path, row_group_size=4, write_statistics=statistics)
    return path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=KEYS, second=KEYS, asked=st.lists(st.integers(0, 12), max_size=4), statistics=st.booleans())
def test_all_rows_of_the_keys_are_found_and_no_others(
    tmp_path: Path, first: list[int | None], second: list[int | None], asked: list[int], *, statistics: bool
) -> None:
    files = [
        write(tmp_path / f"{name}.parquet", keys, statistics=statistics) for name, keys in (("a", first), ("b", second))
    ]
    found = KeyedParquet(files, "key").rows(asked)
    all_rows = [row for file in files for row in pq.read_table(file).to_pylist()]
    assert found == [row for row in all_rows if row["key"] in asked]


def test_groups_without_the_key_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path / "a.parquet", [*range(40), *[None] * 8])
    read: list[list[int]] = []
    whole = pq.ParquetFile.read_row_groups

    def watched(self: pq.ParquetFile, groups: list[int], **more: object) -> pa.Table:
        read.append(groups)
        return whole(self, groups, **more)

    monkeypatch.setattr(pq.ParquetFile, "read_row_groups", watched)
    assert KeyedParquet([file], "key").rows([3, 17], ["key"]) == [{"key": 3}, {"key": 17}]
    assert read == [[0, 4]]


def test_what_the_engine_writes_is_found_by_text_keys_however_long(tmp_path: Path) -> None:
    long = "客户" * 2_000
    with duckdb_engine() as engine:
        engine.arrow(pa.table({"key": ["a", "b", long], "n": [1, 2, 3]})).write_parquet(tmp_path / "a.parquet", ["key"])
    keyed = KeyedParquet([tmp_path / "a.parquet"], "key")
    assert keyed.rows([long, "a"]) == [{"key": "a", "n": 1}, {"key": long, "n": 3}]
    assert keyed.rows(["A"]) == []


def test_threads_do_not_disturb_each_other(tmp_path: Path) -> None:
    keyed = KeyedParquet([write(tmp_path / "a.parquet", list(range(400)))], "key")
    wrong: list[int] = []

    def ask(beginning: int) -> None:
        wrong.extend(key for key in range(beginning, 400, 8) if keyed.rows([key], ["key"]) != [{"key": key}])

    threads = [threading.Thread(target=ask, args=(beginning,)) for beginning in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []

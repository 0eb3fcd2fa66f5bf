from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from guanxi.insight import InsightError, open_warehouse
from guanxi.insight.tests.make import MONEY
from guanxi.insight.warehouse import current_snapshot

NOON = pa.array([1_700_000_000_000_000] * 3, pa.timestamp("us"))


def write(folder: Path, **facts: Any) -> None:
    content = {"run": 12, "business_date": "2024-12-31", "tables": {}} | facts
    (folder / "current.json").write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small warehouse: three baskets, one of them anonymous, and a person."""
    for name in ("run-000012", "person"):
        (tmp_path / name).mkdir()
    shared = {
        "party_key": pa.array([1, 2, None], pa.int64()),
        "source": ["shop"] * 3,
        "order_id": ["o1", "o2", "o3"],
        "ordered_at": NOON,
    }
    money = pa.array([1, 2, 3], MONEY)
    no = [False] * 3
    tables = {
        "run-000012/lines.parquet": shared
        | {
            "product_id": ["tea"] * 3,
            "quantity": money,
            "revenue": money,
            "is_return": no,
            "amount": money,
            "currency": ["USD"] * 3,
        },
        "run-000012/baskets.parquet": shared | {"revenue": money, "lines": [1] * 3, "is_return": no, "is_void": no},
        "run-000012/xref.parquet": {
            "party_key": [1, 2],
            "source": ["shop"] * 2,
            "source_key": ["k1", "k2"],
            "customer_id": [70, 70],
        },
        "person/person.parquet": {"customer_id": [70], "name": ["王伟"]},
    }
    for path, columns in tables.items():
        pq.write_table(pa.table(columns), tmp_path / path)
    write(
        tmp_path,
        tables={
            "fact_purchase_line": ["run-000012/lines.parquet"],
            "fact_purchase": ["run-000012/baskets.parquet"],
            "customer_xref_by_party": ["run-000012/xref.parquet"],
            "person": ["person/person.parquet"],
        },
    )
    return tmp_path


def test_facts_are_seen_with_todays_customers(folder: Path) -> None:
    with open_warehouse(folder) as engine:
        lines = engine.table("purchase_line")
        baskets = engine.table("purchase")

        assert ", ".join(lines.columns) == (
            "customer_id, source, source_key, order_id, product_id, ordered_at, quantity, revenue, is_return, "
            "amount, currency"
        )
        assert ", ".join(baskets.columns) == (
            "customer_id, source, order_id, ordered_at, revenue, lines, is_return, is_void"
        )
        assert [(row["order_id"], row["customer_id"], row["source_key"]) for row in lines.rows(["order_id"])] == [
            ("o1", 70, "k1"),
            ("o2", 70, "k2"),
            ("o3", None, None),
        ]
        assert [row["customer_id"] for row in baskets.rows(["order_id"])] == [70, 70, None]
        assert engine.table("customer_xref").rows(["source_key"]) == [
            {"source": "shop", "source_key": "k1", "customer_id": 70},
            {"source": "shop", "source_key": "k2", "customer_id": 70},
        ]


def test_a_snapshot_from_before_amounts_had_a_currency_can_be_read(folder: Path) -> None:
    path = folder / "run-000012" / "lines.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["amount", "currency"]), path)
    with open_warehouse(folder) as engine:
        lines = engine.table("purchase_line")
        assert lines.columns[-3:] == ["is_return", "amount", "currency"]
        assert [(row["amount"], row["currency"]) for row in lines.rows(["order_id"])] == [
            (1, None),
            (2, None),
            (3, None),
        ]


def test_personal_tables_are_opened_only_when_asked_for(folder: Path) -> None:
    with open_warehouse(folder) as engine, pytest.raises(InsightError, match="no table “person”"):
        engine.query("select name from person")
    with open_warehouse(folder, personal=True) as engine:
        assert engine.query("select name from person").rows() == [{"name": "王伟"}]


def test_the_snapshot_is_told(folder: Path) -> None:
    snapshot = current_snapshot(folder)

    assert (snapshot.run, snapshot.business_date) == (12, date(2024, 12, 31))
    assert [name for name in snapshot.tables if snapshot.is_personal(name)] == ["person"]


def test_a_company_without_purchases_has_empty_marts(tmp_path: Path) -> None:
    write(tmp_path, tables={"fact_purchase": [], "fact_purchase_line": [], "customer_xref_by_party": []})

    with open_warehouse(tmp_path) as engine:
        assert {name: engine.table(name).count() for name in ("purchase", "purchase_line", "customer_xref")} == {
            "purchase": 0,
            "purchase_line": 0,
            "customer_xref": 0,
        }


@pytest.mark.parametrize(
    "sql",
    [
        "select name from read_parquet('{folder}/person/person.parquet')",
        "select * from read_csv('/etc/hostname')",
        "select * from '/etc/hostname'",
        "select content from read_text('{folder}/current.json')",
        "select * from glob('{folder}/*')",
        "select * from person",
        "drop table product",
        "set threads = 1",
        "attach 'x.duckdb' as x",
        "copy (select 1) to '{folder}/out.csv'",
        "select 1; select 2",
    ],
)
def test_a_sealed_warehouse_shows_its_marts_and_nothing_else(folder: Path, sql: str) -> None:
    files = sorted(folder.rglob("*"))
    with open_warehouse(folder, sealed=True) as engine:
        with pytest.raises(InsightError):
            engine.query(sql.format(folder=folder.as_posix()))

        assert engine.query("select count(*) as n from purchase").rows() == [{"n": 3}]
    assert sorted(folder.rglob("*")) == files


def test_no_warehouse_yet_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InsightError, match="Run guanxi refresh first") as error:
        open_warehouse(tmp_path)
    assert error.value.code == "no_warehouse"


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        "{}",
        '{"run": 1, "business_date": "yesterday", "tables": {}}',
        '{"run": 1, "business_date": "2024-12-31", "tables": {"x": ["../x.parquet"]}}',
        '{"run": 1, "business_date": "2024-12-31", "tables": {"x": ["/x.parquet"]}}',
        '{"run": 1, "business_date": "2024-12-31", "tables": {"x": [1]}}',
    ],
)
def test_a_broken_table_of_contents_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "current.json").write_text(text)

    with pytest.raises(InsightError) as error:
        open_warehouse(tmp_path)
    assert error.value.code == "warehouse_unreadable"


def test_a_listed_file_that_is_gone_is_named(folder: Path) -> None:
    (folder / "run-000012" / "lines.parquet").unlink()

    with pytest.raises(InsightError, match=r"lines\.parquet") as error:
        open_warehouse(folder)
    assert error.value.code == "file_not_found"

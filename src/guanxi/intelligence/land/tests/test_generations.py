"""One contract, several generations of a file: columns reordered, renamed, added and gone."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from unittest import mock

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from guanxi.intelligence.land import plan
from guanxi.intelligence.land.tests.workshop import HEAD, land, rejected, rows, table, write
from guanxi.intelligence.models import Delivery
from guanxi.intelligence.sources.errors import ColumnAmbiguous, ColumnsMissing, EncodingWrong

at = datetime.fromisoformat
pytestmark = pytest.mark.django_db(transaction=True)

FEED = """\
[[feed]]
name = "orders"
path = "orders*.csv"
format = "csv"
delivery = "delta"
aliases = { member = ["member_no", "会员号"], sum = ["amount"] }
optional = ["mail", "mail_ok"]
required = ["till"]
ignored = ["x_*"]
[feed.customer]
key = "member"
email = { column = "mail", verified = "mail_ok" }
[feed.purchase]
customer = "member"
order = "order"
ordered_at = "day"
revenue = "sum"
"""
OLD = "till,member,mail,mail_ok,order,day,sum\n1,7,a@b.cn,yes,A,2026-01-01,2.50\n"
REORDERED = "sum,day,order,mail_ok,mail,member,till\n3,2026-01-02,B,no,c@d.cn,8,1\n"
RENAMED = "till,会员号,order,day,amount,x_1\n1,9,C,2026-01-03,4,?\n1,10,D,never,4,?\n1,11,E,2026-01-03,,?\n"


def test_every_generation_lands_by_one_contract(tmp_path: Path) -> None:
    report = land(write(tmp_path, HEAD + FEED, orders_1=OLD, orders_2=REORDERED, orders_3=RENAMED))
    assert (report.rows, report.landed, report.rejected) == (5, 3, 2)
    assert rows("purchase", "order_id", "source_key", "ordered_at", "revenue") == [
        ("A", "7", at("2026-01-01"), Decimal("2.5000")),
        ("B", "8", at("2026-01-02"), Decimal("3.0000")),
        ("C", "9", at("2026-01-03"), Decimal("4.0000")),
    ]
    assert rows("customer", "source_key", "email", "email_verified") == [
        ("7", "a@b.cn", True), ("8", "c@d.cn", False), ("9", None, None),
    ]  # fmt: skip
    assert rejected() == [  # by the names of the file
        ("orders_3.csv", 3, "bad_date", "day", "never"), ("orders_3.csv", 4, "missing", "amount", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("till,member,order,day\n", "“sum”"),
        ("member,order,day,sum\n", "“till”"),
        ("order,day,sum\n", "“member”, “till”"),
    ],
)
def test_a_column_that_is_needed_is_missed_in_words(tmp_path: Path, text: str, missing: str) -> None:
    land(write(tmp_path, HEAD + FEED, orders_1=OLD))
    before = (rows("purchase", "order_id"), list(Delivery.objects.values()))
    with pytest.raises(ColumnsMissing) as refused:
        land(write(tmp_path, HEAD + FEED, orders_1=OLD, orders_2=text))
    assert refused.value.message == f"{tmp_path}/orders_2.csv has no column {missing}."
    assert (rows("purchase", "order_id"), list(Delivery.objects.values())) == before


def test_a_name_that_is_there_twice_is_refused_by_its_own_name(tmp_path: Path) -> None:
    with pytest.raises(ColumnAmbiguous) as refused:
        land(write(tmp_path, HEAD + FEED, orders_1="till,member_no,order,day,sum,member_no\n"))
    assert refused.value.message == f"{tmp_path}/orders_1.csv has more than one column “member_no”."
    assert not Delivery.objects.exists()


def test_of_two_names_of_one_column_the_first_counts(tmp_path: Path) -> None:
    both = "till,会员号,member,order,day,sum\n1,no,7,A,2026-01-01,1\n"
    land(write(tmp_path, HEAD + FEED, orders_1=both))
    assert rows("purchase", "source_key") == ["7"]


def test_leeway_that_lands_nothing_else_lands_nothing_anew(tmp_path: Path) -> None:
    land(write(tmp_path, HEAD + FEED, orders_1=OLD))
    calmer = FEED.replace('required = ["till"]\n', "").replace('"x_*"', '"*"')
    assert land(write(tmp_path, HEAD + calmer)).repeated == ("shop.orders: orders_1.csv",)
    other = FEED.replace('aliases = { member = ["member_no", "会员号"], sum', "aliases = { sum")
    assert land(write(tmp_path, HEAD + other)).files == 1
    assert table("purchase").num_rows == 1


GOODS = """\
[[feed]]
name = "goods"
path = "{path}"
format = "{format}"
aliases = {{ sku = ["code"] }}
optional = ["kind"]
{more}
[feed.product]
key = "sku"
name = "title"
category = "kind"
"""


def test_json_lines_parquet_and_tables_of_a_database(tmp_path: Path) -> None:
    (tmp_path / "g.jsonl").write_text(json.dumps({"code": "a", "title": "Cup"}) + "\n")
    pq.write_table(pa.table({"title": ["Pot"], "code": [7]}), tmp_path / "g.parquet")
    with closing(sqlite3.connect(tmp_path / "g.db")) as database, database:
        database.execute("CREATE TABLE goods (title, code)")
        database.execute("INSERT INTO goods VALUES ('Jar', 'c')")
    for path, kind, more in (
        ("g.jsonl", "jsonl", ""),
        ("g.parquet", "parquet", ""),
        ("g.db", "sqlite", 'table = "goods"'),
    ):
        contract = HEAD.replace('"shop"', f'"{kind}"') + GOODS.format(path=path, format=kind, more=more)
        land(write(tmp_path, contract))
    assert rows("product", "source", "product_id", "name", "category") == [
        ("jsonl", "a", "Cup", None), ("parquet", "7", "Pot", None), ("sqlite", "c", "Jar", None),
    ]  # fmt: skip


def drifts() -> list[tuple[str, list[str], dict[str, object]]]:
    return list(Delivery.objects.order_by("run_id", "name").values_list("name", "columns", "drift"))


def test_every_delivery_keeps_its_columns_and_what_changed_since_the_one_before(tmp_path: Path) -> None:
    land(write(tmp_path, HEAD + FEED, orders_1=OLD, orders_2=REORDERED))
    land(write(tmp_path, HEAD + FEED, orders_0=RENAMED, orders_9="order,till,sum,day,member,note\n"))
    old, new = OLD.splitlines()[0].split(","), RENAMED.splitlines()[0].split(",")
    assert drifts() == [
        ("orders_1.csv", old, {}),
        ("orders_2.csv", REORDERED.splitlines()[0].split(","),
         {"before": "orders_1.csv", "moved": ["sum", "day", "order", "mail_ok", "mail", "member"]}),
        ("orders_0.csv", new,
         {"before": "orders_2.csv", "removed": ["mail_ok", "mail"], "moved": ["till", "会员号", "order", "day"],
          "renamed": [["member", "会员号"], ["sum", "amount"]], "lacking": ["mail", "mail_ok"]}),
        ("orders_9.csv", ["order", "till", "sum", "day", "member", "note"],
         {"before": "orders_0.csv", "added": ["note"], "moved": ["order", "sum", "day"],
          "renamed": [["amount", "sum"], ["会员号", "member"]], "unknown": ["note"], "lacking": ["mail", "mail_ok"]}),
    ]  # fmt: skip


def test_what_only_a_changed_contract_reads_anew_has_not_drifted(tmp_path: Path) -> None:
    land(write(tmp_path, HEAD + FEED, orders_1=OLD, orders_2=REORDERED))
    land(write(tmp_path, HEAD.replace("Shanghai", "Urumqi") + FEED))
    assert [drift for name, _columns, drift in drifts()[2:]] == [{}, {}]


def test_a_resumed_run_compares_as_one_that_was_never_stopped(tmp_path: Path) -> None:
    torn = (OLD + (OLD.splitlines()[1] + "\n") * 500).encode() + b"1,9,\xff,,B,2026-01-02,1\n"
    path = write(tmp_path, HEAD + FEED, orders_1=OLD, orders_2=REORDERED, orders_3=torn)
    with mock.patch.object(plan, "CHUNK_ROWS", 1):
        with pytest.raises(EncodingWrong):
            land(path)
        assert [name for name, *_rest in drifts()] == ["orders_1.csv", "orders_2.csv"]
        land(write(tmp_path, HEAD + FEED, orders_3=OLD.replace("A,", "F,")))
    assert drifts()[2] == (
        "orders_3.csv", OLD.splitlines()[0].split(","),
        {"before": "orders_2.csv", "moved": ["till", "member", "mail", "mail_ok", "order", "day"]},
    )  # fmt: skip


def test_columns_that_the_contract_itself_names_are_none_of_the_file(tmp_path: Path) -> None:
    contract = HEAD + GOODS.format(path="g.csv", format="csv", more='header = false\ncolumns = ["code", "title"]')
    plain = contract.replace('aliases = { sku = ["code"] }\noptional = ["kind"]\n', "").replace(
        'key = "sku"\nname = "title"\ncategory = "kind"', 'key = "code"\nname = "title"'
    )
    land(write(tmp_path, plain, g="a,Cup\n"))
    assert drifts() == [("g.csv", [], {})]

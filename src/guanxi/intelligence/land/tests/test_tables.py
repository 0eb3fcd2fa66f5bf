"""Tables of databases as sources: copied whole, in one order, read only; refused in words."""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pyarrow.parquet as pq
import pytest
from psycopg import sql

from guanxi.intelligence.land.rejects import list_rejects
from guanxi.intelligence.land.tests.workshop import HEAD, land, rows, table
from guanxi.intelligence.sources.check import check_contract
from guanxi.intelligence.sources.errors import LookupAmbiguous, SourceUnreachable, TableMissing
from guanxi.intelligence.sources.readers.options import TableOptions
from guanxi.intelligence.sources.tables import copy_table

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLE = Path(__file__).parents[5] / "examples" / "sources" / "northwind.toml"
FEED = """\
[[feed]]
name = "lines"
{where}
table = "{table}"
{more}
[feed.purchase]
customer = "who"
order = 'or"der'
ordered_at = "day"
revenue = "sum"
"""
LOOKUP = 'lookup = {{ table = "Orders; drop", key = \'or"der\', columns = [{columns}] }}'
LINES = [("b", "2.50"), ("a", "1.25"), ("c", "7"), ("a", "-1")]
ORDERS = [("a", "7", "2026-01-31 08:00:00"), ("b", None, "2026-02-01 00:00:00")]
LANDED = [
    ("a", "7", "2026-01-31 08:00:00", Decimal("-1.0000")), ("a", "7", "2026-01-31 08:00:00", Decimal("1.2500")),
    ("b", None, "2026-02-01 00:00:00", Decimal("2.5000")),
]  # fmt: skip


def contract(folder: Path, where: str, table_name: str = "lines", columns: str = '"who", "day"') -> Path:
    path = folder / "shop.toml"
    path.write_text(
        HEAD + FEED.format(where=where, table=table_name, more=LOOKUP.format(columns=columns)), encoding="utf-8"
    )
    return path


def purchases() -> list[tuple[Any, ...]]:
    return [
        (*row[:2], str(row[2]), row[3]) for row in rows("purchase", "order_id", "source_key", "ordered_at", "revenue")
    ]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute('CREATE TABLE lines ("or""der" TEXT, sum TEXT, picture BLOB)')
        connection.execute('CREATE TABLE "Orders; drop" ("or""der" TEXT PRIMARY KEY, who TEXT, day TEXT)')
        connection.executemany("INSERT INTO lines VALUES (?, ?, x'ff')", LINES)
        connection.executemany('INSERT INTO "Orders; drop" VALUES (?, ?, ?)', ORDERS)
    return path


SQLITE = 'format = "sqlite"\npath = "shop.db"'


def test_a_table_and_what_is_looked_up(tmp_path: Path, shop: Path) -> None:
    path = contract(tmp_path, SQLITE)
    report = land(path)
    assert (report.files, report.rows, report.landed, report.rejected) == (1, 4, 3, 1)
    assert report.feeds[0].reasons == {"missing": 1}  # a line whose order is nowhere has no day
    assert purchases() == LANDED
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["shop.db", "shop.toml"]
    with closing(sqlite3.connect(shop)) as connection, connection:
        connection.execute("UPDATE lines SET picture = NULL")
    assert land(path).files == 0  # what is read is the same
    with closing(sqlite3.connect(shop)) as connection, connection:
        connection.execute('UPDATE lines SET sum = 9 WHERE "or""der" = \'b\'')
    assert (land(path).replaced, purchases()[2][3]) == (1, Decimal("9.0000"))


def test_the_order_of_rows_does_not_matter(tmp_path: Path, shop: Path) -> None:
    path = contract(tmp_path, SQLITE)
    land(path)
    with closing(sqlite3.connect(shop)) as connection, connection:
        connection.execute("DELETE FROM lines")
        connection.executemany("INSERT INTO lines VALUES (?, ?, NULL)", reversed(LINES))
    assert land(path).files == 0


def test_a_table_without_rows_is_an_empty_delivery(tmp_path: Path, shop: Path) -> None:
    land(contract(tmp_path, SQLITE))
    with closing(sqlite3.connect(shop)) as connection, connection:
        connection.execute("DELETE FROM lines")
    report = land(contract(tmp_path, SQLITE))
    assert (report.files, report.rows, report.replaced, purchases()) == (1, 0, 1, [])


def test_a_key_that_repeats_is_refused(tmp_path: Path, shop: Path) -> None:
    with closing(sqlite3.connect(shop)) as connection, connection:
        connection.execute('ALTER TABLE "Orders; drop" RENAME TO old')
        connection.execute('CREATE TABLE "Orders; drop" AS SELECT * FROM old UNION ALL SELECT * FROM old')
    with pytest.raises(LookupAmbiguous, match="rows would be counted twice"):
        land(contract(tmp_path, SQLITE))
    assert table("purchase").num_rows == 0


def test_what_is_not_there_is_told(tmp_path: Path, shop: Path) -> None:
    with pytest.raises(TableMissing) as refused:
        land(contract(tmp_path, SQLITE, "line"))
    assert refused.value.message == "The database has no “line”."
    assert "Did you mean “lines”?" in refused.value.remedy
    (mistake,) = check_contract(contract(tmp_path, SQLITE, columns='"who", "dya"'))
    assert (mistake.path, mistake.message) == ("feed.lines.table", "The database has no “Orders; drop.dya”.")
    assert mistake.suggestion.endswith("Did you mean “day”?")
    (mistake,) = check_contract(contract(tmp_path, SQLITE, columns='"who"'))
    assert (mistake.path, mistake.message.rpartition(": ")[2]) == (
        "feed.lines.purchase.ordered_at", "There is no column “day”.",
    )  # fmt: skip
    shop.write_bytes(b"no database at all" * 100)
    with pytest.raises(SourceUnreachable, match="file is not a database"):
        land(contract(tmp_path, SQLITE))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection[Any]]:
    """A schema of its own on the server, found by a variable."""
    url = os.environ["GUANXI_TEST_POSTGRES_URL"]
    schema = f"shop_{uuid.uuid4().hex[:12]}"
    monkeypatch.setenv("GUANXI_SOURCE_URL_SHOP", url)
    monkeypatch.setenv("SHOP_SCHEMA", schema)
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        connection.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(schema)))
        try:
            yield connection
        finally:
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))


@pytest.mark.postgres
def test_postgresql(tmp_path: Path, server: psycopg.Connection[Any]) -> None:
    server.execute('CREATE TABLE lines ("or""der" text, sum numeric(9, 2), picture bytea)')
    server.execute('CREATE TABLE "Orders; drop" ("or""der" text PRIMARY KEY, who int, day timestamptz)')
    with server.cursor() as cursor:
        cursor.executemany("INSERT INTO lines VALUES (%s, %s, NULL)", LINES)
        cursor.executemany('INSERT INTO "Orders; drop" VALUES (%s, %s, %s::timestamp AT TIME ZONE %s)',
                           [(*order, "Asia/Shanghai") for order in ORDERS])  # fmt: skip
    schema = os.environ["SHOP_SCHEMA"]
    where = f'format = "postgresql"\ndatabase_url = "${{GUANXI_SOURCE_URL_SHOP}}"\nschema = "{schema}"'
    path = contract(tmp_path, where)
    report = land(path)
    assert (report.files, report.rows, report.landed, report.rejected) == (1, 4, 3, 1)
    assert purchases() == LANDED
    server.execute("CREATE TABLE again AS SELECT * FROM lines ORDER BY sum DESC")
    server.execute("DROP TABLE lines")
    server.execute("ALTER TABLE again RENAME TO lines")
    assert land(path).files == 0
    with pytest.raises(TableMissing, match="no “lined”"):
        land(contract(tmp_path, where, "lined"))


@pytest.mark.postgres
def test_days_no_calendar_has_cost_their_rows_and_nothing_else(tmp_path: Path, server: psycopg.Connection[Any]) -> None:
    server.execute("CREATE TABLE orders (no int PRIMARY KEY, day date, at timestamptz)")
    server.execute(
        "INSERT INTO orders VALUES (1, 'infinity', now()), (2, '2026-01-31', '-infinity'), "
        "(3, '0044-03-15 BC', now()), (4, '2026-01-31', '2026-01-31 08:00+08'), (5, '20260-01-31', now())"
    )
    path = tmp_path / "shop.toml"
    where = f'database_url = "${{GUANXI_SOURCE_URL_SHOP}}"\nschema = "{os.environ["SHOP_SCHEMA"]}"'
    path.write_text(
        HEAD + f'[[feed]]\nname = "orders"\nformat = "postgresql"\ntable = "orders"\n{where}\n'
        '[feed.customer]\nkey = "no"\ncreated_on = "day"\nupdated_at = "at"\n',
        encoding="utf-8",
    )
    report = land(path)
    assert (report.landed, report.rejected) == (1, 4)
    assert rows("customer", "source_key", "created_on") == [("4", date(2026, 1, 31))]
    assert [(row.column, row.reason) for row in list_rejects()] == [
        ("day", "bad_date"), ("at", "date_out_of_range"), ("day", "date_out_of_range"), ("day", "date_out_of_range"),
    ]  # fmt: skip


def test_text_that_is_none_and_a_file_nobody_may_read(tmp_path: Path, shop: Path) -> None:
    with closing(sqlite3.connect(shop)) as connection, connection:
        connection.execute("UPDATE lines SET sum = CAST(x'ff41' AS TEXT) WHERE sum = '7'")
    with pytest.raises(SourceUnreachable, match="Invalid UTF8"):
        land(contract(tmp_path, SQLITE))
    assert table("purchase").num_rows == 0


def test_every_value_of_sqlite_is_text_whatever_its_column_began_with(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "shop.db")) as connection, connection:
        connection.execute("CREATE TABLE odd (no INTEGER PRIMARY KEY, what)")
        connection.executemany("INSERT INTO odd (what) VALUES (?)", [(None,)] * 50_001)  # a batch of nothing but NULL
        values = ["", "中", 2**62, 0.1 + 0.2, 17850.0, 1e20, -1.5, b"bytes", "a\nb"]
        connection.executemany("INSERT INTO odd (what) VALUES (?)", [(value,) for value in values])
    target = tmp_path / "copy.parquet"
    copy_table("sqlite", str(tmp_path / "shop.db"), TableOptions("odd"), ["what"], target)
    found = pq.read_table(target)["what"].to_pylist()
    assert found[:50_001] == [None] * 50_001
    assert found[50_001:] == [
        "", "中", "4611686018427387904", "0.3", "17850.0", "1.0e+20", "-1.5", "bytes", "a\nb",
    ]  # fmt: skip


@pytest.mark.parametrize("password", ["open-sesame", "pass@open-sesame", "pass/open-sesame", "pass#open-sesame"])
def test_a_password_is_never_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    monkeypatch.setenv("GUANXI_SOURCE_URL_SHOP", f"postgresql://nobody:{password}@127.0.0.1:1/none")
    path = contract(tmp_path, 'format = "postgresql"\ndatabase_url = "${GUANXI_SOURCE_URL_SHOP}"')
    with pytest.raises(SourceUnreachable) as refused:
        land(path)
    told = f"{refused.value.message}{refused.value.remedy}{refused.value.place}"
    assert "sesame" not in told
    assert "pass" not in told.replace("password", "")
    assert "${GUANXI_SOURCE_URL_SHOP}" in told


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("postgresql://reader:secret@db/erp", "A contract must not hold a password."),
        ("postgresql://reader@db/erp?password=secret", "A contract must not hold a password."),
        ("postgresql://reader:secret/x@db/erp", "A contract must not hold a password."),
        ("${HOME}", "Only a variable whose name begins with GUANXI_ may stand here, and nothing beside it."),
        ("postgresql://reader:${GUANXI_SOURCE_PASSWORD}@db/erp",
         "Only a variable whose name begins with GUANXI_ may stand here, and nothing beside it."),
        ("${GUANXI_SOURCE_URL_NONE}", "The variable “GUANXI_SOURCE_URL_NONE” is not set."),
        ("${GUANXI_SECRET_KEY}", "This is not the address of a PostgreSQL database."),
    ],
)  # fmt: skip
def test_addresses_that_are_refused(tmp_path: Path, written: str, told: str) -> None:
    path = contract(tmp_path, f'format = "postgresql"\ndatabase_url = "{written}"\ndelivery = "delta"')
    url, delivery = check_contract(path)
    assert (url.path, url.message) == ("feed.lines.database_url", told)
    assert "secret" not in url.suggestion
    assert delivery.message.startswith("A table always delivers all its rows")


@pytest.mark.data
def test_northwind() -> None:
    file = Path(os.environ["GUANXI_DATA"]) / "northwind" / "northwind.sqlite3"
    with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as connection:

        def ask(question: str) -> list[tuple[Any, ...]]:
            return connection.execute(question).fetchall()

        customers = ask("SELECT CustomerID, CompanyName, City FROM Customers ORDER BY 1")
        products = ask("SELECT CAST(ProductID AS TEXT), ProductName, CategoryName FROM Products "
                       "LEFT JOIN Categories USING (CategoryID)")  # fmt: skip
        lines = ask("SELECT CAST(OrderID AS TEXT), CustomerID, CAST(ProductID AS TEXT), substr(OrderDate, 1, 19), "
                    "CAST(Quantity AS TEXT), CAST(UnitPrice AS TEXT) "
                    "FROM OrderDetails JOIN Orders USING (OrderID)")  # fmt: skip
    report = land(EXAMPLE)
    assert [(feed.feed, feed.rows, feed.landed, feed.rejected) for feed in report.feeds] == [
        ("customers", 91, 91, 0), ("lines", 2_155, 2_155, 0), ("products", 77, 77, 0),
    ]  # fmt: skip
    assert rows("customer", "source_key", "name", "city") == customers
    assert rows("product", "product_id", "name", "category") == sorted(products)
    landed = rows("purchase", "order_id", "source_key", "product_id", "ordered_at", "quantity", "unit_price", "revenue")
    assert sorted((*row[:3], str(row[3])[:19], *row[4:]) for row in landed) == sorted(
        (*line[:4], Decimal(line[4]), Decimal(line[5]), Decimal(line[4]) * Decimal(line[5])) for line in lines
    )
    assert len({row[0] for row in landed}) == 830

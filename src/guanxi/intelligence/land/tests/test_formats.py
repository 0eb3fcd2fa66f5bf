"""JSON lines and fixed width all the way: what is wrong is set aside in words, the rest lands."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from guanxi.intelligence.land.rejects import list_rejects
from guanxi.intelligence.land.tests.workshop import HEAD, land, rows, table
from guanxi.intelligence.sources.check import check_contract
from guanxi.intelligence.sources.contract import ContractInvalid
from guanxi.intelligence.sources.errors import ColumnsMissing, EncodingWrong, StrayBytes

pytestmark = pytest.mark.django_db(transaction=True)
JSON_LINES = """\
[[feed]]
name = "orders"
path = "orders.jsonl"
format = "jsonl"
{more}
[feed.customer]
key = "buyer.id"
email = {{ column = "buyer.mail", verified = "buyer.ok" }}
[feed.purchase]
customer = "buyer.id"
ordered_at = "at"
revenue = "sum"
"""
WHOLE = '{"buyer": {"id": 7, "mail": "a@b.cn", "ok": true}, "at": "2026-01-31T08:00:00Z", "sum": 0.10}\n'
TORN = '{"at": "2026-02-01", "sum": 2}\n{"at": "2026-02-02", "su'


def write(folder: Path, content: str, more: str = "") -> Path:
    (folder / "orders.jsonl").write_text(content, encoding="utf-8")
    path = folder / "shop.toml"
    path.write_text(HEAD + JSON_LINES.format(more=more), encoding="utf-8")
    return path


def test_json_lines_with_a_torn_last_line(tmp_path: Path) -> None:
    report = land(write(tmp_path, WHOLE + TORN))
    assert (report.rows, report.landed, report.rejected) == (3, 2, 1)
    landed = rows("purchase", "ordered_at", "source_key", "revenue")
    assert [(str(at), key, revenue) for at, key, revenue in landed] == [
        ("2026-01-31 16:00:00", "7", Decimal("0.1000")), ("2026-02-01 00:00:00", None, Decimal("2.0000")),
    ]  # fmt: skip
    assert rows("customer", "source_key", "email", "email_verified") == [("7", "a@b.cn", True)]
    assert [(row.line, row.text) for row in list_rejects()] == [
        (3, "The last line is torn: the file ends in the middle of it.")
    ]


def test_a_field_no_object_has_is_refused_unless_it_may_be_absent(tmp_path: Path) -> None:
    poor = '{"buyer": {"id": 7}, "at": "2026-01-31", "sum": 1}\n'
    with pytest.raises(ColumnsMissing, match=r"no column “buyer.mail”, “buyer.ok”"):
        land(write(tmp_path, poor))
    path = write(tmp_path, poor, 'optional = ["buyer.mail", "buyer.ok"]')
    assert [mistake.warning for mistake in check_contract(path)] == [True]
    assert land(path).landed == 1


def test_a_line_of_fixed_width_that_is_too_short(tmp_path: Path) -> None:
    (tmp_path / "members.txt").write_text("0001 20260131\n0002\n", encoding="utf-8")
    path = tmp_path / "shop.toml"
    path.write_text(
        f"""{HEAD}[[feed]]
name = "members"
path = "members.txt"
format = "fixed"
columns = [{{ name = "no", start = 1, width = 4 }}, {{ name = "since", start = 6, width = 8 }}]
date_formats = ["%Y%m%d"]
[feed.customer]
key = "no"
created_on = "since"
""",
        encoding="utf-8",
    )
    report = land(path)
    assert (report.rows, report.landed, report.rejected) == (2, 1, 1)
    assert [(row.line, row.text) for row in list_rejects()] == [(2, "The line has 4 characters; the columns need 13.")]


TEXT = """\
[[feed]]
name = "orders"
path = "orders.csv"
format = "csv"
encoding = "{encoding}"
{more}
[feed.purchase]
customer = "who"
ordered_at = "day"
revenue = "sum"
"""
ROWS = "who,day,sum,remark\n王,2026-01-31,1.50,一\n李,2026-01-31,2.50,二\n"


def land_text(folder: Path, raw: bytes, encoding: str = "utf-8", more: str = "") -> list[tuple[str, Decimal]]:
    """The customers and amounts that land of orders.csv."""
    (folder / "orders.csv").write_bytes(raw)
    path = folder / "shop.toml"
    path.write_text(HEAD + TEXT.format(encoding=encoding, more=more), encoding="utf-8")
    land(path)
    return [(who, amount) for who, amount in rows("purchase", "source_key", "revenue")]


TORN_LINE = "The last line is torn: the file ends in the middle of it."
WANG, LI, ZHANG = ("王", Decimal("1.5000")), ("李", Decimal("2.5000")), ("张", Decimal("3.5000"))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5", "utf-16", "utf-16-le"])
@pytest.mark.parametrize(
    ("rest", "cut"),
    [("张,2026-01", 0), ('张,2026-01-31,3.50,"三', 0), ('张,2026-01-31,3.50,"三\n四', 0), ("张,2026-01-31,3.50,三", 1)],
)
def test_a_torn_last_line_costs_itself_only(tmp_path: Path, encoding: str, rest: str, cut: int) -> None:
    if encoding == "big5":
        rest = rest.replace("张", "張")
    raw = (ROWS + rest).encode(encoding)
    assert land_text(tmp_path, raw[: len(raw) - cut], encoding) == [LI, WANG]
    (row,) = [row for row in list_rejects() if row.line == 4]
    assert row.text in {TORN_LINE, "A quote is opened and never closed."}
    assert all(row.text == TORN_LINE for row in list_rejects() if row.line == 5)


def test_a_last_line_that_may_be_whole_lands_unless_its_sender_ends_every_line(tmp_path: Path) -> None:
    raw = (ROWS + "张,2026-01-31,3.50,三").encode()
    assert land_text(tmp_path, raw) == [ZHANG, LI, WANG]
    assert land_text(tmp_path, raw, more="ends_lines = true") == [LI, WANG]
    assert [(row.line, row.text) for row in list_rejects()] == [(4, TORN_LINE)]
    assert land_text(tmp_path, raw + b"\r\n", more="ends_lines = true") == [ZHANG, LI, WANG]


def test_names_of_columns_are_no_row_wherever_they_stand(tmp_path: Path) -> None:
    assert land_text(tmp_path, (ROWS + ROWS).encode()) == [LI, LI, WANG, WANG]
    named = 'header = false\ncolumns = ["who", "day", "sum", "remark"]'
    assert land_text(tmp_path, ROWS.encode(), more=named) == [LI, WANG]
    words = "The line is not a row, but names the columns."
    assert {(row.line, row.text) for row in list_rejects()} == {(4, words), (1, words)}


@pytest.mark.parametrize(
    ("written", "encoding", "message"),
    [
        ("gb18030", "utf-8", "orders.csv is not utf-8: byte 0xCD in line 2."),
        ("utf-16-le", "utf-8", "orders.csv is not utf-8: byte 0x00 in line 1."),
        ("utf-16-le", "utf-16", "orders.csv is not utf-16: byte 0x77 in line 1."),
        ("utf-16", "gb18030", "orders.csv is not gb18030: byte 0xFF in line 1."),
        ("utf-8-sig", "gb18030", "orders.csv is not gb18030: byte 0xEF in line 1."),
        ("utf-8", "ascii", "orders.csv is not ascii: byte 0xE7 in line 2."),
    ],
)
def test_another_encoding_is_refused_whole(tmp_path: Path, written: str, encoding: str, message: str) -> None:
    with pytest.raises(EncodingWrong) as refused:
        land_text(tmp_path, ROWS.encode(written), encoding)
    assert refused.value.message.replace(f"{tmp_path}/", "") == message
    assert written.removesuffix("-sig") in refused.value.remedy
    assert table("purchase").num_rows == 0
    assert land_text(tmp_path, ROWS.encode(written), written.removesuffix("-sig")) == [LI, WANG]


def test_stray_bytes_are_refused_with_their_line(tmp_path: Path) -> None:
    raw = (ROWS + "张,2026-01-31,3.50,一二三四五六七八九十\n").encode()
    with pytest.raises(StrayBytes) as refused:
        land_text(tmp_path, raw + b"x,2026-01-31,1,\xe9t\xe9\n")
    assert refused.value.place == f"{tmp_path / 'orders.csv'}:5"
    assert table("purchase").num_rows == 0


SHEET = """\
[[feed]]
name = "orders"
path = "orders.xlsx"
format = "xlsx"
date_formats = ["%d.%m.%Y"]
clock = "UTC"
thousands = "."
decimal = ","
aliases = { who = ["member"] }
fill_down = ["who"]
[feed.customer]
key = "who"
phone = "phone"
[feed.purchase]
customer = "who"
ordered_at = "day"
revenue = "sum"
"""


def test_a_workbook_of_cells_typed_in_both_ways(tmp_path: Path) -> None:
    (tmp_path / "~$orders.xlsx").write_bytes(b"Excel has it open")
    with xlsxwriter.Workbook(tmp_path / "orders.xlsx") as book:
        sheet, style = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, ["member", "phone", "day", "sum"])
        sheet.write_row(1, 0, ["007", 13812345678.0, "02.01.2026", "1.234,50"])
        sheet.write_row(2, 0, ["007", "13812345678", None, 1234.5])
        sheet.write_datetime(2, 2, datetime.combine(date(2026, 1, 2), time(20, 0)), style)
        sheet.write_row(3, 0, [None, None, 46053, 1])
        sheet.write_row(4, 0, ["008", 1, "03.01.2026"])
        sheet.write_formula(4, 3, "=1/0", None, "#DIV/0!")
        sheet.write_row(5, 2, ["04.01.2026", 5])
    path = tmp_path / "shop.toml"
    path.write_text(HEAD + SHEET.replace("orders.xlsx", "*.xlsx"), encoding="utf-8")
    report = land(path)
    assert (report.files, report.rows, report.landed, report.rejected) == (1, 5, 3, 2)
    assert [(str(at), *row) for at, *row in rows("purchase", "ordered_at", "source_key", "revenue", "line")] == [
        ("2026-01-02 00:00:00", "007", Decimal("1234.5000"), 2),
        ("2026-01-03 04:00:00", "007", Decimal("1234.5000"), 3), ("2026-01-04 00:00:00", "008", Decimal("5.0000"), 6),
    ]  # fmt: skip
    assert rows("customer", "source_key", "phone") == [("007", "13812345678"), ("008", None)]
    assert [(row.line, row.column, row.text) for row in list_rejects()] == [
        (4, "day", "“46053” in “day” is not a date in a format of the contract."),
        (5, "sum", "The cell of “sum” shows an error such as #N/A."),
    ]
    assert land(path).files == 0


BASKETS = """\
[[feed]]
name = "baskets"
path = "orders.csv"
format = "csv"
delimiter = "\\t"
quote = ""
header = false
columns = ["items"]
split = {{ column = "items", by = "{by}" }}
{more}
[feed.purchase]
order = "@line"
product = "items"
ordered_at = {{ value = 2026-01-31 }}
revenue = {{ value = 0 }}
[feed.product]
key = "items"
"""


def test_a_line_of_several_values_is_a_row_for_each(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("tea ,cup,,tea\n\n , ,\ncup\ta,b\npot,\n", encoding="utf-8")
    path = tmp_path / "shop.toml"
    path.write_text(HEAD + BASKETS.format(by=",", more='keep = [{ column = "items", op = "!=", value = "pot" }]'))
    report = land(path)
    assert (report.rows, report.landed, report.rejected, report.filtered) == (6, 4, 1, 1)
    assert rows("purchase", "order_id", "product_id", "line") == [
        ("orders.csv:1", "cup", 1), ("orders.csv:1", "tea", 1), ("orders.csv:1", "tea", 1), ("orders.csv:3", None, 3),
    ]  # fmt: skip
    assert rows("product", "product_id", "uses") == [("cup", 1), ("tea", 2)]
    assert [(row.line, row.raw, row.reason) for row in list_rejects()] == [(4, "cup\ta,b", "column_count")]


def test_a_rejected_part_of_a_line_tells_the_line(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(f"tea|{'x' * 121}|cup\nlast|\n", encoding="utf-8")
    path = tmp_path / "shop.toml"
    counted = 'control = { line = "last|*{rows}" }'
    path.write_text(HEAD + BASKETS.format(by="|", more=""), encoding="utf-8")
    report = land(path)
    assert (report.rows, report.landed, report.rejected) == (4, 3, 1)
    assert [(row.line, row.raw) for row in list_rejects()] == [(1, f"tea|{'x' * 121}|cup")]
    (tmp_path / "orders.csv").write_text("tea|cup\njar\nlast|2\n", encoding="utf-8")
    path.write_text(HEAD + BASKETS.format(by="|", more=counted), encoding="utf-8")
    assert land(path).rows == 3  # control totals count the lines of the file


def test_a_day_that_cannot_be_read_may_be_nothing(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("no,born\n1,1990-02-30\n2,1990-02-28\n3,1700-01-01\n4,\n", encoding="utf-8")
    feed = '[[feed]]\nname = "c"\npath = "orders.csv"\nformat = "csv"\n[feed.customer]\nkey = "no"\n'
    path = tmp_path / "shop.toml"
    path.write_text(HEAD + feed + 'birth_on = { column = "born", unreadable = "nothing" }\n', encoding="utf-8")
    report = land(path)
    assert (report.landed, report.rejected) == (4, 0)
    assert rows("customer", "source_key", "birth_on") == [
        ("1", None),
        ("2", date(1990, 2, 28)),
        ("3", None),
        ("4", None),
    ]
    path.write_text(HEAD + feed + 'name = { column = "born", unreadable = "nothing" }\n', encoding="utf-8")
    with pytest.raises(ContractInvalid, match="Only days of customers may be unreadable"):
        land(path)

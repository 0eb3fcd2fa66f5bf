"""A first contract for a file: what it says of its columns is right, and it passes the check."""

from __future__ import annotations

import os
import tarfile
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from guanxi.intelligence.sources.check import check_contract
from guanxi.intelligence.sources.contract import Contract, load_contract
from guanxi.intelligence.sources.draft import draft_contract
from guanxi.intelligence.sources.errors import FileEmpty, FileUnreadable, OldWorkbook
from guanxi.intelligence.sources.readers.options import CsvOptions, XlsxOptions
from guanxi.intelligence.sources.sniff import DraftRefused


def drafted(folder: Path, file: Path) -> Contract:
    path = folder / "draft.toml"
    path.write_text(draft_contract(file), encoding="utf-8")
    assert [mistake for mistake in check_contract(path) if not mistake.warning] == []
    return load_contract(path)


def columns(contract: Contract, table: str) -> dict[str, str | None]:
    return {field: mapped.column for field, mapped in contract.feeds[0].mappings[table].items()}


def test_a_chinese_export_with_two_styles_of_dates(tmp_path: Path) -> None:
    file = tmp_path / "会员 2026.csv"
    lines = ["会员编号;姓名;手机;电子邮箱;出生日期;备注"]
    lines += [f"00{n};王{n};+86 138 0000 00{n};m{n}@a.cn;{1980 + n}年3月{n}日;x" for n in range(10, 28)]
    lines += ["0050;李;+86 139 0000 0000;l@a.cn;1990/12/31;"]
    file.write_bytes("\r\n".join(lines).encode("gb18030"))
    contract = drafted(tmp_path, file)
    assert (contract.name, contract.feeds[0].date_formats) == ("2026", ("%Y年%m月%d日", "%Y/%m/%d"))
    assert contract.feeds[0].options == CsvOptions(delimiter=";", encoding="gb18030")
    assert columns(contract, "customer") == {
        "key": "会员编号", "name": "姓名", "phone": "手机", "email": "电子邮箱", "birth_on": "出生日期",
    }  # fmt: skip


def test_amounts_with_marks_and_units(tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    file.write_text('member_no;date;amount\n1;2026-01-31;"1.234,50 €"\n2;2026-01-31;"7,00 €"\n', encoding="utf-8")
    contract = drafted(tmp_path, file)
    feed = contract.feeds[0]
    assert (feed.decimal, feed.thousands, feed.units) == (",", ".", ("€",))
    assert columns(contract, "purchase") == {"customer": "member_no", "ordered_at": "date", "revenue": "amount"}


def test_day_and_month_in_both_orders(tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    days = ["31/01/2026", "1/31/2026", "3/4/2026", "25/12/2025"]
    file.write_text("customer_id,date,amount\n" + "".join(f"{n},{day},5\n" for n, day in enumerate(days)))
    (tmp_path / "draft.toml").write_text(draft_contract(file), encoding="utf-8")
    (remark,) = check_contract(tmp_path / "draft.toml")
    assert remark.warning
    assert load_contract(tmp_path / "draft.toml").feeds[0].date_formats == ("%d/%m/%Y", "%m/%d/%Y")
    assert "two styles are mixed: “3/4/2026” and all that fit both are read by the first" in draft_contract(file)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "big5", "gb18030"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "f.csv"
    names = ["王偉", "陳大文", "黃小明", "李美麗", "張志強", "林淑芬"]
    text = "會員編號,姓名,電話\r\n" + "".join(f"A{n},{name},138{n:08}\r\n" for n, name in enumerate(names))
    file.write_bytes(text.encode(encoding))
    contract = drafted(tmp_path, file)
    assert contract.feeds[0].options == CsvOptions(encoding=encoding)
    assert columns(contract, "customer") == {"key": "會員編號", "name": "姓名", "phone": "電話"}


def test_without_header(tmp_path: Path) -> None:
    file = tmp_path / "f.txt"
    file.write_text("".join(f"{n}\ta{n}@b.cn\n" for n in range(50)))
    contract = drafted(tmp_path, file)
    options = CsvOptions(delimiter="\t", has_header=False, columns=("column_1", "column_2"))
    assert contract.feeds[0].options == options
    assert columns(contract, "customer") == {"key": "column_1", "email": "column_2"}


def test_json_lines_and_parquet(tmp_path: Path) -> None:
    lines = tmp_path / "f.jsonl"
    lines.write_text('{"order_id": 1, "client": {"no": 7}, "day": "31/01/2026", "amount": -1.23456}\n')
    contract = drafted(tmp_path, lines)
    assert columns(contract, "customer") == {"key": "client.no"}
    assert (contract.feeds[0].date_formats, contract.feeds[0].is_rounded) == (("%d/%m/%Y",), True)
    assert "# There are negative amounts" in draft_contract(lines)
    file = tmp_path / "f.parquet"
    pq.write_table(pa.table({"CustomerID": [7.0, None], "date": pa.array([1, 2], pa.date32()), "total": [1, 2]}), file)
    contract = drafted(tmp_path, file)
    assert contract.feeds[0].customer["key"].is_integer
    assert columns(contract, "purchase") == {"customer": "CustomerID", "ordered_at": "date", "revenue": "total"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a,b\n1\n1,2,3\n", "its lines have from 1 to 3 values, so they are no rows of a table."),
        (b" 1 2\n 3 4\n", "its lines are of the same length, so it is of fixed width."),
        (b"once\nupon a time\n", "no delimiter splits its lines."),
        (b"SQLite format 3\0", "it is a database."),
        (b"colour,shape\nred,round\nred,round\n",
         "no column looks like the key of a customer or product, or like a day and an amount."),
    ],
)  # fmt: skip
def test_what_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / "f"
    file.write_bytes(content)
    with pytest.raises(DraftRefused) as refused:
        draft_contract(file)
    assert refused.value.message == f"No contract can be drafted for f: {reason}"


def test_a_workbook(tmp_path: Path) -> None:
    file = tmp_path / "Sales 2026.xlsx"
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("Notes").hide()
        sheet, style = book.add_worksheet("Sales"), book.add_format({"num_format": "d/m/yy"})
        sheet.write(0, 0, "Sales of January")
        sheet.write_row(2, 1, ["Customer\nID", "Phone", "Date", "Amount", "Remark"])
        for row in range(3, 30):
            sheet.write_row(row, 1, [f"00{row}", 13800000000 + row])
            sheet.write_datetime(row, 3, date(2026, 1, row), style)
            sheet.write_row(row, 4, [row * 1.5, *(["late"] if row == 7 else [])])
        book.add_worksheet("Prices").write(0, 0, "x")
    contract = drafted(tmp_path, file)
    assert contract.feeds[0].options == XlsxOptions(sheet="Sales", skip=2)
    assert columns(contract, "customer") == {"key": "Customer ID", "phone": "Phone"}
    assert columns(contract, "purchase") == {"customer": "Customer ID", "ordered_at": "Date", "revenue": "Amount"}
    assert 'sheet = "Sales"  # a guess: the first; the others are: Prices' in draft_contract(file)


def test_a_workbook_without_header(tmp_path: Path) -> None:
    file = tmp_path / "f.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for row in range(30):
            sheet.write_row(row, 1, [row, f"a{row}@b.cn"])
    contract = drafted(tmp_path, file)
    assert contract.feeds[0].options == XlsxOptions(has_header=False, columns=("column_1", "column_2", "column_3"))
    assert columns(contract, "customer") == {"key": "column_2", "email": "column_3"}


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_a_workbook_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "f").write_bytes(content)
    with pytest.raises(FileUnreadable if content.startswith(b"PK") else OldWorkbook):
        draft_contract(tmp_path / "f")
    (tmp_path / "f.zip").write_bytes(b"PK\x03\x04")
    with pytest.raises(DraftRefused, match="it is an archive"):
        draft_contract(tmp_path / "f.zip")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"\n")
    with pytest.raises(FileEmpty):
        draft_contract(tmp_path / "f")


@pytest.mark.data
def test_public_data(tmp_path: Path) -> None:
    data = Path(os.environ["GUANXI_DATA"])
    accounts = drafted(tmp_path, data / "crm_opportunities" / "accounts.csv")
    assert columns(accounts, "customer") == {"key": "account", "country": "office_location"}
    deals = drafted(tmp_path, data / "crm_opportunities" / "sales_pipeline.csv")
    assert [condition.column for condition in deals.feeds[0].keep] == ["close_date", "close_value"]
    assert columns(deals, "purchase") == {
        "customer": "account", "order": "opportunity_id", "product": "product", "ordered_at": "close_date",
        "revenue": "close_value",
    }  # fmt: skip
    with tarfile.open(data / "online_retail" / "by-day.tar.xz") as archive:
        archive.extract("by-day/2010-12-01.csv", tmp_path, filter="data")
    day = drafted(tmp_path, tmp_path / "by-day" / "2010-12-01.csv")
    assert day.feeds[0].customer["key"].is_integer
    assert columns(day, "purchase") == {
        "customer": "CustomerID", "order": "InvoiceNo", "product": "StockCode", "ordered_at": "InvoiceDate",
        "quantity": "Quantity", "unit_price": "UnitPrice",
    }  # fmt: skip
    assert columns(day, "product") == {"key": "StockCode", "name": "Description"}
    with pytest.raises(DraftRefused, match="its lines have from 1 to 32 values"):
        draft_contract(data / "groceries" / "groceries.csv")

"""Checking a contract against its files."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from guanxi.intelligence.land.reasons import reason_text
from guanxi.intelligence.sources.check import check_contract

CONTRACT = """\
name = "shop"
timezone = "Asia/Shanghai"
currency = "CNY"
[[feed]]
name = "orders"
path = "orders.csv"
format = "csv"
date_formats = ["%Y-%m-%d"]
keep = [{ column = "state", value = "Won" }]
[feed.customer]
key = "customer"
kind = "type"
phone = { column = "phone", verified = "ok" }
[feed.purchase]
customer = "customer"
order = "order"
ordered_at = "day"
revenue = "amount"
"""
HEADER = "customer,type,phone,ok,order,day,amount,state\n"
GOOD = "7,person,138,yes,A1,2026-01-31,12.50,Won\n"


def check(folder: Path, orders: str | None, contract: str = CONTRACT) -> list[tuple[int, str, str, str, bool]]:
    (folder / "shop.toml").write_text(contract, encoding="utf-8")
    if orders is not None:
        (folder / "orders.csv").write_text(orders, encoding="utf-8")
    return [
        (mistake.line, mistake.path, mistake.message.replace(f"{folder}/", ""), mistake.suggestion, mistake.warning)
        for mistake in check_contract(folder / "shop.toml")
    ]


def test_nothing_to_complain_about(tmp_path: Path) -> None:
    assert check(tmp_path, HEADER + GOOD) == []
    assert check(tmp_path, HEADER) == []


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "order.csv").touch()
    assert check(tmp_path, None) == [
        (6, "feed.orders.path", "Feed “orders” of source “shop” finds no file: orders.csv.",
         "Did you mean “order.csv”?", False),
    ]  # fmt: skip


def test_members_that_are_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "orders"
    folder.mkdir()
    (folder / "orders_1.csv").touch()
    contract = CONTRACT.replace('path = "orders.csv"', 'path = "orders"\nmembers = "order_*.csv"')
    (found,) = check(tmp_path, None, contract)
    assert found[:2] == (7, "feed.orders.members")


def test_mistakes_in_the_contract_and_in_the_files_of_its_sound_feeds_at_once(tmp_path: Path) -> None:
    contract = CONTRACT.replace('name = "shop"', 'name = "shop"\nbogus = 1') + (
        '[[feed]]\nname = "spoiled"\npath = "none.csv"\nformat = "csv"\n[feed.customer]\nkey = 1\n'
    )
    found = check(tmp_path, HEADER.replace("amount", "Amount") + GOOD, contract)
    assert [(line, path, suggestion) for line, path, _message, suggestion, _warning in found] == [
        (2, "bogus", "Possible: name, title, priority, timezone, currency, business_date, feed."),
        (19, "feed.orders.purchase.revenue", "Did you mean “Amount”?"),
        (25, "feed.spoiled.customer.key", 'For example key = "Column", or key = { value = "always this" }.'),
    ]
    assert found[1][2] == "orders.csv: There is no column “amount”."


def test_another_delimiter(tmp_path: Path) -> None:
    found = check(tmp_path, (HEADER + GOOD).replace(",", ";"))
    assert {suggestion for *_rest, suggestion, _warning in found} == {
        'The whole header is one column. Perhaps: delimiter = ";"'
    }
    assert [line for line, *_rest in found] == [9, 11, 12, 13, 13, 15, 16, 17, 18]


def test_the_wrong_encoding(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_bytes((HEADER + GOOD.replace("person", "个人")).encode("gb18030"))
    (found,) = check(tmp_path, None)
    assert found[:3] == (4, "feed.orders.encoding", "orders.csv is not utf-8: byte 0xB8 in line 2.")
    assert "gb18030" in found[3]


def test_an_encoding_that_is_hardly_meant(tmp_path: Path) -> None:
    contract = CONTRACT.replace('format = "csv"', 'format = "csv"\nencoding = "gb18030"')
    (found,) = check(tmp_path, HEADER + GOOD.replace("A1", "王伟"), contract)
    assert found == (
        8, "feed.orders.encoding", "orders.csv reads as gb18030, but also as utf-8, which is hardly chance.",
        'Probably: encoding = "utf-8"', True,
    )  # fmt: skip
    assert check(tmp_path, HEADER + GOOD, contract) == []


def test_an_empty_file(tmp_path: Path) -> None:
    (found,) = check(tmp_path, "")
    assert found[:3] == (6, "feed.orders.path", "orders.csv is empty: not even a header.")


def test_everything_that_does_not_convert_is_told_with_what_would_fit(tmp_path: Path) -> None:
    found = check(tmp_path, HEADER + '7,企业,138,vielleicht,A1,01/31/2026,"1,234.5",Won\n' * 4)
    said = [(line, path, suggestion, warning) for line, path, _message, suggestion, warning in found]
    assert said == [
        (12, "feed.orders.customer.kind", 'Map them: map = { "企业" = "organisation" }', False),
        (13, "feed.orders.customer.phone.verified", "", False),
        (17, "feed.orders.purchase.ordered_at", "They fit the date format “%m/%d/%Y”; add it to date_formats.", False),
        (18, "feed.orders.purchase.revenue", 'They are numbers with: thousands = ","', False),
    ]
    assert found[2][2] == (
        "100.0% of the first 4 rows of orders.csv would be rejected: "
        "“01/31/2026” in “day” is not a date in a format of the contract."
    )


def test_a_few_bad_rows_are_a_remark(tmp_path: Path) -> None:
    (found,) = check(tmp_path, HEADER + GOOD * 99 + GOOD.replace("12.50", "12.12345"))
    assert found == (
        18, "feed.orders.purchase.revenue",
        "1.0% of the first 100 rows of orders.csv would be rejected: “12.12345” in “amount” has more than 4 decimals.",
        'To round them: rounding = "half_even"', True,
    )  # fmt: skip


def test_only_the_first_thousand_rows_are_tried(tmp_path: Path) -> None:
    assert check(tmp_path, HEADER + GOOD * 1000 + GOOD.replace("12.50", "x")) == []


def test_a_filter_that_keeps_nothing(tmp_path: Path) -> None:
    (found,) = check(tmp_path, HEADER + GOOD, CONTRACT.replace('"Won"', '"won"'))
    assert found == (
        9, "feed.orders.keep", "“keep” leaves out every one of the first 1 rows.", "Did you mean “Won”?", True,
    )  # fmt: skip


def test_the_same_mistake_in_many_files_is_told_once(tmp_path: Path) -> None:
    for day in range(5):
        (tmp_path / f"orders-{day}.csv").write_text(HEADER.replace("amount", "sum") + GOOD)
        (tmp_path / f"orders-{day}x.csv").write_text("")
    found = check(tmp_path, None, CONTRACT.replace('"orders.csv"', '"orders-*.csv"'))
    assert [message for _line, _path, message, *_rest in found] == [
        "orders-0x.csv is empty: not even a header.",
        "orders-1x.csv is empty: not even a header.",
        "orders-2x.csv is empty: not even a header.",
        "The same holds for 2 more files.",
        "orders-0.csv and 4 more: There is no column “amount”.",
    ]


def test_parquet(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": [1], "born": [["x"]]}), tmp_path / "c.parquet")
    contract = (
        CONTRACT.split("[[feed]]", maxsplit=1)[0] + '[[feed]]\nname = "c"\npath = "c.parquet"\nformat = "parquet"\n'
        '[feed.customer]\nkey = "id"\nbirth_on = "born"\nname = "nme"\n'
    )
    assert [(line, path, message) for line, path, message, *_ in check(tmp_path, None, contract)] == [
        (10, "feed.c.customer.birth_on",
         "c.parquet: The column “born” holds list<element: string>, which is not a single value."),
        (11, "feed.c.customer.name", "c.parquet: There is no column “nme”."),
    ]  # fmt: skip


SHEET = """\
name = "shop"
timezone = "Asia/Shanghai"
currency = "CNY"
[[feed]]
name = "orders"
path = "orders.xlsx"
format = "xlsx"
{more}
[feed.purchase]
customer = "who"
ordered_at = "day"
revenue = "sum"
"""


def test_workbooks(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "orders.xlsx") as book:
        sheet = book.add_worksheet("一月")
        sheet.write_row(0, 0, ["who", "day", "sum"])
        for row, who in enumerate((110101199001010016, "A2", None), 1):
            sheet.write_row(row, 0, [who, 46053, 7])
        sheet.merge_range(2, 0, 3, 0, "A2")
    contract = SHEET.format(more='sheet = "二月"')
    assert check(tmp_path, None, contract) == [
        (8, "feed.orders.sheet", "orders.xlsx has no sheet “二月”.",
         "Mend “sheet” in the contract or the workbook. Possible: 一月.", False),
    ]  # fmt: skip
    contract = SHEET.format(more='fill_down = ["what"]')
    assert check(tmp_path, None, contract)[0][:3] == (
        8, "feed.orders.fill_down[1]", "Nothing reads the column “what”, so filling it does nothing.",
    )  # fmt: skip
    told = "33.3% of the first 3 rows of orders.xlsx would be rejected: "
    assert check(tmp_path, None, SHEET.format(more="")) == [
        (10, "feed.orders.purchase.customer",
         told + "“110101199001010000” in “who” has more than the 15 digits a sheet keeps of a number.",
         "In the sheet, make the column text before the numbers are entered.", False),
        (10, "feed.orders.purchase.customer",
         told + "The cell of “who” is merged with another one, so it is not sure whose value that is.",
         'If it counts for every row of the merged cells: fill_down = ["who"]', False),
        (11, "feed.orders.purchase.ordered_at",
         told + "“46053” in “day” is not a date in a format of the contract.",
         "If they are days, format the cells as dates in the sheet.", False),
    ]  # fmt: skip
    contract = SHEET.format(more="").replace("xlsx", "csv").replace("orders.csv", "orders.xlsx")
    assert check(tmp_path, None, contract) == [
        (7, "feed.orders.format", "orders.xlsx is no text: it begins like zip / xlsx.",
         "Mend “format” in the contract, unpack the file, or deliver it as text.", False),
    ]  # fmt: skip


def test_dates_that_two_formats_read_differently_are_a_remark(tmp_path: Path) -> None:
    contract = CONTRACT.replace('["%Y-%m-%d"]', '["%d/%m/%Y", "%m/%d/%Y"]')
    rows = "".join(GOOD.replace("2026-01-31", day) for day in ("31/01/2026", "01/31/2026", "03/03/2026"))
    assert check(tmp_path, HEADER + rows, contract) == []
    assert check(tmp_path, HEADER + rows + GOOD.replace("2026-01-31", "03/04/2026"), contract) == [
        (17, "feed.orders.purchase.ordered_at",
         "“03/04/2026” in “day” fits both “%d/%m/%Y” and “%m/%d/%Y”; it is read by “%d/%m/%Y”.",
         "The order of date_formats decides.", True),
    ]  # fmt: skip


def test_a_last_line_without_line_end_is_a_remark(tmp_path: Path) -> None:
    remark = (6, "feed.orders.path", "orders.csv ends without a line end: its last line may be cut off.",
              "If the sender ends every line: ends_lines = true", True)  # fmt: skip
    assert check(tmp_path, HEADER + GOOD * 30 + GOOD.strip()) == [remark]
    contract = CONTRACT.replace('format = "csv"', 'format = "csv"\nends_lines = true')
    assert check(tmp_path, HEADER + GOOD * 30 + GOOD.strip(), contract) == [
        (6, "feed.orders.path",
         f"3.2% of the first 31 rows of orders.csv would be rejected: {reason_text('torn_line', '', '')}", "", True),
    ]  # fmt: skip


def test_a_file_without_the_header_the_contract_expects(tmp_path: Path) -> None:
    mistakes = check(tmp_path, GOOD * 2)
    assert {suggestion for _line, _path, _message, suggestion, _warning in mistakes} == {
        "Perhaps there is no header: write header = false and name the columns."
    }


def test_utf_16_and_stray_bytes_are_told(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_bytes((HEADER + GOOD).encode("utf-16-be"))
    (found,) = check(tmp_path, None)
    assert found[1:4] == ("feed.orders.encoding", "orders.csv is not utf-8: byte 0x00 in line 1.",
                          "Set “encoding” in the contract. It could be: utf-16-be.")  # fmt: skip
    chinese = GOOD.replace("A1", "订单编号一二三四五六七八九十")
    (tmp_path / "orders.csv").write_bytes((HEADER + chinese * 3).encode() + b"8,person,\xff\n")
    (found,) = check(tmp_path, None)
    assert found[1:4] == (
        "feed.orders.encoding", "orders.csv is utf-8, but for a few bytes: the first is 0xFF in line 5.",
        "Mend that line, or have the file written again; another “encoding” would spoil all the others.",
    )  # fmt: skip

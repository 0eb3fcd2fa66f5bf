"""Workbooks: every cell as its exact text, what is not sure is a bad row, what is no workbook is refused in words."""

from __future__ import annotations

import json
import random
import re
import shutil
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from guanxi.intelligence.sources.readers import xlsx
from guanxi.intelligence.sources.readers.options import XlsxOptions
from guanxi.kernel.errors import GuanxiError

READER = xlsx.XlsxReader()


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A time of one day on the wall clock."""
    return datetime.combine(date(2026, 1, 31), time(hour, minute, second))


def workbook(path: Path, fill: Callable[[Workbook, Worksheet], Any], **options: Any) -> Path:
    """A workbook whose first sheet is filled by `fill`."""
    with xlsxwriter.Workbook(path, {"in_memory": True, **options}) as book:
        fill(book, book.add_worksheet("Orders"))
    return path


def table(*rows: Sequence[Any], top: int = 0, left: int = 0) -> Callable[[Workbook, Worksheet], None]:
    """Fills rows below each other; dates get a format, None writes nothing, texts stay texts."""

    def fill(book: Workbook, sheet: Worksheet) -> None:
        formats = {
            kind: book.add_format({"num_format": written})
            for kind, written in ((datetime, "yyyy-mm-dd hh:mm:ss"), (date, "d/m/yy"), (time, "hh:mm"))
        }
        for row, cells in enumerate(rows, top):
            for column, cell in enumerate(cells, left):
                if type(cell) in formats:
                    sheet.write_datetime(row, column, cell, formats[type(cell)])
                elif isinstance(cell, str):
                    sheet.write_string(row, column, cell)
                elif cell is not None:
                    sheet.write(row, column, cell)

    return fill


def read(path: Path, *columns: str, **options: Any) -> list[tuple[Any, ...]]:
    """The good rows: line and values."""
    found = []
    for block in READER.blocks(path, path.name, XlsxOptions(**options), columns):
        values = zip(*(column.to_pylist() for column in block.columns), strict=True)
        found += [(line, *told) for line, told in zip(block.lines.to_pylist(), values, strict=True)]
    return found


def bad(path: Path, *columns: str, **options: Any) -> list[tuple[int, str, str, str]]:
    """The bad rows: line, reason, column, value."""
    blocks = READER.blocks(path, path.name, XlsxOptions(**options), columns)
    return [(row.line, row.reason, row.column, row.value) for block in blocks for row in block.bad]


def refused(path: Path, **options: Any) -> GuanxiError:
    with pytest.raises(GuanxiError) as error:
        READER.header(path, path.name, XlsxOptions(**options))
    return error.value


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (13812345678.0, "13812345678"), ("00123", "00123"), ("13812345678.0", "13812345678.0"),
        (" 壶 ", " 壶 "), (0.1, "0.1"), (1234.5, "1234.5"), (-0.07, "-0.07"), (59.970000000000006, "59.97"),
        (1e-7, "0.0000001"), (1 / 3, "0.333333333333333"), (999999999999999, "999999999999999"), (0, "0"),
        (True, "true"), (False, "false"),
        (date(2026, 1, 31), "2026-01-31"), (at(8, 26, 59), "2026-01-31 08:26:59"),
        (at(0), "2026-01-31"), (time(8, 26), "08:26:00"), (None, None), ("  ", None),
    ],
)  # fmt: skip
def test_a_cell_is_the_text_of_its_exact_value(tmp_path: Path, cell: Any, text: str | None) -> None:
    path = workbook(tmp_path / "o.xlsx", table(["no", "cell"], ["A1", cell]))
    assert read(path, "no", "cell") == [(2, "A1", text)]


def test_numbers_get_the_decimal_mark_of_the_contract(tmp_path: Path) -> None:
    path = workbook(tmp_path / "o.xlsx", table(["sum"], [1234.5], ["1.234,50"], [7]))
    assert read(path, "sum", decimal=",") == [(2, "1234,5"), (3, "1.234,50"), (4, "7")]


def test_what_a_format_shows_is_not_what_a_cell_holds(tmp_path: Path) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        sheet.write_row(0, 0, ["percent", "zeros", "hours", "formula", "rounded", "chinese"])
        sheet.write_number(1, 0, 0.15, book.add_format({"num_format": "0%"}))
        sheet.write_number(1, 1, 123, book.add_format({"num_format": "00000"}))
        sheet.write_datetime(1, 2, timedelta(hours=36, minutes=5), book.add_format({"num_format": "[h]:mm"}))
        sheet.write_formula(1, 3, "=1+2", None, 3)
        sheet.write_number(1, 4, 2.345, book.add_format({"num_format": "0.0"}))
        sheet.write_datetime(1, 5, at(0), book.add_format({"num_format": 'yyyy"年"m"月"d"日"'}))

    path = workbook(tmp_path / "o.xlsx", fill)
    columns = ("percent", "zeros", "hours", "formula", "rounded", "chinese")
    assert read(path, *columns) == [(2, "0.15", "123", "36:05:00", "3", "2.345", "2026-01-31")]


def test_days_counted_from_1904(tmp_path: Path) -> None:
    path = workbook(tmp_path / "o.xlsx", table(["day"], [date(2026, 1, 31)]), date_1904=True)
    assert read(path, "day") == [(2, "2026-01-31")]


def test_lines_are_those_of_the_sheet_whatever_is_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "BLOCK_ROWS", 2)
    rows: list[list[Any]] = [["a", "b"], [1, 2], [], [3, None], [" ", ""], [None, 4], [5, 6]]
    path = workbook(tmp_path / "o.xlsx", table(*rows, top=3, left=2))
    assert read(path, "b", "a") == [(5, "2", "1"), (7, None, "3"), (9, "4", None), (10, "6", "5")]
    header = READER.header(path, "o.xlsx", XlsxOptions())
    assert (header.names, header.line, header.rows) == (("", "", "a", "b"), 5, 6)


def test_a_header_below_a_title_and_names_on_several_lines(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Orders of January"],
        ["by day"],
        ["Order\nno", " Sum  (¥) ", 2026, None],
        ["A1", 2.5, 7, "a remark"],
    ]
    path = workbook(tmp_path / "o.xlsx", table(*rows))
    assert READER.header(path, "o.xlsx", XlsxOptions(skip=2)).names == ("Order no", "Sum (¥)", "2026")
    assert read(path, "Order no", "Sum (¥)", "2026", skip=2) == [(4, "A1", "2.5", "7")]


def test_without_a_header(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["not this"], [None, "A1", 2.5], [None, "A2"], ["x", "A3", 1, "more"]]
    path = workbook(tmp_path / "o.xlsx", table(*rows))
    options: dict[str, Any] = {"has_header": False, "columns": ("none", "no", "sum"), "skip": 1}
    assert read(path, "no", "sum", **options) == [(2, "A1", "2.5"), (3, "A2", None)]
    assert bad(path, "no", "sum", **options) == [(4, "column_count", "", "4/3")]
    shifted = workbook(tmp_path / "s.xlsx", table(["A1", 2.5], left=1))
    assert read(shifted, "no", "sum", has_header=False, columns=("none", "no", "sum")) == [(1, "A1", "2.5")]


def merge(book: Workbook, sheet: Worksheet) -> None:
    del book
    sheet.write_row(0, 0, ["who", "no", "sum"])
    sheet.merge_range(1, 0, 3, 0, "王伟")
    sheet.write_column(1, 1, ["A1", "A2", "A3"])
    sheet.merge_range(1, 2, 2, 2, 10)
    sheet.write(3, 2, 7)
    sheet.write_row(4, 1, ["A4", 1])
    sheet.merge_range(5, 0, 5, 2, "total 18")


def test_merged_cells_are_bad_rows_unless_the_contract_fills_them(tmp_path: Path) -> None:
    path = workbook(tmp_path / "o.xlsx", merge)
    assert read(path, "no", "who") == [(2, "A1", "王伟"), (5, "A4", None)]
    assert bad(path, "no", "who") == [
        (3, "merged_cell", "who", ""), (4, "merged_cell", "who", ""), (6, "merged_cell", "no", ""),
    ]  # fmt: skip
    assert read(path, "no", "who", fill_down=("who",)) == [
        (2, "A1", "王伟"), (3, "A2", "王伟"), (4, "A3", "王伟"), (5, "A4", "王伟"),
    ]  # fmt: skip
    assert bad(path, "sum", "who", fill_down=("who",)) == [  # an amount counts once
        (3, "merged_cell", "sum", ""), (6, "merged_cell", "sum", ""),
    ]  # fmt: skip


def test_errors_formulas_never_computed_and_cut_numbers_are_bad_rows(tmp_path: Path) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        del book
        sheet.write_row(0, 0, ["no", "who", "sum"])
        sheet.write_row(1, 0, ["A1", "w"])
        sheet.write_formula(1, 2, "=NA()", None, "#N/A")
        sheet.write_row(2, 0, ["A2", 110101199001010016, 1])
        sheet.write_row(3, 0, ["A3", None, 1])
        sheet.write_formula(3, 1, '=IF(A1<>"x","y")', None, "later")
        sheet.write_row(4, 0, ["A4", "w", 1])
        sheet.write_formula(5, 1, "=NA()", None, "#REF!")
        sheet.write_row(6, 0, ["A6", None, 2])

    path = uncomputed(workbook(tmp_path / "o.xlsx", fill), "later")
    assert read(path, "no", "who") == [(2, "A1", "w"), (5, "A4", "w"), (7, "A6", None)]
    assert bad(path, "no", "who", "sum") == [
        (2, "cell_error", "sum", ""), (3, "digits_lost", "who", "110101199001010000"), (4, "not_computed", "who", ""),
        (6, "cell_error", "who", ""),
    ]  # fmt: skip
    assert bad(path, "no", "who", fill_down=("who",))[-1] == (7, "cell_error", "who", "")  # nor is it filled down
    (block,) = READER.blocks(path, "o.xlsx", XlsxOptions(), ["no", "who", "sum"])
    assert json.loads(block.bad[1].raw) == {"no": "A2", "who": "110101199001010000", "sum": "1"}
    assert json.loads(block.raw(0)) == {"no": "A4", "who": "w", "sum": "1"}


def uncomputed(path: Path, value: str) -> Path:
    """The workbook as a program leaves it that writes formulas and computes none."""
    made = path.with_name(f"uncomputed-{path.name}")
    with zipfile.ZipFile(path) as parts, zipfile.ZipFile(made, "w") as written:
        for name in parts.namelist():
            written.writestr(name, re.sub(rb"<v>%s</v>" % value.encode(), b"", parts.read(name)))
    return made


def sheets(*names: str, hidden: str = "", empty: str = "") -> Callable[[Workbook, Worksheet], None]:
    def fill(book: Workbook, first: Worksheet) -> None:
        first.write_row(0, 0, ["no"])
        for name in names:
            sheet = book.add_worksheet(name)
            if name != empty:
                sheet.write_row(0, 0, [f"no {name}"])
            if name == hidden:
                sheet.hide()

    return fill


def test_the_only_sheet_or_the_one_that_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "o.xlsx", sheets("Sheet 2", "会员", hidden="会员", empty="Sheet 2"))
    assert READER.header(path, "o.xlsx", XlsxOptions()).names == ("no",)
    assert READER.header(path, "o.xlsx", XlsxOptions(sheet="会员")).names == ("no 会员",)
    error = refused(path, sheet="Order")
    assert (error.code, error.message) == ("sheet_missing", "o.xlsx has no sheet “Order”.")
    assert error.remedy.endswith("Did you mean “Orders”?")
    assert refused(path, sheet="Sheet 2").message == "o.xlsx is empty: not even a header."
    error = refused(workbook(tmp_path / "two.xlsx", sheets("会员")))
    assert (error.code, error.message) == ("sheet_unclear", "two.xlsx has several sheets: “Orders”, “会员”.")
    assert error.remedy == 'Say in the contract which one is meant, for example: sheet = "Orders"'


def test_what_is_no_workbook_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "o.xlsx"
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000)
    for content, words in (
        (b"", "o.xlsx is empty: not even a header."),
        (b"order,sum\nA1,2\n", "o.xlsx is not an Excel workbook, whatever it is called: it begins with “order,sum”."),
        ("\ufeff<html>\n<table>".encode(),
         "o.xlsx is not an Excel workbook, whatever it is called: it begins with “<html>”."),
        (old, "o.xlsx is a workbook of Excel 97 to 2003 (.xls), whatever it is called."),
        (old + "EncryptedPackage".encode("utf-16-le") + old, "o.xlsx is protected by a password."),
    ):  # fmt: skip
        path.write_bytes(content)
        assert refused(path).message == words
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("orders.csv", "order,sum\n")
    assert refused(path).message.endswith("it begins with “PK orders.csv”.")
    path.unlink()
    assert refused(path).message == "o.xlsx cannot be read: No such file or directory."
    assert refused(workbook(path, table())).message == "o.xlsx is empty: not even a header."


def test_a_damaged_workbook_is_refused_or_reads_the_same(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[f"A{number}", number * 1.5, date(2026, 1, 1 + number % 28)] for number in range(400)]
    whole = workbook(tmp_path / "o.xlsx", table(["no", "sum", "day"], *rows))
    content, expected = whole.read_bytes(), read(whole, "no", "sum", "day")
    path, dice = tmp_path / "damaged.xlsx", random.Random(7)
    outcomes = set()
    for _attempt in range(150):
        at = dice.randrange(len(content))
        piece = content[:at] if dice.random() < 0.3 else content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :]
        path.write_bytes(piece)
        try:
            same = read(path, "no", "sum", "day") == expected
        except GuanxiError as error:
            outcomes.add(error.code)
        else:
            assert same, at
            outcomes.add("same")
    assert outcomes <= {"file_unreadable", "no_workbook", "file_empty", "same"}
    assert "file_unreadable" in outcomes


def test_a_workbook_that_is_called_something_else(tmp_path: Path) -> None:
    path = workbook(tmp_path / "o.xlsx", table(["no"], ["A1"]))
    shutil.copy(path, tmp_path / "000000")  # as members of archives are unpacked
    shutil.copy(path, tmp_path / "o.xls")
    assert read(tmp_path / "000000", "no") == read(tmp_path / "o.xls", "no") == [(2, "A1")]

"""Control totals: what does not tie is refused in words, nothing of it lands, and what came before stays as it was."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from guanxi.intelligence.land.tests.workshop import HEAD, land, rows, said
from guanxi.intelligence.models import Delivery
from guanxi.intelligence.sources.check import check_contract
from guanxi.kernel.errors import GuanxiError
from guanxi.kernel.runs.models import Run

pytestmark = pytest.mark.django_db(transaction=True)
FEED = """\
[[feed]]
name = "orders"
path = "{path}"
format = "csv"
delivery = "delta"
thousands = ","
{more}
[feed.purchase]
customer = "who"
order = "no"
ordered_at = "day"
revenue = "sum"
[feed.control]
{control}
"""
LAST_LINE = 'line = "TOTAL,{rows},*,{sum}"\nsum_of = "sum"'
HEADER = "no,who,day,sum\n"
FIRST = HEADER + 'A1,w,2026-07-02,10.50\nA2,,2026-07-02,"1,000"\nTOTAL,2,,1010.50\n'
SECOND = HEADER + "A3,w,2026-07-03,1.25\nA4,w,soon,2.00\nA5,w,2026-07-03,0.10\n"


def contract(folder: Path, control: str = LAST_LINE, path: str = "orders-*.csv", more: str = "") -> Path:
    written = folder / "shop.toml"
    written.write_text(HEAD + FEED.format(path=path, control=control, more=more), encoding="utf-8")
    return written


def deliver(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def refused(path: Path) -> GuanxiError:
    """Land what cannot land: nothing that counts changes, and the run stands stopped at its step."""
    before = (said("purchase"), list(Delivery.objects.order_by("pk").values()))
    with pytest.raises(GuanxiError) as error:
        land(path)
    assert (said("purchase"), list(Delivery.objects.order_by("pk").values())) == before
    assert Run.objects.latest("pk").state == "stopped"
    return error.value


def test_a_total_line_is_no_row_and_ties(tmp_path: Path) -> None:
    deliver(tmp_path, "orders-0702.csv", FIRST)
    path = contract(tmp_path)
    assert check_contract(path) == []
    report = land(path)
    assert (report.rows, report.landed, report.rejected) == (2, 2, 0)
    deliver(tmp_path, "orders-0703.csv", SECOND + "TOTAL,3,,3.35\n\n \n")  # rejected rows count and add up too
    report = land(path)
    assert (report.files, report.rows, report.landed, report.rejected) == (1, 3, 2, 1)
    assert rows("purchase", "order_id") == ["A1", "A2", "A3", "A5"]


@pytest.mark.parametrize(
    ("second", "code", "message"),
    [
        (SECOND, "total_line_missing",
         "orders-0703.csv has no control total: its last line does not read “TOTAL,{rows},*,{sum}”."),
        (SECOND + "TOTAL,3,,3.3", "sum_does_not_tie", None),  # torn in the middle of the number
        (SECOND[:-8], "total_line_missing", None),
        (SECOND + "TOTAL,4,,3.35\n", "count_does_not_tie",
         "orders-0703.csv should have 4 rows by its control total, but has 3."),
        (SECOND + "A6,w,2026-07-03,1\nTOTAL,3,,3.35\n", "count_does_not_tie",
         "orders-0703.csv should have 3 rows by its control total, but has 4."),
        (SECOND + "TOTAL,3,,3.36\n", "sum_does_not_tie",
         "“sum” of orders-0703.csv should add up to 3.36 by its control total, but gives 3.35."),
        (SECOND + "A6,w,2026-07-03,none\nTOTAL,4,,4.35\n", "values_do_not_add",
         "“sum” of orders-0703.csv should add up to 4.35 by its control total, but gives 3.35; no numbers: 1."),
        (SECOND + "A6,w,2026-07-03\nTOTAL,4,,4.35\n", "values_do_not_add", None),
        (HEADER + "A3,w\nTOTAL,1,,4.35\n", "values_do_not_add", None),
    ],
)  # fmt: skip
def test_what_does_not_tie_is_refused_until_it_is_delivered_again(
    tmp_path: Path, second: str, code: str, message: str | None
) -> None:
    deliver(tmp_path, "orders-0702.csv", FIRST)
    path = contract(tmp_path)
    first = land(path)
    deliver(tmp_path, "orders-0703.csv", second)
    deliver(tmp_path, "orders-0704.csv", FIRST.replace("A1", "B1").replace("A2", "B2"))
    error = refused(path)
    assert error.code == code
    assert message is None or error.message == message
    assert error.place == str(tmp_path / "orders-0703.csv")
    (mistake,) = check_contract(path)
    assert (mistake.path, mistake.message) == ("feed.orders.control", error.message)
    stopped = Run.objects.latest("pk")
    deliver(tmp_path, "orders-0703.csv", SECOND + "TOTAL,3,,3.35\n")
    report = land(path)
    assert Run.objects.latest("pk") == stopped  # the same run went on
    assert (first.files, report.files, report.landed) == (1, 2, 4)
    assert rows("purchase", "order_id") == ["A1", "A2", "A3", "A5", "B1", "B2"]


def test_control_files(tmp_path: Path) -> None:
    path = contract(tmp_path, 'file = "{stem}.ctl"\nline = ["rows: {rows}", "sum: {sum}"]\nsum_of = "sum"', "in")
    (tmp_path / "in").mkdir()
    deliver(tmp_path, "in/a.csv", SECOND)
    error = refused(path)
    assert (error.code, error.message) == (
        "control_file_missing", "a.csv has no control total: there is no a.ctl beside it.",
    )  # fmt: skip
    deliver(tmp_path, "in/a.ctl", "rows: 3\n")
    assert refused(path).message == "a.ctl tells no control total of a.csv: no line reads “rows: {rows} / sum: {sum}”."
    deliver(tmp_path, "in/a.ctl", "sum: 3.35\nrows: 4\n")
    assert refused(path).code == "count_does_not_tie"
    deliver(tmp_path, "in/a.ctl", "sum: 3.35\nrows: 3\n")
    report = land(path)
    assert (report.files, report.rows, report.landed) == (1, 3, 2)
    deliver(tmp_path, "in/a.ctl", "sum: 0\nrows: 0\n")  # what has landed is not asked again
    assert land(path).files == 0


def test_one_control_file_for_all_in_an_archive(tmp_path: Path) -> None:
    path = contract(tmp_path, 'file = "control.txt"\nline = "{file};{rows}"', "in.zip", 'encoding = "gb18030"')
    for told, landed in (("订单-1.csv;3\n订单-2.csv;9\n", 0), ("订单-1.csv;3\n订单-2.csv;1\n", 3)):
        with zipfile.ZipFile(tmp_path / "in.zip", "w") as packed:
            packed.writestr("july/订单-1.csv", SECOND)
            packed.writestr("july/订单-2.csv", HEADER + "B1,w,2026-07-04,1\n")
            packed.writestr("july/control.txt", told.encode("gb18030"))
            packed.writestr("june/control.txt", "订单-1.csv;77\n".encode("gb18030"))
        if landed:
            assert land(path).landed == landed
        else:
            assert refused(path).message == (
                "in.zip!july/订单-2.csv should have 9 rows by its control total, but has 1."
            )
    (tmp_path / "in.zip").unlink()
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as packed:
        packed.writestr("x.csv", HEADER + "C1,w,2026-07-04,1\n")
        packed.writestr("control.txt", b"\xff\xff")
    error = refused(path)
    assert (error.code, error.place) == ("encoding_wrong", "control.txt:1")


GOODS = """\
[[feed]]
name = "goods"
path = "g.{kind}"
format = "{kind}"
control = {{ {control}, sum_of = "n" }}
{more}
[feed.product]
key = "sku"
"""


def write_goods(folder: Path, kind: str, told: int) -> None:
    """A file of two goods, said to be so many."""
    path = folder / f"g.{kind}"
    if kind == "fixed":
        path.write_text(f"a  10\nb   5\nT{told:02}15\n")
    elif kind == "xlsx":
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for row, cells in enumerate([["sku", "n"], ["a", 10], ["b", 5], ["合计", f"{told} 笔", 15.0], ["  "]]):
                sheet.write_row(row, 0, cells)
    else:
        pq.write_table(pa.table({"sku": ["a", "b"], "n": [0.1, 0.2]}), path)
        path.with_suffix(".ctl").write_text(f"{told} 0.3")


@pytest.mark.parametrize(
    ("kind", "control", "more"),
    [
        ("fixed", 'line = "T{rows:2}{sum:2}"',
         'columns = [{ name = "sku", start = 1, width = 3 }, { name = "n", start = 4, width = 2 }]'),
        ("xlsx", 'line = "合计 {rows} 笔 {sum}"', ""),
        ("parquet", 'line = "{rows} {sum}", file = "{stem}.ctl"', ""),
    ],
)  # fmt: skip
def test_other_formats(tmp_path: Path, kind: str, control: str, more: str) -> None:
    path = tmp_path / "shop.toml"
    path.write_text(HEAD + GOODS.format(kind=kind, control=control, more=more), encoding="utf-8")
    write_goods(tmp_path, kind, 3)
    assert refused(path).code == "count_does_not_tie"
    write_goods(tmp_path, kind, 2)
    assert land(path).landed == 2
    assert rows("product", "product_id") == ["a", "b"]

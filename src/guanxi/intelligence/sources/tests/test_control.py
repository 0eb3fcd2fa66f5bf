"""Control totals in contracts: how lines are matched, numbers read, mistakes told."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from guanxi.intelligence.sources.contract import ContractInvalid, load_contract
from guanxi.intelligence.sources.control import Control, Totals, read_totals
from guanxi.intelligence.sources.readers.options import CsvOptions


@pytest.mark.parametrize(
    ("line", "text", "decimal", "totals"),
    [
        ("TOTAL,{rows},{sum}", "TOTAL,305,1234.50", ".", Totals(305, Decimal("1234.50"))),
        ("T|{rows}|{sum}", " T| 1,305 | -12 \r\n", ".", Totals(1305, Decimal(-12))),
        ("合计:{rows}笔,金额{sum}元", "合计:305笔,金额1.234,50元", ",", Totals(305, Decimal("1234.50"))),
        ("Total {rows} rows *", "Total   7 rows of 3 July", ".", Totals(7)),
        ("T{rows:6}{sum:9}", "T000305  1234.50", ".", Totals(305, Decimal("1234.50"))),
        ("合计,,,{sum}", "合计,,,0", ".", Totals(None, Decimal(0))),
        ("*** {rows} (a.b) ***", "*** 3 (a.b) ***", ".", Totals(3)),
        ("TOTAL,{rows}", "TOTAL,many", ".", None),
        ("TOTAL,{rows}", "TOTAL,3.5", ".", None),
        ("TOTAL,{rows}", "TOTAL,3,x", ".", None),
        ("TOTAL,{rows}", "A7,3", ".", None),
        ("TOTAL,{sum}", "TOTAL,1.2.3", ".", None),
        ("T{rows:3}", "T 1x", ".", None),
    ],
)
def test_a_line(line: str, text: str, decimal: str, totals: Totals | None) -> None:
    assert read_totals(Control((line,), "amount"), [text], "f.csv", decimal) == totals


def test_several_lines_and_several_files() -> None:
    control = Control(("rows={rows}", "sum = {sum}"), "amount", "{stem}.ctl")
    assert read_totals(control, ["# by till", "sum =  7.5", "rows=3"], "f.csv", ".") == Totals(3, Decimal("7.5"))
    assert read_totals(control, ["rows=3"], "f.csv", ".") is None
    listed = Control(("{file},{rows}",), "", "control.txt")
    text = ["file,rows", "a.csv,3", "b.csv,4"]
    assert [read_totals(listed, text, name, ".") for name in ("a.csv", "b.csv", "c.csv")] == [
        Totals(3),
        Totals(4),
        None,
    ]


def test_names_of_control_files() -> None:
    control = Control(("{rows}",), "", "{stem}.ctl")
    assert (control.name_beside("orders.2026.csv"), control.name_beside("orders")) == ("orders.2026.ctl", "orders.ctl")
    assert [control.is_control_file(name) for name in ("a.ctl", "a.csv", "ctl")] == [True, False, False]
    assert Control(("{rows}",), "", "{name}.sum").name_beside("a.csv") == "a.csv.sum"
    assert not Control(("{rows}",)).is_control_file("a.csv")


CONTRACT = """\
name = "shop"
timezone = "UTC"
currency = "CNY"
[[feed]]
name = "orders"
{where}
{control}
[feed.customer]
key = "no"
"""
CSV = 'path = "f.csv"\nformat = "csv"'


def load(folder: Path, control: str, where: str = CSV) -> Control | None:
    path = folder / "c.toml"
    written = f"control = {{ {control} }}"
    path.write_text(CONTRACT.format(where=where, control=written), encoding="utf-8")
    feed = load_contract(path).feeds[0]
    if isinstance(feed.options, CsvOptions):
        assert feed.options.ends_in_total is (feed.control is not None and feed.control.is_last_line)
    return feed.control


def test_what_a_contract_says(tmp_path: Path) -> None:
    assert load(tmp_path, 'line = "T,{rows},{sum}", sum_of = "x"') == Control(("T,{rows},{sum}",), "x")
    files = 'file = "{name}.ctl", line = ["{rows}", "= {sum}"], sum_of = "x"'
    assert load(tmp_path, files) == Control(("{rows}", "= {sum}"), "x", "{name}.ctl")
    parquet = 'path = "f.parquet"\nformat = "parquet"'
    assert load(tmp_path, 'file = "{stem}.ctl", line = "{rows}"', parquet) == Control(("{rows}",), "", "{stem}.ctl")


@pytest.mark.parametrize(
    ("control", "where", "told"),
    [
        ('file = "x"', CSV, [("control.line", "“line” is missing.")]),
        ('line = "TOTAL"', CSV, [("control.line", "The line has neither {rows} nor {sum} in it.")]),
        ('line = "{rows}{rows}"', CSV, [("control.line", "“{rows}” is there more than once.")]),
        ('line = "{sum}"', CSV, [("control.sum_of", "Nothing says of which column {sum} is the sum.")]),
        ('line = "{rows}", sum_of = "x"', CSV, [("control.sum_of", "No line tells {sum}.")]),
        ('line = "{file},{rows}"', CSV, [("control.line", "{file} stands in control files only.")]),
        ('line = ["{rows}", "*"]', CSV, [("control.line", "Only control files have several lines.")]),
        ('line = "{rows}", file = "../x.ctl"', CSV,
         [("control.file", "A control file stands beside the files it is for.")]),
        ('line = "{rows}"', 'path = "f.jsonl"\nformat = "jsonl"',
         [("control.file", "The last line of such a file cannot tell its totals.")]),
        ('line = "{rows}"', 'path = "f.db"\nformat = "sqlite"\ntable = "t"',
         [("control", "A table of a database has no control totals.")]),
        ('line = "{rows}", lines = 1', CSV, [("control.lines", "“lines” is not a key that belongs here.")]),
    ],
)  # fmt: skip
def test_mistakes_are_told(tmp_path: Path, control: str, where: str, told: list[tuple[str, str]]) -> None:
    with pytest.raises(ContractInvalid) as refused:
        load(tmp_path, control, where)
    found = [(mistake.path.removeprefix("feed.orders."), mistake.message) for mistake in refused.value.mistakes]
    assert found == told

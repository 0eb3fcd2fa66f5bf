"""From text to types: what lands, what is set aside and why."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.intelligence.land.chunk import ChunkConverter, Delivered, LandedChunk, RowBuffer, connect
from guanxi.intelligence.land.reasons import REASONS, reason_text
from guanxi.intelligence.sources.contract import load_contract
from guanxi.intelligence.sources.files import SourceFile
from guanxi.intelligence.sources.fit import read_blocks, read_header

HEAD = """\
name = "shop"
timezone = "{zone}"
currency = "CNY"
[[feed]]
name = "f"
path = "f.{suffix}"
format = "{suffix}"
"""


def convert(folder: Path, path: Path, feed: str, zone: str = "Asia/Shanghai") -> LandedChunk:
    suffix = path.suffix.removeprefix(".")
    contract_path = folder / "c.toml"
    contract_path.write_text(HEAD.format(zone=zone, suffix=suffix) + feed, encoding="utf-8")
    contract = load_contract(contract_path)
    parsed = contract.feeds[0]
    file = SourceFile(path.name, path.name, path)
    fit = read_header(file, parsed)
    buffer = RowBuffer()
    for block in read_blocks(file, parsed, fit):
        buffer.add(0, block)
    with connect() as connection:
        return ChunkConverter(connection, contract, parsed, fit).convert(buffer, [Delivered(path.name, 77)])


def csv(folder: Path, feed: str, text: str, zone: str = "Asia/Shanghai") -> LandedChunk:
    path = folder / "f.csv"
    path.write_text(text, encoding="utf-8")
    return convert(folder, path, feed, zone)


def parquet(folder: Path, feed: str, zone: str = "Asia/Shanghai", **columns: Any) -> LandedChunk:
    path = folder / "f.parquet"
    pq.write_table(pa.table(columns), path)
    return convert(folder, path, feed, zone)


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, micro: int = 0) -> datetime:
    """A moment on the wall clock of the contract's zone."""
    return datetime(year, month, day, hour, minute, second, micro)  # noqa: DTZ001


def values(chunk: LandedChunk, table: str, column: str) -> list[Any]:
    found: list[Any] = chunk.tables[table][column].to_pylist() if table in chunk.tables else []
    return found


def faults(chunk: LandedChunk) -> list[tuple[int, str, str, str]]:
    rejects = chunk.tables.get("rejects")
    return [(row["line"], row["reason"], row["column"], row["value"]) for row in rejects.to_pylist()] if rejects else []


MONEY = '[feed.purchase]\nordered_at = { value = 2026-01-31 }\nrevenue = "amount"\n'
TIME = '[feed.purchase]\nordered_at = "t"\nrevenue = { value = 1 }\n'
PERSON = '[feed.customer]\nkey = "id"\n'


@pytest.mark.parametrize(
    ("marks", "written", "number"),
    [
        ("", "12", "12"),
        ("", "-0.5000", "-0.5"),
        ("", "+.25", "0.25"),
        ("", "7.", "7"),
        ("", "2.50000000", "2.5"),
        ("", "1.5e3", "1500"),
        ("", "1.2345e2", "123.45"),
        ("", "99999999999999.9999", "99999999999999.9999"),
        ('thousands = ","\n', '"1,234,567.89"', "1234567.89"),
        ('thousands = ","\n', "1234567.89", "1234567.89"),
        ('thousands = ","\n', '"12,3456,7890"', "1234567890"),
        ('thousands = "."\ndecimal = ","\n', '"-1.234,5"', "-1234.5"),
        ('decimal = ","\n', '"0,05"', "0.05"),
        ('units = ["¥", "元"]\nthousands = ","\n', '"¥ 1,234.50元"', "1234.5"),
        ('units = ["$"]\n', "-$12.5", "-12.5"),
        ('units = ["USD"]\n', "12", "12"),
        ('rounding = "half_even"\n', "0.00005", "0"),
        ('rounding = "half_even"\n', "0.00015", "0.0002"),
        ('rounding = "half_even"\n', "2.5500000000000003", "2.55"),
    ],
)
def test_numbers_are_exact(tmp_path: Path, marks: str, written: str, number: str) -> None:
    chunk = csv(tmp_path, marks + MONEY, f"id,amount\n1,{written}\n")
    assert values(chunk, "purchase", "revenue") == [Decimal(number).quantize(Decimal("0.0001"))]


@pytest.mark.parametrize(
    ("marks", "written", "reason"),
    [
        ("", "12.34567", "too_many_decimals"),
        ("", "5.684341886080802e-14", "too_many_decimals"),
        ("", "1e-9", "too_many_decimals"),
        ("", "100000000000000", "number_too_large"),
        ("", "1e400", "number_too_large"),
        ("", '"1,234.5"', "bad_number"),
        ('thousands = ","\n', '"1,2,3"', "bad_number"),
        ('thousands = ","\n', '"1,234.567,8"', "bad_number"),
        ('decimal = ","\n', "1.5", "bad_number"),
        ("", "abc", "bad_number"),
        ("", "nan", "bad_number"),
        ("", "1_000", "bad_number"),
        ("", "٣", "bad_number"),
        ("", "--1", "bad_number"),
        ("", "￥5", "bad_number"),
        ('rounding = "half_even"\n', "99999999999999.99999", "number_too_large"),
    ],
)
def test_numbers_that_are_none(tmp_path: Path, marks: str, written: str, reason: str) -> None:
    chunk = csv(tmp_path, marks + MONEY, f"id,amount\n1,{written}\n2,1\n")
    assert faults(chunk) == [(2, reason, "amount", written.strip('"'))]
    assert values(chunk, "purchase", "revenue") == [Decimal("1.0000")]


@settings(max_examples=10)
@given(numbers=st.lists(st.decimals(-(10**14) + 1, 10**14 - 1, places=4), min_size=1, max_size=200))
def test_every_number_of_four_decimals_lands_as_it_is(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[Decimal]
) -> None:
    text = "id,amount\n" + "".join(f"1,{number:f}\n" for number in numbers)
    assert values(csv(tmp_path_factory.mktemp("n"), MONEY, text), "purchase", "revenue") == numbers


@pytest.mark.parametrize(
    ("formats", "written", "moment"),
    [
        ("", "2026-01-31", at(2026, 1, 31)),
        ("", "2026-01-31 08:26:00", at(2026, 1, 31, 8, 26)),
        ("", "2026-01-31T08:26:00.5", at(2026, 1, 31, 8, 26, 0, 500000)),
        ("", "2026-01-31T08:26:00Z", at(2026, 1, 31, 16, 26)),
        ("", "2026-01-31T08:26:00-05:00", at(2026, 1, 31, 21, 26)),
        ("", "2026-01-31T08:26:00+0530", at(2026, 1, 31, 10, 56)),
        ("", "2026-01-31 08:26:00.5+08", at(2026, 1, 31, 8, 26, 0, 500000)),
        ("", "2026-01-31T08:26:00.1234567Z", at(2026, 1, 31, 16, 26, 0, 123456)),
        ('["%Y-%m-%d %H:%M:%S.%f"]', "2026-01-31 08:26:00.123456789", at(2026, 1, 31, 8, 26, 0, 123456)),
        ('["%Y-%m-%d %H:%M %z"]', "2026-01-31 08:26 Z", at(2026, 1, 31, 16, 26)),
        ('["%m/%d/%Y"]', "3/1/2017", at(2017, 3, 1)),
        ('["%Y-%m-%d", "%d.%m.%Y %H:%M"]', "1.3.2017 9:05", at(2017, 3, 1, 9, 5)),
        ('["%d/%m/%y", "%m/%d/%y"]', "02/13/17", at(2017, 2, 13)),
        ('["%Y年%m月%d日"]', "2017年3月1日", at(2017, 3, 1)),
        ('["%Y%m%d"]', "20170301", at(2017, 3, 1)),
        ('["%m/%d/%Y %I:%M %p"]', "3/1/2017 8:05 PM", at(2017, 3, 1, 20, 5)),
    ],
)  # fmt: skip
def test_dates_in_the_formats_of_the_contract(tmp_path: Path, formats: str, written: str, moment: datetime) -> None:
    feed = (f"date_formats = {formats}\n" if formats else "") + TIME
    assert values(csv(tmp_path, feed, f"t,x\n{written},\n"), "purchase", "ordered_at") == [moment]


@pytest.mark.parametrize(
    ("formats", "written", "reason"),
    [
        ('["%m/%d/%Y"]', "13/25/2016", "bad_date"),
        ('["%m/%d/%Y"]', "2/29/2017", "bad_date"),
        ('["%m/%d/%Y"]', "2017-03-01", "bad_date"),
        ('["%m/%d/%Y"]', "3/1/17", "date_out_of_range"),  # a year of two digits is not 0017
        ('["%Y-%m-%d"]', "2222-01-01", "date_out_of_range"),
        ('["%Y-%m-%d"]', "2017-03-01 x", "bad_date"),
        ('["%Y-%m-%d"]', "", "missing"),
    ],
)
def test_dates_that_are_none(tmp_path: Path, formats: str, written: str, reason: str) -> None:
    chunk = csv(tmp_path, f"date_formats = {formats}\n" + TIME, f"t,x\n{written},\n")
    assert faults(chunk) == [(2, reason, "t", written)]


def test_times_are_turned_from_the_clock_of_the_feed_and_days_are_not(tmp_path: Path) -> None:
    feed = 'clock = "UTC"\ndate_formats = ["%Y-%m-%d %H:%M", "%Y-%m-%d"]\n' + TIME
    chunk = csv(tmp_path, feed, "t,x\n2026-01-31 20:00,\n2026-01-31,\n")
    assert values(chunk, "purchase", "ordered_at") == [at(2026, 2, 1, 4), at(2026, 1, 31)]
    chunk = csv(tmp_path, feed, "t,x\n2026-07-01 23:00,\n2026-12-01 23:00,\n", zone="Europe/London")
    assert values(chunk, "purchase", "ordered_at") == [at(2026, 7, 2), at(2026, 12, 1, 23)]


def test_every_row_may_have_an_offset_of_its_own_whatever_the_clock(tmp_path: Path) -> None:
    feed = 'clock = "America/New_York"\ndate_formats = ["%Y-%m-%d %H:%M%z", "%Y-%m-%d %H:%M"]\n' + TIME
    rows = "2026-07-01 08:00+08:00,\n2026-07-01 08:00Z,\n2026-07-01 08:00-03:30,\n2026-07-01 08:00,\n"
    chunk = csv(tmp_path, feed, "t,x\n" + rows, zone="Europe/Berlin")
    assert values(chunk, "purchase", "ordered_at") == [
        at(2026, 7, 1, 2), at(2026, 7, 1, 10), at(2026, 7, 1, 13, 30), at(2026, 7, 1, 14),
    ]  # fmt: skip


SPRING = ["2026-03-29 01:59", "2026-03-29 02:00", "2026-03-29 02:59", "2026-03-29 03:00"]
AUTUMN = ["2026-10-25 01:59", "2026-10-25 02:00", "2026-10-25 02:59", "2026-10-25 03:00"]


def test_an_hour_that_is_skipped_names_no_time_and_one_that_comes_twice_names_its_second(tmp_path: Path) -> None:
    feed = 'clock = "Europe/Berlin"\ndate_formats = ["%Y-%m-%d %H:%M", "%Y-%m-%d"]\n' + TIME
    text = "t,x\n" + "".join(f"{written},\n" for written in [*SPRING, *AUTUMN, "2026-03-29"])
    landed = [
        at(2026, 3, 29, 0, 59), at(2026, 3, 29, 1), at(2026, 10, 24, 23, 59), at(2026, 10, 25, 1),
        at(2026, 10, 25, 1, 59), at(2026, 10, 25, 2), at(2026, 3, 29),
    ]  # fmt: skip
    chunk = csv(tmp_path, feed, text, zone="UTC")
    assert values(chunk, "purchase", "ordered_at") == landed
    assert faults(chunk) == [(3, "skipped_time", "t", SPRING[1]), (4, "skipped_time", "t", SPRING[2])]
    times = pa.array([datetime.fromisoformat(written) for written in [*SPRING, *AUTUMN]], pa.timestamp("us"))
    chunk = parquet(tmp_path, feed, "UTC", t=times)
    assert values(chunk, "purchase", "ordered_at") == landed[:-1]
    assert [fault[:3] for fault in faults(chunk)] == [(2, "skipped_time", "t"), (3, "skipped_time", "t")]
    chunk = csv(tmp_path, feed, text, zone="Europe/Berlin")  # on its own clock nothing is turned
    assert len(values(chunk, "purchase", "ordered_at")) == 9


def test_a_day_and_a_time_in_two_columns(tmp_path: Path) -> None:
    feed = """\
date_formats = ["%d/%m/%Y %H:%M", "%d/%m/%Y"]
[feed.purchase]
ordered_at = { columns = ["day", "time"] }
revenue = { value = 1 }
"""
    chunk = csv(tmp_path, feed, "day,time\n31/01/2026,8:05\n31/01/2026,\n,8:05\n")
    assert values(chunk, "purchase", "ordered_at") == [at(2026, 1, 31, 8, 5), at(2026, 1, 31)]
    assert faults(chunk) == [(4, "bad_date", "day", "8:05")]


def test_two_styles_in_one_column_are_read_in_the_order_of_the_contract(tmp_path: Path) -> None:
    text = "t,x\n31/01/2026,\n01/31/2026,\n03/04/2026,\n2026-02-01,\n"
    for formats, ambiguous in (('"%d/%m/%Y", "%m/%d/%Y"', at(2026, 4, 3)), ('"%m/%d/%Y", "%d/%m/%Y"', at(2026, 3, 4))):
        chunk = csv(tmp_path, f"date_formats = [{formats}]\n" + TIME, text)
        assert values(chunk, "purchase", "ordered_at") == [at(2026, 1, 31), at(2026, 1, 31), ambiguous]
        assert faults(chunk) == [(5, "bad_date", "t", "2026-02-01")]


def test_keys(tmp_path: Path) -> None:
    feed = '[feed.customer]\nkey = { column = "id", type = "integer" }\n'
    chunk = csv(tmp_path, feed, "id,x\n17850.0,\n17850,\n00042,\n-0,\n1e5,\nA1,\n,\n 7 ,\n+100.,\n")
    assert values(chunk, "customer", "source_key") == ["17850", "17850", "42", "-0", "7", "100"]
    assert faults(chunk) == [(6, "not_an_integer", "id", "1e5"), (7, "not_an_integer", "id", "A1"),
                             (8, "missing", "id", "")]  # fmt: skip
    chunk = csv(tmp_path, PERSON, f"id,x\n00042,\n{'x' * 121},\n{'王' * 120},\n")
    assert values(chunk, "customer", "source_key") == ["00042", "王" * 120]
    assert faults(chunk) == [(3, "too_long", "id", "x" * 121)]


def test_text_is_trimmed_and_else_as_given(tmp_path: Path) -> None:
    feed = PERSON + 'name = "name"\naddress = { value = "unknown" }\n'
    chunk = csv(tmp_path, feed, "id,name\n1,\u3000王 伟\u00a0\n2,'; DROP TABLE x --\n3,\n4,a\x00b\n")
    assert values(chunk, "customer", "name") == ["王 伟", "'; DROP TABLE x --", None]
    assert values(chunk, "customer", "address") == ["unknown"] * 3
    assert faults(chunk) == [(5, "nul_character", "name", "")]


def test_maps_replacements_and_nothing(tmp_path: Path) -> None:
    feed = """
        nulls = ["NULL", "-"]
        replace = { product = { "GTXPro" = "GTX Pro" }, name = { "n/a" = "" } }
        [feed.product]
        key = "product"
        name = "name"
        category = { column = "c", map = { "A" = "Alpha", "x" = "" } }
    """
    chunk = csv(tmp_path, feed, "product,name,c\nGTXPro,n/a,A\nGTX Pro,NULL,B\nMG,-,x\n")
    assert values(chunk, "product", "product_id") == ["GTX Pro", "GTX Pro", "MG"]
    assert values(chunk, "product", "name") == [None, None, None]
    assert values(chunk, "product", "category") == ["Alpha", "B", None]
    assert values(chunk, "product", "uses") == [1, 1, 1]


def test_several_columns_in_one_field(tmp_path: Path) -> None:
    feed = """
        [feed.customer]
        key = { columns = ["branch", "no"], join = "-" }
        name = { columns = ["first", "last"] }
        address = { columns = ["street", "@file"], join = ", " }
    """
    text = "no,branch,first,last,street\n1,A,Ann,Lee,High St\n2,A,,Ray,\n3,,Bob,,x\n4,B,,,x\n"
    chunk = csv(tmp_path, feed, text)
    assert values(chunk, "customer", "source_key") == ["A-1", "A-2", "B-4"]
    assert values(chunk, "customer", "name") == ["Ann Lee", "Ray", None]
    assert values(chunk, "customer", "address") == ["High St, f.csv", "f.csv", "x, f.csv"]
    assert faults(chunk) == [(4, "missing", "branch", "")]


def test_kinds(tmp_path: Path) -> None:
    feed = PERSON + 'kind = { column = "typ", map = { "企业" = "organisation", "个人" = "person" } }\n'
    chunk = csv(tmp_path, feed, "id,typ\n1,企业\n2,个人\n3,\n4,Organisation\n5,firm\n")
    assert values(chunk, "customer", "kind") == ["organisation", "person", "person", "organisation"]
    assert faults(chunk) == [(6, "unknown_kind", "typ", "firm")]
    assert values(csv(tmp_path, PERSON, "id\n1\n"), "customer", "kind") == ["person"]
    feed = PERSON + 'kind = { value = "organisation" }\n'
    assert values(csv(tmp_path, feed, "id\n1\n"), "customer", "kind") == ["organisation"]


def test_verified(tmp_path: Path) -> None:
    feed = PERSON + 'phone = { column = "p", verified = "ok" }\nemail = { column = "e", verified = true }\n'
    chunk = csv(tmp_path, feed, "id,p,ok,e\n1,138,1,a@b\n2,139,否,\n3,,yes,c@d\n4,137,,e@f\n5,136,maybe,g@h\n")
    assert values(chunk, "customer", "phone_verified") == [True, False, None, False]
    assert values(chunk, "customer", "email_verified") == [True, None, True, True]
    assert faults(chunk) == [(6, "bad_flag", "ok", "maybe")]


def test_dates_of_customers(tmp_path: Path) -> None:
    feed = PERSON + 'birth_on = "b"\ncreated_on = "c"\nupdated_at = "u"\n'
    chunk = csv(tmp_path, feed, "id,b,c,u\n1,1980-02-29,2020-01-01 23:59:59,2020-01-02 03:04:05\n2,,,\n")
    assert values(chunk, "customer", "birth_on") == [date(1980, 2, 29), None]
    assert values(chunk, "customer", "created_on") == [date(2020, 1, 1), None]
    assert values(chunk, "customer", "updated_at") == [at(2020, 1, 2, 3, 4, 5), None]


PURCHASE = """\
[feed.purchase]
customer = "who"
order = "no"
product = "sku"
ordered_at = "day"
quantity = "q"
unit_price = "p"
"""


def test_revenue_is_quantity_times_price_half_even(tmp_path: Path) -> None:
    text = (
        "who,no,sku,day,q,p\n"
        "1,a,x,2026-01-31,3,2.5500\n"
        ",b,,2026-01-31,0.5,0.0001\n"
        "1,c,x,2026-01-31,1.5,0.0001\n"
        "1,d,x,2026-01-31,99999999,99999999\n"
        "1,e,x,2026-01-31,,1\n"
        "1,,x,2026-01-31,1,1\n"
        "1,f,x,2026-01-31,2,\n"
    )
    chunk = csv(tmp_path, PURCHASE, text)
    assert values(chunk, "purchase", "revenue") == [Decimal("7.6500"), Decimal("0.0000"), Decimal("0.0002")]
    assert values(chunk, "purchase", "unit_price") == [Decimal("2.5500"), Decimal("0.0001"), Decimal("0.0001")]
    assert values(chunk, "purchase", "source_key") == ["1", None, "1"]
    assert values(chunk, "purchase", "product_id") == ["x", None, "x"]
    assert values(chunk, "purchase", "currency") == ["CNY"] * 3
    assert values(chunk, "purchase", "delivery_id") == [77] * 3
    assert values(chunk, "purchase", "line") == [2, 3, 4]
    assert faults(chunk) == [
        (5, "number_too_large", "p", "99999999"), (6, "missing", "q", ""), (7, "missing", "no", ""),
        (8, "missing", "p", ""),
    ]  # fmt: skip
    assert chunk.counts[0].rows == 7


def test_a_line_without_an_order_number_in_the_contract_is_an_order_of_its_own(tmp_path: Path) -> None:
    chunk = csv(tmp_path, MONEY, "id,amount\n1,2\n1,3\n")
    assert values(chunk, "purchase", "order_id") == ["f.csv:2", "f.csv:3"]
    assert values(chunk, "purchase", "quantity") == [None, None]
    chunk = csv(tmp_path, '[feed.customer]\nkey = "@line"\ncompany = "@file"\n', "x\n1\n")
    assert values(chunk, "customer", "source_key") == ["f.csv:2"]
    assert values(chunk, "customer", "company") == ["f.csv"]


@pytest.mark.parametrize(
    ("sign", "quantities", "revenues"),
    [("as_is", ["-1", "2", "3"], ["-1.5", "3", "4.5"]), ("negate", ["1", "2", "-3"], ["1.5", "3", "-4.5"])],
)
def test_returns(tmp_path: Path, sign: str, quantities: list[str], revenues: list[str]) -> None:
    feed = PURCHASE + (
        f'[feed.purchase.returns]\nwhen = [{{ column = "state", op = "in", value = ["r", "c"] }}]\nsign = "{sign}"\n'
    )
    text = "who,no,sku,day,q,p,state\n1,a,x,2026-01-31,-1,1.5,r\n1,b,x,2026-01-31,2,1.5,\n1,c,x,2026-01-31,3,1.5,c\n"
    chunk = csv(tmp_path, feed, text)
    assert values(chunk, "purchase", "is_return") == [True, False, True]
    assert values(chunk, "purchase", "quantity") == [Decimal(value).quantize(Decimal("0.0001")) for value in quantities]
    assert values(chunk, "purchase", "revenue") == [Decimal(value).quantize(Decimal("0.0001")) for value in revenues]


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ('{ column = "n", op = ">=", value = 50000 }', ["2", "4"]),  # N3: smaller accounts are left out
        ('{ column = "n", op = "<", value = 50000 }', ["1"]),
        ('{ column = "n", value = 50000.00 }', ["2"]),
        ('{ column = "n", op = "!=", value = 50000 }', ["1", "3", "4"]),
        ('{ column = "n", op = "in", value = [50000, 49999.99] }', ["1", "2"]),
        ('{ column = "n", op = "not_in", value = [50000] }', ["1", "3", "4"]),
        ('{ column = "n", op = "not_null" }', ["1", "2", "4"]),
        ('{ column = "s", value = "Won" }', ["1"]),
        ('{ column = "s", op = "!=", value = "Won" }', ["2", "3", "4"]),
        ('{ column = "s", op = "not_in", value = ["Won", "Lost"] }', ["3", "4"]),
        ('{ column = "s", op = "starts_with", value = "W" }', ["1", "4"]),
        ('{ column = "s", op = ">", value = "Lost" }', ["1", "4"]),
        ('{ column = "d", op = "<=", value = 2026-01-31 }', ["1", "2"]),
        ('{ column = "d", op = "<", value = 2026-01-31T12:00:00 }', ["1"]),
        ('{ column = "d", value = 2026-01-31 }', ["2"]),
        ('{ column = "b", value = true }', ["1", "2"]),
    ],
)
def test_what_is_kept(tmp_path: Path, condition: str, kept: list[str]) -> None:
    text = (
        "id,n,s,d,b\n"
        "1,49999.99,Won,2026-01-30,true\n"
        "2,50000,Lost,2026-01-31 23:00:00,True\n"
        "3,,,,false\n"
        "4,1e5,Waiting,2026-02-01,\n"
    )
    chunk = csv(tmp_path, f"keep = [{condition}]\n" + PERSON, text)
    assert values(chunk, "customer", "source_key") == kept
    counts = chunk.counts[0]
    assert (counts.rows, counts.landed, counts.rejected, counts.filtered) == (4, len(kept), 0, 4 - len(kept))


def test_what_is_filtered_out_is_not_judged_but_what_cannot_be_compared_is_rejected(tmp_path: Path) -> None:
    feed = (
        'keep = [{ column = "n", op = ">", value = 5 }, { column = "s", value = "x" }]\n' + PERSON + 'birth_on = "b"\n'
    )
    text = "id,n,s,b\n1,6,x,2000-01-01\n2,1,x,never\n3,six,x,2000-01-01\n4,six,y,never\n5,7,x,never\n"
    chunk = csv(tmp_path, feed, text)
    assert values(chunk, "customer", "source_key") == ["1"]
    assert faults(chunk) == [(4, "bad_number", "n", "six"), (6, "bad_date", "b", "never")]
    assert chunk.counts[0].filtered == 2


def test_of_several_faults_the_first_column_of_the_file_is_told(tmp_path: Path) -> None:
    chunk = csv(tmp_path, PURCHASE, 'p,q,day,sku,no,who\nx,y,z,,,\n1,y,z,,,\n1,1,z,,,\n1,1,2026-01-31,,,\n"1,2\n')
    assert [(line, reason, column) for line, reason, column, _ in faults(chunk)] == [
        (2, "bad_number", "p"), (3, "bad_number", "q"), (4, "bad_date", "day"), (5, "missing", "no"),
        (6, "unclosed_quote", ""),
    ]  # fmt: skip
    assert chunk.tables["rejects"]["raw"].to_pylist() == [
        "x,y,z,,,", "1,y,z,,,", "1,1,z,,,", "1,1,2026-01-31,,,", '"1,2',
    ]  # fmt: skip
    assert chunk.tables["rejects"]["file"].to_pylist() == ["f.csv"] * 5


def test_a_mixed_feed_tells_each_customer_once_and_the_order_of_rows_is_nothing(tmp_path: Path) -> None:
    feed = (
        PERSON
        + 'name = "name"\ncity = "city"\n'
        + PURCHASE.replace('"who"', '"id"')
        + ('[feed.product]\nkey = "sku"\nname = "title"\n')
    )
    lines = [
        "1,Old,X,a,s1,T,2026-01-01,1,1", "1,New,Y,b,s1,T,2026-01-02,1,1", "1,New,Z,c,s1,,2026-01-02,1,1",
        "2,Two,,d,s2,U,2026-01-01,1,1", ",Nobody,,e,s1,V,2026-01-03,1,1", "1,Later,Z,f,s1,T,never,1,1",
    ]  # fmt: skip
    for order in (lines, lines[::-1]):
        chunk = csv(tmp_path, feed, "\n".join(["id,name,city,no,sku,title,day,q,p", *order]) + "\n")
        assert values(chunk, "customer", "source_key") == ["1", "2"]
        assert values(chunk, "customer", "name") == ["New", "Two"]
        assert values(chunk, "customer", "city") == ["Z", None]
        assert values(chunk, "customer", "updated_at") == [at(2026, 1, 2), at(2026, 1, 1)]
        products = chunk.tables["product"].select(["product_id", "name", "uses"]).to_pylist()
        assert [tuple(product.values()) for product in products] == [
            ("s1", "T", 2), ("s1", "V", 1), ("s1", None, 1), ("s2", "U", 1),
        ]  # fmt: skip
        assert chunk.tables["purchase"].num_rows == 5


def test_parquet_types(tmp_path: Path) -> None:
    feed = """
        [feed.customer]
        key = { column = "k", type = "integer" }
        name = "n"
        phone = { column = "p", verified = "v" }
        birth_on = "b"
        [feed.purchase]
        customer = { column = "k", type = "integer" }
        product = "p"
        ordered_at = "t"
        revenue = "r"
        quantity = "q"
    """
    chunk = parquet(
        tmp_path, feed,
        k=pa.array([17850.0, None, float("nan"), 2.5, 4.0], pa.float64()),
        n=pa.array(["a", "b", None, "d", "e"]).dictionary_encode(),
        p=pa.array([1, 2, 3, 4, 5], pa.int64()), v=[True, False, None, True, True],
        b=pa.array([date(1990, 1, 1)] * 5),
        t=pa.array([datetime(2026, 1, 31, 20, tzinfo=UTC)] * 5, pa.timestamp("ms", "UTC")),
        r=pa.array([2.55, 0.1, 1e16, 1.0, 1.23456], pa.float64()),
        q=pa.array([Decimal("1.500"), None, Decimal("2.000"), Decimal("1.000"), Decimal("1.000")]),
    )  # fmt: skip
    assert values(chunk, "purchase", "source_key") == ["17850"]
    assert values(chunk, "purchase", "revenue") == [Decimal("2.5500")]
    assert values(chunk, "purchase", "quantity") == [Decimal("1.5000")]
    assert values(chunk, "purchase", "ordered_at") == [at(2026, 2, 1, 4)]
    assert values(chunk, "purchase", "product_id") == ["1"]
    assert values(chunk, "customer", "phone") == ["1"]
    assert values(chunk, "customer", "phone_verified") == [True]
    assert values(chunk, "customer", "birth_on") == [date(1990, 1, 1)]
    assert faults(chunk) == [
        (2, "missing", "q", ""), (3, "number_too_large", "r", "1e+16"), (4, "not_an_integer", "k", "2.5"),
        (5, "too_many_decimals", "r", "1.23456"),
    ]  # fmt: skip
    assert chunk.tables["rejects"]["raw"][0].as_py().startswith('{"k": null, "n": "b", "p": 2, "v": false, ')


@pytest.mark.parametrize(
    ("column", "moment"),
    [
        (pa.array([date(2026, 1, 31)]), at(2026, 1, 31)),
        (pa.array([at(2026, 1, 31, 8)], pa.timestamp("ns")), at(2026, 1, 31, 16)),
        (pa.array([at(2026, 1, 31, 8)], pa.timestamp("s")), at(2026, 1, 31, 16)),
        (pa.array([20260131], pa.int32()), at(2026, 1, 31)),
        (pa.array(["20260131"], pa.large_string()), at(2026, 1, 31)),
    ],
)
def test_parquet_times(tmp_path: Path, column: pa.Array, moment: datetime) -> None:
    chunk = parquet(tmp_path, 'clock = "UTC"\ndate_formats = ["%Y%m%d"]\n' + TIME, t=column)
    assert values(chunk, "purchase", "ordered_at") == [moment]


def test_replacing_in_columns_that_are_no_text(tmp_path: Path) -> None:
    feed = 'nulls = ["999"]\nreplace = { r = { "-1" = "0" } }\n' + MONEY.replace("amount", "r") + 'quantity = "q"\n'
    chunk = parquet(tmp_path, feed, r=pa.array([-1, 5, 5]), q=pa.array([1, 999, 2]))
    assert values(chunk, "purchase", "revenue") == [Decimal("0.0000"), Decimal("5.0000")]
    assert faults(chunk) == [(2, "missing", "q", "")]


@pytest.mark.parametrize("code", sorted(REASONS))
def test_every_reason_has_words(code: str) -> None:
    with translation.override("en"):
        text = reason_text(code, "7/8" if code == "column_count" else "the value", "the column")
    assert "{" not in text
    assert code not in text


def test_words_of_a_reason() -> None:
    with translation.override("en"):
        assert reason_text("column_count", "7/8", "") == "The row has 7 columns; the header has 8."
        assert reason_text("bad_date", "13/25/2016", "close_date") == (
            "“13/25/2016” in “close_date” is not a date in a format of the contract."
        )
        assert reason_text("of an older version", "", "") == "of an older version"

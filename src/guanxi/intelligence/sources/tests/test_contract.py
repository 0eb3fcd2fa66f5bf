"""Contracts: read whole, or refused with every mistake."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from guanxi.intelligence.sources.contract import (
    Condition,
    ContractInvalid,
    Mapped,
    Mistake,
    Returns,
    Split,
    load_contract,
)
from guanxi.intelligence.sources.errors import ContractMissing
from guanxi.intelligence.sources.readers.options import CsvOptions, ParquetOptions

HEAD = """\
name = "shop"
timezone = "Asia/Shanghai"
currency = "CNY"
[[feed]]
name = "f"
path = "f.csv"
format = "csv"
"""
CUSTOMER = '[feed.customer]\nkey = "id"\n'


def write(folder: Path, text: str) -> Path:
    path = folder / "shop.toml"
    path.write_text(text, encoding="utf-8")
    return path


def mistakes_of(folder: Path, text: str) -> list[Mistake]:
    with pytest.raises(ContractInvalid) as refused:
        load_contract(write(folder, text))
    return list(refused.value.mistakes)


def told(folder: Path, text: str) -> list[tuple[int, str]]:
    return [(mistake.line, mistake.path) for mistake in mistakes_of(folder, text)]


def test_every_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUANXI_DATA", "/data")
    contract = load_contract(
        write(
            tmp_path,
            """\
            name = "shop-1"
            title = { zh = "网店", en = "Web shop" }
            priority = 10
            timezone = "Asia/Shanghai"
            currency = "CNY"
            business_date = 2011-12-09
            [[feed]]
            name = "lines"
            path = "${GUANXI_DATA}/lines-*.zip"
            members = "*/x.csv"
            format = "csv"
            delimiter = "\\t"
            quote = "'"
            escape = "\\\\"
            encoding = "gb18030"
            header = false
            columns = ["a", "b", "c", "d", "e", "mobile", "ok"]
            skip = 2
            delivery = "delta"
            date_formats = ["%Y-%m-%d", "%d.%m.%Y %H:%M"]
            clock = "UTC"
            thousands = "."
            decimal = ","
            rounding = "half_even"
            units = ["¥", "元"]
            split = { column = "e", by = ";" }
            nulls = ["NULL", "\\\\N"]
            keep = [
              { column = "a", op = ">=", value = 50000 },
              { column = "b", value = "Won" },
              { column = "c", op = "in", value = ["x", "y"] },
              { column = "d", op = "<", value = 2026-01-31 },
              { column = "e", op = "not_null" },
            ]
            replace = { a = { "GTXPro" = "GTX Pro" } }
            [feed.customer]
            key = { column = "a", type = "integer" }
            kind = { column = "b", map = { "企业" = "organisation" } }
            phone = { column = "mobile", verified = "ok" }
            email = { column = "e", verified = true }
            country = { value = "CN" }
            created_on = { value = 2020-01-01 }
            [feed.purchase]
            customer = { column = "a", type = "integer" }
            ordered_at = { value = 2020-01-01T10:00:00 }
            quantity = { value = 1 }
            unit_price = "d"
            [feed.purchase.returns]
            when = [{ column = "c", op = "starts_with", value = "R" }]
            sign = "negate"
            [[feed]]
            name = "goods"
            path = "goods.parquet"
            format = "parquet"
            [feed.product]
            key = "sku"
            name = "@file"
            """,
        )
    )
    assert (contract.name, contract.title, contract.priority) == ("shop-1", {"zh": "网店", "en": "Web shop"}, 10)
    assert (contract.timezone, contract.currency) == ("Asia/Shanghai", "CNY")
    assert contract.business_date == date(2011, 12, 9)
    lines, goods = contract.feeds
    assert (lines.name, lines.location, lines.members) == ("lines", "/data/lines-*.zip", "*/x.csv")
    assert lines.options == CsvOptions(
        delimiter="\t", quote="'", escape="\\", encoding="gb18030", has_header=False,
        columns=("a", "b", "c", "d", "e", "mobile", "ok"), skip=2,
    )  # fmt: skip
    assert (lines.is_full, lines.clock, lines.thousands, lines.decimal, lines.is_rounded) == (
        False, "UTC", ".", ",", True,
    )  # fmt: skip
    assert (lines.units, lines.split) == (("¥", "元"), Split("e", ";"))
    assert lines.date_formats == ("%Y-%m-%d", "%d.%m.%Y %H:%M")
    assert lines.nulls == ("NULL", "\\N")
    assert lines.keep == (
        Condition("a", ">=", 50000), Condition("b", "=", "Won"), Condition("c", "in", ("x", "y")),
        Condition("d", "<", date(2026, 1, 31)), Condition("e", "not_null"),
    )  # fmt: skip
    assert lines.replace == {"a": {"GTXPro": "GTX Pro"}}
    assert lines.customer == {
        "key": Mapped(column="a", is_integer=True),
        "kind": Mapped(column="b", map={"企业": "organisation"}),
        "phone": Mapped(column="mobile", verified="ok"),
        "email": Mapped(column="e", verified=True),
        "country": Mapped(value="CN"),
        "created_on": Mapped(value=date(2020, 1, 1)),
    }
    assert lines.purchase == {
        "customer": Mapped(column="a", is_integer=True),
        "ordered_at": Mapped(value=datetime(2020, 1, 1, 10)),  # noqa: DTZ001  (a wall clock)
        "quantity": Mapped(value="1"),
        "unit_price": Mapped(column="d"),
    }
    assert lines.returns == Returns((Condition("c", "starts_with", "R"),), is_negated=True)
    assert lines.columns() == ["a", "b", "mobile", "ok", "e", "d", "c"]
    assert (goods.is_full, goods.options, goods.location) == (True, ParquetOptions(), str(tmp_path / "goods.parquet"))
    assert goods.columns() == ["sku"]


def test_every_mistake_at_once_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GUANXI_DATA", raising=False)
    text = """\
name = "Shop 1"
timezone = "Asia/Shangai"
curency = "CNY"
business_date = "2011-12-09"

[[feed]]
name = "lines"
path = "${GUANXI_DATA}/${HOME}/x.csv"
format = "csv"
delimiter = ""
header = false
encoding = "gb18300"
date_formats = [
  "%Y-%m-%d",
  "dd.mm.yyyy",
]
clock = "Mars"
thousands = "."
keep = [ { colum = "a", op = "==", value = 1 } ]
delivery = "daily"
[feed.customer]
key = "CustomerID"
kind = { column = "t", map = { "企业" = "organization" } }
telephone = "Tel"
birth_on = { column = "b", map = { "x" = "y" } }
[feed.purchase]
customer = { column = "CustomerID", type = "integer" }
ordered_at = 5
unit_price = "P"
revenue = "R"
[feed.purchase.returns]
sign = "minus"

[[feed]]
name = "lines"
path = "b.parquet"
format = "parquet"
delimiter = ";"
[feed.purchase]
ordered_at = "t"
[[feed]]
name = "nothing"
path = "c.csv"
format = "xslx"
"""
    found = mistakes_of(tmp_path, text.replace('thousands = "."', 'thousands = "."\ndecimal = "."'))
    assert [(mistake.line, mistake.path, mistake.suggestion) for mistake in found] == [
        (1, "currency", 'Add: currency = "CNY"'),
        (1, "name", "Did you mean “shop_1”?"),
        (2, "timezone", "Did you mean “Asia/Shanghai”?"),
        (3, "curency", "Did you mean “currency”?"),
        (4, "business_date", ""),
        (8, "feed.lines.path", "Set it in the environment: GUANXI_DATA=/a/folder"),
        (8, "feed.lines.path", "Possible: GUANXI_DATA, GUANXI_HOME."),
        (10, "feed.lines.delimiter", ""),
        (11, "feed.lines.header", 'Add: columns = ["a", "b"]'),
        (12, "feed.lines.encoding", "Did you mean “gb18030”?"),
        (15, "feed.lines.date_formats[2]", "Did you mean “%d.%m.%Y”?"),
        (17, "feed.lines.clock", ""),
        (18, "feed.lines.thousands", 'With decimal = "," it is usually "."; with decimal = "." it is usually ",".'),
        (20, "feed.lines.keep[1].colum", "Did you mean “column”?"),
        (20, "feed.lines.keep[1].column", 'Add: column = "Column"'),
        (20, "feed.lines.keep[1].op", "Did you mean “=”?"),
        (21, "feed.lines.delivery", "Possible: full, delta."),
        (24, "feed.lines.customer.kind.map.企业", "Possible: person, organisation."),
        (25, "feed.lines.customer.telephone", "Did you mean “phone”?"),
        (26, "feed.lines.customer.birth_on.map", "Use “replace” in the feed to change what is read."),
        (28, "feed.lines.purchase.customer", "Write both the same way."),
        (29, "feed.lines.purchase.ordered_at",
         'For example ordered_at = "Column", or ordered_at = { value = "always this" }.'),
        (30, "feed.lines.purchase.unit_price", "Leave one out."),
        (32, "feed.lines.purchase.returns", 'Add: when = [ { column = "Status", op = "=", value = "returned" } ]'),
        (33, "feed.lines.purchase.returns.sign", "Possible: as_is, negate."),
        (36, "feed.lines.name", "Names of feeds are unique within a contract."),
        (39, "feed.lines.delimiter", 'It belongs to format = "csv".'),
        (40, "feed.lines.purchase",
         'Add: unit_price = "Column" and quantity = "Column", or revenue = "Column"'),
        (42, "feed.nothing", "Add: [feed.customer]"),
        (45, "feed.nothing.format", "Did you mean “xlsx”?"),
    ]  # fmt: skip
    assert str(found[3]) == "line 3: curency: “curency” is not a key that belongs here. Did you mean “currency”?"


def test_the_error_names_place_and_cure(tmp_path: Path) -> None:
    with pytest.raises(ContractInvalid) as refused:
        load_contract(write(tmp_path, HEAD + CUSTOMER + 'nmae = "n"\n'))
    error = refused.value
    assert error.place == f"{tmp_path / 'shop.toml'}:10"
    assert "line 10: feed.f.customer.nmae:" in error.message
    assert error.remedy == "Mend what is named and check again: guanxi source check shop.toml"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('name = "shop\ncurrency = "CNY"\n', 1),
        ('name = "shop"\n\n[[feed]\n', 3),
        ('name = "shop"\nname = "twice"\n', 2),
        ("title = {", 1),
    ],
)
def test_toml_that_is_none(tmp_path: Path, text: str, line: int) -> None:
    (mistake,) = mistakes_of(tmp_path, text)
    assert (mistake.line, mistake.message[:17]) == (line, "This is not TOML:")


def test_a_contract_that_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "shop.toml"
    path.write_bytes('name = "shop"\ntitle = "网店"\n'.encode("gb18030"))
    with pytest.raises(ContractInvalid) as refused:
        load_contract(path)
    assert refused.value.mistakes == (Mistake(2, "", "The contract is not UTF-8 text.", "Save it as UTF-8."),)


def test_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "shop.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + CUSTOMER).replace("\n", "\r\n").encode())
    assert load_contract(path).title == {"zh": "shop", "en": "shop"}


def test_a_contract_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ContractMissing):
        load_contract(tmp_path / "none.toml")


def test_one_title_for_both_languages(tmp_path: Path) -> None:
    assert load_contract(write(tmp_path, 'title = "Shop"\n' + HEAD + CUSTOMER)).title == {"zh": "Shop", "en": "Shop"}


@pytest.mark.parametrize(
    ("feed", "place"),
    [
        ('units = ["元", "1"]\n' + CUSTOMER, (8, "feed.f.units")),
        ('split = { column = "id", by = "" }\n' + CUSTOMER, (8, "feed.f.split.by")),
        ('split = { by = ";" }\n' + CUSTOMER, (8, "feed.f.split.column")),
        ('fill_down = ["id"]\n' + CUSTOMER, (8, "feed.f.fill_down")),
        ('delimiter = "\\\\t"\n' + CUSTOMER, (8, "feed.f.delimiter")),
        ('quote = "ab"\n' + CUSTOMER, (8, "feed.f.quote")),
        ('quote = ","\n' + CUSTOMER, (8, "feed.f.quote")),
        ("escape = '\"'\n" + CUSTOMER, (8, "feed.f.escape")),
        ('columns = ["a"]\n' + CUSTOMER, (8, "feed.f.columns")),
        ('header = false\ncolumns = ["id", "id"]\n' + CUSTOMER, (9, "feed.f.columns")),
        ('header = false\ncolumns = ["ide"]\n' + CUSTOMER, (11, "feed.f.customer.key")),
        ("skip = -1\n" + CUSTOMER, (8, "feed.f.skip")),
        ("header = 1\n" + CUSTOMER, (8, "feed.f.header")),
        ("nulls = [1]\n" + CUSTOMER, (8, "feed.f.nulls")),
        ('replace = { idd = { "a" = "b" } }\n' + CUSTOMER, (8, "feed.f.replace.idd")),
        ('keep = [{ column = "a", op = "in", value = "x" }]\n' + CUSTOMER, (8, "feed.f.keep[1].value")),
        ('keep = [{ column = "a", op = "in", value = [1, "x"] }]\n' + CUSTOMER, (8, "feed.f.keep[1].value")),
        ('keep = [{ column = "a", op = "<", value = [1] }]\n' + CUSTOMER, (8, "feed.f.keep[1].value")),
        ('keep = [{ column = "a", op = "starts_with", value = 1 }]\n' + CUSTOMER, (8, "feed.f.keep[1].value")),
        ('keep = [{ column = "a", op = "not_null", value = 1 }]\n' + CUSTOMER, (8, "feed.f.keep[1].value")),
        ('keep = [{ column = "a" }]\n' + CUSTOMER, (8, "feed.f.keep[1]")),
        ("[feed.customer]\n", (8, "feed.f.customer.key")),
        ('[feed.customer]\nkey = ""\n', (9, "feed.f.customer.key")),
        ('[feed.customer]\nkey = { colum = "a" }\n', (9, "feed.f.customer.key")),
        ('[feed.customer]\nkey = { column = "a", value = "b" }\n', (9, "feed.f.customer.key")),
        ("[feed.customer]\nkey = { columns = [] }\n", (9, "feed.f.customer.key.columns")),
        ('[feed.customer]\nkey = { column = "a", join = "-" }\n', (9, "feed.f.customer.key.join")),
        (CUSTOMER + 'kind = { columns = ["y", "m"] }\n', (10, "feed.f.customer.kind.columns")),
        ('[feed.customer]\nkey = { column = "a", type = "int" }\n', (9, "feed.f.customer.key.type")),
        (CUSTOMER + 'kind = { value = "company" }\n', (10, "feed.f.customer.kind.value")),
        (CUSTOMER + 'birth_on = { value = "1980-01-01" }\n', (10, "feed.f.customer.birth_on.value")),
        (CUSTOMER + 'birth_on = { column = "b", type = "integer" }\n', (10, "feed.f.customer.birth_on.type")),
        (CUSTOMER + 'name = { column = "n", verified = true }\n', (10, "feed.f.customer.name.verified")),
        (CUSTOMER + 'phone = { column = "n", verified = 1 }\n', (10, "feed.f.customer.phone.verified")),
        ('[feed.purchase]\nordered_at = "t"\nunit_price = "p"\n', (10, "feed.f.purchase.unit_price")),
        ('[feed.purchase]\nordered_at = "t"\nrevenue = { value = 1.23456 }\n', (10, "feed.f.purchase.revenue.value")),
        ('[feed.purchase]\nrevenue = "r"\n', (8, "feed.f.purchase.ordered_at")),
        ('[feed.purchase]\nordered_at = "t"\nrevenue = "r"\nreturns = "x"\n', (11, "feed.f.purchase.returns")),
    ],
)
def test_a_mistake_in_a_feed(tmp_path: Path, feed: str, place: tuple[int, str]) -> None:
    assert place in told(tmp_path, HEAD + feed)


@pytest.mark.parametrize(
    ("head", "place"),
    [
        ('name = "shop"\ntimezone = "UTC"\ncurrency = "CNY"\n', (1, "feed")),
        ('name = "shop"\ntimezone = "UTC"\ncurrency = "CNY"\n[feed]\nname = "f"\n', (4, "feed")),
        ('name = 5\ntimezone = "UTC"\ncurrency = "cny"\n', (1, "name")),
        ('name = "shop"\ntimezone = "UTC"\ncurrency = "cny"\n', (3, "currency")),
        ('name = "guanxi"\ntimezone = "UTC"\ncurrency = "CNY"\n', (1, "name")),
        ('name = "shop"\npriority = "high"\n', (2, "priority")),
        ('name = "shop"\ntitle = { de = "Laden" }\n', (2, "title.de")),
    ],
)
def test_a_mistake_above_the_feeds(tmp_path: Path, head: str, place: tuple[int, str]) -> None:
    assert place in told(tmp_path, head)


def test_a_key_of_the_feed_below_one_of_its_tables(tmp_path: Path) -> None:
    text = """\
name = "shop"
timezone = "UTC"
currency = "CNY"
[[feed]]
name = "f"
path = "f.csv"
format = "csv"
[feed.customer]
key = "no"
date_formats = ["%d/%m/%Y"]
delimiter = ";"
"""
    assert [(mistake.path, mistake.suggestion) for mistake in mistakes_of(tmp_path, text)] == [
        ("feed.f.customer.date_formats", "It belongs to the feed: write it above its first table."),
        ("feed.f.customer.delimiter", "It belongs to the feed: write it above its first table."),
    ]


def test_numbers_are_exact(tmp_path: Path) -> None:
    text = HEAD + 'keep = [{ column = "id", op = ">", value = 0.1 }]\n' + CUSTOMER
    assert load_contract(write(tmp_path, text)).feeds[0].keep[0].value == Decimal("0.1")

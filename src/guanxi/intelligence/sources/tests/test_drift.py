"""Drift: what differs between the columns of two files, and how it is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from guanxi.intelligence.sources.check import check_contract
from guanxi.intelligence.sources.contract import load_contract
from guanxi.intelligence.sources.drift import Drift, find_drift
from guanxi.intelligence.sources.drift_words import changes_in_words, unread_in_words
from guanxi.intelligence.sources.terms import Feed

CONTRACT = """\
name = "shop"
timezone = "Asia/Shanghai"
currency = "CNY"
business_date = 2026-01-31
[[feed]]
name = "f"
path = "f*.{format}"
format = "{format}"
aliases = {{ member = ["member_no"] }}
optional = ["mail"]
required = ["till"]
ignored = ["x_*"]
[feed.customer]
key = "member"
email = "mail"
"""


def feed(folder: Path, format_: str = "csv") -> Feed:
    path = folder / "shop.toml"
    path.write_text(CONTRACT.format(format=format_), encoding="utf-8")
    return load_contract(path).feeds[0]


@pytest.mark.parametrize(
    ("before", "now", "drift"),
    [
        ("till member mail", "till member mail", {}),
        ("till member mail a", "till member a b", {"added": ("b",), "removed": ("mail",)}),
        ("till member mail", "till member_no mail", {"renamed": (("member", "member_no"),)}),
        ("till member mail colour", "till member mail colours", {"perhaps": (("colour", "colours"),)}),
        ("till member mail a z", "till member mail b z", {"perhaps": (("a", "b"),)}),  # between the same neighbours
        ("till member mail a z", "b till member mail z", {"added": ("b",), "removed": ("a",)}),
        ("till member mail a b c", "a till member mail b c", {"moved": ("a",)}),
        ("till member mail a b c", "c b a mail member till", {"moved": ("c", "b", "a", "mail", "member")}),
        ("till member mail x_1", "till member mail x_2 x_3", {}),
        ("till member mail x_1 a", "a till member mail", {"moved": ("a",)}),
    ],
)
def test_what_differs(tmp_path: Path, before: str, now: str, drift: dict[str, Any]) -> None:
    found = find_drift(feed(tmp_path), now.split(), before.split(), "old.csv")
    told = {key: value for key, value in found.as_json().items() if key not in {"before", "unknown", "lacking"}}
    assert told == drift
    assert found.is_change == bool(drift)
    assert Drift.from_json(found.as_json()) == found


def test_what_the_contract_makes_nothing_of(tmp_path: Path) -> None:
    assert find_drift(feed(tmp_path), ["till", "b", "x_1", "member_no", "a"]) == Drift(
        unknown=("b", "a"), lacking=("mail",)
    )
    assert find_drift(feed(tmp_path), []) == Drift()


def test_the_place_of_a_column_means_something_only_where_somebody_chose_it(tmp_path: Path) -> None:
    before, now = ["till", "member", "mail"], ["mail", "till", "member"]
    assert find_drift(feed(tmp_path, "parquet"), now, before).moved == ("mail",)
    assert find_drift(feed(tmp_path, "jsonl"), now, before) == Drift()


DRIFT = Drift(
    before="old.csv", added=("a", "b"), removed=("c",), moved=("d", "e"), renamed=(("m", "n"),),
    perhaps=(("colour", "colours"),), unknown=("b", "colours", "z"), lacking=("mail",),
)  # fmt: skip


def test_it_is_told_in_english() -> None:
    assert changes_in_words(DRIFT) == (
        "“m” is called “n” now; “colour” is perhaps called “colours” now; 1 new column: “a”; "
        "1 new column that nothing reads: “b”; “c” is gone; "
        "“d”, “e” stand elsewhere"
    )
    assert unread_in_words(DRIFT) == "Nothing reads: “b”, “colours”, “z”. Missing, and left empty: “mail”."
    assert unread_in_words(DRIFT, but_new=True) == "Nothing reads: “z”. Missing, and left empty: “mail”."
    many = Drift(added=tuple(f"c{number}" for number in range(23)))
    assert changes_in_words(many).endswith("“c18”, “c19” and 3 more")


def test_it_is_told_in_chinese() -> None:
    with translation.override("zh-hans"):
        assert changes_in_words(DRIFT) == (
            "“m”改名为“n”；“colour”可能改名为“colours”；新增 1 列：“a”；新增 1 列（没有用到）：“b”；“c”没有了；"
            "“d”、“e”换了位置"
        )
        assert unread_in_words(DRIFT) == "没有用到：“b”、“colours”、“z”。缺少、按空值处理：“mail”。"


def check(folder: Path, *before: tuple[str, list[str]]) -> list[tuple[str, str, bool]]:
    feed(folder)
    found = check_contract(folder / "shop.toml", lambda source, name: {("shop", "f"): before}[source, name])
    return [(told.message.replace(f"{folder}/", ""), told.suggestion, told.warning) for told in found]


def test_a_check_remarks_where_the_files_differ(tmp_path: Path) -> None:
    (tmp_path / "f1.csv").write_text("till,member,mail,colour\n")
    (tmp_path / "f2.csv").write_text("till,member,colours\n")
    assert check(tmp_path) == [
        ("f2.csv has other columns than f1.csv: “colour” is perhaps called “colours” now; “mail” is gone.",
         'If it is the same column: aliases = { "colour" = ["colours"] }', True),
        ("f2.csv: Nothing reads: “colours”. Missing, and left empty: “mail”.",
         'To pass over them: ignored = ["colours"]', True),
    ]  # fmt: skip


def test_a_check_compares_with_what_was_delivered(tmp_path: Path) -> None:
    delivered = [("f1.csv", ["till", "member"]), ("f2.csv", ["till", "member", "mail"])]
    (tmp_path / "f1.csv").write_text("till,member\n")
    (tmp_path / "f2.csv").write_text("till,member,mail\n")
    assert check(tmp_path, *delivered) == []
    (tmp_path / "f3.csv").write_text("mail,till,member\n")
    assert check(tmp_path, *delivered) == [("f3.csv has other columns than f2.csv: “mail” stands elsewhere.", "", True)]
    (tmp_path / "f2.csv").write_text("till,member\n")  # the name was used before, but not for these columns
    (tmp_path / "f3.csv").unlink()
    (tmp_path / "f1.csv").unlink()
    assert check(tmp_path, *delivered) == [
        ("f2.csv has other columns than f2.csv: “mail” is gone.", "", True),
        ("f2.csv: Missing, and left empty: “mail”.", "", True),
    ]  # fmt: skip

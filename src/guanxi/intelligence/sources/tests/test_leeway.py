"""How columns may differ from file to file: what a contract may say of it, and what a check of the files tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from guanxi.intelligence.sources.check import check_contract
from guanxi.intelligence.sources.contract import ContractInvalid, load_contract
from guanxi.intelligence.sources.fit import called_by_contract
from guanxi.intelligence.sources.terms import Leeway

HEAD = """\
name = "shop"
timezone = "Asia/Shanghai"
currency = "CNY"
[[feed]]
name = "f"
path = "f*.csv"
format = "csv"
"""
TABLES = """\
[feed.customer]
key = "member"
email = { column = "mail", verified = "mail_ok" }
[feed.purchase]
customer = "member"
ordered_at = "day"
revenue = "sum"
"""


def write(folder: Path, feed: str, tables: str = TABLES) -> Path:
    path = folder / "shop.toml"
    path.write_text(HEAD + feed + tables, encoding="utf-8")
    return path


def mistakes_of(folder: Path, feed: str) -> list[tuple[int, str, str, str]]:
    with pytest.raises(ContractInvalid) as refused:
        load_contract(write(folder, feed))
    return [(found.line, found.path, found.message, found.suggestion) for found in refused.value.mistakes]


def test_what_a_contract_may_say(tmp_path: Path) -> None:
    feed = (
        'aliases = { member = ["member_no", "会员号"], source = ["from"] }\n'
        'optional = ["mail", "mail_ok"]\nrequired = ["source"]\nignored = ["x_*"]\n'
    )
    (loaded,) = load_contract(write(tmp_path, feed)).feeds
    assert loaded.leeway == Leeway(
        {"member": ("member_no", "会员号"), "source": ("from",)}, ("mail", "mail_ok"), ("source",), ("x_*",)
    )
    assert loaded.columns() == ["member", "mail", "mail_ok", "day", "sum"]
    assert loaded.names() == ["member", "member_no", "会员号", "mail", "mail_ok", "day", "sum", "source", "from"]
    assert [loaded.leeway.is_ignored(name) for name in ("x_1", "X_1", "y")] == [True, False, False]
    assert called_by_contract(loaded, ["sum", "会员号", "from", "other"]) == ("sum", "member", "source", "other")
    assert called_by_contract(loaded, ["会员号", "member_no"]) == ("会员号", "member")


def test_what_makes_no_sense(tmp_path: Path) -> None:
    feed = (
        'aliases = { membr = ["no"], mail = ["sum", "e_mail"], day = ["e_mail"] }\n'
        'optional = ["mial", "sum", "mail"]\nrequired = ["mail"]\n'
    )
    assert mistakes_of(tmp_path, feed) == [
        (8, "feed.f.aliases.day", "“e_mail” would stand for more than one column.", "Leave it out here."),
        (8, "feed.f.aliases.mail", "“sum” would stand for more than one column.", "Leave it out here."),
        (8, "feed.f.aliases.membr", "Nothing reads the column “membr”.", "Did you mean “member”?"),
        (9, "feed.f.optional", "Nothing reads the column “mial”.", "Did you mean “mail”?"),
        (9, "feed.f.optional", "“sum” cannot be optional: without “purchase.revenue” every row would be rejected.", ""),
        (9, "feed.f.optional", "“mail” is both required and optional.", ""),
    ]  # fmt: skip


def test_columns_that_the_contract_itself_names_cannot_differ(tmp_path: Path) -> None:
    feed = 'header = false\ncolumns = ["member", "mail", "mail_ok", "day", "sum"]\noptional = ["mail"]\n'
    assert mistakes_of(tmp_path, feed) == [
        (10, "feed.f.optional", "The contract itself names the columns: they cannot differ.", "Leave it out."),
    ]


def test_a_check_knows_the_other_names_and_what_may_be_missing(tmp_path: Path) -> None:
    feed = 'aliases = { member = ["member_no"] }\noptional = ["mail", "mail_ok"]\nrequired = ["till"]\n'
    (tmp_path / "f1.csv").write_text("till,member_no,sum,day\n1,7,2,2026-01-31\n")
    (tmp_path / "f2.csv").write_text("member,mail,mail_ok,till,sum,day\n7,a@b.cn,maybe,1,2,2026-01-31\n")
    (tmp_path / "f3.csv").write_text("member_nr,sum,day\n7,2,2026-01-31\n")
    assert [
        (found.line, found.path, found.message.replace(f"{tmp_path}/", ""), found.suggestion)
        for found in check_contract(write(tmp_path, feed))
    ] == [
        (6, "feed.f.path",
         ("f2.csv has other columns than f1.csv: “member_no” is called “member” now; "
          "2 new columns: “mail”, “mail_ok”; “member” stands elsewhere."), ""),
        (10, "feed.f.required[1]", "f3.csv: There is no column “till”.", "Possible: member_nr, sum, day."),
        (12, "feed.f.customer.key", "f3.csv: There is no column “member”.", "Did you mean “member_nr”?"),
        (13, "feed.f.customer.email.verified",
         "100.0% of the first 1 rows of f2.csv would be rejected: “maybe” in “mail_ok” is neither yes nor no.", ""),
        (15, "feed.f.purchase.customer", "f3.csv: There is no column “member”.", "Did you mean “member_nr”?"),
    ]  # fmt: skip

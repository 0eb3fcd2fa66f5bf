"""The command line as a user runs it: a process of its own on a home of its own."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from guanxi.config.tests.terminal import Terminal
from guanxi.intelligence.tests.small_company import SHOP_CONTRACT, write_small_company


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """A terminal in a folder with the small company's files and a refreshed home."""
    folder = tmp_path_factory.mktemp("terminal")
    contracts = write_small_company(folder / "sources")
    opened = Terminal(folder)
    sources = [word for path in contracts for word in ("--source", path)]
    told = opened.type("refresh", "--home", "home", *sources, "--as-of", "2025-12-31")
    assert told.code == 0, told.errors
    assert "business date 2025-12-31" in told.output
    assert [line.split("│")[1:9] for line in told.output.splitlines() if "customers" in line and "shop" in line] == [
        [
            " shop   ",
            " customers ",
            "     1 ",
            "       5 ",
            "      4 ",
            "        1 ",
            "        0 ",
            "                 0 ",
        ]
    ]
    return opened


def test_a_query_answers_in_json(terminal: Terminal) -> None:
    told = terminal.type("sql", "select count(*) as n from customer", "--home", "home", "--json")
    assert (told.code, json.loads(told.output)) == (0, [{"n": 6}])


def test_a_query_answers_as_csv(terminal: Terminal) -> None:
    query = "select product_id, name from product order by product_id"
    told = terminal.type("sql", query, "--home", "home", "--csv")
    assert told.output.split() == ["product_id,name", "CUP,品茗杯", "POT,紫砂壶", "TRAY,竹茶盘"]


@pytest.mark.parametrize(
    "query",
    [
        "delete from customer",
        "create table x as select 1 as one",
        "select * from person",
        "select * from read_csv('/etc/passwd')",
        "select 1 as a; select 2 as b",
        "copy customer to 'out.csv'",
        "selec",
    ],
)
def test_a_query_that_is_no_reading_of_the_marts_is_refused(terminal: Terminal, query: str) -> None:
    before = terminal.type("warehouse", "hash", "--home", "home")
    told = terminal.type("sql", query, "--home", "home")
    assert told.code == 2
    assert told.errors.startswith("error[sql_not_readable]: ")
    assert "cure: Write one SELECT" in told.errors
    assert terminal.type("warehouse", "hash", "--home", "home") == before
    assert not (terminal.folder / "out.csv").exists()


def test_the_hash_is_the_same_for_the_same_files_elsewhere(terminal: Terminal) -> None:
    sources = [
        word for name in ("shop", "store") for word in ("--source", terminal.folder / "sources" / f"{name}.toml")
    ]
    assert terminal.type("refresh", "--home", "other", *sources, "--as-of", "2025-12-31").code == 0
    first, second = (terminal.type("warehouse", "hash", "--home", home, "--json") for home in ("home", "other"))
    assert json.loads(first.output) == json.loads(second.output)


def test_mistakes_in_a_contract_are_told_all_at_once(terminal: Terminal) -> None:
    wrong = terminal.folder / "sources" / "wrong.toml"
    text = SHOP_CONTRACT.replace("priority", "prority").replace('"customers.csv"', '"custmers.csv"')
    wrong.write_text(text.replace('order = "order"', 'odrer = "order"'), encoding="utf-8")
    told = terminal.type("source", "check", wrong)
    assert told.code == 2
    assert "prority" in told.output
    assert "priority" in told.output
    assert "odrer" in told.output
    good = (terminal.folder / "sources" / "store.toml").read_text(encoding="utf-8")
    wrong.write_text(good.replace("priority", "colour = 1\npriority", 1), encoding="utf-8")
    assert "wrong.toml: 1 mistake, 0 remarks" in terminal.type("source", "check", wrong).output
    told = terminal.type("refresh", "--home", "home", "--source", wrong)
    assert told.code == 2
    assert told.errors.startswith("error[contract_invalid]: ")


def test_a_good_contract_has_no_mistakes(terminal: Terminal) -> None:
    told = terminal.type("source", "check", terminal.folder / "sources" / "store.toml")
    assert (told.code, told.errors) == (0, "")


def test_a_field_of_ones_own_is_looked_up_in_the_home(terminal: Terminal) -> None:
    contract = terminal.folder / "sources" / "own.toml"
    contract.write_text(SHOP_CONTRACT.replace("[feed.customer]\n", '[feed.customer]\ncustom.tea = "name"\n'), "utf-8")
    before = terminal.type("warehouse", "hash", "--home", "home").output
    alone = terminal.type("source", "check", contract)
    assert (alone.code, "is not checked here: “tea”" in alone.output) == (0, True)
    refused = "There is no field of your own with the key “tea”."
    told = terminal.type("source", "check", "--home", "home", contract)
    assert (told.code, refused in told.output) == (2, True)
    told = terminal.type("refresh", "--home", "home", "--source", contract)
    assert (told.code, refused in told.errors) == (2, True)
    assert terminal.type("warehouse", "hash", "--home", "home").output == before


def test_a_missing_contract_is_told_in_the_readers_language(terminal: Terminal) -> None:
    told = terminal.type("refresh", "--home", "home", "--source", "nowhere.toml", language="zh")
    assert told.code == 2
    assert "nowhere.toml" in told.errors
    assert any("一" <= letter <= "鿿" for letter in told.errors)


def test_an_unknown_option_is_refused_with_its_name(terminal: Terminal) -> None:
    told = terminal.type("refresh", "--hom", "home")
    assert told.code == 2
    assert "--hom" in told.errors


def test_reading_a_home_nobody_lives_in_is_refused_and_makes_none(terminal: Terminal) -> None:
    told = terminal.type("sql", "select 1 as one", "--home", "nowhere")
    assert told.code == 2
    assert "nowhere" in told.errors
    assert not (terminal.folder / "nowhere").exists()


def test_a_bad_date_is_refused(terminal: Terminal) -> None:
    assert terminal.type("refresh", "--home", "home", "--as-of", "31.12.2025").code == 2


def test_the_marts_are_listed_with_their_columns(terminal: Terminal) -> None:
    told = terminal.type("sql", "--tables", "--home", "home")
    assert "customer_value: " in told.output
    assert "spend_12m" in told.output


def test_rejected_rows_are_printed_with_their_line_and_reason(terminal: Terminal) -> None:
    told = terminal.type("warehouse", "rejects", "--home", "home", "--json")
    (reject,) = json.loads(told.output)
    assert {name: reject[name] for name in ("source", "feed", "file", "line", "reason", "value")} == {
        "source": "shop", "feed": "customers", "file": "customers.csv", "line": 5, "reason": "bad_date",
        "value": "not a date",
    }  # fmt: skip
    assert "not a date" in terminal.type("warehouse", "rejects", "--home", "home").output


@pytest.mark.slow
def test_a_locked_database_is_told_and_nothing_is_half_done(terminal: Terminal) -> None:
    before = terminal.type("warehouse", "hash", "--home", "home")
    with closing(sqlite3.connect(terminal.folder / "home" / "guanxi.sqlite3")) as somebody:
        somebody.execute("begin immediate")
        told = terminal.type("refresh", "--home", "home", "--as-of", "2025-12-31")
        somebody.rollback()
    assert told.code == 2
    assert told.errors.startswith("error[database_busy]: ")
    assert "cure: " in told.errors
    assert terminal.type("warehouse", "hash", "--home", "home") == before
    assert terminal.type("refresh", "--home", "home", "--as-of", "2025-12-31").code == 0
    assert terminal.type("warehouse", "hash", "--home", "home") == before


def test_drift_is_told_of_every_feed_and_by_a_check_in_the_home(terminal: Terminal, tmp_path: Path) -> None:
    folder, home = tmp_path, str(tmp_path / "home")
    contracts = write_small_company(folder)
    shop = str(contracts[0])
    assert terminal.type("refresh", "--home", home, "--source", shop, "--as-of", "2025-12-31").code == 0
    orders = (folder / "orders.csv").read_text(encoding="utf-8")
    (folder / "orders.csv").write_text(orders.replace("quantity,amount", "pieces,amount"), encoding="utf-8")
    told = terminal.type("source", "check", "--home", home, shop)
    assert (told.code, "There is no column “quantity”" in told.output) == (2, True)
    (folder / "orders.csv").write_text(orders.replace("order,", "no,", 1), encoding="utf-8")
    contract = contracts[0].read_text(encoding="utf-8")
    contracts[0].write_text(
        contract.replace('path = "orders.csv"', 'path = "orders.csv"\naliases = { order = ["no"] }')
    )
    told = terminal.type("source", "check", "--home", home, shop)
    assert "orders.csv has other columns than orders.csv: “order” is called “no” now." in told.output
    assert terminal.type("refresh", "--home", home, "--as-of", "2025-12-31").code == 0
    told = terminal.type("warehouse", "drift", "--home", home, "--source", "shop")
    lines = re.sub(r"20\d\d-\d\d-\d\d", "DAY", told.output).splitlines()
    assert lines == [
        "shop.customers: 9 columns in customers.csv",
        "shop.orders: 6 columns in orders.csv",
        "    orders.csv (update 2): Since DAY: “order” is called “no” now.",
        "shop.products: 3 columns in products.csv",
    ]
    told = terminal.type("warehouse", "drift", "--home", home, "--json")
    feeds = {feed["feed"]: feed for feed in json.loads(told.output)}
    assert feeds["orders"]["changes"][0]["drift"]["renamed"] == [["order", "no"]]

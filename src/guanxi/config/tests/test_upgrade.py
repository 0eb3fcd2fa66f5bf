"""A home of an older version is brought up to date whole or not at all; one of a later version is left alone."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from guanxi.config.tests.terminal import Terminal
from guanxi.intelligence.tests.small_company import write_small_company
from guanxi.kernel.tests.lab import Lab, lab_template, new_database

__all__ = ["lab_template"]
pytestmark = [pytest.mark.database, pytest.mark.slow]
CHILD = "guanxi.config.tests.old_home"
ON_SQLITE = os.environ.get("GUANXI_TEST_DATABASE") != "postgres"


def copies(home: Path) -> list[Path]:
    return sorted(home.glob("guanxi-before-upgrade-*.sqlite3"))


@pytest.mark.parametrize("age", ["first", "0.1"])
def test_an_old_home_is_upgraded_with_all_that_is_in_it(lab_template: str, tmp_path: Path, age: str) -> None:
    with new_database(None, tmp_path) as url:
        old = Lab(tmp_path, url)
        old.run(f"{CHILD}:build", age)
        before = old.run(f"{CHILD}:rows")
        known = old.run(f"{CHILD}:applied")
        said = old.run(f"{CHILD}:upgrade")
        after = old.run(f"{CHILD}:rows", before["columns"])
        roles = "".join(map(str, after["rows"]["access_role"]))  # brought up to date, and more of them
        assert all(text in roles for text in ("administrator", "branch_manager", "customers.unmask"))
        for table, rows in before["rows"].items():
            assert table == "access_role" or set(rows) <= set(after["rows"][table]), table
        assert after["rows"]["customers_customer"] == before["rows"]["customers_customer"]
        assert len(before["rows"]["jobs_job"]) == 2
        assert old.run(f"{CHILD}:schema") == Lab(tmp_path, lab_template).run(f"{CHILD}:schema")
        assert len(said) == 1
        assert said[0].startswith("The database is of an older version: upgrading it (")
        assert old.run(f"{CHILD}:upgrade") == []
        if ON_SQLITE:
            with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
                known_of = {table for (table,) in database.execute("SELECT tbl FROM sqlite_stat1")}
            assert "customers_customer" in known_of  # a table that is made anew loses what the database knew of it
    if ON_SQLITE:
        (copy,) = copies(tmp_path)
        assert said[0].endswith(f"it is kept in {copy}.")
        assert copy.stat().st_mode & 0o077 == 0
        kept = Lab(tmp_path, f"sqlite:///{copy.as_posix()}")
        assert kept.run(f"{CHILD}:rows") == before
        assert kept.run(f"{CHILD}:applied") == known


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a system without fork would start Python for every kill")
def test_an_upgrade_killed_anywhere_leaves_the_old_state_or_the_new(lab_template: str, tmp_path: Path) -> None:
    (tmp_path / "counted").mkdir()
    with new_database(None, tmp_path / "counted") as url:
        counted = Lab(tmp_path / "counted", url)
        counted.run(f"{CHILD}:build", "first")
        statements = counted.run(f"{CHILD}:count_statements")
        new = counted.run(f"{CHILD}:applied")
    with new_database(None, tmp_path) as url:
        killed = Lab(tmp_path, url)
        killed.run(f"{CHILD}:build", "first")
        old, before = killed.run(f"{CHILD}:applied"), killed.run(f"{CHILD}:rows")
        points = [
            *range(1, statements - 1, statements // (8 if ON_SQLITE else 3))
        ]  # there every statement waits for the disk
        child = killed.start(f"{CHILD}:upgrade_killed", points)
        assert killed.end(child, patience=300) == [[True, old]] * len(points)
        assert killed.run(f"{CHILD}:rows") == before
        (last,) = killed.run(f"{CHILD}:upgrade_killed", [statements])
        assert last in ([True, old], [True, new])
        killed.run(f"{CHILD}:upgrade")
        assert killed.run(f"{CHILD}:applied") == new
        assert killed.run(f"{CHILD}:schema") == Lab(tmp_path, lab_template).run(f"{CHILD}:schema")
    assert len(copies(tmp_path)) == (2 if ON_SQLITE else 0)  # the latest two stay
    assert list(tmp_path.glob(".part-*")) == []


def test_two_that_upgrade_at_once_do_it_once(lab_template: str, tmp_path: Path) -> None:
    with new_database(None, tmp_path) as url:
        old = Lab(tmp_path, url)
        old.run(f"{CHILD}:build", "first")
        both = [old.start(f"{CHILD}:upgrade") for _ in range(2)]
        assert sorted(len(old.end(child)) for child in both) == [0, 1]
        assert old.run(f"{CHILD}:schema") == Lab(tmp_path, lab_template).run(f"{CHILD}:schema")
    assert len(copies(tmp_path)) == (1 if ON_SQLITE else 0)


def test_every_command_refuses_the_home_of_a_later_version(lab_template: str, tmp_path: Path) -> None:
    with new_database(lab_template, tmp_path) as url:
        lab = Lab(tmp_path, url)
        lab.run(f"{CHILD}:come_from_the_future")
        (tmp_path / "secret.key").write_text("known to all", encoding="ascii")
        before = lab.run(f"{CHILD}:rows")
        commands = [
            ["refresh"], ["serve"], ["worker"], ["demo"], ["upgrade"], ["sql", "select 1"], ["warehouse", "rejects"],
            ["backup", str(tmp_path / "copy.zip")],
        ]  # fmt: skip
        assert lab.run(f"{CHILD}:refusals", commands) == ["home_too_new"] * len(commands)
        assert lab.run(f"{CHILD}:rows") == before
    assert copies(tmp_path) == []
    assert not (tmp_path / "copy.zip").exists()


@pytest.mark.skipif(not ON_SQLITE, reason="as a user types it, on the database a home has by itself")
def test_a_refresh_upgrades_the_home_and_keeps_what_was_decided(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    (tmp_path / "home").mkdir()
    Lab(tmp_path / "home", f"sqlite:///{(tmp_path / 'home' / 'guanxi.sqlite3').as_posix()}").run(
        f"{CHILD}:build", "0.1"
    )
    words = [word for path in write_small_company(tmp_path / "sources") for word in ("--source", path)]
    told = terminal.type("backup", "--home", "home", "before.zip")
    assert told.code == 0, told.errors  # taken as it is
    assert copies(tmp_path / "home") == []
    told = terminal.type("refresh", "--home", "home", *words, "--as-of", "2025-12-31")
    assert told.code == 0, told.errors
    assert "The database is of an older version: upgrading it" in told.errors
    (copy,) = copies(tmp_path / "home")
    with closing(sqlite3.connect(copy)) as database:
        assert database.execute("SELECT count(*) FROM runs_run").fetchall() == [(1,)]
    told = terminal.type("refresh", "--home", "new", *words, "--as-of", "2025-12-31")
    assert (told.code, told.errors.count("older version")) == (0, 0), told.errors
    facts = "select count(*) as lines, sum(revenue) as revenue from purchase_line"
    told_by = [terminal.type("sql", facts, "--home", home, "--json").output for home in ("home", "new")]
    assert told_by[0] == told_by[1]
    # The older version's people had made 2 one with 1; a new home knows of no such decision.
    keys = "select source_key, customer_id from customer_xref where source = 'shop' order by source_key"
    known = [json.loads(terminal.type("sql", keys, "--home", home, "--json").output) for home in ("home", "new")]
    assert [row["customer_id"] for row in known[0]] == [1, 1, 3, 4]
    assert [row["customer_id"] for row in known[1]] == [1, 2, 3, 4]

"""Whole processes are measured, and told from one place."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from benchmarks import sample, stories
from benchmarks.asked import Asked, table
from benchmarks.clock import Cost, ProcessFailed, in_turns, middle, run
from benchmarks.facts import write_facts
from benchmarks.homes import StepCost, middle_of
from benchmarks.raw import RawFeed, seconds_to_read

ASKED = Asked(rows=1_000, customers=10, lines=100, repeat=1)


def test_a_process_is_told_by_its_time_and_memory() -> None:
    cost = run([sys.executable, "-c", "import time; x = bytearray(300_000_000); time.sleep(0.5)"])
    assert cost.seconds > 0.5
    assert 280 < cost.megabytes < 400


def test_a_process_that_fails_is_no_measurement() -> None:
    with pytest.raises(ProcessFailed, match="ended with 3: no tea"):
        run([sys.executable, "-c", "import sys; print('no tea', file=sys.stderr); sys.exit(3)"])


def test_the_median_counts() -> None:
    assert middle([Cost(1, 10), Cost(9, 30), Cost(2, 20)]) == Cost(2, 20)
    runs = [[StepCost("land", seconds, {"rows": 5})] for seconds in (3, 1, 2)]
    assert middle_of(runs) == [StepCost("land", 2, {"rows": 5})]


def test_every_story_is_a_process_that_ends_well(tmp_path: Path) -> None:
    commands = stories.commands(write_facts(tmp_path, 1_000)["purchase"], peer=None)
    costs = in_turns(commands, repeat=1)
    told = stories.page(costs, ASKED)
    assert [line.split(" | ")[0].removeprefix("| ") for line in told if line.startswith("| ")] == ["process", *commands]


def test_work_and_ratios_are_those_beyond_starting() -> None:
    names = list(stories.commands(Path("x"), Path("peer")))
    costs = {name: Cost(1.0, 100) for name in names} | {
        stories.FLOOR: Cost(2.0, 100), stories.PEER_FLOOR: Cost(3.0, 100), "guanxi.insight, RFM": Cost(4.0, 100),
        stories.PEER_START: Cost(2.0, 100), stories.PEER: Cost(12.0, 100),
    }  # fmt: skip
    told = {line.split(" | ")[0]: line.split(" | ")[1:] for line in stories.page(costs, ASKED) if line.startswith("| ")}
    assert told["| guanxi.insight, RFM"] == ["4.00", "2.0", "3.00", "3.0", "100 |"]
    assert told["| openretailscience, RFM"] == ["12.00", "4.0", "10.00", "5.0", "100 |"]
    assert told["| bare scan-and-group"] == ["2.00", "1.0", "1.00", "1.0", "100 |"]
    assert told["| guanxi.insight, started only"] == ["1.00", "0.5", "", "", "100 |"]


def test_raw_files_are_read_whole(tmp_path: Path) -> None:
    import duckdb

    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(f"key;name\n1;{name}\n2;x\n", encoding="utf-8")
    files = sorted(tmp_path.glob("*.txt"))
    assert seconds_to_read([RawFeed(files, ";", header=True)], tmp_path) > 0
    with duckdb.connect() as connection:
        rows = connection.sql(f"select * from '{tmp_path / '0.parquet'}'").fetchall()
    assert sorted(rows) == [("1", "a"), ("1", "b"), ("2", "x"), ("2", "x")]


def test_the_sample_page_adds_up() -> None:
    steps = [StepCost("land", 4.0, {"rows": 1_000, "filtered": 0}), StepCost("resolve", 1.0, {"customers": 7})]
    told = sample.page(Cost(9.0, 500), Cost(2.0, 400), steps, raw=0.5, repeat=3)
    assert "| make the source files and users, start and end | 4.0 |  |" in told
    assert "| refresh, all steps | 5.0 |  |" in told
    assert "| `land` | 4.00 | 250 | 8.0 |" in told
    assert "| land | 4.0 | rows 1,000 |" in told


def test_a_table_has_its_numbers_on_the_right() -> None:
    assert table(("a", "b"), [("x", "1")]) == ["| a | b |", "|---|---:|", "| x | 1 |"]


def test_nothing_of_the_users_environment_changes_a_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUANXI_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
    assert "GUANXI_DATABASE_URL" in os.environ
    run([sys.executable, "-c", "import os; assert 'GUANXI_DATABASE_URL' not in os.environ"])

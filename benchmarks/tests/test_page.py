"""The page keeps what was not measured anew, and what people wrote."""

from __future__ import annotations

import platform
import re
from pathlib import Path

from benchmarks import machine
from benchmarks.page import TITLES, compose, read, write


def test_a_part_measured_anew_leaves_the_others_and_what_people_wrote(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    write({"retail": ["measured first"], "road": ["long ago"]}, page)
    page.write_text(page.read_text(encoding="utf-8").replace("| | | |", "| 2026-11-22 | laptop | 150 |"))
    write({"retail": ["measured second"]}, page)
    text = page.read_text(encoding="utf-8")
    assert "measured first" not in text
    assert [text.count(words) for words in ("measured second", "long ago", "| 2026-11-22 | laptop | 150 |")] == [
        1,
        1,
        1,
    ]
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        *(f"## {title}" for title in TITLES.values()), "## From clone to served page",
    ]  # fmt: skip


def test_writing_the_same_twice_changes_nothing(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    write({"sample": ["a", "", "| b |"]}, page)
    once = page.read_text(encoding="utf-8")
    assert compose(read(page)) == once


def test_the_machine_has_no_name() -> None:
    told = machine.describe()
    assert platform.node() not in told
    assert re.match(r"20\d\d-\d\d-\d\d: \d+ cores \(\w+\), \d+ GB memory, ", told)
    assert re.search(r", \d+\.\d\d s for ten million additions in Python\.$", told)

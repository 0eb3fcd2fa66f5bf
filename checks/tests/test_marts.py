"""The page of the marts and their catalogue."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from checks import marts
from checks.problem import PROJECT
from guanxi.intelligence.marts.catalogue import CATALOGUE

Write = Callable[[str, str], Path]
Words = Callable[..., list[str]]
TOLD = ["docs/marts.md: is not what the catalogue says; run `python -m checks.marts`"]


def test_the_page_of_this_house_is_up_to_date(words: Words) -> None:
    assert words(marts, PROJECT) == []


def test_every_mart_and_column_is_on_the_page() -> None:
    for mart in CATALOGUE:
        section = marts.page().split(f"\n## {mart.name}\n")[1].split("\n## ")[0]
        assert [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")] == [
            column.name for column in mart.columns
        ]


def test_a_page_that_is_missing_or_says_something_else_is_found(write: Write, words: Words, tmp_path: Path) -> None:
    assert words(marts, tmp_path) == TOLD
    write("docs/marts.md", marts.page().replace("days", "weeks"))
    assert words(marts, tmp_path) == TOLD
    write("docs/marts.md", marts.page())
    assert words(marts, tmp_path) == []

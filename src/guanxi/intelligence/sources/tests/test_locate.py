"""Lines of keys in TOML texts."""

from __future__ import annotations

import tomllib

import pytest

from guanxi.intelligence.sources.locate import KeyPath, Locator

TEXT = '''\
# a comment with [brackets] and "quotes"
name = "a # no comment"
title = { zh = "网店", en = "Web shop" }
dotted.key."quoted key" = 1

[[feed]]
name = 'literal \\'
text = """
[not.a.table]
key = 1
"""
list = [
  "one",  # comment
  { column = "x", op = "=" },
]
keep = [{ column = "a" }, { column = "b", value = [1,
  2] }]
[feed.customer]
key = "id"
[feed.customer.kind]
column = "typ"
[[feed]]
name = "second"
[feed.purchase]
order = "o"
  [[feed.purchase.deep]]
  x = 1
  [[feed.purchase.deep]]
  x = 2
[other]
end = """"quoted"""" # ends in a quote
last = 2011-12-09
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("name",), 2),
        (("title", "en"), 3),
        (("dotted", "key", "quoted key"), 4),
        (("feed", 0), 6),
        (("feed", 0, "name"), 7),
        (("feed", 0, "text"), 8),
        (("feed", 0, "list"), 12),
        (("feed", 0, "list", 0), 13),
        (("feed", 0, "list", 1, "op"), 14),
        (("feed", 0, "keep", 0, "column"), 16),
        (("feed", 0, "keep", 1, "value", 0), 16),
        (("feed", 0, "keep", 1, "value", 1), 17),
        (("feed", 0, "customer", "key"), 19),
        (("feed", 0, "customer", "kind", "column"), 21),
        (("feed", 1), 22),
        (("feed", 1, "name"), 23),
        (("feed", 1, "purchase", "order"), 25),
        (("feed", 1, "purchase", "deep", 0, "x"), 27),
        (("feed", 1, "purchase", "deep", 1, "x"), 29),
        (("other", "end"), 31),
        (("other", "last"), 32),
    ],
)
def test_line_of(path: KeyPath, line: int) -> None:
    tomllib.loads(TEXT)
    assert Locator(TEXT).line_of(path) == line


def test_what_is_missing_stands_where_its_table_begins() -> None:
    assert Locator(TEXT).line_of(("feed", 1, "purchase", "ordered_at")) == 24
    assert Locator(TEXT).line_of(("currency",)) == 1

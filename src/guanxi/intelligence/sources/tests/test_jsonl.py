"""JSON lines: nested fields by dotted names, exact numbers, torn lines set aside."""

from __future__ import annotations

from pathlib import Path

import pytest

from guanxi.intelligence.sources.readers import jsonl
from guanxi.intelligence.sources.readers.jsonl import JsonLinesReader
from guanxi.intelligence.sources.readers.options import JsonLinesOptions

LINES = [
    '{"id": 17850, "who": {"mail": "a@b.cn", "tags": {}}, "sum": 0.10, "ok": true}',
    "",
    '{"id": "017", "who": null, "sum": 1e3, "a.b": "dotted", "who.mail": "first"}',
    "[1, 2]",
    '{"id": 3, "who": {"mail": ["x"]}}',
    '{"id": 4, "sum": NaN}',
    '{"id": "\\ud800"}',
    '{"id": "断行\u2028not an end"}',
    '{"id": 6, "su',
]


def read(path: Path, *columns: str) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    good: list[tuple[object, ...]] = []
    bad: list[tuple[object, ...]] = []
    for block in JsonLinesReader().blocks(path, path.name, JsonLinesOptions(), columns):
        lines = block.lines.to_pylist()
        good += zip(lines, *(column.to_pylist() for column in block.columns), strict=True)
        bad += [(row.line, row.reason, row.value) for row in block.bad]
        assert [block.raw(index) for index in range(len(lines))] == [LINES[line - 1] for line in lines]
    return good, bad


@pytest.mark.parametrize("characters", [1, 100, 4_000_000])
def test_what_is_right_lands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, characters: int) -> None:
    monkeypatch.setattr(jsonl, "BLOCK_CHARACTERS", characters)
    path = tmp_path / "f.jsonl"
    path.write_bytes("\n".join(LINES).encode())
    assert read(path, "id", "who.mail", "sum", "ok", "a.b") == (
        [
            (1, "17850", "a@b.cn", "0.10", "true", None),
            (3, "017", "first", "1e3", None, "dotted"),
            (8, "断行\u2028not an end", None, None, None, None),
        ],
        [
            (4, "not_an_object", ""), (5, "nested_value", "who.mail"), (6, "bad_json", ""), (7, "bad_json", ""),
            (9, "torn_line", ""),
        ],
    )  # fmt: skip


def test_the_columns_are_all_fields_there_are(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    path.write_bytes("\n".join(LINES).encode())
    header = JsonLinesReader().header(path, "f.jsonl", JsonLinesOptions())
    assert header.names == ("id", "who.mail", "who.tags", "sum", "ok", "who", "a.b")

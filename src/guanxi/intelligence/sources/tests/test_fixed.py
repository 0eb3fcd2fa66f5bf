"""Text of fixed width: cut at the places the contract names, mistakes told with their lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from guanxi.intelligence.sources.contract import ContractInvalid, load_contract
from guanxi.intelligence.sources.errors import EncodingWrong
from guanxi.intelligence.sources.readers import fixed
from guanxi.intelligence.sources.readers.fixed import FixedReader
from guanxi.intelligence.sources.readers.options import FixedColumn, FixedOptions

OPTIONS = FixedOptions((FixedColumn("id", 2, 3), FixedColumn("day", 6, 8), FixedColumn("sum", 14, 6)))
TEXT = "heading\n 001 19970101 29.33\r\n\r\n   \n 002 19970102\n 003 19970103 11.77 and more\n 004 19970104  1.5"
"""Of the six lines below the heading: two blank, one too short, the last one character too short."""


def read(path: Path, options: FixedOptions, *columns: str) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    good: list[tuple[object, ...]] = []
    bad: list[tuple[object, ...]] = []
    for block in FixedReader().blocks(path, path.name, options, columns):
        lines = block.lines.to_pylist()
        good += zip(lines, *(column.to_pylist() for column in block.columns), strict=True)
        bad += [(row.line, row.reason, row.value, row.raw) for row in block.bad]
        assert all(block.raw(index).strip() for index in range(len(lines)))
    return good, bad


@pytest.mark.parametrize("characters", [1, 30, 4_000_000])
def test_lines_are_cut_whatever_the_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, characters: int) -> None:
    monkeypatch.setattr(fixed, "BLOCK_CHARACTERS", characters)
    path = tmp_path / "f.txt"
    path.write_bytes(TEXT.encode())
    options = FixedOptions(OPTIONS.columns, skip=1)
    assert FixedReader().header(path, "f.txt", options).names == ("id", "day", "sum")
    assert read(path, options, "sum", "id") == (
        [(2, " 29.33", "001"), (6, " 11.77", "003")],
        [(5, "short_line", "13/19", " 002 19970102"), (7, "torn_line", "", " 004 19970104  1.5")],
    )


def test_characters_count_and_not_bytes(tmp_path: Path) -> None:
    path = tmp_path / "f.txt"
    path.write_bytes("紫砂壶12\n茶杯  07\n".encode("gb18030"))
    options = FixedOptions((FixedColumn("name", 1, 3), FixedColumn("n", 4, 2)), "gb18030")
    good, bad = read(path, options, "name", "n")
    assert (good, bad) == ([(1, "紫砂壶", "12"), (2, "茶杯 ", " 0")], [])
    with pytest.raises(EncodingWrong):
        read(path, FixedOptions(options.columns), "name")


HEAD = 'name = "s"\ntimezone = "UTC"\ncurrency = "CNY"\n[[feed]]\nname = "f"\npath = "f.txt"\nformat = "fixed"\n'


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("", {("line 4: feed.f.columns: “columns” is missing. "
              'Add: columns = [{ name = "id", start = 1, width = 5 }]')}),
        ('columns = ["id"]', {"line 8: feed.f.columns: “columns” must be a list of tables, not ['id']."}),
        ('columns = [{ name = "id", start = 0, widht = 2 }]',
         {"line 8: feed.f.columns[1].start: The first character is 1, the least width too.",
          "line 8: feed.f.columns[1].widht: “widht” is not a key that belongs here. Did you mean “width”?",
          "line 8: feed.f.columns[1].width: “width” is missing. Add: width = 1"}),
        ('columns = [{ name = "id", start = 1, width = 5 }, { name = "day", start = 5, width = 8 }]',
         {("line 8: feed.f.columns: “id” ends at character 5, but “day” begins at 5. "
          "Columns may not overlap; for parts of a column leave the whole out.")}),
        ('columns = [{ name = "ids", start = 1, width = 5 }]\ndelimiter = ","',
         {'line 9: feed.f.delimiter: “delimiter” is not a key that belongs here. It belongs to format = "csv".',
          "line 11: feed.f.customer.key: There is no column “id”. Did you mean “ids”?"}),
    ],
)  # fmt: skip
def test_mistakes_are_told(tmp_path: Path, written: str, told: set[str]) -> None:
    path = tmp_path / "s.toml"
    path.write_text(HEAD + written + '\n[feed.customer]\nkey = "id"\n', encoding="utf-8")
    with pytest.raises(ContractInvalid) as refused:
        load_contract(path)
    assert {str(mistake) for mistake in refused.value.mistakes} == told

"""Delimited text: what was written is read, with the right lines; what is no row costs no other row."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.intelligence.sources.errors import EncodingWrong, FileEmpty, FileUnreadable
from guanxi.intelligence.sources.readers import csv as csv_module
from guanxi.intelligence.sources.readers.csv import CsvReader
from guanxi.intelligence.sources.readers.encoding import find_bad_byte, possible_encodings
from guanxi.intelligence.sources.readers.options import CsvOptions
from guanxi.intelligence.sources.readers.rows import Block

READER = CsvReader()


def read(path: Path, options: CsvOptions, columns: list[str] | None = None) -> list[Block]:
    names = columns if columns is not None else list(READER.header(path, path.name, options).names)
    return list(READER.blocks(path, path.name, options, names))


def rows_of(blocks: list[Block]) -> list[tuple[int, list[str]]]:
    return [
        (line.as_py(), [column[index].as_py() for column in block.columns])
        for block in blocks
        for index, line in enumerate(block.lines)
    ]


def bad_of(blocks: list[Block]) -> list[tuple[int, str, str, str]]:
    return [(row.line, row.reason, row.value, row.raw) for block in blocks for row in block.bad]


def read_text(folder: Path, text: str, **options: Any) -> list[Block]:
    path = folder / "f.csv"
    path.write_bytes(text.encode(options.get("encoding", "utf-8")))
    return read(path, CsvOptions(**options))


def physical_lines(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


@st.composite
def written_tables(draw: st.DrawFn) -> tuple[str, list[list[str]], dict[str, Any]]:
    """A table, and the options csv.writer wrote it with."""
    encoding = draw(st.sampled_from(["utf-8", "gb18030", "utf-16", "cp1252", "latin-1", "big5"]))
    delimiter = draw(st.sampled_from([",", ";", "\t", "|", "~", "\x1f"]))
    quote = draw(st.sampled_from(['"', "'", "§"]))
    if encoding == "big5":
        quote = draw(st.sampled_from(['"', "'"]))
    newline = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    special = st.sampled_from([delimiter, quote, "\n", "\r", "\r\n", " ", "\\", quote * 2])
    letter = st.characters(codec=encoding, exclude_categories=["Cs"], exclude_characters="\ufeff")
    cell = st.lists(special | letter, max_size=6).map("".join)
    width = draw(st.integers(1, 4))
    rows = draw(st.lists(st.lists(cell, min_size=width, max_size=width), max_size=12))
    options = {
        "delimiter": delimiter, "quotechar": quote, "lineterminator": newline,
        "quoting": draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])),
    }  # fmt: skip
    if options["quoting"] == csv.QUOTE_MINIMAL:  # it leaves a lone \r or \n unquoted where lines end otherwise
        rows = [[cell.replace("\r", "").replace("\n", "") for cell in row] for row in rows]
    return encoding, rows, options


@given(table=written_tables(), block=st.sampled_from([1, 40, 4_000_000]))
def test_any_table_comes_back_with_its_lines(table: tuple[str, list[list[str]], dict[str, Any]], block: int) -> None:
    encoding, rows, options = table
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, **options)
    names = [f"c{index}" for index in range(len(rows[0]) if rows else 2)]
    writer.writerow(names)
    expected = []
    for row in rows:
        line = physical_lines(buffer.getvalue()) + 1
        writer.writerow(row)
        expected.append((line, row))
    with TemporaryDirectory() as folder, mock.patch.object(csv_module, "BLOCK_CHARACTERS", block):
        path = Path(folder, "f.csv")
        path.write_bytes(buffer.getvalue().encode(encoding))
        blocks = read(
            path, CsvOptions(delimiter=options["delimiter"], quote=options["quotechar"], encoding=encoding), names
        )
        assert bad_of(blocks) == []
        assert rows_of(blocks) == expected
        raw = [block.raw(index) for block in blocks for index in range(len(block.lines))]
        text = buffer.getvalue().split(options["lineterminator"], 1)[1]
        assert all(line in text for line in raw)


@given(
    rows=st.lists(st.lists(st.text(st.sampled_from('ab|"\n '), max_size=5), min_size=2, max_size=2), max_size=8),
    delimiter=st.sampled_from(["||", "|a|", "~#~"]),
)
def test_a_wide_delimiter(rows: list[list[str]], delimiter: str) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    lines = [delimiter.join(map(quoted, row)) for row in rows]
    starts = [2 + sum(line.count("\n") + 1 for line in lines[:index]) for index in range(len(lines))]
    with TemporaryDirectory() as folder:
        path = Path(folder, "f.csv")
        path.write_text("\n".join([delimiter.join("xy"), *lines]) + "\n", encoding="utf-8", newline="")
        blocks = read(path, CsvOptions(delimiter=delimiter))
    assert bad_of(blocks) == []
    assert rows_of(blocks) == list(zip(starts, rows, strict=True))


def test_a_wide_delimiter_without_quotes_and_with_escapes(tmp_path: Path) -> None:
    text = 'a<>b\n1<>2\nx\\<>y<>z\n"q<>r"<>"s\\"t"\n'
    assert rows_of(read_text(tmp_path, text, delimiter="<>", escape="\\")) == [
        (2, ["1", "2"]), (3, ["x<>y", "z"]), (4, ["q<>r", 's"t']),
    ]  # fmt: skip
    assert rows_of(read_text(tmp_path, 'a<>b\n"1<>2\n', delimiter="<>", quote="")) == [(2, ['"1', "2"])]


@pytest.mark.parametrize("delimiter", [",", "<>"])
def test_rows_that_are_none_are_set_aside_and_the_rest_is_read(tmp_path: Path, delimiter: str) -> None:
    text = (
        "a,b,c\n"
        "1,2,3\n"
        "1,2\n"  # 3: too few
        "1,2,3,4\n"  # 4: too many
        "\n"  # 5: nothing, and no row
        '6,"two\nlines",x\n'  # 6-7
        '8,"ab"c,x\n'  # 8: text after a quote
        '9,"never closed,x\n'  # 9
        "10,y,z\n"
        '11,"q""q",z\n'
        '12,"again never closed,z\n'  # 12
        "13,y,z\n"
    ).replace(",", delimiter)
    blocks = read_text(tmp_path, text, delimiter=delimiter)
    assert rows_of(blocks) == [
        (2, ["1", "2", "3"]), (6, ["6", "two\nlines", "x"]), (10, ["10", "y", "z"]), (11, ["11", 'q"q', "z"]),
        (13, ["13", "y", "z"]),
    ]  # fmt: skip
    assert bad_of(blocks) == [
        (3, "column_count", "2/3", "1,2".replace(",", delimiter)),
        (4, "column_count", "4/3", "1,2,3,4".replace(",", delimiter)),
        (8, "stray_quote", "", '8,"ab"c,x'.replace(",", delimiter)),
        (9, "stray_quote", "", '9,"never closed,x'.replace(",", delimiter)),
        (12, "unclosed_quote", "", '12,"again never closed,z'.replace(",", delimiter)),
    ]
    assert sum(block.rows for block in blocks) == 10


@pytest.mark.parametrize("block", [1, 7, 64, 4_000_000])
def test_an_unclosed_quote_costs_one_line_however_the_file_is_cut(tmp_path: Path, block: int) -> None:
    text = (
        "a,b\n" + "".join(f'{i},"x{i}\ny"\n' for i in range(20)) + '99,"oops\n' + "".join(f"{i},z\n" for i in range(20))
    )
    with mock.patch.object(csv_module, "BLOCK_CHARACTERS", block):
        blocks = read_text(tmp_path, text)
    assert [line for line, _row in rows_of(blocks)] == [*range(2, 42, 2), *range(43, 63)]
    assert bad_of(blocks) == [(42, "unclosed_quote", "", '99,"oops')]


def test_a_field_that_never_ends_is_given_up(tmp_path: Path) -> None:
    text = 'a,b\n1,"' + "x" * 140_000 + "\n" + "".join(f"{i},z\n" for i in range(3))
    blocks = read_text(tmp_path, text)
    assert [row[:2] for row in bad_of(blocks)] == [(2, "field_too_long")]
    assert [line for line, _row in rows_of(blocks)] == [3, 4, 5]


@given(
    text=st.text(st.sampled_from('ab1,"\r\n \\;'), max_size=60),
    block=st.sampled_from([1, 5, 4_000_000]),
    delimiter=st.sampled_from([",", ",,"]),
    escape=st.sampled_from(["", "\\"]),
)
def test_nothing_of_any_text_is_lost(text: str, block: int, delimiter: str, escape: str) -> None:
    """Every line that is not empty is in exactly one row or one bad row, at its place."""
    options = CsvOptions(delimiter=delimiter, escape=escape, has_header=False, columns=("x", "y"))
    with TemporaryDirectory() as folder, mock.patch.object(csv_module, "BLOCK_CHARACTERS", block):
        path = Path(folder, "f.csv")
        path.write_bytes(text.encode())
        blocks = read(path, options)
    told = [(line, raw) for line, _reason, _value, raw in bad_of(blocks)]
    for found in blocks:
        told += [(line.as_py(), found.raw(index)) for index, line in enumerate(found.lines)]
    lines = {}
    for first, raw in told:
        for offset, line in enumerate(io.StringIO(raw, newline="").readlines()):
            assert first + offset not in lines
            lines[first + offset] = line.rstrip("\r\n")
    expected = dict(enumerate((line.rstrip("\r\n") for line in io.StringIO(text, newline="").readlines()), 1))
    assert {number: line for number, line in lines.items() if line} == {
        number: line for number, line in expected.items() if line
    }
    assert sum(found.rows for found in blocks) == len(told)


def test_raw_text_of_a_row(tmp_path: Path) -> None:
    (block,) = read_text(tmp_path, 'a,b\r\n1,2\r\n"x\r\ny",3\r\n')
    assert [block.raw(index) for index in range(2)] == ["1,2", '"x\r\ny",3']


def test_columns_are_read_by_name_in_the_order_asked(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("a, b ,c\n1,2,3\n")
    assert rows_of(read(path, CsvOptions(), ["c", "b"])) == [(2, ["3", "2"])]


def test_without_a_header_and_with_lines_to_skip(tmp_path: Path) -> None:
    assert rows_of(read_text(tmp_path, "1,2\n3,4\n", has_header=False, columns=("a", "b"))) == [
        (1, ["1", "2"]), (2, ["3", "4"]),
    ]  # fmt: skip
    assert rows_of(read_text(tmp_path, "a report\n\nx,y\n1,2\n", skip=1)) == [(4, ["1", "2"])]
    assert rows_of(read_text(tmp_path, "old,names\n1,2\n", has_header=False, columns=("a", "b"), skip=1)) == [
        (2, ["1", "2"]),
    ]  # fmt: skip


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path, mark: bytes) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(mark + "名,b\n王,2\n".encode())
    assert READER.header(path, "f.csv", CsvOptions()).names == ("名", "b")
    assert rows_of(read(path, CsvOptions())) == [(2, ["王", "2"])]


def test_line_separators_of_unicode_are_text(tmp_path: Path) -> None:
    assert rows_of(read_text(tmp_path, "a\nx\u2028y\x0bz\x85\n\x00\n")) == [(2, ["x\u2028y\x0bz\x85"]), (3, ["\x00"])]


@pytest.mark.parametrize("text", ["", "\n", "\n\n  ,\n"])
def test_a_file_without_a_header(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileEmpty) as refused:
        read_text(tmp_path, text)
    assert refused.value.message == "f.csv is empty: not even a header."


def test_a_file_with_only_a_header_has_no_rows(tmp_path: Path) -> None:
    assert read_text(tmp_path, "a,b\n") == []
    assert read_text(tmp_path, "a,b") == []
    assert read_text(tmp_path, "", has_header=False, columns=("a",)) == []


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable):
        READER.header(tmp_path / "none.csv", "none.csv", CsvOptions())


def test_the_wrong_encoding_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes("id,name\n1,John\n2,王伟\n".encode("gb18030"))
    with pytest.raises(EncodingWrong) as refused:
        read(path, CsvOptions(), ["id"])
    error = refused.value
    assert error.message == "f.csv is not utf-8: byte 0xCD in line 3."
    assert error.place == "f.csv:3"
    assert error.facts["possible"].split(", ")[0] == "gb18030"


@given(
    good=st.lists(st.sampled_from(["ab", "王伟", "é", "\r\n", "\n", "\r"]), max_size=30).map("".join),
    step=st.integers(1, 7),
)
def test_the_place_of_a_bad_byte(good: str, step: int) -> None:
    raw = good.encode() + b"\xff" + b"x\n"
    with TemporaryDirectory() as folder, mock.patch("guanxi.intelligence.sources.readers.encoding._STEP", step):
        path = Path(folder, "f.csv")
        path.write_bytes(raw)
        assert find_bad_byte(path, "utf-8") == (physical_lines(good) + 1, len(good.encode()), 0xFF)
        path.write_bytes(good.encode())
        assert find_bad_byte(path, "utf-8") is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030", "cp1252"])
def test_encodings_that_fit(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes("id,name\n1,Müller\n".encode(encoding))
    assert encoding in possible_encodings(path)
    assert rows_of(read(path, CsvOptions(encoding=encoding))) == [(2, ["1", "Müller"])]
    if encoding != "cp1252":
        assert find_bad_byte(path, encoding) is None


def test_bytes_of_no_usual_encoding(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(b"a\n\x81\x20\x8d\n")
    assert possible_encodings(path) == ["latin-1"]


def test_utf_16_without_its_mark_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes("id,name\n1,x\n".encode("utf-16-le")[:-1])
    with pytest.raises(EncodingWrong):
        read(path, CsvOptions(encoding="utf-16"), ["id"])

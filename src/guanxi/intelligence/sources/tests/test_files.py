"""Finding files: alone, by pattern, in folders and archives, in the order of their names."""

from __future__ import annotations

import os
import tarfile
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from guanxi.intelligence.sources.contract import load_contract
from guanxi.intelligence.sources.errors import (
    ColumnAmbiguous,
    ColumnsMissing,
    ColumnUnusable,
    FileChanged,
    FileEmpty,
    FileUnreadable,
    SourceFileMissing,
)
from guanxi.intelligence.sources.files import SourceFile, find_files, read_content, refuse_change
from guanxi.intelligence.sources.fit import read_header
from guanxi.intelligence.sources.readers.options import ParquetOptions
from guanxi.intelligence.sources.readers.parquet import BATCH_ROWS, ParquetReader
from guanxi.intelligence.sources.terms import Contract


def contract(folder: Path, path: str, members: str = "*", file_format: str = "csv") -> Contract:
    written = folder / "c.toml"
    written.write_text(
        f'name = "s"\ntimezone = "UTC"\ncurrency = "CNY"\n[[feed]]\nname = "f"\npath = "{path}"\n'
        f'members = "{members}"\nformat = "{file_format}"\n[feed.customer]\nkey = "id"\n'
    )
    return load_contract(written)


def found(folder: Path, path: str, members: str = "*") -> list[tuple[str, bytes]]:
    loaded = contract(folder, path, members)
    return [(file.name, file.path.read_bytes()) for file in find_files(loaded, loaded.feeds[0], folder / "unpacked")]


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def tarred(archive: Path, names: list[str]) -> None:
    mode = {".xz": "w:xz", ".gz": "w:gz", ".tgz": "w:gz", ".tar": "w"}[archive.suffix]
    with tarfile.open(archive, mode) as packed:  # type: ignore[call-overload]  # mode is one of four literals
        for name in names:
            source = archive.parent / "member"
            source.write_bytes(name.removeprefix("./").encode("utf-8", "replace"))
            packed.add(source, name)
        link = tarfile.TarInfo("days/link.csv")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        packed.addfile(link)


def test_a_file_and_a_pattern(tmp_path: Path) -> None:
    put(tmp_path, "in/b.csv", "in/a.csv", "in/x.txt", "in/2026-01/o.csv", "in/2026-02/o.csv", "in/2026-02/.o.csv")
    assert found(tmp_path, "in/a.csv") == [("a.csv", b"in/a.csv")]
    assert found(tmp_path, "in/*.csv") == [("a.csv", b"in/a.csv"), ("b.csv", b"in/b.csv")]
    assert [name for name, _ in found(tmp_path, "in/2026-*/o.csv")] == ["2026-01/o.csv", "2026-02/o.csv"]
    put(tmp_path, "in/a[1].csv")
    assert found(tmp_path, "in/a[1].csv") == [("a[1].csv", b"in/a[1].csv")]


def test_a_folder_with_what_systems_leave_in_it(tmp_path: Path) -> None:
    put(tmp_path, "in/b.csv", "in/sub/a.csv", "in/.DS_Store", "in/__MACOSX/b.csv", "in/readme.txt")
    assert [name for name, _ in found(tmp_path, "in")] == ["b.csv", "readme.txt", "sub/a.csv"]
    assert [name for name, _ in found(tmp_path, "in", "*.csv")] == ["b.csv", "sub/a.csv"]
    assert [name for name, _ in found(tmp_path, "in", "sub/*")] == ["sub/a.csv"]


@pytest.mark.parametrize("name", ["d.tar", "d.tar.gz", "d.tgz", "d.tar.xz"])
def test_a_tar(tmp_path: Path, name: str) -> None:
    tarred(tmp_path / name, ["days/2.csv", "./days/1.csv", "days/.hidden", "notes.txt", "../../evil.csv"])
    assert found(tmp_path, name, "days/*.csv") == [
        (f"{name}!days/1.csv", b"days/1.csv"), (f"{name}!days/2.csv", b"days/2.csv"),
    ]  # fmt: skip
    assert len(found(tmp_path, name)) == 3  # neither a link nor a file outside gets in
    assert not (tmp_path.parent.parent / "evil.csv").exists()


def test_a_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as packed:
        for name in ("b/2.csv", "b/1.csv", "__MACOSX/b/1.csv", "readme.md"):
            packed.writestr(name, name)
    assert found(tmp_path, "d.zip", "*.csv") == [("d.zip!b/1.csv", b"b/1.csv"), ("d.zip!b/2.csv", b"b/2.csv")]


def test_a_zip_that_writes_chinese_names_in_its_own_way(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as packed:
        for name in ("aaaa1.csv", "bbbb2.csv"):
            packed.writestr(name, "x")
    raw = (tmp_path / "d.zip").read_bytes()
    raw = raw.replace(b"aaaa", "订单".encode("gb18030")).replace(b"bbbb", "订单".encode("gb18030"))
    (tmp_path / "d.zip").write_bytes(raw)
    names = [name for name, _content in found(tmp_path, "d.zip", "订单*.csv")]
    assert names == ["d.zip!订单1.csv", "d.zip!订单2.csv"]


def test_a_name_that_no_encoding_explains(tmp_path: Path) -> None:
    tarred(tmp_path / "d.tar", ["days/x\udcff.csv"])
    assert [name for name, _content in found(tmp_path, "d.tar")] == ["d.tar!days/x\ufffd.csv"]


def test_several_archives(tmp_path: Path) -> None:
    for day in ("2", "1"):
        with zipfile.ZipFile(tmp_path / f"d{day}.zip", "w") as packed:
            packed.writestr("o.csv", day)
    assert found(tmp_path, "d*.zip") == [("d1.zip!o.csv", b"1"), ("d2.zip!o.csv", b"2")]


@pytest.mark.parametrize(
    ("path", "members"), [("none.csv", "*"), ("none/*.csv", "*"), ("in", "*.xlsx"), ("d.zip", "z")]
)
def test_nothing_is_there(tmp_path: Path, path: str, members: str) -> None:
    put(tmp_path, "in/b.csv")
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as packed:
        packed.writestr("o.csv", "1")
    with pytest.raises(SourceFileMissing) as refused:
        found(tmp_path, path, members)
    assert (refused.value.facts["feed"], refused.value.facts["source"]) == ("f", "s")
    assert str(tmp_path / path) in refused.value.message


@pytest.mark.parametrize("name", ["d.zip", "d.tar.gz", "d.tar.xz", "d.tar"])
def test_a_broken_archive(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"this is no archive" * 100)
    with pytest.raises(FileUnreadable) as refused:
        found(tmp_path, name)
    assert name in refused.value.message


@pytest.mark.parametrize("name", ["d.tar", "d.tar.gz", "d.tar.xz"])
def test_a_torn_archive_is_refused_wherever_it_is_torn(tmp_path: Path, name: str) -> None:
    tarred(tmp_path / name, [f"days/{number}.csv" for number in range(9)])
    whole = (tmp_path / name).read_bytes()
    end = len(whole.rstrip(b"\0")) if name == "d.tar" else len(whole) - 1
    for length in range(0, end, max(end // 40, 1)):
        (tmp_path / name).write_bytes(whole[:length])
        with pytest.raises(FileUnreadable):
            found(tmp_path, name)


def test_a_tar_with_a_damaged_header_in_its_middle_is_refused(tmp_path: Path) -> None:
    tarred(tmp_path / "d.tar", [f"days/{number}.csv" for number in range(9)])
    raw = bytearray((tmp_path / "d.tar").read_bytes())
    raw[4 * 1024 + 10] ^= 0xFF
    (tmp_path / "d.tar").write_bytes(raw)
    with pytest.raises(FileUnreadable):
        found(tmp_path, "d.tar")


def test_a_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    put(tmp_path, "a.csv")
    file = SourceFile("a.csv", "a.csv", tmp_path / "a.csv")
    content = read_content(file)
    refuse_change(file, content)
    os.utime(file.path, ns=(1, 1))
    with pytest.raises(FileChanged):
        refuse_change(file, content)
    file.path.unlink()
    with pytest.raises(FileChanged):
        refuse_change(file, content)


def test_content_is_the_digest_of_the_bytes_and_at_most_so_many_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a\nb\nc")
    content = read_content(SourceFile("a.csv", "a.csv", path))
    assert (len(content.digest), content.lines) == (64, 3)


def header_of(folder: Path, name: str, file_format: str = "csv") -> tuple[str, ...]:
    loaded = contract(folder, name, file_format=file_format)
    return read_header(SourceFile(name, name, folder / name), loaded.feeds[0]).written


def test_columns_that_are_missing_or_there_twice(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("ID,name\n1,x\n")
    with pytest.raises(ColumnsMissing) as missing:
        header_of(tmp_path, "a.csv")
    assert missing.value.message == "a.csv has no column “id”."
    assert missing.value.remedy.startswith("Did you mean “ID”?")
    (tmp_path / "b.csv").write_text("id,id\n1,x\n")
    with pytest.raises(ColumnAmbiguous):
        header_of(tmp_path, "b.csv")
    (tmp_path / "c.csv").write_text("id,x,x\n1,x,y\n")
    assert header_of(tmp_path, "c.csv") == ("id", "x", "x")


def test_parquet_files_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"")
    with pytest.raises(FileEmpty):
        header_of(tmp_path, "a.parquet", "parquet")
    (tmp_path / "b.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(FileUnreadable):
        header_of(tmp_path, "b.parquet", "parquet")
    pq.write_table(pa.table({"id": [[1, 2]]}), tmp_path / "c.parquet")
    with pytest.raises(ColumnUnusable) as nested:
        header_of(tmp_path, "c.parquet", "parquet")
    assert nested.value.message == "Column “id” of c.parquet holds list<element: int64>, which is not a single value."


def test_text_that_parquet_does_not_mark_as_text(tmp_path: Path) -> None:
    reader = ParquetReader()
    pq.write_table(pa.table({"a": pa.array(["王".encode(), None])}), tmp_path / "a.parquet")
    assert reader.header(tmp_path / "a.parquet", "a", ParquetOptions()).types == (pa.string(),)
    (block,) = reader.blocks(tmp_path / "a.parquet", "a", ParquetOptions(), ["a"])
    assert block.columns[0].to_pylist() == ["王", None]
    pq.write_table(pa.table({"a": pa.array([b"\xff"])}), tmp_path / "b.parquet")
    with pytest.raises(ColumnUnusable):
        list(reader.blocks(tmp_path / "b.parquet", "b", ParquetOptions(), ["a"]))


def test_parquet_rows_keep_types_numbers_and_text(tmp_path: Path) -> None:
    rows = BATCH_ROWS + 10
    table = pa.table({
        "a.b": pa.array([f"v{i % 3}" for i in range(rows)]).dictionary_encode(),
        "n": pa.array(range(rows), pa.int32()),
        "list": [[1]] * rows,
    })  # fmt: skip
    pq.write_table(table, tmp_path / "t.parquet", row_group_size=30_000)
    reader = ParquetReader()
    header = reader.header(tmp_path / "t.parquet", "t", ParquetOptions())
    assert (header.names, header.rows) == (("a.b", "n", "list"), rows)
    blocks = list(reader.blocks(tmp_path / "t.parquet", "t", ParquetOptions(), ["n", "a.b"]))
    assert [line.as_py() for block in blocks for line in block.lines] == list(range(1, rows + 1))
    assert [column.type for column in blocks[0].columns] == [pa.int32(), pa.string()]
    assert blocks[-1].raw(9) == f'{{"a.b": "v{(rows - 1) % 3}", "n": {rows - 1}, "list": [1]}}'

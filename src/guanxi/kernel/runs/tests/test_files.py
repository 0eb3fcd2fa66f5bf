from pathlib import Path

import pytest

from guanxi.kernel.runs.files import file_name, make_durable, part_of, remove_unlisted


@pytest.mark.parametrize(
    ("chunk", "folder", "expected"),
    [
        ("2011-01", None, "run-000012/land.purchase.2011-01.parquet"),
        ("2011-01", "landed/shop", "landed/shop/run-000012.land.purchase.2011-01.parquet"),
        ("by-day.zip!1.csv", None, "run-000012/land.purchase.by-day.zip-1.csv-453ef52f.parquet"),
        ("客户", None, "run-000012/land.purchase.ad4af312.parquet"),
        ("../../x", None, "run-000012/land.purchase.x-9cdf6a50.parquet"),
        ("A", None, "run-000012/land.purchase.a-559aead0.parquet"),
        ("a", None, "run-000012/land.purchase.a.parquet"),
    ],
)
def test_names_are_safe_and_never_meet(chunk: str, folder: str | None, expected: str) -> None:
    name = file_name(12, "land", "purchase", chunk, suffix=".parquet", folder=folder)
    assert name.as_posix() == expected


def test_a_long_name_is_cut_and_stays_its_own() -> None:
    one, two = (file_name(12, "land", "purchase", "x" * 159 + end, suffix=".parquet", folder=None).name for end in "ab")
    assert one != two
    assert len(one) == len(two) < 130


def test_files_get_their_names_when_they_are_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    part_of(path).write_text("whole")
    assert not path.exists()
    make_durable([path])
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.parquet", "whole")]


def test_if_one_file_is_missing_none_gets_its_name(tmp_path: Path) -> None:
    part_of(tmp_path / "a").write_text("a")
    with pytest.raises(FileNotFoundError):
        make_durable([tmp_path / "a", tmp_path / "b"])
    assert [file.name for file in tmp_path.iterdir()] == [".part-a"]


def test_only_what_the_run_left_unlisted_is_removed(tmp_path: Path) -> None:
    kept = [
        "run-000012/listed.parquet",
        "run-000120/other.parquet",
        "landed/run-000012.listed.parquet",
        "landed/run-000120.other.parquet",
        "landed/.part-run-000001.other.parquet",
        "current.json",
    ]
    gone = [
        "run-000012/.part-x.parquet",
        "run-000012/x.parquet",
        "landed/.part-run-000012.x.parquet",
        "landed/shop/run-000012.x.parquet",
    ]
    for name in kept + gone:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert remove_unlisted(tmp_path, 12, {kept[0], kept[2]}) == sorted(gone)
    assert sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()) == sorted(kept)

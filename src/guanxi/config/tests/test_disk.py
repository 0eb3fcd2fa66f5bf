"""A disk that is full, fills up, or may not be written to: refused or stopped in words, and resumed to the same."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from guanxi.config.tests.terminal import Terminal, Told
from guanxi.intelligence.tests.small_company import SHOP_ORDERS, write_small_company

pytestmark = pytest.mark.slow


class Disk:
    """A small file system of its own below a home's warehouse folder, or below the home itself."""

    def __init__(self, folder: Path) -> None:
        self.terminal = Terminal(folder)
        self.contracts = write_small_company(folder / "sources")
        self.home = folder / "home"
        self.warehouse = self.home / "warehouse"
        self.warehouse.mkdir(parents=True)
        self.place = self.warehouse

    def mount(self, options: str, place: Path | None = None) -> None:
        self.place = place or self.place
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.place)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        if ended.returncode:
            pytest.skip(f"this user may not mount a small file system: {ended.stderr.strip()}")

    def remount(self, options: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{options}", str(self.place)], check=True)

    def refresh(self, home: str = "home") -> Told:
        words = [word for path in self.contracts for word in ("--source", path)]
        return self.terminal.type("refresh", "--home", home, *words, "--as-of", "2025-12-31")

    def runs(self) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.home / "guanxi.sqlite3")) as database:
            return database.execute("SELECT id, state FROM runs_run").fetchall()

    def hash(self, home: str) -> dict[str, str]:
        hashes: dict[str, str] = json.loads(self.terminal.type("warehouse", "hash", "--home", home, "--json").output)
        return hashes


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    if sys.platform != "linux" or shutil.which("mount") is None:
        pytest.skip("small file systems are mounted on Linux only")
    disk = Disk(tmp_path)
    yield disk
    if disk.place.is_mount():
        subprocess.run(["umount", "-l", str(disk.place)], check=True)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The hash of the same company on a disk with room."""
    disk = Disk(tmp_path_factory.mktemp("clean"))
    assert disk.refresh().code == 0
    return disk.hash("home")


def test_too_little_room_is_refused_with_numbers_before_anything_changes(disk: Disk) -> None:
    disk.mount("size=512k")
    (disk.terminal.folder / "sources" / "orders.csv").write_text(SHOP_ORDERS + "#" * 300_000, encoding="utf-8")
    told = disk.refresh()
    assert told.code == 2
    assert told.errors.startswith("error[disk_too_full]: The update needs about 88")
    assert "but only 512.0 KB is free." in told.errors
    assert "cure: Make room on that disk" in told.errors
    assert disk.runs() == []
    assert list(disk.warehouse.iterdir()) == []


@pytest.mark.parametrize("size", ["12k", "40k", "60k"])
def test_a_disk_that_fills_up_stops_the_run_in_words_and_it_is_resumed(
    disk: Disk, clean: dict[str, str], size: str
) -> None:
    disk.mount(f"size={size}")
    told = disk.refresh()
    assert told.code == 2, told.output
    assert "\nerror[disk_full]: The disk is full: " in told.errors, told.errors
    assert "cure: Make room on the disk" in told.errors
    assert disk.runs() == [(1, "stopped")]
    disk.remount("size=20m")
    told = disk.refresh()
    assert told.code == 0, told.errors
    assert disk.runs() == [(1, "done")]
    assert disk.hash("home") == clean


def test_a_folder_that_may_not_be_written_to_is_refused(disk: Disk) -> None:
    disk.mount("size=20m")
    assert disk.refresh().code == 0
    before = disk.hash("home")
    disk.remount("ro")
    told = disk.refresh()
    assert told.code == 2
    assert told.errors.startswith("error[warehouse_not_writable]: The warehouse folder ")
    assert "Read-only file system" in told.errors
    assert disk.runs() == [(1, "done")]
    disk.remount("rw")
    assert disk.hash("home") == before


@pytest.mark.parametrize("size", ["200k", "1000k"])
def test_a_disk_that_fills_up_under_the_database_leaves_it_whole(disk: Disk, clean: dict[str, str], size: str) -> None:
    """While the tables are made, and while rows are written."""
    disk.mount(f"size={size}", disk.home)
    told = disk.refresh()
    assert told.code == 2, told.output
    assert "disk is full" in told.errors, told.errors
    assert "Traceback" not in told.errors
    disk.remount("size=40m")
    told = disk.refresh()
    assert told.code == 0, told.errors
    assert disk.runs() == [(1, "done")]
    assert disk.hash("home") == clean


def test_a_home_that_may_not_be_written_to_is_refused(disk: Disk) -> None:
    disk.mount("size=40m", disk.home)
    assert disk.refresh().code == 0
    before, files = disk.hash("home"), sorted(path.name for path in disk.home.iterdir())
    disk.remount("ro")
    for words in (("serve", "--no-worker"), ("worker",)):
        told = disk.terminal.type(*words, "--home", "home")
        assert (told.code, told.errors.split(":")[0]) == (2, "error[home_read_only]"), told.errors
    told = disk.refresh()
    assert told.code == 2
    assert told.errors.startswith("error[home_read_only]: The home ")
    assert "Read-only file system" in told.errors
    for words in (("backup", "copy.zip"), ("sql", "select 1")):
        told = disk.terminal.type(*words, "--home", "home")
        assert (told.code, told.errors.split(":")[0]) == (2, "error[database_unavailable]"), told.errors
    assert not (disk.home.parent / "copy.zip").exists()
    assert disk.hash("home") == before  # what is there can be read all the same
    disk.remount("rw")
    assert disk.runs() == [(1, "done")]
    assert sorted(path.name for path in disk.home.iterdir()) == files
    assert disk.refresh().code == 0
    assert disk.hash("home") == before


def test_a_new_home_that_may_not_be_written_to_is_refused(disk: Disk) -> None:
    disk.warehouse.rmdir()
    disk.mount("ro", disk.home)
    told = disk.refresh()
    assert (told.code, told.errors.split(":")[0]) == (2, "error[home_read_only]"), told.errors
    assert list(disk.home.iterdir()) == []

"""Backup and restore as a user types them, on homes with real refreshes."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from guanxi.config.backup.listing import list_files
from guanxi.config.backup.restore import restore_backup
from guanxi.config.home import Home
from guanxi.config.tests.terminal import Terminal
from guanxi.intelligence.canon import warehouse_hash
from guanxi.intelligence.tests.small_company import write_small_company

AS_OF = "2025-12-31"


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """A terminal in a folder with the small company's files, a refreshed home, and its backup."""
    opened = Terminal(tmp_path_factory.mktemp("backup"))
    contracts = write_small_company(opened.folder / "sources")
    words = [word for path in contracts for word in ("--source", path)]
    assert opened.type("refresh", "--home", "home", *words, "--as-of", AS_OF).code == 0
    for name, text in (("报价.txt", "茶"), ("lost.txt", "lost")):
        deed = [sys.executable, "-m", "guanxi.config.backup.tests.held", "keep_file", "home", name, text]
        subprocess.run(deed, cwd=opened.folder, env=opened.environment("en"), check=True, capture_output=True)
    (opened.folder / "home" / kept("lost")).unlink()  # no reason to lose the rest
    told = opened.type("backup", "--home", "home", "company.zip")
    assert told.code == 0, told.errors
    assert "keep it as secret as the home itself" in told.output
    return opened


def kept(text: str) -> str:
    """Where the file of that text lies."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"files/{digest[:2]}/{digest}"


def canonical(terminal: Terminal, home: str) -> dict[str, str]:
    told = terminal.type("warehouse", "hash", "--home", home, "--json")
    assert told.code == 0, told.errors
    hashes: dict[str, str] = json.loads(told.output)
    return hashes


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*")) if path.is_file()
    }  # fmt: skip


def ask(home: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "guanxi.sqlite3")) as database:
        return database.execute(query).fetchall()


def test_a_restored_home_is_equal(terminal: Terminal) -> None:
    told = terminal.type("restore", "company.zip", "--home", "again")
    assert told.code == 0, told.errors
    assert canonical(terminal, "again") == canonical(terminal, "home")
    home, again = contents(terminal.folder / "home"), contents(terminal.folder / "again")
    changed = {name for name in home if again.get(name) != home[name]}
    assert {name.split("-")[0] for name in changed} == {"guanxi.sqlite3"}
    assert (terminal.folder / "again" / kept("茶")).read_text(encoding="utf-8") == "茶"
    told = terminal.type("refresh", "--home", "again", "--as-of", AS_OF)
    assert told.code == 0, told.errors
    assert canonical(terminal, "again") == canonical(terminal, "home")


def test_the_manifest_tells_version_run_and_digests(terminal: Terminal) -> None:
    with zipfile.ZipFile(terminal.folder / "company.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert (manifest["format"], manifest["database"], manifest["run"]) == (2, "sqlite", 1)
        assert set(manifest["files"]) == set(archive.namelist()) - {"manifest.json"}
        for member, digest in manifest["files"].items():
            assert hashlib.sha256(archive.read(member)).hexdigest() == digest
        assert {"guanxi.sqlite3", "secret.key", kept("茶")} < set(manifest["files"])


def test_only_its_owner_may_read_a_backup(terminal: Terminal) -> None:
    if sys.platform != "win32":
        assert (terminal.folder / "company.zip").stat().st_mode & 0o077 == 0


def test_a_backup_replaces_no_file(terminal: Terminal) -> None:
    before = (terminal.folder / "company.zip").read_bytes()
    told = terminal.type("backup", "--home", "home", "company.zip")
    assert (told.code, told.errors.split(":")[0]) == (2, "error[backup_exists]")
    assert (terminal.folder / "company.zip").read_bytes() == before


def test_a_folder_that_is_not_there_is_told(terminal: Terminal) -> None:
    told = terminal.type("backup", "--home", "home", "nowhere/company.zip")
    assert (told.code, told.errors.split(":")[0]) == (2, "error[backup_not_written]")
    assert not (terminal.folder / "nowhere").exists()


def test_a_home_that_is_not_empty_stays_as_it_is(terminal: Terminal) -> None:
    taken = terminal.folder / "taken"
    taken.mkdir()
    (taken / "letter.txt").write_text("mine", encoding="utf-8")
    told = terminal.type("restore", "company.zip", "--home", "taken")
    assert (told.code, told.errors.split(":")[0]) == (2, "error[home_not_empty]")
    assert "cure: Name a new folder" in told.errors
    assert [path.name for path in taken.iterdir()] == ["letter.txt"]


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def flip_a_byte(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        stored = next(info for info in archive.infolist() if info.filename.endswith(".parquet"))
    content = bytearray(path.read_bytes())
    content[stored.header_offset + 200] ^= 1
    path.write_bytes(content)


def rewrite(path: Path, change: Callable[[dict[str, bytes]], object]) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def alter_the_key(path: Path) -> None:
    rewrite(path, lambda members: members.update({"secret.key": b"known to all"}))


def lose_a_file(path: Path) -> None:
    rewrite(path, lambda members: members.pop(next(name for name in members if name.startswith("warehouse/person/"))))


def add_a_file(path: Path) -> None:
    rewrite(path, lambda members: members.update({"warehouse/extra.parquet": b"x"}))


def climb_out(path: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        manifest = json.loads(members["manifest.json"])
        manifest["files"]["warehouse/../../out.txt"] = hashlib.sha256(b"out").hexdigest()
        members |= {"manifest.json": json.dumps(manifest).encode(), "warehouse/../../out.txt": b"out"}

    rewrite(path, change)


def come_from_the_future(path: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | {"format": 99}).encode()

    rewrite(path, change)


def be_no_manifest(path: Path) -> None:
    rewrite(path, lambda members: members.update({"manifest.json": b"[]"}))


@pytest.mark.parametrize(
    ("harm", "code", "made"),
    [
        (cut_off, "not_a_backup", False),
        (flip_a_byte, "not_a_backup", True),
        (be_no_manifest, "not_a_backup", False),
        (alter_the_key, "backup_altered", False),
        (alter_the_key, "backup_altered", True),
        (lose_a_file, "backup_altered", False),
        (add_a_file, "backup_altered", False),
        (climb_out, "backup_altered", False),
        (come_from_the_future, "backup_too_new", False),
    ],
)
def test_a_harmed_backup_is_refused_and_leaves_nothing(
    terminal: Terminal, harm: Callable[[Path], None], code: str, made: bool
) -> None:
    folder = terminal.folder / f"{harm.__name__}-{made}"
    folder.mkdir()
    harmed = folder / "harmed.zip"
    harmed.write_bytes((terminal.folder / "company.zip").read_bytes())
    harm(harmed)
    home = folder / "deep" / "home"
    if made:
        home.mkdir(parents=True)
    told = terminal.type("restore", harmed, "--home", home)
    assert (told.code, told.errors.split(":")[0]) == (2, f"error[{code}]"), told.errors
    assert home.exists() == made
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["harmed.zip"]


@pytest.fixture
def held(terminal: Terminal, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Begins a child of `held`; what is left of it ends with the test."""
    children: list[subprocess.Popen[str]] = []

    def start(*words: str | Path) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-m", "guanxi.config.backup.tests.held", *map(str, words)],
            env=terminal.environment("en"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        children.append(child)
        return child

    yield start
    for child in children:
        child.kill()
        child.communicate()


def wait_for(child: subprocess.Popen[str], line: str) -> None:
    assert child.stdout is not None
    for said in child.stdout:
        if said.strip() == line:
            return
    raise AssertionError(f"the child never said {line!r}: {child.communicate()[1]}")


@pytest.mark.slow
@pytest.mark.parametrize("chunks", [2, 4, 6, 8])
def test_a_backup_taken_during_a_refresh_restores_to_a_state_that_completes(
    terminal: Terminal, held: Callable[..., subprocess.Popen[str]], tmp_path: Path, chunks: int
) -> None:
    sources = [terminal.folder / "sources" / f"{name}.toml" for name in ("shop", "store")]
    child = held("hold_refresh", tmp_path / "home", str(chunks), tmp_path / "go", *sources)
    wait_for(child, "held")
    told = terminal.type("backup", "--home", tmp_path / "home", tmp_path / "middle.zip")
    assert told.code == 0, told.errors
    assert ask(tmp_path / "home", "SELECT state FROM runs_run") == [("running",)]

    told = terminal.type("restore", tmp_path / "middle.zip", "--home", tmp_path / "again")
    assert told.code == 0, told.errors
    assert ask(tmp_path / "again", "SELECT state, lease_token FROM runs_run") == [("stopped", "")]
    assert ask(tmp_path / "again", "SELECT count(*) FROM runs_checkpoint") == [(chunks,)]
    words = [word for path in sources for word in ("--source", path)]
    told = terminal.type("refresh", "--home", tmp_path / "again", *words, "--as-of", AS_OF)
    assert told.code == 0, told.errors
    assert ask(tmp_path / "again", "SELECT id, state FROM runs_run") == [(1, "done")]  # resumed, not begun anew
    assert canonical(terminal, str(tmp_path / "again")) == canonical(terminal, "home")

    (tmp_path / "go").touch()
    _output, errors = child.communicate(timeout=120)
    assert child.returncode == 0, errors
    assert canonical(terminal, str(tmp_path / "home")) == canonical(terminal, "home")


@pytest.mark.slow
def test_backups_taken_at_any_moment_of_a_refresh_restore_to_what_was_shown(
    terminal: Terminal, held: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    """One backup after another while a refresh with more orders runs and ends: each is the state before or after."""
    sources = write_small_company(tmp_path / "sources")
    words = [word for path in sources for word in ("--source", path)]
    home, backups, stop = tmp_path / "home", tmp_path / "backups", tmp_path / "stop"
    assert terminal.type("refresh", "--home", home, *words, "--as-of", AS_OF).code == 0
    before = warehouse_hash(home / "warehouse")
    backups.mkdir()
    taker = held("back_up_often", home, backups, stop)
    wait_for(taker, "backing up")
    with (tmp_path / "sources" / "orders.csv").open("a", encoding="utf-8") as orders:
        orders.write("A7,2,2025-12-30 12:00:00,POT,3,360.00\n")
    assert terminal.type("refresh", "--home", home, *words, "--as-of", AS_OF).code == 0
    stop.touch()
    _output, errors = taker.communicate(timeout=120)
    assert taker.returncode == 0, errors
    after = warehouse_hash(home / "warehouse")
    assert before != after

    states: Counter[tuple[object, object]] = Counter()
    taken = sorted(backups.iterdir())
    restored = [tmp_path / file.stem for file in taken[:: max(1, len(taken) // 10)]]
    for again in restored:
        manifest = restore_backup(backups / f"{again.name}.zip", Home(again))
        found = warehouse_hash(again / "warehouse")
        assert found in (before, after)
        ((run,),) = ask(again, "SELECT run_id FROM intelligence_snapshot WHERE is_current")
        assert run == manifest.run == json.loads((again / "warehouse" / "current.json").read_text())["run"]
        assert found == (before if run == 1 else after)
        with closing(sqlite3.connect(again / "guanxi.sqlite3")) as database:
            listed = list_files(lambda query: database.execute(query).fetchall())
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert {file for file in listed.needed if not (again / "warehouse" / file).is_file()} == set()
        ((state,),) = ask(again, "SELECT state FROM runs_run ORDER BY id DESC LIMIT 1")
        states[run, state] += 1
    assert states[1, "stopped"] >= 1  # taken in the middle ...
    assert sum(states.values()) == states[1, "done"] + states[1, "stopped"] + states[2, "stopped"] + states[2, "done"]

    middle = next(again for again in restored if ("stopped",) in ask(again, "SELECT state FROM runs_run"))
    asked = held("ask_pages", middle, "/insight/", "/insight/value/", "/customers/", "/updates/")
    output, errors = asked.communicate(timeout=120)
    assert output.split() == ["200"] * 4, errors
    told = terminal.type("refresh", "--home", middle, *words, "--as-of", AS_OF)  # ... and the refresh goes on
    assert told.code == 0, told.errors
    assert warehouse_hash(middle / "warehouse") == after


@pytest.mark.slow
def test_files_pruned_between_copy_and_reading_are_noticed(
    terminal: Terminal, held: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    """The third refresh ends while the backup runs, and its end removes what the oldest state lists."""
    terminal.type("restore", "company.zip", "--home", tmp_path / "home")
    for _time in range(2):
        assert terminal.type("refresh", "--home", tmp_path / "home", "--as-of", AS_OF).code == 0
    child = held("back_up_late", tmp_path / "home", tmp_path / "late.zip")
    output, errors = child.communicate(timeout=120)
    assert child.returncode == 0, errors
    assert output.splitlines()[-1] == "copies: 2"
    assert terminal.type("restore", tmp_path / "late.zip", "--home", tmp_path / "again").code == 0
    assert ask(tmp_path / "again", "SELECT run_id FROM intelligence_snapshot WHERE is_current") == [(4,)]
    assert canonical(terminal, str(tmp_path / "again")) == canonical(terminal, str(tmp_path / "home"))


def test_a_listed_file_that_is_lost_is_told_and_no_backup_is_left(terminal: Terminal, tmp_path: Path) -> None:
    terminal.type("restore", "company.zip", "--home", tmp_path / "home")
    next((tmp_path / "home" / "warehouse" / "person").iterdir()).unlink()
    told = terminal.type("backup", "--home", tmp_path / "home", tmp_path / "lost.zip")
    assert (told.code, told.errors.split(":")[0]) == (2, "error[warehouse_file_missing]")
    assert [path.name for path in tmp_path.iterdir()] == ["home"]

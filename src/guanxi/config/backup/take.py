"""Taking a backup: one state of the database and exactly the files it lists, also while a refresh runs."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from guanxi import __version__
from guanxi.config.backup.archive import DATABASE, DUMP, KEY, MANIFEST, WAREHOUSE, Manifest, copy
from guanxi.config.backup.errors import BackupExists, BackupNotWritten, WarehouseFileMissing
from guanxi.config.backup.listing import ATTACHMENTS, Ask, Listed, list_files, list_kept
from guanxi.config.home import Home
from guanxi.kernel.runs.files import make_durable, part_of

TRIES: Final = 5  # a running refresh may prune a listed file once in a refresh
BUSY: Final = 20.0  # seconds to wait for a database somebody writes to
COMPRESSED: Final = {DATABASE, MANIFEST}  # the rest is compressed already


@dataclass(frozen=True)
class Taken:
    """A backup that was written: its manifest, its size in bytes, and why the database is not in it, if so."""

    manifest: Manifest
    size: int
    left_out: str


@dataclass(frozen=True)
class _Copy:
    """One state of the database: its file, if there is one, and what it lists."""

    member: str
    path: Path | None
    listed: Listed
    kept: list[str]  # with customers, relative to the home
    left_out: str = ""


class _Gone(Exception):
    """A listed file was pruned between the copy of the database and the reading of the file."""


def take_backup(home: Home, target: Path) -> Taken:
    """Write the backup of a home to the file `target`; it has its name only once it is whole.

    Warehouse files never change, but a refresh that ends may remove some that an older state lists: then the database
    is copied anew.

    Raises
    ------
    BackupExists, BackupNotWritten, WarehouseFileMissing
        No backup was written.
    """
    target = target.absolute()
    if target.exists():
        raise BackupExists(file=str(target))
    part = part_of(target)
    try:
        for tried in range(1, TRIES + 1):
            try:
                with _copied(target.parent) as copied:
                    manifest = _write(home, copied, part)
                break
            except _Gone as gone:
                if tried == TRIES:
                    raise WarehouseFileMissing(file=str(gone)) from None
        make_durable([target])
    except sqlite3.Error as error:
        raise OperationalError(*error.args) from error  # told as every trouble with the database
    except (OSError, zipfile.LargeZipFile) as error:
        raise BackupNotWritten(file=str(target), reason=str(error)) from error
    finally:
        part.unlink(missing_ok=True)
    return Taken(manifest, target.stat().st_size, copied.left_out)


@contextmanager
def _copied(folder: Path) -> Iterator[_Copy]:
    with tempfile.TemporaryDirectory(prefix=".part-", dir=folder) as scratch:
        if connection.vendor == "sqlite":
            yield _copy_of_sqlite(Path(scratch))
        else:
            yield _copy_of_postgres(Path(scratch))


def _copy_of_sqlite(scratch: Path) -> _Copy:
    path = scratch / DATABASE
    name = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(name, timeout=BUSY)) as source, closing(sqlite3.connect(path)) as copied:
        source.backup(copied)  # all pages in one step, so under one read lock
        copied.execute("PRAGMA journal_mode=DELETE")  # one file, no log beside it

        def ask(query: str) -> list[tuple[object, ...]]:
            return copied.execute(query).fetchall()

        listed, kept = list_files(ask), _kept(ask)
    return _Copy(DATABASE, path, listed, kept)


def _copy_of_postgres(scratch: Path) -> _Copy:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]

        def ask(query: str) -> list[tuple[object, ...]]:
            cursor.execute(query)
            return list(cursor.fetchall())

        listed, kept = list_files(ask), _kept(ask)
        why_not = _dump(snapshot, scratch / DUMP)
    return _Copy(DUMP, None if why_not else scratch / DUMP, listed, kept, why_not)


def _kept(ask: Ask) -> list[str]:
    """The files kept with customers; a home of a version that kept none yet is backed up before it is upgraded."""
    return list_kept(ask) if ATTACHMENTS in connection.introspection.table_names() else []


def _dump(snapshot: str, path: Path) -> str:
    """Have pg_dump write the state that the open transaction sees; returns why it could not, if so."""
    program = shutil.which("pg_dump")
    if program is None:
        return "pg_dump is not installed here"
    settings = connection.settings_dict
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
    given = {theirs: str(settings[ours]) for ours, theirs in names.items() if settings.get(ours)}
    ended = subprocess.run(
        [program, "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={path}"],
        env=os.environ | given, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return "" if ended.returncode == 0 else f"pg_dump: {ended.stderr.strip()[:500]}"


def _write(home: Home, copied: _Copy, part: Path) -> Manifest:
    manifest = Manifest(
        version=__version__,
        created_at=timezone.now().isoformat(timespec="seconds"),
        database=connection.vendor,
        snapshot=copied.listed.snapshot,
    )
    with _private(part) as file, zipfile.ZipFile(file, "w") as archive:
        if copied.path is not None:
            manifest.files[copied.member] = _add(archive, copied.member, copied.path)
        key = home.root / KEY
        if key.exists():
            manifest.files[KEY] = _add(archive, KEY, key)
        for name in sorted(copied.listed.needed | copied.listed.wished):
            member = f"{WAREHOUSE}/{name}"
            try:
                manifest.files[member] = _add(archive, member, home.warehouse / name)
            except FileNotFoundError:
                if name in copied.listed.needed:
                    raise _Gone(name) from None
        for member in copied.kept:
            with contextlib.suppress(FileNotFoundError):  # lost, or thrown away since: no reason to lose the rest
                manifest.files[member] = _add(archive, member, home.root / member)
        archive.writestr(_named(MANIFEST), manifest.to_json())
    return manifest


def _private(path: Path) -> IO[bytes]:
    """A new file that only its owner may read: it holds the home's key and everybody's data."""
    path.unlink(missing_ok=True)
    binary = getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | binary, 0o600), "w+b")


def _add(archive: zipfile.ZipFile, member: str, path: Path) -> str:
    with path.open("rb") as source, archive.open(_named(member), "w", force_zip64=True) as target:
        return copy(source, target)


def _named(member: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(member)
    info.external_attr = 0o600 << 16
    info.compress_type = zipfile.ZIP_DEFLATED if member in COMPRESSED else zipfile.ZIP_STORED
    return info

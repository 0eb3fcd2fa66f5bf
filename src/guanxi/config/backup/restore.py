"""Bringing a backup back: into an empty home, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import zipfile
import zlib
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from guanxi.config.backup.archive import DATABASE, DUMP, FORMAT, KEY, MANIFEST, WAREHOUSE, Manifest, copy, is_allowed
from guanxi.config.backup.errors import BackupAltered, BackupTooNew, HomeNotEmpty, HomeNotWritten, NotABackup
from guanxi.config.backup.listing import list_files
from guanxi.config.home import Home
from guanxi.intelligence.snapshots import write_manifest
from guanxi.kernel.errors import Interrupted, as_record

STAGE: Final = ".part-restore"  # within the home, so that what is whole moves by a rename


def restore_backup(file: Path, home: Home) -> Manifest:
    """Restore `file` to the empty or new `home`; returns what was in it.

    Runs that were under way are stopped, so that the next refresh resumes them; jobs that were under way wait again.

    Raises
    ------
    HomeNotEmpty, NotABackup, BackupTooNew, BackupAltered, HomeNotWritten
        Nothing was restored; the home is as it was.
    """
    existed = home.root.exists()
    if existed and (not home.root.is_dir() or any(home.root.iterdir())):
        raise HomeNotEmpty(home=str(home.root))
    stage = home.root / STAGE
    try:
        with _opened(file) as archive:
            manifest = _read_manifest(archive, file)
            stage.mkdir(parents=True)
            for member, digest in manifest.files.items():
                if _extract(archive, member, stage / member) != digest:
                    raise BackupAltered(file=str(file), member=member)
        (stage / WAREHOUSE).mkdir(exist_ok=True)
        _settle(stage, manifest)
        _move_in(stage, home.root)
    except (zipfile.BadZipFile, zlib.error, EOFError, sqlite3.Error, NotImplementedError, RuntimeError) as error:
        raise NotABackup(file=str(file), reason=str(error)) from error
    except OSError as error:
        raise HomeNotWritten(home=str(home.root), reason=str(error)) from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        if not existed and home.root.is_dir() and not any(home.root.iterdir()):
            home.root.rmdir()
    return manifest


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError) as error:
        raise NotABackup(file=str(file), reason=str(error)) from error


def _read_manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    try:
        manifest = Manifest.from_json(archive.read(MANIFEST))
    except (KeyError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise NotABackup(file=str(file), reason=str(error)) from error
    if manifest.format > FORMAT:
        raise BackupTooNew(file=str(file), version=manifest.version)
    for member in archive.namelist():
        if member != MANIFEST and (member not in manifest.files or not is_allowed(member)):
            raise BackupAltered(file=str(file), member=member)
    held = set(archive.namelist())
    for member in manifest.files:
        if member not in held or not is_allowed(member):
            raise BackupAltered(file=str(file), member=member)
    return manifest


def _extract(archive: zipfile.ZipFile, member: str, path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = 0o600 if member in {KEY, DATABASE, DUMP} else 0o644
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    with archive.open(member) as source, os.fdopen(os.open(path, flags, mode), "wb") as target:
        digest = copy(source, target)
        target.flush()
        os.fsync(target.fileno())
    return digest


def _settle(stage: Path, manifest: Manifest) -> None:
    """Let nobody hold anything in the restored database, and say in `current.json` what is current in it.

    By SQL: the backup may be of an older version, whose tables the code of this one does not know.
    """
    snapshot = manifest.snapshot
    if DATABASE in manifest.files:
        with closing(sqlite3.connect(stage / DATABASE)) as database, database:
            _free(database)
            snapshot = list_files(lambda query: database.execute(query).fetchall()).snapshot
    if snapshot is not None:
        write_manifest(
            stage / WAREHOUSE,
            run_id=snapshot["run"], business_date=snapshot["business_date"], tables=snapshot["tables"],
        )  # fmt: skip


def _free(database: sqlite3.Connection) -> None:
    now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
    running = [row[0] for row in database.execute("SELECT id FROM runs_run WHERE state = 'running'")]
    database.execute(
        "UPDATE runs_run SET state = 'stopped', error = ?, lease_token = '', lease_until = NULL, lease_holder = '{}',"
        " stop_requested_at = NULL WHERE state = 'running'",
        (json.dumps(as_record(Interrupted())),),
    )
    database.execute("UPDATE runs_runstep SET state = 'stopped' WHERE state = 'running'")
    database.execute(
        "UPDATE jobs_job SET state = 'ready', attempts = max(attempts - 1, 0), lease_token = '', lease_until = NULL,"
        " lease_holder = '{}' WHERE state = 'running'"
    )
    database.execute(
        "INSERT INTO audit_auditentry (at, actor_id, command, target_kind, target_key, changes)"
        " VALUES (?, NULL, 'config.backup.restore', '', 'home', ?)",
        (now, json.dumps({"stopped_runs": running})),
    )


def _move_in(stage: Path, home: Path) -> None:
    """Move all from the stage into the home, the key last: with it the company has moved in."""
    for path in sorted(stage.iterdir(), key=lambda path: path.name == KEY):
        path.rename(home / path.name)

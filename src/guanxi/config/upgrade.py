"""Bringing the database of an older version up to date: whole or not at all, with a copy of what was there."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext

from guanxi.config.errors import HomeTooNew, UpgradeCopyNotWritten
from guanxi.kernel.access.commands import ensure_roles
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.runs.files import make_durable, part_of
from guanxi.kernel.turns import wait_for_turn

MARK: Final = "-before-upgrade-"
KEPT: Final = 2  # copies beside the database


def refuse_newer() -> None:
    """Refuse the database of a later version.

    Raises
    ------
    HomeTooNew
        Nothing was changed.
    """
    loader = MigrationLoader(connection)
    replaced = {name for migration in loader.disk_migrations.values() for name in migration.replaces}
    unknown = sorted(set(loader.applied_migrations) - set(loader.disk_migrations) - replaced)
    if unknown:
        more = f" (+{len(unknown) - 3})" if len(unknown) > 3 else ""
        raise HomeTooNew(changes=", ".join(f"{app}.{name}" for app, name in unknown[:3]) + more)


def upgrade_database(say: Callable[[str], object]) -> None:
    """Bring the database to this version, if it is older.

    All of it happens in one transaction, so a process that is killed, or a disk that fills up, leaves the database as
    it was. A SQLite file is copied beside itself first. `say` is told in words what happens.

    Raises
    ------
    HomeTooNew, UpgradeCopyNotWritten
        Nothing was changed.
    """
    refuse_newer()
    if not _pending():
        return
    is_sqlite = connection.vendor == "sqlite"
    if is_sqlite:
        connection.ensure_connection()
        connection.disable_constraint_checking()  # tables are made anew; within a transaction it would be too late
    try:
        with transaction.atomic():
            wait_for_turn("upgrade")  # of two processes that start together one upgrades
            if not is_sqlite:
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or tables with new rows could not be altered
            pending = _pending()  # another process may have done it meanwhile
            if pending and MigrationLoader(connection).applied_migrations:
                _prepare(len(pending), say)
            if pending:
                call_command("migrate", verbosity=0, interactive=False)
                ensure_roles(SYSTEM)  # built-in roles get what this version adds; own ones stay
                with connection.cursor() as cursor:
                    cursor.execute("ANALYZE")  # what the database knew of a table that was made anew is gone
    finally:
        if is_sqlite:
            connection.enable_constraint_checking()


def _pending() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _backwards in plan]


def _prepare(changes: int, say: Callable[[str], object]) -> None:
    if connection.vendor == "sqlite":
        kept = _copy_beside(Path(connection.settings_dict["NAME"]))
        say(
            gettext(
                "The database is of an older version: upgrading it (%(n)s changes). As it was it is kept in %(file)s."
            )
            % {"n": changes, "file": kept}
        )
    else:
        say(
            gettext(
                "The database is of an older version: upgrading it (%(n)s changes) in one transaction. No copy is"
                " taken; yours are made with guanxi backup or pg_dump."
            )
            % {"n": changes}
        )


def _copy_beside(database: Path) -> Path:
    """Copy what is committed, though this process holds the right to write; older copies go."""
    target = database.with_name(f"{database.stem}{MARK}{datetime.now().astimezone():%Y%m%d-%H%M%S}{database.suffix}")
    part = part_of(target)
    older = f"{database.stem}{MARK}*{database.suffix}"
    try:
        for left in database.parent.glob(part_of(database.with_name(older)).name):
            left.unlink()
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(part)) as copied:
            source.backup(copied)
            copied.execute("PRAGMA journal_mode=DELETE")  # one file, no log beside it
        make_durable([target])
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        raise UpgradeCopyNotWritten(file=str(target), reason=str(error)) from error
    for old in sorted(database.parent.glob(older))[:-KEPT]:
        old.unlink()
    return target

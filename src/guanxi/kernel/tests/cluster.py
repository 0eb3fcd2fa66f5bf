"""A PostgreSQL server of a test's own, to be stopped as a machine stops and started again."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import psycopg.sql
import pytest

PLACES = ("/usr/lib/postgresql", "/usr/local/pgsql/bin", "/opt/homebrew/bin", "/usr/local/bin")


@dataclass(frozen=True)
class Cluster:
    """A server: where its programs and its data are, and its port."""

    programs: Path
    folder: Path
    port: int
    user: list[str]

    @property
    def url(self) -> str:
        """Its database."""
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        self._control("start", "-w", "-o", options, "-l", str(self.folder / "log"))

    def stop(self) -> None:
        """Stop it at once: every connection is cut, what was not committed is gone."""
        self._control("stop", "-m", "immediate")

    def new_database(self, name: str, template: str = "template1") -> str:
        """Make a database as a copy of another one; returns its URL."""
        with closing(psycopg.connect(self.url, autocommit=True)) as connection:
            command = psycopg.sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(command.format(psycopg.sql.Identifier(name), psycopg.sql.Identifier(template)))
            connection.execute("CHECKPOINT")  # or a crash would take the copy's sequences back
        return f"{self.url.rsplit('/', 1)[0]}/{name}"

    def _control(self, *words: str) -> None:
        command = [*self.user, str(self.programs / "pg_ctl"), "-D", str(self.folder / "data"), *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


@contextmanager
def new_cluster() -> Iterator[Cluster]:
    """A running server in a folder of its own; gone after the block. Skips where its programs are missing."""
    programs = _find_programs()
    if programs is None:
        pytest.skip("no initdb and pg_ctl on this machine (Debian: apt-get install postgresql)")
    user = _other_user()
    with tempfile.TemporaryDirectory(prefix="guanxi-cluster-") as name:
        folder = Path(name)
        if user:
            shutil.chown(folder, "postgres")
        initdb = [str(programs / "initdb"), "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "--no-sync"]
        command = [*user, *initdb, "-E", "UTF8", "--locale=C"]
        made = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
        assert made.returncode == 0, made.stderr
        cluster = Cluster(programs, folder, _free_port(), user)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()


def _find_programs() -> Path | None:
    found = shutil.which("pg_ctl")
    if found:
        return Path(found).resolve().parent
    versions = sorted(Path(PLACES[0]).glob("*/bin")) if Path(PLACES[0]).is_dir() else []
    places = [*reversed(versions), *map(Path, PLACES[1:])]
    return next((place for place in places if (place / "pg_ctl").exists() and (place / "initdb").exists()), None)


def _other_user() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", "postgres", "--"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])

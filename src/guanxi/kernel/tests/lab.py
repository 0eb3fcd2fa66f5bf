"""Real processes on a real database: for what only shows when processes compete or are killed.

The database is of the kind this test run uses: a SQLite file, or with `GUANXI_TEST_DATABASE=postgres` a database of its
own on the PostgreSQL server. A child calls a function of a test module: `lab.start("package.tests.toy:work", 3)`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import dj_database_url
import psycopg
import psycopg.sql
import pytest

from guanxi.kernel.tests.nursery import Nursery, common

SOURCE = Path(__file__).resolve().parents[3]
PATIENCE = 60  # seconds before a child that hangs fails its test


class Lab:
    """A home with a migrated database, and the processes of one test."""

    def __init__(self, home: Path, database_url: str) -> None:
        self.home = home
        self.environment = {
            **os.environ,
            "GUANXI_HOME": str(home),
            "GUANXI_DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "guanxi.config.settings",
            "PYTHONPATH": str(SOURCE),
        }
        self.children: list[subprocess.Popen[str]] = []

    def start(self, function: str, *arguments: Any) -> subprocess.Popen[str]:
        """Begin a child that calls `module:function` with the arguments, which travel as JSON."""
        child = _start(self.environment, function, *arguments)
        self.children.append(child)
        return child

    def run(self, function: str, *arguments: Any, code: int = 0) -> Any:
        """Run a child to its end, see that it ended with `code`, and return what the function returned."""
        return self.end(self.start(function, *arguments), code=code)

    def end(self, child: subprocess.Popen[str], *, code: int = 0, patience: float = PATIENCE) -> Any:
        """Wait for a child; what its function returned is the last line it wrote."""
        output, errors = child.communicate(timeout=patience)
        assert child.returncode == code, f"exit {child.returncode}, not {code}\n{output}\n{errors}"
        return json.loads(output.splitlines()[-1]) if output.strip() else None

    def wait_for(self, child: subprocess.Popen[str], line: str) -> None:
        """Read the child's output until it says `line`."""
        assert child.stdout is not None
        for said in child.stdout:
            if said.strip() == line:
                return
        raise AssertionError(f"the child never said {line!r}: {child.communicate()[1]}")

    def close(self) -> None:
        """End what is left."""
        for child in self.children:
            child.kill()
            child.communicate()


_nurseries: list[Nursery] = []  # the last one; another environment needs another


def _start(environment: dict[str, str], function: str, *arguments: Any) -> subprocess.Popen[str]:
    if not hasattr(os, "fork"):
        command = [sys.executable, "-m", "guanxi.kernel.tests.child", function, json.dumps(arguments)]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if _nurseries and _nurseries[0].environment != common(environment):
        _nurseries.pop().close()
    if not _nurseries:
        _nurseries.append(Nursery(environment))
    return _nurseries[0].start(environment, function, *arguments)


@contextmanager
def new_database(template: str | None, folder: Path) -> Iterator[str]:
    """The URL of a database of its own, a copy of the database at `template`; gone after the block."""
    if os.environ.get("GUANXI_TEST_DATABASE") != "postgres":
        path = folder / "guanxi.sqlite3"
        if template is not None:
            shutil.copy(template.removeprefix("sqlite:///"), path)
        yield f"sqlite:///{path.as_posix()}"
        return
    server = os.environ["GUANXI_TEST_POSTGRES_URL"]
    name = f"guanxi_lab_{uuid.uuid4().hex[:12]}"
    source = template.rsplit("/", 1)[1] if template is not None else "template1"
    with closing(psycopg.connect(**_parameters(server), autocommit=True)) as connection:
        create = psycopg.sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(psycopg.sql.Identifier(name), psycopg.sql.Identifier(source)))
        try:
            yield f"{server.rsplit('/', 1)[0]}/{name}"
        finally:
            connection.execute(psycopg.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(psycopg.sql.Identifier(name)))


def _parameters(url: str) -> dict[str, Any]:
    parsed = dict(dj_database_url.parse(url))
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return {theirs: parsed[ours] for ours, theirs in names.items() if parsed.get(ours)}


@pytest.fixture(scope="session")
def lab_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database to copy."""
    folder = tmp_path_factory.mktemp("template")
    with new_database(None, folder) as url:
        lab = Lab(folder, url)
        lab.run("guanxi.kernel.tests.child:migrate")
        yield url
    while _nurseries:
        _nurseries.pop().close()


@pytest.fixture
def lab(tmp_path: Path, lab_template: str) -> Iterator[Lab]:
    """A home of its own with a migrated database; its processes end with the test."""
    with new_database(lab_template, tmp_path) as url:
        laboratory = Lab(tmp_path, url)
        try:
            yield laboratory
        finally:
            laboratory.close()

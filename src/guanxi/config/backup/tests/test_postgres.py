"""With PostgreSQL the dump is of the same state as the list of files."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from guanxi.config.backup.take import take_backup
from guanxi.config.home import Home
from guanxi.kernel.tests.lab import Lab, lab, lab_template

__all__ = ["lab", "lab_template"]
pytestmark = [pytest.mark.postgres, pytest.mark.slow]


def back_up(home: str, target: str) -> dict[str, Any]:
    """The child's side."""
    taken = take_backup(Home(Path(home)), Path(target))
    return {"left_out": taken.left_out, "files": sorted(taken.manifest.files)}


def test_the_dump_and_the_files_are_one_pair(lab: Lab, tmp_path: Path) -> None:
    lab.run("guanxi.intelligence.tests.killed:run", str(tmp_path / "sources"))
    taken = lab.run("guanxi.config.backup.tests.test_postgres:back_up", str(lab.home), str(tmp_path / "company.zip"))
    with zipfile.ZipFile(tmp_path / "company.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert (manifest["database"], manifest["run"]) == ("postgresql", 1)
        assert {f"warehouse/{file}" for files in manifest["snapshot"]["tables"].values() for file in files} < set(
            taken["files"]
        )
        if taken["left_out"]:
            assert taken["left_out"].startswith("pg_dump")
            pytest.skip(f"the database is not in the backup: {taken['left_out']}")
        assert archive.read("database.dump").startswith(b"PGDMP")

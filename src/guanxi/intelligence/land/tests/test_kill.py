"""A landing that is killed again and again ends as if it had not been (S1n)."""

from __future__ import annotations

import json
import signal
from itertools import cycle
from pathlib import Path

import pytest

from guanxi.intelligence.land.tests.killed import write_files
from guanxi.kernel.tests.lab import Lab, new_database

pytestmark = [pytest.mark.database, pytest.mark.slow]
CHILD = "guanxi.intelligence.land.tests.killed:run"


def test_killed_in_every_chunk_and_resumed(lab: Lab, lab_template: str, tmp_path: Path) -> None:
    """While it reads, before its checkpoint commits, and right after."""
    files = tmp_path / "files"
    files.mkdir()
    write_files(files)
    clean = lab.run(CHILD, str(files))
    assert [feed["rows"] for feed in clean["report"]["feeds"]] == [402, 2]
    assert [row[1:4] for row in clean["rejected"]] == [[102, "column_count", ""], [302, "bad_date", "day"]]
    assert len(clean["chunks"]) == 7  # three parts and their end, a group, another feed, and the settling

    killed_home = tmp_path / "killed"
    killed_home.mkdir()
    kills = 0
    with new_database(lab_template, killed_home) as url:
        killed = Lab(killed_home, url)
        for dies in cycle(("reading", "committing", "committed")):
            child = killed.start(CHILD, str(files), dies)
            output, errors = child.communicate(timeout=60)
            if child.returncode != -signal.SIGKILL:
                break
            kills += 1
    assert child.returncode == 0, errors
    assert kills == 3 * len(clean["chunks"])
    assert json.loads(output.splitlines()[-1]) == clean

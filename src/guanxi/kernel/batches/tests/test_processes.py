"""Batches by real workers: killed at random, and two at once over the same rows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from guanxi.kernel.tests.lab import Lab, new_database

pytestmark = pytest.mark.database
KILLED = "guanxi.kernel.batches.tests.killed"
KILLS = 10
SEED = int(os.environ.get("GUANXI_TEST_SEED", "20261126"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a system without fork would start Python for every kill")
def test_a_batch_killed_at_random_ends_as_if_nothing_had_happened(lab: Lab, lab_template: str, tmp_path: Path) -> None:
    clean = lab.run(f"{KILLED}:run_clean", 60)
    statements = clean.pop("statements")
    assert clean["after"]["batches"] == [[1, "done", 60, 60, 60, 0]]
    assert clean["undone"]["batches"][1] == [2, "done", 60, 60, 60, 0]
    (tmp_path / "killed").mkdir()
    with new_database(lab_template, tmp_path / "killed") as url:
        killed_lab = Lab(tmp_path / "killed", url)
        killed = killed_lab.run(f"{KILLED}:run_killed", 60, KILLS, SEED, statements)
    assert killed.pop("deaths") == 2 * KILLS
    assert killed == clean, f"seed {SEED}"

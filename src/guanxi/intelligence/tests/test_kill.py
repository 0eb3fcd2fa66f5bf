"""Kill -9 at every step: the resumed refresh ends as if nothing had happened."""

from __future__ import annotations

import json
import os
import signal
from itertools import cycle
from pathlib import Path

import pytest

from guanxi.intelligence.tests.killed import spilled
from guanxi.kernel.tests.lab import Lab, new_database

pytestmark = [pytest.mark.database, pytest.mark.slow]
CHILD = "guanxi.intelligence.tests.killed"
RANDOM = "guanxi.intelligence.tests.killed_at_random"
KILLS = 50
SEED = int(os.environ.get("GUANXI_TEST_SEED", "20251231"))


def test_killed_at_every_point_it_ends_as_if_nothing_had_happened(lab: Lab, lab_template: str, tmp_path: Path) -> None:
    """Every chunk is killed before its files have their names, before its checkpoint commits, and right after."""
    clean = lab.run(f"{CHILD}:run", str(tmp_path / "sources"))
    assert (clean["rows"], clean["runs"], clean["strays"], clean["missing"]) == ([6, 7, 6, 4], ["done"], [], [])
    killed_home = tmp_path / "killed"
    killed_home.mkdir()
    with new_database(lab_template, killed_home) as url:
        killed = Lab(killed_home, url)
        kills = 0
        for kill_at in cycle((1, 2, 3)):
            child = killed.start(f"{CHILD}:run", str(tmp_path / "sources"), kill_at)
            output, errors = child.communicate(timeout=60)
            if child.returncode != -signal.SIGKILL:
                break
            kills += 1
    assert child.returncode == 0, errors
    resumed = json.loads(output.splitlines()[-1])
    assert kills >= clean["points"] - 3
    assert resumed | {"points": 0} == clean | {"points": 0}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a system without fork would start Python for every kill")
def test_killed_fifty_times_at_random_it_ends_as_if_nothing_had_happened(
    lab: Lab, lab_template: str, tmp_path: Path
) -> None:
    """One refresh dies 50 times in mid-chunk, by time and by what it is about to do. GUANXI_TEST_SEED changes when."""
    clean = lab.run(f"{RANDOM}:run_clean", str(tmp_path / "sources"))
    habits = clean.pop("habits")
    assert clean.pop("chunks") > KILLS
    assert (clean["rows"], clean["runs"], clean["strays"], clean["missing"]) == ([30, 31, 30, 4], ["done"], [], [])
    killed_home = tmp_path / "killed"
    killed_home.mkdir()
    with new_database(lab_template, killed_home) as url:
        killed = Lab(killed_home, url)
        child = killed.start(f"{RANDOM}:run_killed", str(tmp_path / "sources"), habits, SEED, KILLS)
        resumed = killed.end(child, patience=300)
    deaths = resumed.pop("deaths")
    assert (len(deaths), {"land", "publish"} - set(deaths)) == (KILLS, set()), f"seed {SEED}"
    assert resumed == clean, f"seed {SEED}"


def test_what_a_killed_engine_has_put_aside_is_swept(lab: Lab, tmp_path: Path) -> None:
    child = lab.start(f"{CHILD}:spill", 20_000_000)
    lab.wait_for(child, "spilling")
    child.kill()
    child.wait()
    warehouse = lab.home / "warehouse"
    assert spilled(warehouse)
    given_up = warehouse / "spill" / "run-000000"
    given_up.mkdir()
    (given_up / "left.tmp").write_bytes(b"x")
    after = lab.run(f"{CHILD}:run", str(tmp_path / "sources"))
    assert (after["runs"], after["strays"]) == (["abandoned", "done"], [])
    assert spilled(warehouse) == []


def test_a_second_refresh_is_refused_while_one_runs(lab: Lab) -> None:
    holder = lab.start(f"{CHILD}:hold", 60)
    lab.wait_for(holder, "holding")
    second = lab.start(f"{CHILD}:run", str(lab.home / "sources"))
    _output, errors = second.communicate(timeout=60)
    assert second.returncode != 0
    assert "RunInProgress" in errors
    assert str(holder.pid) in errors

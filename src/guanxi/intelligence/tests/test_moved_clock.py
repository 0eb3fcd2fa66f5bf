"""The system clock is set while a refresh is under way: it does not care."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from guanxi.kernel.tests.lab import Lab, new_database

pytestmark = [pytest.mark.database, pytest.mark.slow]
CHILD = "guanxi.intelligence.tests.moved_clock"


def test_a_clock_that_leaps_changes_nothing(lab: Lab, lab_template: str, tmp_path: Path) -> None:
    """Days away from the true time at each of the five steps; killed in the second, and resumed by another clock."""
    sources = str(tmp_path / "sources")
    clean = lab.run(f"{CHILD}:refresh", sources, [])
    assert (clean["days"], clean["runs"], clean["rows"]) == (["2025-12-24"] * 2, ["done"], [6, 7, 6, 4])
    home = tmp_path / "leapt"
    home.mkdir()
    with new_database(lab_template, home) as url:
        leapt = Lab(home, url)
        leapt.run(f"{CHILD}:refresh", sources, [0, 365], 16, code=-signal.SIGKILL)
        assert leapt.run(f"{CHILD}:refresh", sources, [-1, 365, -1, 365, -1]) == clean
        again = leapt.run(f"{CHILD}:refresh", sources, [-400])  # begins, by its clock, before the last one did
    same = ("hash", "rows", "days", "missing")
    assert {key: again[key] for key in same} == {key: clean[key] for key in same}
    assert again["runs"] == ["done", "done"]


def test_a_second_refresh_is_refused_whatever_clock_the_first_one_has(lab: Lab) -> None:
    holder = lab.start(f"{CHILD}:hold", -1, 120)
    lab.wait_for(holder, "holding")
    second = lab.start(f"{CHILD}:refresh", str(lab.home / "sources"), [])
    _output, errors = second.communicate(timeout=120)
    assert second.returncode != 0
    assert "RunInProgress" in errors
    assert str(holder.pid) in errors

"""Runs of real processes: killed, competing, asked to stop."""

from __future__ import annotations

import signal
import time
from typing import Any

import pytest

from guanxi.kernel.runs.tests.toy import CHUNKS, POINTS
from guanxi.kernel.tests.lab import Lab

pytestmark = pytest.mark.database
TOY = "guanxi.kernel.runs.tests.toy"

CLEAN: dict[str, Any] = {
    "files": {
        "landed/shop/run-000001.land.rejects.day-1-2ea9099a.csv": "line,reason\n",
        "landed/shop/run-000001.land.rejects.day-2-42ac9f9a.csv": "line,reason\n",
        "landed/shop/run-000001.resolve.rejects.day-1-2ea9099a.csv": "line,reason\n",
        "landed/shop/run-000001.resolve.rejects.day-2-42ac9f9a.csv": "line,reason\n",
        "run-000001/land.purchase.day-1-2ea9099a.parquet": "land Day 1",
        "run-000001/land.purchase.day-2-42ac9f9a.parquet": "land day 2",
        "run-000001/resolve.purchase.day-1-2ea9099a.parquet": "resolve Day 1",
        "run-000001/resolve.purchase.day-2-42ac9f9a.parquet": "resolve day 2",
    },
    "rows": ["publish Day 1", "publish day 2", "resolve Day 1", "resolve day 2"],
    "runs": [[1, "done", "2011-12-09", 1, None]],
}


@pytest.mark.parametrize("step", POINTS)
def test_a_run_killed_at_any_point_ends_as_if_it_had_not_been(lab: Lab, step: str) -> None:
    points = [(chunk, point) for chunk in CHUNKS for point in POINTS[step]]
    for number, (chunk, point) in enumerate(points, 1):
        lab.run(f"{TOY}:refresh", step, chunk, point, code=-signal.SIGKILL)
        if point != "after commit":
            continue  # the next kill strikes the same chunk at a later point
        seen = lab.run(f"{TOY}:state")
        assert [seen["runs"][0][:2], number] == [[1, "running"], number]
        assert [step, chunk] in [named[:2] for named in seen["checkpoints"]]
    assert_clean(lab.run(f"{TOY}:refresh"))


def assert_clean(seen: dict[str, Any]) -> None:
    for part, expected in CLEAN.items():
        assert seen[part] == expected
    assert seen["steps"] == [
        ["land", 1, "done", 2, 2, {"rows": 6}],
        ["resolve", 2, "done", 2, 2, {"rows": 6}],
        ["publish", 3, "done", 2, 2, {"rows": 6}],
    ]
    assert [point[:4] for point in seen["checkpoints"]] == [
        [step, chunk, 1, {"rows": 3}] for step in ("land", "publish", "resolve") for chunk in CHUNKS
    ]
    assert sorted(file["path"] for point in seen["checkpoints"] for file in point[4]) == sorted(CLEAN["files"])


def test_a_run_that_nobody_kills(lab: Lab) -> None:
    assert_clean(lab.run(f"{TOY}:refresh"))


def test_of_processes_that_start_together_one_wins(lab: Lab) -> None:
    racers = [lab.start(f"{TOY}:compete", str(lab.home)) for _ in range(3)]
    for racer in racers:
        lab.wait_for(racer, "ready")
    (lab.home / "go").touch()
    while sum(racer.poll() is not None for racer in racers) < 2:
        time.sleep(0.05)
    (lab.home / "over").touch()
    winner = next(racer.pid for racer in racers if racer.poll() is None)
    said = sorted(lab.end(racer) for racer in racers)
    assert said == [f"refused 1 {winner}", f"refused 1 {winner}", "won 1"]


def test_a_dead_holder_is_known_at_once_even_with_a_lease_in_the_future(lab: Lab) -> None:
    holder = lab.start(f"{TOY}:hold", 60)
    lab.wait_for(holder, "holding")
    holder.kill()
    holder.wait()
    lab.run(f"{TOY}:lease_until", 3600)
    assert lab.run(f"{TOY}:hold", 0) == "done"
    assert [run[:2] for run in lab.run(f"{TOY}:state")["runs"]] == [[1, "done"]]


def test_a_silent_holder_on_another_host_is_watched_before_it_is_replaced(lab: Lab) -> None:
    holder = lab.start(f"{TOY}:hold", 60)
    lab.wait_for(holder, "holding")
    lab.run(f"{TOY}:move_holder", "elsewhere")
    assert lab.run(f"{TOY}:compete_at_once") == f"refused 1 {holder.pid}"
    holder.kill()
    holder.wait()
    lab.run(f"{TOY}:lease_until", 3600)  # its clock was ahead
    assert lab.run(f"{TOY}:compete_at_once") == "won 1"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_run_and_leaves_it_to_be_resumed(lab: Lab, number: signal.Signals) -> None:
    holder = lab.start(f"{TOY}:hold", 60)
    lab.wait_for(holder, "holding")
    holder.send_signal(number)
    holder.communicate(timeout=30)
    assert holder.returncode != 0
    seen = lab.run(f"{TOY}:state")
    assert [seen["runs"][0][1], seen["runs"][0][4]["code"]] == ["stopped", "interrupted"]
    assert [step[:3] for step in seen["steps"]] == [["land", 1, "stopped"]]
    assert lab.run(f"{TOY}:hold", 0) == "done"


def test_a_stop_request_is_noticed(lab: Lab) -> None:
    holder = lab.start(f"{TOY}:hold", 60)
    lab.wait_for(holder, "holding")
    lab.run(f"{TOY}:ask_to_stop", 1)
    assert "RunStopRequested" in holder.communicate(timeout=30)[1]
    assert lab.run(f"{TOY}:state")["runs"][0][4]["code"] == "run_stop_requested"


def test_a_holder_that_lost_its_lease_writes_nothing_more(lab: Lab) -> None:
    holder = lab.start(f"{TOY}:hold", 60)
    lab.wait_for(holder, "holding")
    lab.run(f"{TOY}:steal", "another's token")
    assert "LeaseLost" in holder.communicate(timeout=30)[1]
    assert lab.run(f"{TOY}:state")["runs"][0][1] == "running"

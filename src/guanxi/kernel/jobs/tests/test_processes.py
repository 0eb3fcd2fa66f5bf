"""Workers as real processes: competing, killed, asked to stop."""

from __future__ import annotations

import signal

import pytest

from guanxi.kernel.tests.lab import Lab

pytestmark = pytest.mark.database
TOY = "guanxi.kernel.jobs.tests.toy"


def test_workers_side_by_side_do_every_job_once(lab: Lab) -> None:
    lab.run(f"{TOY}:ask", "toy.note", 60)
    workers = [lab.start(f"{TOY}:work_until_idle") for _ in range(2)]
    for worker in workers:
        lab.wait_for(worker, "ready")
    (lab.home / "go").touch()
    done = [lab.end(worker) for worker in workers]
    seen = lab.run(f"{TOY}:state")
    assert (sum(done), min(done) > 0) == (60, True)
    assert seen["rows"] == sorted(f"note {number}" for number in range(60))
    assert seen["jobs"] == [["toy.note", "done", 1, ""]] * 60


@pytest.mark.parametrize("host", [None, "elsewhere"])
def test_the_job_of_a_killed_worker_is_done_once_by_another(lab: Lab, host: str | None) -> None:
    lab.run(f"{TOY}:ask", "toy.hold")
    (lab.home / "go").touch()
    (lab.home / "go").unlink()
    worker = lab.start(f"{TOY}:serve")
    lab.wait_for(worker, "holding")
    worker.kill()
    worker.wait()
    if host is not None:  # from another machine nobody can see that the process died: its lease has to run out
        lab.run(f"{TOY}:move_holders", host)
    seen = lab.run(f"{TOY}:state")
    assert (seen["jobs"], seen["rows"]) == ([["toy.hold", "running", 1, ""]], [])
    (lab.home / "go").touch()
    workers = [lab.start(f"{TOY}:work_until_idle") for _ in range(2)]
    assert sorted(lab.end(worker) for worker in workers) == [0, 1]
    seen = lab.run(f"{TOY}:state")
    assert (seen["jobs"], seen["rows"]) == ([["toy.hold", "done", 2, ""]], ["note 0"])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_asked_to_stop_finishes_its_job(lab: Lab, number: signal.Signals) -> None:
    lab.run(f"{TOY}:ask", "toy.hold", 2)
    worker = lab.start(f"{TOY}:serve")
    lab.wait_for(worker, "holding")
    worker.send_signal(number)
    (lab.home / "go").touch()
    assert lab.end(worker) == "ended in order"
    seen = lab.run(f"{TOY}:state")
    assert seen["jobs"] == [["toy.hold", "done", 1, ""], ["toy.hold", "ready", 0, ""]]
    assert seen["rows"] == ["note 0"]


def test_a_second_signal_puts_the_job_back(lab: Lab) -> None:
    lab.run(f"{TOY}:ask", "toy.hold")
    worker = lab.start(f"{TOY}:serve")
    lab.wait_for(worker, "holding")
    worker.send_signal(signal.SIGTERM)
    worker.send_signal(signal.SIGINT)
    assert lab.end(worker) == "ended in order"
    assert lab.run(f"{TOY}:state")["jobs"] == [["toy.hold", "ready", 0, ""]]


def test_a_run_in_a_job_stops_with_its_worker_and_goes_on_with_the_next(lab: Lab) -> None:
    lab.run(f"{TOY}:ask", "toy.refresh")
    worker = lab.start(f"{TOY}:serve")
    lab.wait_for(worker, "holding")
    worker.send_signal(signal.SIGTERM)
    assert lab.end(worker) == "ended in order"
    seen = lab.run(f"{TOY}:state")
    assert (seen["jobs"], seen["runs"], seen["rows"]) == ([["toy.refresh", "ready", 0, ""]], [[1, "stopped"]], [])
    (lab.home / "go").touch()
    assert lab.run(f"{TOY}:work_until_idle") == 1
    seen = lab.run(f"{TOY}:state")
    assert (seen["jobs"], seen["runs"]) == ([["toy.refresh", "done", 1, ""]], [[1, "done"]])
    assert seen["rows"] == ["note 1"]


def test_a_worker_killed_again_and_again_does_every_unit_once(lab: Lab) -> None:
    number = lab.run(f"{TOY}:ask_to_count", 30)
    (lab.home / "go").touch()
    for _attempt in range(3):
        worker = lab.start(f"{TOY}:work_until_idle")
        lab.wait_for(worker, "counting")
        worker.kill()
        worker.wait()
    assert lab.run(f"{TOY}:work_until_idle") == 1
    seen = lab.run(f"{TOY}:state")
    assert (seen["jobs"], seen["rows"]) == ([["toy.count", "done", 4, ""]], sorted(f"note {n}" for n in range(30)))
    assert lab.run(f"{TOY}:progress", number) == ["done", 30, 30, {"done": 30}]


def test_a_job_cancelled_by_another_process_keeps_what_is_done(lab: Lab) -> None:
    number = lab.run(f"{TOY}:ask_to_count", 100_000)
    (lab.home / "go").touch()
    worker = lab.start(f"{TOY}:work_until_idle")
    lab.wait_for(worker, "counting")
    lab.run(f"{TOY}:cancel", number)
    assert lab.end(worker) == 1
    state, done, total, report = lab.run(f"{TOY}:progress", number)
    assert (state, total, report) == ("cancelled", 100_000, {"done": done})
    assert lab.run(f"{TOY}:state")["rows"] == sorted(f"note {n}" for n in range(done))


def test_a_run_in_a_job_stops_when_the_job_is_cancelled(lab: Lab) -> None:
    lab.run(f"{TOY}:ask", "toy.refresh")
    (lab.home / "go").touch()
    worker = lab.start(f"{TOY}:work_until_idle")
    lab.wait_for(worker, "holding")
    lab.run(f"{TOY}:cancel", 1)
    lab.end(worker)
    seen = lab.run(f"{TOY}:state")
    assert (seen["jobs"], seen["runs"], seen["rows"]) == ([["toy.refresh", "cancelled", 1, ""]], [[1, "stopped"]], [])

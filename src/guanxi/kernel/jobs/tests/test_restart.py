"""The database is stopped at once and started again while jobs run: none is lost, none is done twice."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from guanxi.kernel.tests.cluster import new_cluster
from guanxi.kernel.tests.lab import Lab

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
TOY = "guanxi.kernel.jobs.tests.toy"


def test_workers_outlive_the_database_and_do_every_unit_once(tmp_path: Path) -> None:
    with new_cluster() as cluster:
        lab = Lab(tmp_path, cluster.url)
        try:
            lab.run("guanxi.kernel.tests.child:migrate")
            numbers = [lab.run(f"{TOY}:ask_to_count", 60) for _job in range(2)]
            workers = [lab.start(f"{TOY}:serve") for _ in range(2)]
            for worker in workers:
                lab.wait_for(worker, "counting")
            for _time in range(3):
                cluster.stop()
                cluster.start()
                assert [worker.poll() for worker in workers] == [None, None]
            lab.run(f"{TOY}:hurry_until_idle")
            for number in numbers:
                assert lab.run(f"{TOY}:progress", number) == ["done", 60, 60, {"done": 60}]
            assert lab.run(f"{TOY}:state")["rows"] == sorted(2 * [f"note {n}" for n in range(60)])
            lab.run(f"{TOY}:ask", "toy.note")
            lab.run(f"{TOY}:hurry_until_idle")
            for worker in workers:
                worker.send_signal(signal.SIGTERM)
                assert lab.end(worker) == "ended in order"
        finally:
            lab.close()

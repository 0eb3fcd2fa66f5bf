"""The database is stopped at once and started again in mid-refresh: told in words, resumed, and equal at the end."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from guanxi.kernel.tests.cluster import Cluster, new_cluster
from guanxi.kernel.tests.lab import Lab

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
CHILD = "guanxi.intelligence.tests.restarted"


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with new_cluster() as cluster:
        yield cluster


@pytest.fixture
def labs(cluster: Cluster, tmp_path: Path) -> Iterator[list[Lab]]:
    """Three homes that know the same sources."""
    first = cluster.new_database("first")
    (tmp_path / "first").mkdir()
    labs = [Lab(tmp_path / "first", first)]
    labs[0].run("guanxi.kernel.tests.child:migrate")
    labs[0].run(f"{CHILD}:prepare", str(tmp_path / "sources"))
    for name in ("typed", "worked"):
        (tmp_path / name).mkdir()
        labs.append(Lab(tmp_path / name, cluster.new_database(name, "first")))
    yield labs
    for lab in labs:
        lab.close()


def test_a_refresh_outlives_its_database(cluster: Cluster, labs: list[Lab]) -> None:
    clean, typed, worked = labs
    whole = clean.run(f"{CHILD}:run")
    assert whole["runs"] == ["done"]

    # As typed: while a chunk is worked on, and inside the transaction of a chunk.
    chunks = 0
    for at, inside in ((3, False), (3, True)):
        child = typed.start(f"{CHILD}:run", at, inside)
        typed.wait_for(child, "waiting")
        cluster.stop()
        cluster.start()
        (typed.home / "go").touch()
        told = typed.end(child)
        (typed.home / "go").unlink()
        assert (told["told"], told["run"], told["error"]) == ("database_unavailable", "stopped", "database_unavailable")
        assert told["chunks"] > chunks
        chunks = told["chunks"]
    assert typed.run(f"{CHILD}:run") == whole

    # By a worker, which lives on and does the rest when it is asked to.
    worked.run(f"{CHILD}:ask")
    worker = worked.start(f"{CHILD}:serve", 5, True)
    worked.wait_for(worker, "waiting")
    cluster.stop()
    cluster.start()
    (worked.home / "go").touch()
    told = worked.run(f"{CHILD}:wait_until_idle")
    # The word of what failed may itself have been a job, which a quick worker has done by now.
    assert (told["run"], told["error"], told["jobs"][0]) == ("stopped", "database_unavailable", "failed")
    assert set(told["jobs"][1:]) <= {"done"}
    worked.run(f"{CHILD}:ask_again")
    told = worked.run(f"{CHILD}:wait_until_idle")
    assert (told["run"], set(told["jobs"][1:])) == ("done", {"done"})
    worker.send_signal(signal.SIGTERM)
    assert worked.end(worker) == "ended in order"
    assert worked.run(f"{CHILD}:end") == whole

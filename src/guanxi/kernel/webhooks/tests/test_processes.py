"""Whatever is killed: what happened is told at least once, and nothing that did not happen."""

from __future__ import annotations

import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from guanxi.kernel.tests.cluster import new_cluster
from guanxi.kernel.tests.lab import Lab
from guanxi.kernel.webhooks.tests.receiver import Got, receiving

pytestmark = [pytest.mark.database, pytest.mark.slow]
TOY = "guanxi.kernel.webhooks.tests.toy"


def test_killed_web_processes_and_workers_lose_nothing_and_invent_nothing(lab: Lab, tmp_path: Path) -> None:
    lab.environment["GUANXI_WEBHOOKS_PRIVATE"] = "1"
    held, go_on = threading.Event(), threading.Event()

    def hold_the_third(_got: Got) -> int:
        if len(receiver.got) == 3:
            held.set()
            go_on.wait(60)
        time.sleep(0.01)
        return 204

    with receiving() as receiver:
        receiver.answer = hold_the_third
        lab.run(f"{TOY}:set_up", receiver.url)
        seller = lab.start(f"{TOY}:sell_many", 0, 100_000)
        lab.wait_for(seller, "selling")
        worker = lab.start(f"{TOY}:work_until_idle")
        assert held.wait(60)  # it has sent, and does not know yet that it arrived
        for process in (worker, seller):
            process.kill()
            process.wait()
        go_on.set()
        for _time in range(2):  # and once more at whatever they are doing
            worker = lab.start(f"{TOY}:work_until_idle")
            lab.wait_for(worker, "ready")
            before = len(receiver.got)
            while len(receiver.got) < before + 3 and worker.poll() is None:
                time.sleep(0.01)
            worker.kill()
            worker.wait()
        workers = [lab.start(f"{TOY}:work_until_idle") for _ in range(2)]
        for last in workers:
            lab.end(last)
        seen = lab.run(f"{TOY}:outcome")
    told = Counter(got.told["data"]["number"] for got in receiver.got)
    numbers = {got.told["data"]["number"]: got.number for got in receiver.got}
    assert len(seen["happened"]) >= 3
    assert seen["happened"] == list(range(len(seen["happened"])))
    assert seen["deliveries"] == [[number, "delivered"] for number in seen["happened"]]
    assert sorted(told) == seen["happened"]
    assert seen["jobs"] == ["done"]
    assert sum(told.values()) > len(told)  # the one whose worker died was told twice ...
    assert len(numbers) == len({got.number for got in receiver.got})  # ... under one number


@pytest.mark.postgres
def test_a_restarted_database_loses_nothing_and_invents_nothing(tmp_path: Path) -> None:
    with new_cluster() as cluster, receiving() as receiver:
        lab = Lab(tmp_path, cluster.url)
        lab.environment["GUANXI_WEBHOOKS_PRIVATE"] = "1"
        try:
            lab.run("guanxi.kernel.tests.child:migrate")
            lab.run(f"{TOY}:set_up", receiver.url)
            workers = [lab.start(f"{TOY}:serve") for _ in range(2)]
            for worker in workers:
                lab.wait_for(worker, "ready")
            seller = lab.start(f"{TOY}:sell_on", 150)
            for _time in range(2):
                lab.wait_for(seller, "selling")
                cluster.stop()
                cluster.start()
            lab.end(seller)
            lab.run(f"{TOY}:wait_until_idle")
            seen = lab.run(f"{TOY}:outcome")
            assert [worker.poll() for worker in workers] == [None, None]
        finally:
            lab.close()
    assert len(seen["happened"]) >= 100
    assert seen["deliveries"] == [[number, "delivered"] for number in seen["happened"]]
    assert sorted({got.told["data"]["number"] for got in receiver.got}) == seen["happened"]
    assert len({got.number for got in receiver.got}) == len(seen["happened"])

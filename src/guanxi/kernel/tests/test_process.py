from __future__ import annotations

import subprocess
import sys

import psutil  # type: ignore[import-untyped]

from guanxi.kernel.process import Holder, is_dead, this_process
from guanxi.kernel.tests.actors import gone_process


def test_this_process_lives() -> None:
    assert not is_dead(this_process())


def test_a_process_that_ended_is_dead() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    started = psutil.Process(child.pid).create_time()
    holder: Holder = {
        **this_process(), "pid": child.pid, "started": started, "after_boot": started - psutil.boot_time()
    }  # fmt: skip
    assert not is_dead(holder)
    child.communicate()
    assert is_dead(holder)
    assert is_dead(gone_process())


def test_nobody_knows_of_another_host() -> None:
    assert not is_dead({**gone_process(), "host": "elsewhere"})


def test_no_holder_is_not_a_dead_one() -> None:
    assert not is_dead({})  # type: ignore[typeddict-item]


def test_a_number_given_to_another_process_since_is_a_dead_holder() -> None:
    mine = this_process()
    assert is_dead({**mine, "started": mine["started"] - 500, "after_boot": mine["after_boot"] - 500})


def test_a_clock_that_jumped_kills_nobody() -> None:
    mine = this_process()
    assert not is_dead({**mine, "started": mine["started"] - 500})
    assert not is_dead({**mine, "after_boot": mine["after_boot"] - 500})

from __future__ import annotations

import threading

from django.db import DatabaseError

from guanxi.kernel.heartbeat import LeaseTimes, heartbeat


def test_it_beats_until_the_block_ends_even_when_a_beat_fails() -> None:
    beats, enough = 0, threading.Event()

    def renew() -> None:
        nonlocal beats
        beats += 1
        if beats == 2:
            raise DatabaseError("locked")
        if beats == 4:
            enough.set()

    with heartbeat(renew, LeaseTimes(lease=1, heartbeat=0.01)):
        assert enough.wait(30)
    assert not [thread for thread in threading.enumerate() if thread.name == "guanxi-heartbeat"]

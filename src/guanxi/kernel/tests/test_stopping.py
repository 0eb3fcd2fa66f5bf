from __future__ import annotations

import threading

from guanxi.kernel.stopping import has_stop, is_stopping, stoppable_by


def test_work_sees_the_stop_of_the_loop_it_runs_in() -> None:
    stop = threading.Event()
    assert (has_stop(), is_stopping()) == (False, False)
    with stoppable_by(stop):
        assert (has_stop(), is_stopping()) == (True, False)
        stop.set()
        assert is_stopping()
    assert (has_stop(), is_stopping()) == (False, False)

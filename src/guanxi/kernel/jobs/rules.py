"""When a job is tried again."""

from __future__ import annotations

from datetime import timedelta

FIRST_DELAY = timedelta(seconds=10)
LONGEST_DELAY = timedelta(hours=1)


def decide_retry(*, attempts: int, max_attempts: int, passing: bool) -> timedelta | None:
    """How long to wait after the `attempts`-th failure: 10 s, 20 s, 40 s ... one hour; None to give up.

    An error that will not pass by itself (a wrong contract, a missing file) is not tried again.
    """
    if not passing or attempts >= max_attempts:
        return None
    doublings = min(attempts - 1, 10)
    return min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)

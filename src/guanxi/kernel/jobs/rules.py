"""When a job is tried again, and for which day scheduled work is due."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

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


def slot_day(now: datetime, at: time) -> date:
    """The day whose scheduled moment came last: today from `at` on, by the business's clock, else yesterday."""
    return now.date() if now.time() >= at else now.date() - timedelta(days=1)


def parse_time(text: str) -> time | None:
    """`02:00` as a time of the day; `off` or nothing as None.

    Raises
    ------
    ValueError
        It is neither.
    """
    return None if text.strip().lower() in {"", "off"} else datetime.strptime(text.strip(), "%H:%M").time()  # noqa: DTZ007

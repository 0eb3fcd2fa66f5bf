"""When a job is tried again, for which moment scheduled work is due, how long work will still take."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

MINUTES_OF_DAY = 24 * 60
OFF = "off"
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


def next_moment(now: datetime, at: time) -> datetime:
    """When work that comes every day `at` a time comes next, by the clock of `now`."""
    day = now.date() if now.time() < at else now.date() + timedelta(days=1)
    return datetime.combine(day, at, now.tzinfo)


def slot_minute(now: datetime, every: timedelta) -> tuple[date, int]:
    """The latest moment of work that comes `every` so often: the day and its minute, in UTC from midnight on.

    Raises
    ------
    ValueError
        It is no whole number of minutes between one and a day's.
    """
    minutes, rest = divmod(every, timedelta(minutes=1))
    if rest or not 1 <= minutes <= MINUTES_OF_DAY:
        raise ValueError(f"work comes every one to {MINUTES_OF_DAY} whole minutes, not every {every}")
    moment = now.astimezone(UTC)
    minute = moment.hour * 60 + moment.minute
    return moment.date(), minute - minute % minutes


def estimate_left(*, lasted: float | None, done: int, total: int | None) -> float | None:
    """The seconds work will still take at the pace so far; None if it has not begun or nobody knows how much it is."""
    if lasted is None or not total or done <= 0:
        return None
    return max(0.0, lasted * (total - done) / done)


def parse_time(text: str) -> time | None:
    """`02:00` as a time of the day; `off` or nothing as None.

    Raises
    ------
    ValueError
        It is neither.
    """
    return None if text.strip().lower() in {"", OFF} else datetime.strptime(text.strip(), "%H:%M").time()  # noqa: DTZ007

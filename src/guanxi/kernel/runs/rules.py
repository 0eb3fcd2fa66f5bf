"""Who may have the lease of a run."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum


class Verdict(Enum):
    """What is known of the process that holds a lease."""

    DEAD = "dead"
    ALIVE = "alive"
    UNCERTAIN = "uncertain"  # watch whether the lease is still renewed


def decide_holder(
    *, is_dead: bool, lease_until: datetime | None, now: datetime, lasting: timedelta, seen_still: bool
) -> Verdict:
    """Judge the holder of a lease.

    Clocks jump and machines sleep, so a lease that ran out, or one that reaches further into the future than any
    lease does, proves nothing: only a lease `seen_still` (watched for longer than a heartbeat and not renewed) does.
    """
    if is_dead or seen_still:
        return Verdict.DEAD
    if lease_until is not None and now < lease_until <= now + lasting:
        return Verdict.ALIVE
    return Verdict.UNCERTAIN

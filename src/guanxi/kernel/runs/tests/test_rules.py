from datetime import UTC, datetime, timedelta

import pytest

from guanxi.kernel.runs.rules import Verdict, decide_holder

NOW = datetime(2011, 12, 9, 12, 0, tzinfo=UTC)
LASTING = timedelta(seconds=30)


@pytest.mark.parametrize(
    ("is_dead", "ends_in", "seen_still", "verdict"),
    [
        (False, 1, False, Verdict.ALIVE),
        (False, 30, False, Verdict.ALIVE),
        (False, 0, False, Verdict.UNCERTAIN),  # ran out: the machine may have slept, or the clock jumped
        (False, -3600, False, Verdict.UNCERTAIN),
        (False, 31, False, Verdict.UNCERTAIN),  # no lease lasts so long: the clock jumped back
        (False, None, False, Verdict.UNCERTAIN),
        (True, 1, False, Verdict.DEAD),
        (True, 3600, False, Verdict.DEAD),
        (False, -1, True, Verdict.DEAD),
        (False, 3600, True, Verdict.DEAD),
    ],
)
def test_who_holds_a_lease(is_dead: bool, ends_in: int | None, seen_still: bool, verdict: Verdict) -> None:
    until = None if ends_in is None else NOW + timedelta(seconds=ends_in)
    assert verdict is decide_holder(is_dead=is_dead, lease_until=until, now=NOW, lasting=LASTING, seen_still=seen_still)

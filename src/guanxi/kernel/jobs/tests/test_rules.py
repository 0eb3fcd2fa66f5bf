from datetime import timedelta

import pytest

from guanxi.kernel.jobs.rules import decide_retry


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 10), (2, 20), (3, 40), (9, 2560), (10, 3600), (11, 3600), (500, 3600)]
)
def test_each_wait_is_twice_the_one_before_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert decide_retry(attempts=attempts, max_attempts=1000, passing=True) == timedelta(seconds=seconds)


def test_the_last_attempt_is_the_last() -> None:
    assert decide_retry(attempts=4, max_attempts=5, passing=True) == timedelta(seconds=80)
    assert decide_retry(attempts=5, max_attempts=5, passing=True) is None
    assert decide_retry(attempts=1, max_attempts=1, passing=True) is None


def test_what_will_not_pass_is_not_tried_again() -> None:
    assert decide_retry(attempts=1, max_attempts=5, passing=False) is None

"""The house itself has nothing to mend."""

from __future__ import annotations

import pytest

from checks.house import CHECKS, Check
from checks.problem import PROJECT


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.removeprefix("checks."))
def test_nothing_is_to_be_mended(check: Check) -> None:
    assert [str(problem) for problem in check.find_problems(PROJECT)] == []

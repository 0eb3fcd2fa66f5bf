"""The road finds in the sample company what was planted in it."""

from __future__ import annotations

import json

import pytest

from guanxi.demo import planted
from guanxi.kernel.tests.lab import Lab

pytestmark = [pytest.mark.database, pytest.mark.slow]


def test_the_first_update_finds_what_is_planted(lab: Lab) -> None:
    child = lab.start("guanxi.demo.tests.road:first_update", "2026-11-22")
    output, errors = child.communicate(timeout=600)
    assert child.returncode == 0, errors
    found = json.loads(output.splitlines()[-1])
    headline = found["headline"]
    assert (headline["records"], headline["customers"], found["glued"]) == (80_000, 63_467, 0)
    assert 22_800 < headline["bought_12m"] < 23_300
    assert 0.38 < headline["bought_ever"] / headline["customers"] < 0.45
    assert abs(headline["top1_share"] - planted.TOP_SHARE) < 0.005
    assert found["stopped"] == [["major", 37]]
    assert found["lost_seller"] == 412
    assert found["namesakes"] == 3
    # 1-3 the namesakes, 4-7 the family, 8 the firm known to all four systems
    assert [row[1] for row in found["planted"]] == [1] * 8
    assert found["planted"][7] == [8, 1, 4]
    assert {"exploration", "build_up", "stable", "decline"} <= set(found["stages"])
    assert found["rejects"] == found["bad_rows"]
    assert len(found["rejects"]) == 23

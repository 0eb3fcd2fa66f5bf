"""The published expected-value case, by the whole road: a fixed-width file without a header."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from guanxi.insight import open_warehouse
from guanxi.intelligence.road import refresh
from guanxi.intelligence.sources.contract import load_contract
from guanxi.kernel.access.system import SYSTEM

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.data]
CONTRACT = Path(__file__).parents[4] / "examples" / "sources" / "cdnow.toml"


def test_a_refresh_finds_the_published_parameters(
    tmp_path: Path, guanxi_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUANXI_DATA", str(guanxi_data))
    root = tmp_path / "warehouse"
    run = refresh([load_contract(CONTRACT)], home=tmp_path, root=root, actor=SYSTEM, business_date=date(1997, 9, 30))
    bg_nbd = run.report["expected"]["bg_nbd"]
    found = [bg_nbd[name] for name in ("r", "alpha", "a", "b")]
    assert found == pytest.approx([0.2426, 4.4136, 0.7929, 2.4259], rel=1e-3)
    assert bg_nbd["log_likelihood"] == pytest.approx(-9582.43, abs=0.01)
    with open_warehouse(root) as engine:
        values = engine.table("customer_value").rows()
    assert len(values) == 2_357
    assert all(row["expected_low"] <= row["expected_12m"] <= row["expected_high"] for row in values)

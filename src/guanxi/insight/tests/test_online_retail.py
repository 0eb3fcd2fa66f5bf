"""The whole library on real data: a UK web shop's year, against figures found independently."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import guanxi.insight as gx
from guanxi.insight import Engine, Table

pytestmark = [pytest.mark.data, pytest.mark.slow]

AS_OF = date(2011, 12, 9)
START = date(2010, 12, 9)

BASKETS = """
    select
        cast(CustomerID as bigint) as customer_id,
        InvoiceNo as order_id,
        min(InvoiceDate) as ordered_at,
        gx_money(sum(Quantity * UnitPrice)) as revenue,
        count(*) as lines,
        starts_with(InvoiceNo, 'C') as is_return,
        false as is_void
    from line
    group by CustomerID, InvoiceNo
"""


@pytest.fixture
def purchase(engine: Engine, guanxi_data: Path) -> Table:
    """Return the invoices as baskets."""
    lines = engine.parquet([guanxi_data / "online_retail" / "online_retail_I.parquet"])
    assert lines.count() == 541_909
    return engine.run(gx.Step.from_text("baskets", BASKETS), {"line": lines})


def total(table: Table, column: str) -> Decimal:
    summed = table.engine.run(
        gx.Step.from_text("total", "select sum(amount) as total from t"), {"t": table.select(amount=column)}
    )
    found: Decimal = summed.rows()[0]["total"]
    return found


def test_a_year_of_online_retail(engine: Engine, purchase: Table) -> None:
    assert total(purchase, "revenue") == Decimal("9747747.9340")

    summary = gx.value.purchase_summary(purchase, AS_OF, START)
    rows = summary.rows()
    buyers = [row for row in rows if row["frequency"]]
    assert len(rows) == 4_372
    assert len(buyers) == 4_339
    assert total(summary, "monetary") == Decimal("8300065.8140")
    assert total(summary, "spend_window") == Decimal("7995442.4640")
    known = engine.run(
        gx.Step.from_text("known", "select order_id from t where customer_id is not null and not is_return"),
        {"t": purchase},
    )
    assert sum(row["frequency"] for row in rows) == known.count()

    # 16446 bought 80,995 pieces and cancelled the invoice: what stays is the 2.90 of another day.
    (paper,) = [row for row in rows if row["customer_id"] == 16446]
    assert paper["monetary"] == Decimal("2.9000")

    edges = gx.value.rfm_edges(summary)
    assert edges.recency_days == (179, 71, 32, 12)
    assert edges.frequency == (1, 2, 3, 6)
    assert edges.monetary == tuple(map(Decimal, ("242.35", "473.81", "914.93", "2018.91")))
    groups: dict[str, int] = {}
    for row in gx.value.rfm(summary, edges=edges).rows():
        groups[row["rfm_group"]] = groups.get(row["rfm_group"], 0) + 1
    assert groups == {
        "HHH": 1533,
        "HHL": 68,
        "HLH": 348,
        "HLL": 632,
        "LHH": 339,
        "LHL": 70,
        "LLH": 383,
        "LLL": 966,
    }

    tiers = gx.value.pyramid_tiers(gx.value.pyramid(summary, column="monetary")).rows(["position"])
    assert [(row["tier"], row["customers"], row["spend_from"]) for row in tiers] == [
        ("vip", 44, Decimal("17588.26")),
        ("major", 172, Decimal("5669.65")),
        ("regular", 648, Decimal("2023.47")),
        ("small", 3453, Decimal("2.90")),
    ]
    classes = gx.value.abc_classes(gx.value.abc(summary, column="monetary")).rows(["position"])
    assert [(row["abc"], row["customers"]) for row in classes] == [("A", 1178), ("B", 1456), ("C", 1738)]

    curve = gx.value.pareto_curve(summary, column="monetary").rows(["customer_share"])
    assert len(curve) == 101
    assert curve[20]["spend_share"] == pytest.approx(0.7353, abs=0.005)

    ends = gx.lifecycle.month_ends(AS_OF, 13)
    stages = gx.lifecycle.stages_by_month(purchase, ends)
    last = [row["stage"] for row in stages.rows() if row["month_on"] == AS_OF]
    now = [row["stage"] for row in gx.lifecycle.stage(summary).rows()]
    assert sorted(last) == sorted(now)
    assert {stage: now.count(stage) for stage in sorted(set(now))} == {
        "build_up": 1334,
        "decline": 934,
        "exploration": 876,
        "stable": 1195,
    }
    flow = gx.lifecycle.flow_by_month(purchase, ends).rows(["month_on"])
    assert [(row["new"], row["active"], row["lost"]) for row in flow[-2:]] == [(324, 4298, 0), (41, 4265, 74)]

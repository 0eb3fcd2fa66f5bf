"""Where customers stand, by scales that are given: the same for all of them and for a few."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from guanxi.insight import lifecycle, value
from guanxi.insight.engines import Engine, Table, step
from guanxi.intelligence.standing.scales import Scales

WEEKS_AHEAD = 52  # the "next twelve months" of expected value


@dataclass(frozen=True)
class Known:
    """What is known of the customers to score.

    `customer` is one row a customer with `customer_id`, `reachable` says whether each `has_contact`; `summary` and
    `repeats` are their purchases as `insight.value` sums them up.
    """

    customer: Table
    reachable: Table
    summary: Table
    repeats: Table


@dataclass(frozen=True)
class Scored:
    """The mart `customer_value`, and two tables it was made of: each customer's place in the pyramid, and tiers."""

    customer_value: Table
    pyramid: Table
    tiers: Table


def score(engine: Engine, known: Known, scales: Scales, *, as_of: date) -> Scored:
    """RFM, ABC, pyramid, tier, stage, status and expected spend at `as_of` (C22-C24, C28, C36, N10, N22)."""
    spend = known.summary.select("customer_id", spend="spend_window")
    rfm = value.rfm(known.summary, edges=scales.rfm)
    abc = value.abc(spend, frozen=scales.abc)
    pyramid = value.pyramid(spend, frozen=scales.pyramid)
    tiers = engine.run(step(__file__, "tiers.sql"), {"pyramid": pyramid, "abc": abc, "rfm": rfm}, {})
    scored = engine.run(
        step(__file__, "customer_value.sql"),
        {
            "customer": known.customer,
            "summary": known.summary,
            "rfm": rfm,
            "abc": abc,
            "tiers": tiers,
            "stage": lifecycle.stage(known.summary),
            "status": lifecycle.status(known.reachable, known.summary),
            "expected": _expected(engine, known.repeats, scales),
        },
        {"as_of": as_of, "tier_method": scales.tier_method},
    )
    return Scored(scored, pyramid, tiers)


def _expected(engine: Engine, repeats: Table, scales: Scales) -> Table:
    if scales.bg_nbd is not None and scales.gamma_gamma is not None:
        return value.expected_value(scales.bg_nbd, scales.gamma_gamma, repeats, weeks=WEEKS_AHEAD)
    columns = {"customer_id": pa.int64()} | dict.fromkeys(("expected_value", "low", "high", "p_alive"), pa.float64())
    return engine.arrow(pa.schema(columns.items()).empty_table())

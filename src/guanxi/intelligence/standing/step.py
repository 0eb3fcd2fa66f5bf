"""The models step: where every customer stands, and the figures of the dashboards."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from guanxi.insight import lifecycle, value
from guanxi.insight.engines import Engine, Table, step
from guanxi.intelligence.standing.scales import Scales, learn_scales
from guanxi.intelligence.standing.scoring import Known, score

FIGURES = Path(__file__).parent.parent / "figures"
MONTHS = 12  # the period of tiers, ABC and "bought last year" (N10)


def months_before(day: date, months: int) -> date:
    """The same day `months` earlier, or the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Inputs:
    """The marts the models read; `purchase` is at basket grain with customer ids.

    `reached` are the ids of customers who can be reached by what people typed in.
    """

    customer: Table
    person: Table
    purchase: Table
    fact_purchase_line: Table
    xref: Table
    reached: Table


@dataclass(frozen=True)
class Standings:
    """What the models found, the scales they found it by, and aggregates of it as rows ready for JSON."""

    customer_value: Table
    customer_stage: Table
    figures: dict[str, list[dict[str, Any]]]
    scales: Scales


def build_standings(
    engine: Engine, inputs: Inputs, as_of: date, tier_method: str, facts: Mapping[str, Any]
) -> Standings:
    """Where every customer stands at `as_of`, and the figures of it.

    `facts` are counts the figures need from earlier steps (records, currency ...). `scales`, all that was fitted, is
    to be kept with the run.
    """
    window_start = months_before(as_of, MONTHS)
    summary = value.purchase_summary(inputs.purchase, as_of=as_of, window_start=window_start)
    repeats = value.repeat_summary(inputs.purchase, as_of)
    scales = learn_scales(summary, repeats, tier_method=tier_method)
    ways = {"person": inputs.person, "reached": inputs.reached}
    reachable = engine.run(step(__file__, "reachable.sql"), ways, {})
    scored = score(engine, Known(inputs.customer, reachable, summary, repeats), scales, as_of=as_of)
    spend = summary.select("customer_id", spend="spend_window")
    month_ends = lifecycle.month_ends(as_of, MONTHS + 1)
    customer_stage = lifecycle.stages_by_month(inputs.purchase, month_ends)

    known = {"customer": inputs.customer, "customer_value": scored.customer_value, "customer_stage": customer_stage,
             "customer_xref": inputs.xref, "pyramid": scored.pyramid, "tiers": scored.tiers,
             "purchase": inputs.purchase,
             "fact_purchase_line": inputs.fact_purchase_line}  # fmt: skip
    given = {"window_start": window_start, "previous_start": months_before(as_of, 2 * MONTHS)}

    def figure(name: str, order_by: list[str]) -> list[dict[str, Any]]:
        found = step(str(FIGURES / "x"), f"{name}.sql")
        tables = {table: known[table] for table in found.inputs}
        params = {param: given[param] for param in found.params}
        return _jsonable(engine.run(found, tables, params).rows(order_by))

    headline = figure("headline", [])[0] | figure("anonymous", [])[0] | figure("previous", [])[0] | dict(facts)
    headline["as_of"] = as_of.isoformat()
    headline["duplicates"] = headline["records"] - headline["customers"]
    figures = {
        "headline": [headline],
        "region": figure("region", ["region_code"]),
        "status": figure("status", ["status"]),
        "tier": figure("tier", ["tier"]),
        "tier_choice": figure("tier_choice", ["method", "tier"]),
        "abc": figure("abc", ["abc"]),
        "stage": figure("stage", ["stage"]),
        "rfm": figure("rfm", ["r", "f"]),
        "rfm_group": figure("rfm_group", ["rfm_group"]),
        "source": figure("source", ["source"]),
        "stage_month": figure("stage_month", ["month_on", "stage"]),
        "pyramid": _jsonable(
            value.pyramid_tiers(scored.pyramid)
            .select("position", "tier", "customers", "spend_from", spend_12m="spend")
            .rows(["position"])
        ),
        "pareto": _jsonable(value.pareto_curve(spend).rows(["customer_share"])),
        "stage_move": _jsonable(lifecycle.moves(customer_stage).rows(["month_on", "from_stage", "to_stage"])),
        "flow_month": _jsonable(lifecycle.flow_by_month(inputs.purchase, month_ends).rows(["month_on"])),
    }
    return Standings(scored.customer_value, customer_stage, figures, scales)


def _jsonable(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: _plain(cell) for name, cell in row.items()} for row in rows]


def _plain(cell: Any) -> Any:
    if isinstance(cell, Decimal):
        return str(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return cell

"""The models step: where every customer stands, and the figures of the dashboards."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from guanxi.insight import InsightError, lifecycle, value
from guanxi.insight.engines import Engine, Table, step

FIGURES = Path(__file__).parent.parent / "figures"
WEEKS_AHEAD = 52  # the "next twelve months" of expected value
MONTHS = 12  # the period of tiers, ABC and "bought last year" (N10)


def months_before(day: date, months: int) -> date:
    """The same day `months` earlier, or the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Inputs:
    """The marts the models read; `purchase` is at basket grain with customer ids."""

    customer: Table
    person: Table
    purchase: Table
    fact_purchase_line: Table
    xref: Table


@dataclass(frozen=True)
class Standings:
    """What the models found, and the aggregates of it as rows ready for JSON."""

    customer_value: Table
    customer_stage: Table
    figures: dict[str, list[dict[str, Any]]]
    edges: dict[str, Any]
    expected: dict[str, Any]


def build_standings(
    engine: Engine, inputs: Inputs, as_of: date, tier_method: str, facts: Mapping[str, Any]
) -> Standings:
    """RFM, ABC, pyramid, stage and status of every customer at `as_of` (C22-C24, C28, C36, N10, N22).

    `facts` are counts the figures need from earlier steps (records, currency ...). The parameters that were fitted
    (quantile edges, tier edges) are returned in `edges`, to be kept with the run, and those of expected value, or why
    there is none, in `expected`.
    """
    window_start = months_before(as_of, MONTHS)
    here = Path(__file__)

    def run(path: Path, tables: Mapping[str, Table], **params: Any) -> Table:
        return engine.run(path, tables, params)

    summary = value.purchase_summary(inputs.purchase, as_of=as_of, window_start=window_start)
    expected, expected_by = _expected(inputs.purchase, as_of)
    spend = summary.select("customer_id", spend="spend_window")
    rfm_edges = value.rfm_edges(summary)
    rfm = value.rfm(summary, edges=rfm_edges)
    abc = value.abc(spend)
    pyramid = value.pyramid(spend)
    stage = lifecycle.stage(summary)
    tiers = run(here.parent / "tiers.sql", {"pyramid": pyramid, "abc": abc, "rfm": rfm})
    reachable = run(here.parent / "reachable.sql", {"person": inputs.person})
    status = lifecycle.status(reachable, summary)
    customer_value = run(
        here.parent / "customer_value.sql",
        {"customer": inputs.customer, "summary": summary, "rfm": rfm, "abc": abc, "tiers": tiers,
         "stage": stage, "status": status, "expected": expected},
        as_of=as_of,
        tier_method=tier_method,
    )  # fmt: skip
    month_ends = lifecycle.month_ends(as_of, MONTHS + 1)
    customer_stage = lifecycle.stages_by_month(inputs.purchase, month_ends)

    known = {"customer": inputs.customer, "customer_value": customer_value, "customer_stage": customer_stage,
             "customer_xref": inputs.xref, "pyramid": pyramid, "tiers": tiers,
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
            value.pyramid_tiers(pyramid)
            .select("position", "tier", "customers", "spend_from", spend_12m="spend")
            .rows(["position"])
        ),
        "pareto": _jsonable(value.pareto_curve(spend).rows(["customer_share"])),
        "stage_move": _jsonable(lifecycle.moves(customer_stage).rows(["month_on", "from_stage", "to_stage"])),
        "flow_month": _jsonable(lifecycle.flow_by_month(inputs.purchase, month_ends).rows(["month_on"])),
    }
    return Standings(customer_value, customer_stage, figures, {"rfm": rfm_edges.to_dict()}, expected_by)


def _expected(purchase: Table, as_of: date) -> tuple[Table, dict[str, Any]]:
    """What customers will spend, and the models that say so; nothing and the refusal where history is too short."""
    repeats = value.repeat_summary(purchase, as_of)
    try:
        bg_nbd, gamma_gamma = value.bg_nbd_fit(repeats), value.gamma_gamma_fit(repeats)
    except InsightError as error:
        if error.code != "too_little_history":
            raise
        columns = {"customer_id": pa.int64()} | dict.fromkeys(
            ("expected_value", "low", "high", "p_alive"), pa.float64()
        )
        refused = {"code": error.code, "sentence": error.sentence, "cure": error.cure}
        return purchase.engine.arrow(pa.schema(columns.items()).empty_table()), {"refused": refused}
    models = {"bg_nbd": bg_nbd.to_dict(), "gamma_gamma": gamma_gamma.to_dict()}
    return value.expected_value(bg_nbd, gamma_gamma, repeats, weeks=WEEKS_AHEAD), models


def _jsonable(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: _plain(cell) for name, cell in row.items()} for row in rows]


def _plain(cell: Any) -> Any:
    if isinstance(cell, Decimal):
        return str(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return cell

"""What the customers are worth: pyramid, Pareto curve, ABC, RFM."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, pgettext

from guanxi.customers.words import RFM_GROUPS, TIERS
from guanxi.intelligence.queries.figures import Figures, amount
from guanxi.intelligence.web.charts.parts import (
    count_cell,
    money_cell,
    share,
    share_cell,
    spend_of,
    spend_total,
    total,
)
from guanxi.intelligence.web.links import customers_url
from guanxi.intelligence.wording import abc_rule, pyramid_rule, rfm_rule
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.parts import Cell, Chart, Column, Row, Table

PYRAMID = ("vip", "major", "regular", "small")
ABC = ("A", "B", "C")
SCORES = (1, 2, 3, 4, 5)
MARKS = (0.01, 0.05, 0.20)  # the pyramid's own edges, on the curve


def pyramid_chart(figures: Figures) -> Chart | None:
    """Tiers by rank of spend: their share of the buyers beside their share of the revenue (C22, N10)."""
    by_tier = {row["tier"]: row for row in figures.rows("pyramid") if row["tier"]}
    if not by_tier:
        return None
    buyers, spend = total(by_tier.values(), "customers"), spend_total(by_tier.values())
    drills = figures.tier_method == "pyramid"  # else a customer's tier is something else
    items: list[dict[str, Any]] = []
    rows: list[Row] = []
    customers_so_far, spend_so_far = 0, spend * 0
    for number, tier in enumerate(PYRAMID, 1):
        row = by_tier.get(tier)
        if row is None:
            continue
        customers, spent = int(row["customers"]), spend_of(row)
        customers_so_far, spend_so_far = customers_so_far + customers, spend_so_far + spent
        left, right = share(customers, buyers), share(spent, spend)
        href = customers_url(tier=tier) if drills else ""
        items.append({
            "label": str(TIERS[tier].label), "left": left, "left_text": formats.percent(left),
            "right": right, "right_text": formats.percent(right), "href": href, "tone": f"tier-{number}",
        })  # fmt: skip
        rows.append(
            Row([
                Cell(TIERS[tier].label, href=href), Cell(pyramid_rule(tier, figures.edges)), count_cell(customers),
                share_cell(left), money_cell(spent, figures.totals.currency), share_cell(right),
                share_cell(share(customers_so_far, buyers)), share_cell(share(spend_so_far, spend)),
            ])
        )  # fmt: skip
    return Chart(
        key="pyramid", kind="pyramid", title=gettext("Spend pyramid"),
        data={"left": gettext("share of buyers"), "right": gettext("share of revenue"), "items": items},
        table=Table(
            columns=[
                Column("tier", gettext("Tier")), Column("rule", gettext("Rule")),
                Column("customers", pgettext("count", "Customers"), numeric=True),
                Column("share", gettext("Share of buyers"), numeric=True),
                Column("spend", gettext("Spend in 12 months"), numeric=True),
                Column("spend_share", gettext("Share of revenue"), numeric=True),
                Column("customers_to", gettext("Buyers up to here"), numeric=True),
                Column("spend_to", gettext("Revenue up to here"), numeric=True),
            ],
            rows=rows, caption=gettext("Spend pyramid"), name="pyramid",
        ),
        summary="; ".join(f"{item['label']} {item['left_text']} → {item['right_text']}" for item in items),
        meaning=gettext(
            "Customers who bought in the last 12 months, ranked by what they spent: the top 1%, up to 5%, up to 20%,"
            " and the remaining 80%. Left their share of the buyers, right their share of the revenue."
        ),
        as_of=figures.as_of,
    )  # fmt: skip


def pareto_chart(figures: Figures) -> Chart | None:
    """How much of the revenue the best customers bring (C23)."""
    points = [(float(row["customer_share"]), float(row["spend_share"])) for row in figures.rows("pareto")]
    if len(points) < 2:
        return None
    marks = [{"x": x, "y": y, "text": _mark(x, y)} for x, y in (_nearest(points, edge) for edge in MARKS)]
    twenty = _nearest(points, 0.20)
    return Chart(
        key="pareto", kind="line", title=gettext("Who brings the revenue"),
        data={
            "x_label": gettext("Share of buyers, biggest first"), "y_label": gettext("share of revenue"),
            "points": [list(point) for point in points], "x_percent": True, "y_percent": True, "marks": marks,
            "area": True,
        },
        table=Table(
            columns=[
                Column("customers", gettext("Buyers, biggest first"), numeric=True),
                Column("spend", gettext("Share of revenue"), numeric=True),
            ],
            rows=[Row([share_cell(x), share_cell(y)]) for x, y in points if x > 0],
            caption=gettext("Who brings the revenue"), name="pareto",
        ),
        summary=_mark(*twenty),
        meaning=gettext(
            "Customers who bought in the last 12 months, the biggest spender first, and how much of the revenue they"
            " bring together. The more the curve bends to the top left, the more depends on a few."
        ),
        as_of=figures.as_of,
    )  # fmt: skip


def _nearest(points: list[tuple[float, float]], x: float) -> tuple[float, float]:
    return min(points, key=lambda point: (abs(point[0] - x), point[0]))


def _mark(x: float, y: float) -> str:
    return gettext("%(customers)s bring %(revenue)s") % {
        "customers": formats.percent(x, 0), "revenue": formats.percent(y, 0),
    }  # fmt: skip


def abc_chart(figures: Figures) -> Chart | None:
    """The three ABC classes by their share of the revenue (C24)."""
    by_class = {row["abc"]: row for row in figures.rows("abc") if row["abc"]}
    if not by_class:
        return None
    buyers, spend = total(by_class.values(), "customers"), spend_total(by_class.values())
    items, rows = [], []
    for number, name in enumerate(ABC, 1):
        row = by_class.get(name)
        if row is None:
            continue
        customers, spent = int(row["customers"]), spend_of(row)
        label = gettext("Class %(name)s") % {"name": name}
        left, right = share(customers, buyers), share(spent, spend)
        items.append({
            "label": label, "left": left, "left_text": formats.percent(left), "right": right,
            "right_text": formats.percent(right), "href": customers_url(abc=name), "tone": f"tier-{number}",
        })  # fmt: skip
        rows.append(
            Row([
                Cell(label, href=customers_url(abc=name)), Cell(abc_rule(name)), count_cell(customers),
                share_cell(left), money_cell(spent, figures.totals.currency), share_cell(right),
            ])
        )  # fmt: skip
    return Chart(
        key="abc", kind="pyramid", title=gettext("ABC classes"),
        data={"left": gettext("share of buyers"), "right": gettext("share of revenue"), "items": items},
        table=Table(
            columns=[
                Column("abc", gettext("Class")), Column("rule", gettext("Rule")),
                Column("customers", pgettext("count", "Customers"), numeric=True),
                Column("share", gettext("Share of buyers"), numeric=True),
                Column("spend", gettext("Spend in 12 months"), numeric=True),
                Column("spend_share", gettext("Share of revenue"), numeric=True),
            ],
            rows=rows, caption=gettext("ABC classes"), name="abc",
        ),
        summary="; ".join(f"{item['label']} {item['left_text']} → {item['right_text']}" for item in items),
        meaning=gettext(
            "The same ranking, cut by revenue instead of heads: class A brings the first 80%, B the next 15%, C the"
            " last 5%."
        ),
        as_of=figures.as_of,
    )  # fmt: skip


def rfm_chart(figures: Figures) -> Chart | None:
    """All who ever bought by how recently and how often, five steps each (C24)."""
    cells = {(int(row["f"]), int(row["r"])): row for row in figures.rows("rfm") if row["r"]}
    if not cells:
        return None
    bought = total(cells.values(), "customers")
    drawn = [
        {
            "x": f - 1, "y": r - 1, "value": int(row["customers"]), "text": formats.short(int(row["customers"])),
            "note": formats.percent(share(int(row["customers"]), bought)), "href": customers_url(r=r, f=f),
            "label": gettext("Recency %(r)s, frequency %(f)s") % {"r": r, "f": f},
        }
        for (f, r), row in sorted(cells.items())
    ]  # fmt: skip
    currency = figures.totals.currency
    return Chart(
        key="rfm", kind="heat", title=gettext("Recency and frequency"),
        data={
            "x_label": gettext("buys more often"), "y_label": gettext("bought more recently"),
            "x": [str(score) for score in SCORES], "y": [str(score) for score in SCORES], "cells": drawn,
        },
        table=Table(
            columns=[
                Column("r", gettext("Recency, 1 to 5"), numeric=True),
                Column("f", gettext("Frequency, 1 to 5"), numeric=True),
                Column("customers", pgettext("count", "Customers"), numeric=True),
                Column("monetary", gettext("Spent in all"), numeric=True),
                Column("each", gettext("Per customer"), numeric=True),
            ],
            rows=[
                Row([
                    Cell(str(r), value=r), Cell(str(f), value=f),
                    count_cell(int(row["customers"]), customers_url(r=r, f=f)),
                    money_cell(amount(row["monetary"]), currency),
                    money_cell(amount(row["monetary"]) / max(1, int(row["customers"])), currency),
                ])
                for (f, r), row in sorted(cells.items(), reverse=True)
            ],
            caption=gettext("Recency and frequency"), name="rfm",
        ),
        meaning=gettext(
            "All who ever bought, in five equal parts by how recently (upwards) and how often (to the right) they"
            " bought. Top right are the customers to keep; bottom right those who used to come often and stay away."
        ),
        as_of=figures.as_of,
    )  # fmt: skip


def rfm_groups_chart(figures: Figures) -> Chart | None:
    """The eight RFM groups by their number of customers (C24)."""
    by_group = {row["rfm_group"]: row for row in figures.rows("rfm_group") if row["rfm_group"]}
    if not by_group:
        return None
    bought, spent = total(by_group.values(), "customers"), spend_total(by_group.values())
    known = [group for group in RFM_GROUPS if group in by_group]
    return Chart(
        key="rfm-groups", kind="hbar", title=gettext("Eight groups by recency, frequency and spend"),
        data={
            "items": [
                {
                    "label": str(RFM_GROUPS[group].label), "value": int(by_group[group]["customers"]),
                    "text": formats.number(int(by_group[group]["customers"])), "href": customers_url(rfm=group),
                }
                for group in known
            ],
            "tone": "",
        },
        table=Table(
            columns=[
                Column("group", gettext("Group")), Column("rule", gettext("Rule")),
                Column("customers", pgettext("count", "Customers"), numeric=True),
                Column("share", gettext("Share"), numeric=True),
                Column("spend", gettext("Spend in 12 months"), numeric=True),
                Column("spend_share", gettext("Share of revenue"), numeric=True),
            ],
            rows=[
                Row([
                    Cell(RFM_GROUPS[group].label, href=customers_url(rfm=group)),
                    Cell(rfm_rule(group, figures.edges)), count_cell(int(by_group[group]["customers"])),
                    share_cell(share(int(by_group[group]["customers"]), bought)),
                    money_cell(spend_of(by_group[group]), figures.totals.currency),
                    share_cell(share(spend_of(by_group[group]), spent)),
                ])
                for group in known
            ],
            caption=gettext("RFM groups"), name="rfm-groups",
        ),
        summary=formats.listed(f"{RFM_GROUPS[g].label} {formats.number(int(by_group[g]['customers']))}" for g in known),
        meaning=gettext(
            "All who ever bought, by three questions: recently, often, much? High or low in each gives eight groups,"
            " and each asks for another treatment."
        ),
        as_of=figures.as_of,
    )  # fmt: skip

"""How customers come, move and go: stages by month, moves between them, new, active and lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext, pgettext

from guanxi.customers.words import STAGES
from guanxi.intelligence.queries.figures import Figures, day
from guanxi.intelligence.web.charts.parts import count_cell, share, share_cell
from guanxi.intelligence.web.links import customers_url
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.parts import Cell, Chart, Column, Row, Table

RANK = {"decline": 0, "exploration": 1, "build_up": 2, "stable": 3}  # stable is the highest relation (N20)


def stages_chart(figures: Figures) -> Chart | None:
    """How many customers stood in each stage at every month end (C36)."""
    months = sorted({day(row["month_on"]) for row in figures.rows("stage_month")})
    if not months:
        return None
    counts = {(day(row["month_on"]), row["stage"]): int(row["customers"]) for row in figures.rows("stage_month")}
    series: list[dict[str, Any]] = [
        {
            "name": str(word.label), "tone": f"stage-{number}",
            "values": [_stage_value(counts.get((month, stage), 0), month, stage, figures) for month in months],
        }
        for number, (stage, word) in enumerate(STAGES.items(), 1)
    ]  # fmt: skip
    table = Table(
        columns=[
            Column("month", gettext("Month end")),
            *(Column(stage, word.label, numeric=True) for stage, word in STAGES.items()),
        ],
        rows=[
            Row([
                Cell(formats.day(month), value=month),
                *(
                    count_cell(counts.get((month, stage), 0), _stage_href(month, stage, figures))
                    for stage in STAGES
                ),
            ])
            for month in reversed(months)
        ],
        caption=gettext("Life-cycle stages by month"), name="stages",
    )  # fmt: skip
    return Chart(
        key="stages", kind="stacked", title=gettext("Life-cycle stages by month"),
        data={"categories": [formats.month_short(month) for month in months], "series": series}, table=table,
        summary=formats.listed(f"{item['name']} {item['values'][-1]['text']}" for item in series),
        meaning=gettext(
            "All who ever bought, at each month end. Exploration: the first purchase. Build-up: coming back, growing."
            " Stable: buying in a steady rhythm, the highest relation. Decline: away much longer than their own rhythm."
        ),
        as_of=figures.as_of,
    )  # fmt: skip


def _stage_href(month: date, stage: str, figures: Figures) -> str:
    """Only today's stage has its customers at hand; earlier months are counts."""
    return customers_url(stage=stage) if month == figures.as_of else ""


def _stage_value(customers: int, month: date, stage: str, figures: Figures) -> dict[str, Any]:
    href = _stage_href(month, stage, figures)
    return {"value": customers, "text": formats.number(customers), "href": href}


def move_months(figures: Figures) -> list[date]:
    """The month ends that moves are known for, oldest first."""
    return sorted({day(row["month_on"]) for row in figures.rows("stage_move")})


def moves_chart(figures: Figures, month: date) -> Chart | None:
    """Who moved from which stage to which in the month that ends at `month`."""
    moved = [row for row in figures.rows("stage_move") if day(row["month_on"]) == month]
    if not moved:
        return None
    order = {stage: place for place, stage in enumerate(["", *STAGES])}
    moved.sort(key=lambda row: (order[row["from_stage"] or ""], order[row["to_stage"]]))
    newcomers = pgettext("customers by month", "New")
    names = {"": newcomers} | {stage: str(word.label) for stage, word in STAGES.items()}
    tones = {str(word.label): f"stage-{number}" for number, word in enumerate(STAGES.values(), 1)}
    before: dict[str, int] = {}
    for row in moved:
        before[row["from_stage"] or ""] = before.get(row["from_stage"] or "", 0) + int(row["customers"])
    links: list[dict[str, Any]] = [
        {
            "from": names[row["from_stage"] or ""], "to": names[row["to_stage"]], "value": int(row["customers"]),
            "text": formats.number(int(row["customers"])), "href": "",
        }
        for row in moved
    ]  # fmt: skip
    table = Table(
        columns=[
            Column("from", pgettext("stage", "From")), Column("to", pgettext("stage", "To")),
            Column("customers", pgettext("count", "Customers"), numeric=True),
            Column("share", gettext("Share of the stage before"), numeric=True),
        ],
        rows=[
            Row([
                Cell(link["from"]), Cell(link["to"]), count_cell(link["value"]),
                share_cell(share(link["value"], before[row["from_stage"] or ""])),
            ])
            for link, row in zip(links, moved, strict=True)
        ],
        caption=gettext("Moves between stages"), name=f"moves-{month.isoformat()}",
    )  # fmt: skip
    return Chart(
        key="moves", kind="moves",
        title=gettext("Moves between stages in %(month)s") % {"month": formats.month(month)},
        data={
            "from_label": gettext("at the end of the month before"),
            "to_label": gettext("on %(day)s") % {"day": formats.day(month)},
            "links": links, "tones": {newcomers: "accent"} | tones,
        },
        table=table, summary=_moves_in_words(moved),
        meaning=gettext(
            "Every customer who ever bought, from the stage of the month end before to the stage of this one. Wide"
            " bands into Decline are customers being lost."
        ),
        as_of=figures.as_of,
    )  # fmt: skip


def _rise(row: Mapping[str, Any]) -> int:
    """1 for a move towards Stable, -1 for one away from it, 0 for staying and for newcomers."""
    if not row["from_stage"]:
        return 0
    before, after = RANK[row["from_stage"]], RANK[row["to_stage"]]
    return (after > before) - (after < before)


def _moves_in_words(moved: list[Mapping[str, Any]]) -> str:
    up = sum(int(row["customers"]) for row in moved if _rise(row) > 0)
    down = sum(int(row["customers"]) for row in moved if _rise(row) < 0)
    return gettext("%(up)s came closer, %(down)s drew away") % {"up": formats.number(up), "down": formats.number(down)}


def rises_chart(figures: Figures) -> Chart | None:
    """How many came closer and how many drew away, month by month."""
    months = move_months(figures)
    if len(months) < 2:
        return None
    up, down = dict.fromkeys(months, 0), dict.fromkeys(months, 0)
    for row in figures.rows("stage_move"):
        if (step := _rise(row)) != 0:
            counted = up if step > 0 else down
            counted[day(row["month_on"])] += int(row["customers"])
    return Chart(
        key="rises", kind="columns", height="s", title=gettext("Closer or away, month by month"),
        data={
            "categories": [formats.month_short(month) for month in months],
            "series": [
                _series(gettext("Came closer"), "good", [up[month] for month in months]),
                _series(gettext("Drew away"), "bad", [-down[month] for month in months]),
            ],
        },
        table=Table(
            columns=[
                Column("month", gettext("Month")), Column("up", gettext("Came closer"), numeric=True),
                Column("down", gettext("Drew away"), numeric=True),
            ],
            rows=[
                Row([Cell(formats.month(month), value=month), count_cell(up[month]), count_cell(down[month])])
                for month in reversed(months)
            ],
            caption=gettext("Closer or away, month by month"), name="rises",
        ),
        meaning=gettext(
            "Closer: a move towards Stable, or back from Decline. Away: a move from Stable or Build-up downwards, or"
            " into Decline."
        ),
        as_of=figures.as_of,
    )  # fmt: skip


def flow_chart(figures: Figures) -> Chart | None:
    """New, returned and lost customers by month."""
    rows = _flow(figures)
    if not rows:
        return None
    months = [day(row["month_on"]) for row in rows]
    last = rows[-1]
    return Chart(
        key="flow", kind="columns", title=gettext("New, returned and lost by month"),
        data={
            "categories": [formats.month_short(month) for month in months],
            "series": [
                _series(pgettext("customers by month", "New"), "accent", [int(row["new"]) for row in rows]),
                _series(pgettext("customers by month", "Returned"), "good", [int(row["returned"]) for row in rows]),
                _series(pgettext("customers by month", "Lost"), "bad", [-int(row["lost"]) for row in rows]),
            ],
        },
        table=_flow_table(rows, figures),
        summary=gettext("%(new)s new, %(returned)s returned, %(lost)s lost in the last month") % {
            "new": formats.number(int(last["new"])), "returned": formats.number(int(last["returned"])),
            "lost": formats.number(int(last["lost"])),
        },
        meaning=gettext(
            "New: the first purchase of all. Lost: 12 months without a purchase end in this month. Returned: bought"
            " again after being lost."
        ),
        as_of=figures.as_of,
    )  # fmt: skip


def active_chart(figures: Figures) -> Chart | None:
    """How many customers were active at every month end."""
    rows = _flow(figures)
    if not rows:
        return None
    months = [day(row["month_on"]) for row in rows]
    values = [
        {
            "value": int(row["active"]), "text": formats.number(int(row["active"])),
            "href": customers_url(bought="12m") if day(row["month_on"]) == figures.as_of else "",
        }
        for row in rows
    ]  # fmt: skip
    return Chart(
        key="active", kind="columns", title=gettext("Active customers by month"),
        data={
            "categories": [formats.month_short(month) for month in months],
            "series": [{"name": pgettext("customers by month", "Active"), "tone": "accent", "values": values}],
        },
        table=_flow_table(rows, figures),
        summary=f"{values[0]['text']} → {values[-1]['text']}",
        meaning=gettext("Active at a month end: bought at least once in the 12 months before it."),
        as_of=figures.as_of,
    )  # fmt: skip


def _flow(figures: Figures) -> list[Mapping[str, Any]]:
    return sorted(figures.rows("flow_month"), key=lambda row: row["month_on"])


def _flow_table(rows: list[Mapping[str, Any]], figures: Figures) -> Table:
    return Table(
        columns=[
            Column("month", gettext("Month")), Column("new", pgettext("customers by month", "New"), numeric=True),
            Column("returned", pgettext("customers by month", "Returned"), numeric=True),
            Column("lost", pgettext("customers by month", "Lost"), numeric=True),
            Column("active", gettext("Active at its end"), numeric=True),
        ],
        rows=[
            Row([
                Cell(formats.month(day(row["month_on"])), value=day(row["month_on"])), count_cell(int(row["new"])),
                count_cell(int(row["returned"])), count_cell(int(row["lost"])),
                count_cell(
                    int(row["active"]), customers_url(bought="12m") if day(row["month_on"]) == figures.as_of else ""
                ),
            ])
            for row in reversed(rows)
        ],
        caption=gettext("New, returned, lost and active customers by month"), name="flow",
    )  # fmt: skip


def _series(name: str, tone: str, values: list[int]) -> dict[str, Any]:
    return {
        "name": name, "tone": tone,
        "values": [{"value": value, "text": formats.number(abs(value)), "href": ""} for value in values],
    }  # fmt: skip

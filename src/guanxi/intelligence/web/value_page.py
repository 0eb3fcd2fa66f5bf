"""The page "Value": every class with its rule in words, how many it holds and what they spend."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, pgettext

from guanxi.customers.words import RFM_GROUPS, STAGES, STATUSES, TIERS
from guanxi.insight.lifecycle import StageRules, StatusRules
from guanxi.intelligence import wording
from guanxi.intelligence.queries.figures import Figures, day
from guanxi.intelligence.web.charts import spend
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
from guanxi.kernel.ui.parts import Cell, Chart, Column, Row, Table


@dataclass(frozen=True)
class ClassTable:
    """One classification: what it is for, and its classes."""

    key: str
    title: str
    meaning: str
    table: Table


@dataclass(frozen=True)
class ValuePage:
    """Everything the template shows, in order."""

    as_of: date
    tables: Sequence[ClassTable]
    charts: Sequence[Chart]
    notice: str


@dataclass(frozen=True)
class _Class:
    """One class to be listed: its word, its rule, where it leads."""

    value: str
    label: Any
    rule: Any
    href: str


def value_page(figures: Figures, *, chosen_method: str) -> ValuePage:
    """Lay the page out; `chosen_method` is how the company wants its tiers made from the next update on."""
    if not figures.totals.bought_ever:
        return ValuePage(figures.as_of, [_statuses(figures)], [], wording.no_purchases())
    few = figures.months_of_purchases < wording.FEWEST_MONTHS
    tables = [_tiers(figures, chosen_method), _abc(figures), _rfm(figures)]
    if not few:
        tables.append(_stages(figures))
    tables.append(_statuses(figures))
    charts = [chart for chart in (spend.pyramid_chart(figures), spend.abc_chart(figures)) if chart is not None]
    notice = wording.too_little_history(figures.months_of_purchases) if few else ""
    return ValuePage(figures.as_of, [table for table in tables if table.table.rows], charts, notice)


def _tiers(figures: Figures, chosen_method: str) -> ClassTable:
    method = figures.tier_method
    classes = [
        _Class(tier, word.label, wording.tier_rule(tier, method, figures.edges), customers_url(tier=tier))
        for tier, word in TIERS.items()
    ]
    table = _class_table(figures, "tier", classes, gettext("Tier"))
    meaning = wording.method_rule(method)
    if chosen_method != method:
        meaning += " " + gettext("Another way was chosen in the settings; it holds from the next data update on.")
    return ClassTable("tier", gettext("Customer tier"), meaning, table)


def _abc(figures: Figures) -> ClassTable:
    classes = [
        _Class(name, gettext("Class %(name)s") % {"name": name}, wording.abc_rule(name), customers_url(abc=name))
        for name in spend.ABC
    ]
    meaning = gettext("Buyers of the last 12 months ranked by spend and cut by revenue.")
    return ClassTable("abc", gettext("ABC classes"), meaning, _class_table(figures, "abc", classes, gettext("Class")))


def _rfm(figures: Figures) -> ClassTable:
    classes = [
        _Class(group, word.label, wording.rfm_rule(group, figures.edges), customers_url(rfm=group))
        for group, word in RFM_GROUPS.items()
    ]
    meaning = gettext("All who ever bought: recently, often, much?")
    table = _class_table(figures, "rfm_group", classes, gettext("Group"))
    return ClassTable("rfm", gettext("RFM groups"), meaning, table)


def _stages(figures: Figures) -> ClassTable:
    rules = StageRules()
    last = [row for row in figures.rows("stage_month") if day(row["month_on"]) == figures.as_of]
    classes = [
        _Class(stage, word.label, wording.stage_rule(stage, rules), customers_url(stage=stage))
        for stage, word in STAGES.items()
    ]
    table = _class_table(figures, "stage", classes, gettext("Stage"), rows=figures.rows("stage") or last)
    meaning = gettext("Where the relation stands, seen from each customer's own rhythm of buying.")
    return ClassTable("stage", gettext("Life-cycle stage"), meaning, table)


def _statuses(figures: Figures) -> ClassTable:
    rules = StatusRules()
    classes = [
        _Class(status, word.label, wording.status_rule(status, rules), customers_url(status=status))
        for status, word in STATUSES.items()
    ]
    meaning = gettext("What the customer is to the company today.")
    table = _class_table(figures, "status", classes, gettext("Status"))
    return ClassTable("status", gettext("Customer status"), meaning, table)


def _class_table(
    figures: Figures,
    name: str,
    classes: Sequence[_Class],
    heading: str,
    *,
    rows: Sequence[Mapping[str, Any]] | None = None,
) -> Table:
    found = {row[name]: row for row in (figures.rows(name) if rows is None else rows) if row[name]}
    customers, spent = total(found.values(), "customers"), spend_total(found.values())
    with_spend = spent > 0
    columns = [
        Column("class", heading), Column("rule", gettext("Rule")),
        Column("customers", pgettext("count", "Customers"), numeric=True),
        Column("share", gettext("Share"), numeric=True),
    ]  # fmt: skip
    if with_spend:
        columns += [
            Column("spend", gettext("Spend in 12 months"), numeric=True),
            Column("spend_share", gettext("Share of spend"), numeric=True),
        ]
    spend_cells = _spend_cells(figures.totals.currency, spent) if with_spend else _no_cells
    return Table(
        columns=columns,
        rows=[
            Row([
                Cell(known.label, href=known.href), Cell(known.rule),
                count_cell(int(found[known.value]["customers"]), known.href),
                share_cell(share(int(found[known.value]["customers"]), customers)),
                *spend_cells(found[known.value]),
            ])
            for known in classes
            if known.value in found
        ],
        caption=heading, name=name,
    )  # fmt: skip


def _spend_cells(currency: str, spent: Decimal) -> Callable[[Mapping[str, Any]], list[Cell]]:
    def cells(row: Mapping[str, Any]) -> list[Cell]:
        return [money_cell(spend_of(row), currency), share_cell(share(spend_of(row), spent))]

    return cells


def _no_cells(_row: Mapping[str, Any]) -> list[Cell]:
    return []

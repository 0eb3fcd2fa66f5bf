"""The three ways to make customer tiers, each with its rule and what it would give today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext

from guanxi.customers.words import TIERS
from guanxi.intelligence.queries.figures import Figures
from guanxi.intelligence.web.charts.parts import count_cell, share, share_cell, spend_of, spend_total, total
from guanxi.intelligence.wording import method_rule
from guanxi.kernel.access.models import Company
from guanxi.kernel.ui.parts import Cell, Column, Row, Table

NAMES: dict[str, Promise] = {
    Company.TierMethod.PYRAMID.value: gettext_lazy("Spend pyramid"),
    Company.TierMethod.ABC.value: gettext_lazy("ABC classes"),
    Company.TierMethod.RFM.value: gettext_lazy("RFM groups"),
}


@dataclass(frozen=True)
class MethodChoice:
    """One way to make tiers; `preview` is what it gives with the figures of today, if there are any."""

    value: str
    name: str
    rule: str
    is_chosen: bool
    preview: Table | None


def method_choices(figures: Figures | None, chosen: str) -> Sequence[MethodChoice]:
    """All ways, in a fixed order."""
    return [
        MethodChoice(method, str(name), method_rule(method), method == chosen, _preview(figures, method))
        for method, name in NAMES.items()
    ]


def _preview(figures: Figures | None, method: str) -> Table | None:
    if figures is None:
        return None
    by_tier = {row["tier"]: row for row in figures.rows("tier_choice") if row["method"] == method}
    if not by_tier:
        return None
    customers, spent = total(by_tier.values(), "customers"), spend_total(by_tier.values())
    return Table(
        columns=[
            Column("tier", gettext("Tier")), Column("customers", pgettext("count", "Customers"), numeric=True),
            Column("share", gettext("Share"), numeric=True),
            Column("spend_share", gettext("Share of spend"), numeric=True),
        ],
        rows=[
            Row([
                Cell(word.label), count_cell(int(row["customers"])),
                share_cell(share(int(row["customers"]), customers)), share_cell(share(spend_of(row), spent)),
            ])
            for tier, word in TIERS.items()
            if (row := by_tier.get(tier)) is not None
        ],
        caption=gettext("What it would give today"), name=f"tier-{method}",
    )  # fmt: skip

"""The row of figures under the headline, each with its change against the twelve months before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from guanxi.intelligence import wording
from guanxi.intelligence.queries.figures import Figures
from guanxi.intelligence.web.charts.parts import share
from guanxi.intelligence.web.links import customers_url
from guanxi.kernel.ui import formats


@dataclass(frozen=True)
class FigureCard:
    """One figure, ready to show; without a change it has a note instead."""

    label: str
    value: str
    meaning: str
    note: str
    change: wording.Change | None = None
    href: str = ""


def figure_cards(figures: Figures) -> Sequence[FigureCard]:
    """All customers and what is known of their purchases; nothing without purchases, as the headline says the rest."""
    return list(_cards(figures)) if figures.totals.bought_ever else []


def _cards(figures: Figures) -> Iterator[FigureCard]:
    totals = figures.totals
    yield FigureCard(
        label=gettext("All customers"),
        value=formats.number(totals.customers),
        meaning=gettext("Different people and firms, after records of the same customer were put together."),
        note=gettext("from %(records)s records") % {"records": formats.number(totals.records)},
        href=customers_url(),
    )
    each, each_before = (
        _each(totals.spend_12m, totals.buyers_12m),
        _each(totals.prev_spend_12m, totals.prev_bought_12m),
    )
    yield FigureCard(
        label=gettext("Bought in 12 months"),
        value=formats.number(totals.bought_12m),
        meaning=gettext("Customers with a purchase, not taken back, in the 12 months to the as-of date."),
        note=_note(figures),
        change=_change(figures, totals.buyers_12m, totals.prev_bought_12m),
        href=customers_url(bought="12m"),
    )
    yield FigureCard(
        label=gettext("Spend in 12 months"),
        value=formats.money_short(totals.spend_12m, totals.currency),
        meaning=gettext("Net revenue from known customers in the 12 months to the as-of date, less returns."),
        note=_note(figures),
        change=_change(figures, totals.spend_12m, totals.prev_spend_12m),
    )
    yield FigureCard(
        label=gettext("Spend per buyer"),
        value=formats.money_whole(each, totals.currency),
        meaning=gettext("Spend in 12 months divided by the customers who bought in them."),
        note=_note(figures),
        change=_change(figures, each, each_before),
    )
    if figures.months_of_purchases >= wording.FEWEST_MONTHS:
        quiet = formats.percent(share(totals.quiet, totals.bought_12m))
        yield FigureCard(
            label=gettext("Gone quiet"),
            value=formats.number(totals.quiet),
            meaning=gettext("Bought in the last 12 months, but away much longer than their own rhythm."),
            note=gettext("%(share)s of those who bought in 12 months") % {"share": quiet},
            href=customers_url(quiet=1),
        )


def _each(spend: Decimal, customers: int) -> Decimal:
    return spend / customers if customers else Decimal(0)


def _change(figures: Figures, now: Decimal | int, before: Decimal | int) -> wording.Change | None:
    """None unless the purchases cover the whole period before: half a year against a whole one says nothing."""
    return wording.change(now, before) if figures.has_year_before else None


def _note(figures: Figures) -> str:
    if figures.has_year_before:
        return gettext("vs the 12 months before")
    return gettext("no whole year before to compare with")

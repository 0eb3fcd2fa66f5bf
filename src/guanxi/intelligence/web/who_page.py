"""The page "Who are our customers", put together from the figures of one run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from guanxi.intelligence import wording
from guanxi.intelligence.queries.figures import Figures
from guanxi.intelligence.web.charts import lifecycle, people, spend
from guanxi.intelligence.web.figure_cards import FigureCard, figure_cards
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.parts import Chart

_NUMBER = re.compile(r"(\d[\d,.]*(?: 万)?%?)")


@dataclass(frozen=True)
class Place:
    """A chart in its section; `width` in twelfths of the page."""

    chart: Chart
    width: int


@dataclass(frozen=True)
class Section:
    """Charts that answer one question."""

    key: str
    title: str
    places: Sequence[Place]


@dataclass(frozen=True)
class MovesMonths:
    """Which month the moves are shown for, and the ways to the ones beside it."""

    month: str
    earlier_url: str
    later_url: str


@dataclass(frozen=True)
class WhoPage:
    """Everything the template shows, in order."""

    headline: SafeString
    note: str
    as_of: date
    cards: Sequence[FigureCard]
    sections: Sequence[Section]
    notice: str
    moves: MovesMonths | None


def who_page(figures: Figures, titles: Mapping[str, str], *, moves_on: date | None = None) -> WhoPage:
    """Lay the page out: what has no data behind it is left out, and said in words where it will be missed."""
    bought = figures.totals.bought_ever > 0
    enough = figures.months_of_purchases >= wording.FEWEST_MONTHS
    sections = [_who(figures, titles), _where(figures)]
    moves: MovesMonths | None = None
    notice = ""
    if not bought:
        notice = wording.no_purchases()
    else:
        sections.append(_worth(figures))
        if enough:
            section, moves = _course(figures, moves_on)
            sections.append(section)
        else:
            notice = wording.too_little_history(figures.months_of_purchases)
    return WhoPage(
        headline=emphasise(wording.headline(figures.totals.facts)), note=_note(figures), as_of=figures.as_of,
        cards=figure_cards(figures), sections=[section for section in sections if section.places], notice=notice,
        moves=moves,
    )  # fmt: skip


def emphasise(sentence: str) -> SafeString:
    """The sentence with its numbers in bold, everything else escaped."""
    parts = _NUMBER.split(sentence)
    return format_html_join(
        "", "{}{}", ((part, "") if place % 2 == 0 else (_bold(part), "") for place, part in enumerate(parts))
    )


def _bold(number: str) -> SafeString:
    return mark_safe(f"<b>{number}</b>")  # noqa: S308  # digits, separators and 万 only


def _who(figures: Figures, titles: Mapping[str, str]) -> Section:
    places = [Place(people.steps_chart(figures), 7)]
    sources = people.sources_chart(figures, titles)
    if sources is not None:
        places.append(Place(sources, 5))
    else:
        places = [Place(places[0].chart, 12)]
    return Section("who", gettext("Who they are"), places)


def _where(figures: Figures) -> Section:
    found = [
        chart
        for chart in (people.tiles_chart(figures), people.regions_chart(figures), people.abroad_chart(figures))
        if chart is not None
    ]
    widths = {1: (12,), 2: (6, 6), 3: (6, 6, 12)}.get(len(found), ())
    return Section("where", gettext("Where they are"), [Place(*pair) for pair in zip(found, widths, strict=True)])


def _worth(figures: Figures) -> Section:
    charts = [
        (spend.pyramid_chart(figures), 6), (spend.pareto_chart(figures), 6), (spend.rfm_chart(figures), 6),
        (spend.rfm_groups_chart(figures), 6),
    ]  # fmt: skip
    places = [Place(chart, width) for chart, width in charts if chart is not None]
    return Section("worth", gettext("What they are worth"), places)


def _course(figures: Figures, moves_on: date | None) -> tuple[Section, MovesMonths | None]:
    months = lifecycle.move_months(figures)
    shown = moves_on if moves_on in months else (months[-1] if months else None)
    charts = [
        (lifecycle.stages_chart(figures), 6),
        (lifecycle.moves_chart(figures, shown) if shown is not None else None, 6),
        (lifecycle.flow_chart(figures), 6), (lifecycle.active_chart(figures), 6),
        (lifecycle.rises_chart(figures), 12),
    ]  # fmt: skip
    places = [Place(chart, width) for chart, width in charts if chart is not None]
    section = Section("course", gettext("How they come and go"), places)
    return section, _moves_months(months, shown)


def _moves_months(months: Sequence[date], shown: date | None) -> MovesMonths | None:
    if shown is None:
        return None
    at = list(months).index(shown)
    return MovesMonths(
        month=formats.month(shown),
        earlier_url=_moves_url(months[at - 1]) if at > 0 else "",
        later_url=_moves_url(months[at + 1]) if at + 1 < len(months) else "",
    )


def _moves_url(month: date) -> str:
    return f"{reverse('insight-who')}?{urlencode({'moves': month.isoformat()})}"


def _note(figures: Figures) -> str:
    return " · ".join(filter(None, [_anonymous_note(figures), _deleted_note(figures)]))


def _deleted_note(figures: Figures) -> str:
    totals = figures.totals
    if not totals.deleted:
        return ""
    return ngettext(
        "%(count)s deleted customer counts no more; what they spent in 12 months (%(spend)s) stays in the revenue",
        "%(count)s deleted customers count no more; what they spent in 12 months (%(spend)s) stays in the revenue",
        totals.deleted,
    ) % {
        "count": formats.number(totals.deleted),
        "spend": formats.money_short(totals.deleted_spend_12m, totals.currency),
    }


def _anonymous_note(figures: Figures) -> str:
    totals = figures.totals
    if not totals.anonymous_lines:
        return ""
    return ngettext(
        "%(count)s purchase line without a customer (%(revenue)s) counts for nobody",
        "%(count)s purchase lines without a customer (%(revenue)s) count for nobody",
        totals.anonymous_lines,
    ) % {
        "count": formats.number(totals.anonymous_lines),
        "revenue": formats.money_short(totals.anonymous_revenue, totals.currency),
    }

"""The insight pages: who the customers are, and what they are worth."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guanxi.intelligence.queries.figures import get_figures
from guanxi.intelligence.queries.sources import source_titles
from guanxi.intelligence.web.value_page import value_page
from guanxi.intelligence.web.who_page import who_page
from guanxi.intelligence.wording import no_customers
from guanxi.kernel.access.queries import find_company
from guanxi.kernel.access.reader import reader_of


@require_safe
def who(request: HttpRequest) -> HttpResponse:
    """Who are our customers."""
    figures = get_figures(reader_of(request))
    if figures is None or not figures.totals.customers:
        return render(request, "intelligence/who_empty.html", {"text": no_customers()} | _ways(request))
    page = who_page(figures, source_titles(), moves_on=_day(request.GET.get("moves")))
    return render(request, "intelligence/who.html", {"page": page} | _ways(request))


@require_safe
def value(request: HttpRequest) -> HttpResponse:
    """Every class, its rule in words, and how many customers it holds."""
    figures = get_figures(reader_of(request))
    if figures is None or not figures.totals.customers:
        return render(request, "intelligence/who_empty.html", {"text": no_customers()} | _ways(request))
    company = find_company()
    page = value_page(figures, chosen_method=company.tier_method if company else figures.tier_method)
    return render(request, "intelligence/value.html", {"page": page} | _ways(request))


def _ways(request: HttpRequest) -> dict[str, bool]:
    """Which further pages the reader may open from here."""
    reader = reader_of(request)
    return {
        "may_see_customers": reader.may("customers.view"), "may_see_updates": reader.may("updates.view"),
        "may_manage": reader.may("settings.manage"),
    }  # fmt: skip


def _day(text: str | None) -> date | None:
    """A day from the address; what is not one counts as none."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None

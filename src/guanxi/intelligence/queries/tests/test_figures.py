"""Figures are those of the run whose standings are current, and only for who may see them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from guanxi.customers.models import CurrentStanding
from guanxi.intelligence.models import Figure
from guanxi.intelligence.queries.figures import get_figures
from guanxi.intelligence.tests.demo_figures import AS_OF, demo_figures, publish_figures
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.tests.actors import NOBODY, holding

pytestmark = pytest.mark.django_db
ANALYST = holding("insight.view")


def test_nothing_is_there_before_the_first_update() -> None:
    assert get_figures(ANALYST) is None


def test_nothing_is_there_while_figures_wait_for_their_standings() -> None:
    Figure.objects.create(run_id=7, name="headline", rows=demo_figures()["headline"])
    assert get_figures(ANALYST) is None


def test_a_refused_reader_learns_nothing() -> None:
    publish_figures()
    with pytest.raises(PermissionDenied) as refusal:
        get_figures(NOBODY)
    assert refusal.value.facts == {"permission": "insight.view"}


def test_the_figures_of_the_current_run_are_read_in_four_queries(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    publish_figures()
    current = publish_figures(tier_method="rfm")
    with django_assert_num_queries(4):  # type: ignore[operator]  # one asks who is deleted
        figures = get_figures(ANALYST)
    assert figures is not None
    assert (figures.run_id, figures.as_of, figures.tier_method) == (current.pk, AS_OF, "rfm")
    assert figures.totals.duplicates == 18_616
    assert figures.totals.spend_12m == Decimal("15482310.5000")
    assert figures.totals.top1_share == 0.3104
    assert figures.rows("nothing of that name") == ()
    assert figures.edges.spend_from["vip"] == Decimal("12345.0000")
    assert figures.edges.high == {"r": Decimal(260), "f": Decimal(3), "m": Decimal("310.0000")}


def test_months_of_purchases_are_counted_from_the_first_to_the_last() -> None:
    rows = demo_figures()
    rows["headline"][0]["first_purchase_on"] = "2026-10-05"
    publish_figures(rows)
    figures = get_figures(ANALYST)
    assert figures is not None
    assert figures.months_of_purchases == 2
    assert not figures.has_year_before


@pytest.mark.parametrize(("first", "whole"), [("2024-11-28", True), ("2024-11-29", False)])
def test_a_year_before_is_fair_only_if_purchases_cover_it(first: str, whole: bool) -> None:
    rows = demo_figures()
    rows["headline"][0]["first_purchase_on"] = first
    publish_figures(rows)
    figures = get_figures(ANALYST)
    assert figures is not None
    assert figures.has_year_before is whole


def test_without_a_first_day_the_monthly_flow_tells_it() -> None:
    rows = demo_figures()
    del rows["headline"][0]["first_purchase_on"]
    publish_figures(rows)
    figures = get_figures(ANALYST)
    assert figures is not None
    assert figures.totals.first_purchase_on == date(2024, 12, 1)


def test_a_leap_day_has_a_year_before() -> None:
    publish_figures()
    CurrentStanding.objects.update(as_of=date(2028, 2, 29))
    figures = get_figures(ANALYST)
    assert figures is not None
    assert figures.has_year_before

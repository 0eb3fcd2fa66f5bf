"""The purchases of one customer, as texts and small columns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from guanxi.customers.tests.factories import make_customers
from guanxi.intelligence.marts.lookup import Order
from guanxi.intelligence.panels import load_purchases
from guanxi.intelligence.queries.purchases import Following, Purchases, months_of
from guanxi.intelligence.web.purchases_panel import PurchasesPanel, purchases_panel
from guanxi.kernel.tests.actors import holding
from guanxi.kernel.ui.registry import panels_for

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 11, 21)


def order(at: str, revenue: str, *, is_return: bool = False, is_void: bool = False) -> Order:
    return Order(datetime.fromisoformat(at), "shop", f"A{at[:10]}", Decimal(revenue), 2, is_return, is_void)


def panel(*orders: Order, more: int = 0) -> PurchasesPanel:
    months = months_of(orders, AS_OF)
    with translation.override("en"):
        return purchases_panel(Purchases(AS_OF, "CNY", months, orders, len(orders) + more))


def test_columns_are_as_high_as_the_spend_of_their_month() -> None:
    shown = panel(order("2026-11-20", "200"), order("2026-10-02", "100"), order("2026-09-02", "-50", is_return=True))
    assert (shown.width, shown.height, len(shown.bars)) == (288, 48, 24)
    assert [(bar.height, bar.is_negative) for bar in shown.bars[-3:]] == [(12, True), (24, False), (48, False)]
    assert {bar.height for bar in shown.bars[:-3]} == {0}
    assert shown.bars[-1].title == "2026-11 ¥200.00"


def test_a_little_spend_still_shows() -> None:
    assert panel(order("2026-11-20", "90000"), order("2026-10-02", "1")).bars[-2].height == 2


def test_the_sum_and_the_orders_are_told_in_words() -> None:
    shown = panel(
        order("2026-11-20", "200"), order("2026-11-03", "80", is_void=True), order("2026-09-02", "-50", is_return=True),
        more=3,
    )  # fmt: skip
    assert shown.summary == "1 order, ¥230.00 in 24 months"
    assert [[str(cell.text) for cell in row.cells] for row in shown.table.rows] == [
        ["2026-11-20", "¥200.00", "order"],
        ["2026-11-03", "¥80.00", "cancelled"],
        ["2026-09-02", "-¥50.00", "return"],
    ]
    assert shown.more == "and 3 earlier orders"


def test_what_was_written_down_here_can_be_taken_back() -> None:
    own = replace(order("2026-11-20", "200"), source="guanxi", order_id="#7", purchase_id=7)
    with translation.override("en"):
        purchases = Purchases(AS_OF, "CNY", months_of([own], AS_OF), [own, order("2026-11-01", "5")], 2)
        shown, read = purchases_panel(purchases, may_take_back=True), purchases_panel(purchases)
    assert 'hx-post="/customers/purchases/7/back/"' in str(shown.table.rows[0].cells[-1].text)
    assert "2026-11-20 for ¥200.00?" in str(shown.table.rows[0].cells[-1].text)
    assert [row.cells[-1].text for row in (shown.table.rows[1], *read.table.rows)] == ["order"] * 3


def test_it_is_drawn_without_inline_style() -> None:
    page = render_to_string(
        "intelligence/_customer_purchases.html",
        {"facts": {"purchases": panel(order("2026-11-20", "200")), "customer_id": 1}},
    )
    assert '<rect x="276" y="0" width="9" height="48">' in page
    assert "style=" not in page


def test_the_panel_is_shown_to_who_may_see_customers() -> None:
    assert [one.key for one in panels_for("customer", holding("customers.view"))] == ["purchases"]
    assert panels_for("customer", holding("insight.view")) == []
    make_customers([{"id": 1}])
    quiet = Following(is_due=False, is_fresh=False)
    nothing = {"purchases": None, "customer_id": 1, "may_record": False, "following": quiet}
    assert load_purchases(holding("customers.view"), 1) == nothing
    assert load_purchases(holding("customers.view", "customers.edit"), 1) == nothing | {"may_record": True}

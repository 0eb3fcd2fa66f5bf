"""The purchases of one customer as the customer page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext

from guanxi.intelligence.queries.purchases import Purchases
from guanxi.intelligence.queries.sources import source_titles
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.parts import Cell, Column, Row, Table
from guanxi.kernel.ui.templatetags.ui import draw_icon

if TYPE_CHECKING:
    from guanxi.intelligence.marts.lookup import Order

HEIGHT = 48  # of the tallest column, in units of the drawing
STEP = 12


@dataclass(frozen=True)
class Bar:
    """One month's column in the drawing; `title` is read when pointed at."""

    x: int
    y: int
    height: int
    is_negative: bool
    title: str


@dataclass(frozen=True)
class PurchasesPanel:
    """Mini columns over the latest orders."""

    bars: list[Bar]
    width: int
    height: int
    first_month: str
    last_month: str
    summary: str
    table: Table
    more: str


def purchases_panel(purchases: Purchases, *, may_take_back: bool = False) -> PurchasesPanel:
    """Turn the query's answer into texts and a drawing; what was written down here can be taken back."""
    months = purchases.months
    return PurchasesPanel(
        bars=_bars(purchases), width=len(months) * STEP, height=HEIGHT,
        first_month=formats.month(months[0].month), last_month=formats.month(months[-1].month),
        summary=_summary(purchases), table=_table(purchases, may_take_back=may_take_back), more=_more(purchases),
    )  # fmt: skip


def _bars(purchases: Purchases) -> list[Bar]:
    largest = max((abs(month.revenue) for month in purchases.months), default=0) or 1
    bars = []
    for place, month in enumerate(purchases.months):
        height = round(abs(month.revenue) / largest * HEIGHT)
        height = max(height, 2) if month.revenue else 0
        title = f"{formats.month(month.month)} {formats.money(month.revenue, purchases.currency)}"
        bars.append(Bar(place * STEP, HEIGHT - height, height, month.revenue < 0, title))
    return bars


def _summary(purchases: Purchases) -> str:
    spent = sum((month.revenue for month in purchases.months), start=purchases.months[0].revenue * 0)
    count = sum(month.orders for month in purchases.months)
    return ngettext(
        "%(count)s order, %(spent)s in 24 months", "%(count)s orders, %(spent)s in 24 months", count
    ) % {"count": formats.number(count), "spent": formats.money(spent, purchases.currency)}  # fmt: skip


def _table(purchases: Purchases, *, may_take_back: bool) -> Table:
    titles = source_titles()
    deeds = [may_take_back and order.purchase_id is not None and not order.is_void for order in purchases.recent]
    rows = [
        Row([
            Cell(formats.day(order.ordered_at.date())),
            Cell(formats.money(order.revenue, purchases.currency), value=order.revenue),
            Cell(
                _take_back(order, purchases.currency) if deed else _kind(order),
                title=f"{titles.get(order.source, order.source)} {order.order_id}",
            ),
        ])
        for order, deed in zip(purchases.recent, deeds, strict=True)
    ]  # fmt: skip
    return Table(
        columns=[
            Column("day", gettext("Day")), Column("revenue", gettext("Amount"), numeric=True),
            Column("kind", pgettext("purchase", "Kind")),
        ],
        rows=rows, caption=gettext("Latest orders"), name="orders",
    )  # fmt: skip


def _take_back(order: Order, currency: str) -> SafeString:
    """The button that takes it back, after a question that names it."""
    question = gettext("Take back the purchase of %(day)s for %(amount)s? It will count as if it had never been.") % {
        "day": formats.day(order.ordered_at.date()), "amount": formats.money(order.revenue, currency),
    }  # fmt: skip
    return format_html(
        '<button class="btn btn-sm btn-icon" type="button" hx-post="{}" hx-confirm="{}" hx-swap="none" title="{}">{}'
        '<span class="visually-hidden">{}</span></button>',
        reverse("purchase-back", args=[order.purchase_id]), question, gettext("Take back"),
        draw_icon("arrow-back-up"), gettext("Take back"),
    )  # fmt: skip


def _kind(order: Order) -> str:
    if order.is_void:
        return gettext("taken back") if order.purchase_id is not None else gettext("cancelled")
    return gettext("return") if order.is_return else gettext("order")


def _more(purchases: Purchases) -> str:
    rest = purchases.orders - len(purchases.recent)
    if rest <= 0:
        return ""
    return ngettext("and %(count)s earlier order", "and %(count)s earlier orders", rest) % {
        "count": formats.number(rest)
    }

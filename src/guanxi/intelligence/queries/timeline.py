"""What a customer bought, for the timeline: from the warehouse, and what was written down here since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import time
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext

from guanxi.customers.queries.purchases import company_currency, list_purchases
from guanxi.intelligence.queries.sources import source_titles
from guanxi.intelligence.sources.terms import OWN_SOURCE
from guanxi.kernel.commands import Actor
from guanxi.kernel.timeline import Entry, Mark, Note
from guanxi.kernel.ui import formats

if TYPE_CHECKING:
    from guanxi.intelligence.marts.lookup import Order


def load_purchases(actor: Actor, ids: Sequence[int], before: Mark | None, limit: int) -> list[Entry]:
    """Orders, returns and cancelled orders; what was written down here shows at once, and never twice.

    Raises
    ------
    SourceSilent
        The warehouse cannot be read.
    """
    from guanxi.intelligence.marts.lookup import purchases_of  # pyarrow is loaded by who needs it

    entries = [*_of_sources(purchases_of(ids[0])), *_written_down(actor, ids[0])]
    behind = (entry for entry in entries if before is None or before.is_ahead_of(entry))
    return sorted(behind, key=lambda entry: (entry.at, entry.id), reverse=True)[:limit]


def _of_sources(orders: Sequence[Order]) -> Iterator[Entry]:
    """The orders of the warehouse have even ids, from the oldest on."""
    currency, titles = company_currency(), source_titles()
    for place, order in enumerate(reversed(orders), 1):
        if order.source == OWN_SOURCE:
            continue
        at = timezone.make_aware(order.ordered_at)
        yield Entry(
            at, 2 * place, _title(formats.money(order.revenue, currency), is_return=order.is_return), "shopping-cart",
            text=f"{titles.get(order.source, order.source)} {order.order_id}",
            notes=[Note(gettext("cancelled"), "circle-x")] if order.is_void else [],
            is_whole_day=order.ordered_at.time() == time.min,
        )  # fmt: skip


def _written_down(actor: Actor, customer_id: int) -> Iterator[Entry]:
    """What was written down here has odd ids."""
    for row in list_purchases(actor, customer_id):
        yield Entry(
            row.bought_at, 2 * row.id + 1,
            _title(formats.money(row.total, row.currency), is_return=row.reverses is not None), "shopping-cart",
            who=row.recorded_by, text=row.order_no,
            notes=[Note(gettext("taken back"), "circle-x")] if row.is_reversed else [],
        )  # fmt: skip


def _title(amount: str, *, is_return: bool) -> str:
    told = gettext("Return %(amount)s") if is_return else gettext("Purchase %(amount)s")
    return told % {"amount": amount}

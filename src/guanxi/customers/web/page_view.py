"""What the page template shows, from one customer."""

from __future__ import annotations

from typing import Any

from guanxi.customers.queries import CustomerPage
from guanxi.customers.standing_words import reasons
from guanxi.kernel.commands import Actor
from guanxi.kernel.ui.registry import panels_for


def page_context(reader: Actor, page: CustomerPage) -> dict[str, Any]:
    """The context of `customers/page.html`."""
    return {
        "page": page,
        "reasons": list(reasons(page.standing)) if page.standing else [],
        "panels": panels_for("customer", reader),
    }

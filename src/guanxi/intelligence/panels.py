"""What intelligence puts into the frame: its menu entries, its first-run door, purchases on the customer page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.customers.source_names import set_source_names
from guanxi.intelligence.queries.purchases import find_following, get_purchases
from guanxi.intelligence.queries.sources import source_titles
from guanxi.intelligence.queries.timeline import load_purchases as load_purchase_entries
from guanxi.intelligence.web.purchases_panel import purchases_panel
from guanxi.kernel.commands import Actor
from guanxi.kernel.timeline import Source, SourceSilent, add_source
from guanxi.kernel.ui.registry import Door, MenuEntry, Panel, add_door, add_menu_entry, add_panel


def load_purchases(actor: Actor, customer_id: int) -> Mapping[str, Any]:
    """The customer's purchases, none where none are known, and whether the reader may write one down."""
    may_record = actor.may("customers.edit")
    facts = {"customer_id": customer_id, "may_record": may_record, "following": find_following(actor, customer_id)}
    try:
        purchases = get_purchases(actor, customer_id)
    except SourceSilent:
        return facts | {"is_silent": True}
    panel = None if purchases is None else purchases_panel(purchases, may_take_back=may_record)
    return facts | {"purchases": panel}


add_menu_entry(
    MenuEntry(
        key="insight", title=_("Insight"), url_name="insight-who", icon="chart-dots", permission="insight.view",
        order=30, home=10, jump="i",
        children=(
            MenuEntry(
                key="who", title=_("Who are our customers"), url_name="insight-who", permission="insight.view"
            ),
            MenuEntry(key="value", title=_("Value"), url_name="insight-value", permission="insight.view"),
        ),
    )
)  # fmt: skip
add_menu_entry(
    MenuEntry(
        key="updates", title=_("Data updates"), url_name="updates", icon="database-import",
        permission="updates.view", order=80, home=40, jump="u",
    )
)  # fmt: skip
add_menu_entry(
    MenuEntry(
        key="settings", title=_("Settings"), url_name="settings", icon="settings", permission="settings.manage",
        order=90, jump="s",
    )
)  # fmt: skip
add_door(
    Door(
        key="data", title=_("Bring my data"), icon="table-import", order=1, url_name="updates",
        text=_("Connect the files of your systems and see who your customers are."),
    )
)  # fmt: skip
add_panel(
    "customer",
    Panel(
        key="purchases", title=_("Purchases"), template="intelligence/_customer_purchases.html", load=load_purchases,
        permission="customers.view", order=10,
    ),
)  # fmt: skip
add_source(
    "customer",
    Source("purchase", _("Purchases"), "shopping-cart", "customers.view", load_purchase_entries, order=20),
)
set_source_names(source_titles)

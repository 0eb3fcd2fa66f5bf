"""Customers as the palette finds them while somebody types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext

from guanxi.customers.models import CurrentStanding, Customer, Standing
from guanxi.customers.place_words import place_of
from guanxi.customers.rules import mask_email, mask_phone
from guanxi.customers.search import UNMASK, first_ids, matching_ids
from guanxi.kernel.commands import Actor
from guanxi.kernel.lists.lookups import Keys
from guanxi.kernel.palette.registry import Hit

LOOKED_AT: Final = 200  # of those who match: the ones who spend most are shown first
FIRST: Final = 2_000  # of those the index finds, before it is asked who may be seen


def find_customers(actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """At most `limit` living customers that `text` finds and the actor may see, the biggest spenders first.

    Of very many that match only the first 200 by number are compared by spend: who types on narrows them down.
    """
    if not actor.may("customers.view"):
        return []
    customers = {row["pk"]: row for row in _looked_at(actor, text)}
    if not customers:
        return []
    run_id = CurrentStanding.objects.filter(pk=1).values_list("run_id", flat=True).first() or -1
    best = Standing.objects.filter(run_id=run_id, customer__in=list(customers)).order_by("-spend_12m", "customer_id")
    ranked = [*best.values_list("customer_id", flat=True)[:limit], *customers]
    shown = [customers[pk] for pk in dict.fromkeys(ranked)][:limit]
    return [
        Hit(
            title=row["name"] or gettext("No name"),
            url=reverse("customer", args=[row["pk"]]),
            note=" · ".join(filter(None, (mask_phone(row["phone"]) or mask_email(row["email"]),
                                          place_of(row["region_code"], row["city"])))),
            icon="building" if row["kind"] == Customer.Kind.ORGANISATION else "user",
        )
        for row in shown
    ]  # fmt: skip


def _looked_at(actor: Actor, text: str) -> Sequence[dict[str, Any]]:
    """Those to compare. One character may find a tenth of all: the first thousands of them are enough for most."""
    unmasked = actor.may(UNMASK)
    first = first_ids(text, FIRST, unmasked=unmasked)
    columns = ("pk", "kind", "name", "phone", "email", "region_code", "city")
    rows = Customer.objects.living().visible_to(actor).order_by("pk").values(*columns)
    found = list(rows.filter(pk__among=Keys.listing(first))[:LOOKED_AT]) if first else []
    if len(first) == FIRST and len(found) < LOOKED_AT:
        return list(rows.filter(pk__in=matching_ids(text, unmasked=unmasked))[:LOOKED_AT])
    return found

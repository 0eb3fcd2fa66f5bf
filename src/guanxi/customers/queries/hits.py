"""Customers as the palette finds them while somebody types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from guanxi.customers.models import CurrentStanding, Customer, Standing
from guanxi.customers.place_words import place_of
from guanxi.customers.rules import mask_email, mask_phone
from guanxi.customers.search import UNMASK, biggest_ids, first_ids, matching_ids
from guanxi.kernel.commands import Actor
from guanxi.kernel.lists.lookups import Keys
from guanxi.kernel.palette.registry import Hit

LOOKED_AT: Final = 200  # of those who match: the ones who spend most are shown first
FIRST: Final = 2_000  # of those the index finds, before it is asked who may be seen


def find_customers(actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """At most `limit` living customers that `text` finds and the actor may see, the biggest spenders first.

    Of very many that match only the first 200 by number are compared by spend, unless one character is typed and
    those who spend most of all have it: who types on narrows them down.
    """
    if not actor.may("customers.view"):
        return []
    shown = _biggest(actor, text, limit) or _best_of_first(actor, text, limit)
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


def _biggest(actor: Actor, text: str, limit: int) -> Sequence[dict[str, Any]]:
    """As many as are asked for, of all that one character finds; nothing if they are not among the very biggest."""
    run_id = _run_id() if len(text.strip()) == 1 and actor.seen_owners() is None else None
    keys = biggest_ids(text, run_id, limit, unmasked=actor.may(UNMASK)) if run_id else []
    found = {row["pk"]: row for row in _visible(actor).filter(pk__in=keys)} if keys else {}
    return [found[key] for key in keys] if len(found) == limit else []


def _best_of_first(actor: Actor, text: str, limit: int) -> Sequence[dict[str, Any]]:
    customers = {row["pk"]: row for row in _looked_at(actor, text)}
    if not customers:
        return []
    best = Standing.objects.filter(run_id=_run_id() or -1, customer__in=list(customers))
    ranked = best.order_by("-spend_12m", "-customer_id").values_list("customer_id", flat=True)[:limit]
    return [customers[pk] for pk in dict.fromkeys([*ranked, *customers])][:limit]


def _looked_at(actor: Actor, text: str) -> Sequence[dict[str, Any]]:
    """Those to compare. One character may find a tenth of all: the first thousands of them are enough for most."""
    unmasked = actor.may(UNMASK)
    first = first_ids(text, FIRST, unmasked=unmasked)
    rows = _visible(actor).order_by("pk")
    found = list(rows.filter(pk__among=Keys.listing(first))[:LOOKED_AT]) if first else []
    if len(first) < FIRST or len(found) == LOOKED_AT or (every := matching_ids(text, unmasked=unmasked)) is None:
        return found
    return list(rows.filter(pk__in=every)[:LOOKED_AT])


def _visible(actor: Actor) -> QuerySet[Customer, Any]:
    shown = Customer.objects.living().visible_to(actor)
    return shown.values("pk", "kind", "name", "phone", "email", "region_code", "city")


def _run_id() -> int | None:
    return CurrentStanding.objects.filter(pk=1).values_list("run_id", flat=True).first()

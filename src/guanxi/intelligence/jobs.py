"""Background entry points of the road."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from guanxi.customers.events import (
    CustomerCreated,
    CustomersEdited,
    CustomersMerged,
    CustomersUnmerged,
    PurchaseRecorded,
    PurchaseReversed,
)
from guanxi.intelligence.commands.nightly import NIGHTLY, nightly_at
from guanxi.intelligence.commands.start_refresh import start_refresh
from guanxi.intelligence.errors import NothingToRefresh, UpdateAlreadyAsked, UpdateAlreadyRunning
from guanxi.intelligence.retention import expire_rejects, expire_runs
from guanxi.intelligence.small.touches import JOB as SMALL_REFRESH
from guanxi.intelligence.small.touches import ask_for_small_refresh, touch_customers
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.events.outbox import listens_to, listens_to_many
from guanxi.kernel.jobs.registry import job
from guanxi.kernel.jobs.schedule import scheduled
from guanxi.kernel.stopping import is_stopping

log = logging.getLogger(__name__)
WAYS_TO_REACH = {"phone", "email", "contact_point", "address"}  # fields and nouns of `CustomersEdited`


@job("intelligence.refresh", max_attempts=1)  # a stopped update waits for somebody to read why
def refresh_from_screen(payload: dict[str, Any]) -> None:
    """Run or resume a data update that somebody asked for on a screen."""
    from guanxi.intelligence.register import registered_contracts
    from guanxi.intelligence.road import refresh  # only the worker needs the engines

    asked = payload.get("business_date")
    refresh(
        registered_contracts(),
        home=settings.GUANXI_HOME,
        root=settings.WAREHOUSE,
        actor=User.objects.filter(pk=payload["actor_id"]).first() or SYSTEM,
        business_date=date.fromisoformat(asked) if asked else None,
    )


@job(SMALL_REFRESH)
def score_touched_customers(_payload: dict[str, Any]) -> None:
    """Score the customers of whom something changed; what a worker that stops leaves over is asked for again."""
    from guanxi.intelligence.small.rescore import rescore_touched  # only the worker needs the engine

    rescore_touched(settings.WAREHOUSE)
    if is_stopping():
        ask_for_small_refresh()


def _touch(customer_ids: Collection[int]) -> None:
    touch_customers(SYSTEM, customer_ids=customer_ids)
    ask_for_small_refresh()


@listens_to_many(PurchaseRecorded)
def on_purchase(events: Sequence[PurchaseRecorded]) -> None:
    """A purchase changes what its customer is worth; a till or an import writes many in a row."""
    _touch([event.customer_id for event in events])


@listens_to_many(PurchaseReversed)
def on_counter_entry(events: Sequence[PurchaseReversed]) -> None:
    """So does one that was taken back."""
    _touch([event.customer_id for event in events])


@listens_to_many(CustomerCreated)
def on_customer(events: Sequence[CustomerCreated]) -> None:
    """Somebody new stands somewhere, too."""
    _touch([event.customer_id for event in events])


@listens_to(CustomersEdited)
def on_edit(event: CustomersEdited) -> None:
    """Who can be reached is a prospect, who cannot is none; other edits change no score."""
    if WAYS_TO_REACH & set(event.fields):
        _touch(event.customer_ids)


@listens_to(CustomersMerged)
def on_merge(event: CustomersMerged) -> None:
    """The survivor has the purchases of all."""
    _touch([event.main_id, *event.merged_ids])


@listens_to(CustomersUnmerged)
def on_unmerge(event: CustomersUnmerged) -> None:
    """Everybody has his own again."""
    _touch([event.main_id, *event.restored_ids])


@scheduled(NIGHTLY, at=nightly_at)
def ask_for_nightly_refresh(payload: dict[str, Any]) -> None:
    """Ask for the full refresh of every night; nothing happens without sources, or while one runs or waits already."""
    try:
        start_refresh(SYSTEM)
    except (NothingToRefresh, UpdateAlreadyRunning, UpdateAlreadyAsked) as refused:
        log.info("No nightly refresh for %s: %s", payload.get("day"), refused.code)


@scheduled("intelligence.retention", at="03:40")
def tidy_warehouse(_payload: dict[str, Any]) -> None:
    """Give up old runs, and rejected rows of deliveries that were replaced."""
    now = timezone.now()
    while expire_runs(SYSTEM, before=now - timedelta(days=settings.KEEP_DAYS["runs"])):
        pass
    before = now - timedelta(days=settings.KEEP_DAYS["rejects"])
    while expire_rejects(SYSTEM, root=settings.WAREHOUSE, before=before):
        pass

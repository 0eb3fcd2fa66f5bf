"""From an event to its deliveries, in the transaction in which it happened."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext

from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.events.outbox import event_titles
from guanxi.kernel.jobs.queue import enqueue
from guanxi.kernel.webhooks.models import Delivery, Endpoint

JOB: Final = "webhooks.deliver"
TEST: Final = "webhooks.Test"  # the event of a delivery that somebody sends to try the endpoint


def tell_outside(record: EventRecord) -> None:
    """Ask for one delivery per endpoint that has chosen the event; they are sent only if the caller commits."""
    for endpoint in Endpoint.objects.filter(is_active=True).order_by("pk"):
        if record.name in endpoint.events:
            ask_for_delivery(endpoint, record.name, record.payload, record.at, event_id=record.pk)


def ask_for_delivery(
    endpoint: Endpoint, event: str, payload: dict[str, Any], at: datetime, *, event_id: int | None = None
) -> Delivery:
    """Write a delivery and the job that sends it."""
    delivery = Delivery.objects.create(endpoint=endpoint, event_id=event_id, event=event, payload=payload, at=at)
    ask_for_try(delivery)
    return delivery


def ask_for_try(delivery: Delivery) -> None:
    """Ask for the next attempt; its number lets a job that is done again see that it was noted already."""
    enqueue(JOB, {"delivery": delivery.pk, "attempt": delivery.attempts}, run_at=delivery.next_try_at)


def body_of(delivery: Delivery) -> bytes:
    """What is sent: the same bytes at every attempt."""
    told = {
        "id": str(delivery.number), "event": delivery.event, "at": delivery.at.isoformat(), "data": delivery.payload,
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


def choosable_events() -> dict[str, str | Promise]:
    """The names of all events that can happen in this installation, in their order, with their titles."""
    return dict(sorted(event_titles().items()))


def title_of(event: str) -> str | Promise:
    """What an event is called on a page; one that no app knows any more goes by its name."""
    return gettext("Test") if event == TEST else event_titles().get(event, event)

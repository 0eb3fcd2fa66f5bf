"""Webhooks as the settings page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise

from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import ErrorWords, PermissionDenied, words_of
from guanxi.kernel.webhooks.models import Delivery, Endpoint
from guanxi.kernel.webhooks.outlet import title_of

SHOWN = 10  # deliveries of one endpoint


@dataclass(frozen=True)
class DeliveryLine:
    """One event for one endpoint: `state` is waiting, delivered or failed."""

    id: int
    number: UUID
    event: str
    at: datetime
    state: str
    attempts: int
    tried_at: datetime | None
    next_try_at: datetime | None
    status: int | None
    error: ErrorWords | None

    @property
    def title(self) -> str | Promise:
        """The event in the reader's words."""
        return title_of(self.event)


@dataclass(frozen=True)
class EndpointLine:
    """One address outside, with its latest deliveries, newest first."""

    id: int
    name: str
    url: str
    events: list[str]
    is_active: bool
    delivered_at: datetime | None
    failing_since: datetime | None
    switched_off: ErrorWords | None
    deliveries: list[DeliveryLine]

    @property
    def event_titles(self) -> list[str]:
        """The events in the reader's words."""
        return [str(title_of(event)) for event in self.events]


def list_endpoints(actor: Actor) -> list[EndpointLine]:
    """All endpoints by name; needs `settings.manage`."""
    if not actor.may("settings.manage"):
        raise PermissionDenied(permission="settings.manage")
    return [_line(row) for row in Endpoint.objects.order_by("name", "pk")]


def _line(row: Endpoint) -> EndpointLine:
    latest = row.deliveries.order_by("-pk")[:SHOWN]
    return EndpointLine(
        id=row.pk, name=row.name, url=row.url, events=list(row.events), is_active=row.is_active,
        delivered_at=row.delivered_at, failing_since=row.failing_since,
        switched_off=words_of(row.switched_off) if row.switched_off else None,
        deliveries=[_delivery(delivery) for delivery in latest],
    )  # fmt: skip


def _delivery(row: Delivery) -> DeliveryLine:
    return DeliveryLine(
        id=row.pk, number=row.number, event=row.event, at=row.at, state=row.state, attempts=row.attempts,
        tried_at=row.tried_at, next_try_at=row.next_try_at, status=row.status,
        error=words_of(row.error) if row.error else None,
    )  # fmt: skip

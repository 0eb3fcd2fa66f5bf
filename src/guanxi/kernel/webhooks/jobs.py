"""Webhooks in the background: every event is heard, every delivery is sent, what is old is removed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.events.outbox import hears_all
from guanxi.kernel.jobs.registry import job
from guanxi.kernel.jobs.schedule import scheduled
from guanxi.kernel.webhooks.commands import expire_deliveries
from guanxi.kernel.webhooks.delivering import try_delivery
from guanxi.kernel.webhooks.outlet import JOB, tell_outside

hears_all(tell_outside)


@job(JOB)
def deliver(payload: dict[str, Any]) -> None:
    """One attempt at one delivery; it asks for the next one itself."""
    try_delivery(payload["delivery"], payload["attempt"])


@scheduled("webhooks.retention", at="03:35")
def tidy_deliveries(_payload: dict[str, Any]) -> None:
    """Remove what was delivered or given up long ago."""
    before = timezone.now() - timedelta(days=settings.KEEP_DAYS["webhooks"])
    while expire_deliveries(SYSTEM, before=before):
        pass

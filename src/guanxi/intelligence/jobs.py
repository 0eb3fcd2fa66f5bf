"""Background entry points of the road."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from guanxi.intelligence.commands.start_refresh import start_refresh
from guanxi.intelligence.errors import NothingToRefresh, UpdateAlreadyAsked, UpdateAlreadyRunning
from guanxi.intelligence.retention import expire_rejects, expire_runs
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.jobs.registry import job
from guanxi.kernel.jobs.schedule import scheduled

log = logging.getLogger(__name__)


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


@scheduled("intelligence.nightly_refresh", at=lambda: str(settings.NIGHTLY_REFRESH))
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

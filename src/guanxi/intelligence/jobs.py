"""Background entry points of the road."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings

from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.jobs.registry import job


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

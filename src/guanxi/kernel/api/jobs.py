"""Forgetting old answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.api.commands import expire_calls
from guanxi.kernel.jobs.schedule import scheduled

KEPT = timedelta(days=2)  # nobody asks again later than that


@scheduled("api.retention", at="03:35")
def forget(_payload: dict[str, Any]) -> None:
    """Forget the answers kept for keys of days ago, in chunks."""
    while expire_calls(SYSTEM, before=timezone.now() - KEPT):
        pass

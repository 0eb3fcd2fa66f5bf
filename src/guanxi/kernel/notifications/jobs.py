"""Forgetting old news."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.jobs.schedule import scheduled
from guanxi.kernel.notifications import accounts, failures  # noqa: F401  # listen
from guanxi.kernel.notifications.commands import expire_news


@scheduled("notifications.retention", at="03:38")
def forget(_payload: dict[str, Any]) -> None:
    """Forget old news, in chunks."""
    before = timezone.now() - timedelta(days=settings.KEEP_DAYS["news"])
    while expire_news(SYSTEM, before=before):
        pass

"""The sample company on request of the first-run page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone

from guanxi.kernel.jobs.registry import job


@job("demo.make_company")
def make_company(_payload: dict[str, Any]) -> None:
    """Move the sample company into this home, as of today."""
    from guanxi.demo.activity import live_a_while
    from guanxi.demo.prepare import make_sample_company  # only the worker needs the generator

    today = timezone.localdate()
    make_sample_company(settings.GUANXI_HOME, settings.WAREHOUSE, as_of=today)
    live_a_while(today)

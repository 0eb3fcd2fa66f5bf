"""A refresh whose system clock is set on the way: the child's side."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from guanxi.customers.models import CurrentStanding
from guanxi.intelligence.road import refresh as run_refresh
from guanxi.intelligence.sources.contract import load_contract
from guanxi.intelligence.tests import killed
from guanxi.intelligence.tests.small_company import write_small_company
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.runs.engine import open_run
from guanxi.kernel.runs.models import Run

_real_now = timezone.now


class _Clock:
    """A clock that leaps at the beginning of each step: so many days away from the true time."""

    def __init__(self, leaps: Sequence[float]) -> None:
        self.leaps = list(leaps)
        self.away = timedelta(0)
        timezone.now = self.now  # the one place of the product's clock

    def now(self) -> datetime:
        return _real_now() + self.away

    def step(self, name: str, position: int, total: int) -> None:
        if self.leaps:
            self.away = timedelta(days=self.leaps.pop(0))

    def advance(self, done: int, expected: int | None) -> None:
        pass


def refresh(folder: str, leaps: Sequence[float], kill_at: int = 0) -> dict[str, Any]:
    """Refresh the small company for the day of the last fact; returns what it came to, but no clocks."""
    clock, points = _Clock(leaps), killed.Points(kill_at)
    killed.count_commits(points)
    files = Path(folder)
    paths = [files / "shop.toml", files / "store.toml"] if files.exists() else write_small_company(files)
    contracts = [load_contract(path) for path in paths]
    run_refresh(contracts, home=settings.GUANXI_HOME, root=settings.WAREHOUSE, actor=SYSTEM, progress=clock)
    days = [str(Run.objects.latest("pk").business_date), str(CurrentStanding.objects.get().as_of)]
    return killed.outcome(settings.WAREHOUSE) | {"days": days}


def hold(days: float, seconds: float) -> None:
    """Hold the lease of a refresh by a clock that many days away, and say so."""
    _Clock([]).away = timedelta(days=days)
    with open_run("refresh", root=settings.WAREHOUSE, inputs={}, business_date=None, actor=SYSTEM):
        print("holding", flush=True)
        time.sleep(seconds)

"""The full data update of every night: whether it comes, and when."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.utils import timezone

from guanxi.kernel.access.commands import choose_nightly_refresh
from guanxi.kernel.access.queries import find_company
from guanxi.kernel.commands import Work, command
from guanxi.kernel.jobs.schedule import pass_over

NIGHTLY: Final = "intelligence.nightly_refresh"  # the scheduled job


def nightly_at() -> str:
    """When it comes, as the company has chosen: `HH:MM` or `off`; before there is a company, as the home is set up."""
    company = find_company()
    return str(settings.NIGHTLY_REFRESH) if company is None else company.nightly_refresh


@command("settings.manage")
def set_nightly_refresh(work: Work, at: str) -> None:
    """Let it come `at` a time of the day, from the next such time on, or not at all (`off`).

    Raises
    ------
    NightlyTimeUnknown, CompanyNotSet
        Nothing was changed.
    """
    choose_nightly_refresh(work.actor, at)
    pass_over(NIGHTLY, timezone.localtime(work.at))
    work.nothing_changed()  # the choice has its own entry

"""Time zones a contract may name."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from guanxi.intelligence.sources.mistakes import did_you_mean
from guanxi.intelligence.sources.scope import Scope


def is_zone(zone: str) -> bool:
    """Whether there is such a time zone."""
    return zone in _zones()


def check_zone(scope: Scope, key: str, zone: str) -> None:
    """Complain about a time zone nobody knows."""
    if zone and not is_zone(zone):
        suggestion = did_you_mean(zone, sorted(_zones()))
        scope.complain(key, _("There is no time zone “{zone}”.").format(zone=zone), suggestion)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())

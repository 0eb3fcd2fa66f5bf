"""The words for where a customer stands: one label, icon and tone each, the same on every screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Word:
    """How a value is shown. `tone` is a colour of the design system; `rule` says in words what it means."""

    label: str | Promise
    icon: str
    tone: str
    rule: str | Promise


# The order of each dictionary is the order of display.
TIERS: Final = {
    "vip": Word(pgettext_lazy("customer tier", "VIP"), "crown", "tier-1", _("The few who spend most")),
    "major": Word(pgettext_lazy("customer tier", "Major"), "star", "tier-2", _("Spend much")),
    "regular": Word(pgettext_lazy("customer tier", "Regular"), "user", "tier-3", _("Spend something")),
    "small": Word(pgettext_lazy("customer tier", "Small"), "circle", "tier-4", _("Spend little")),
}
STAGES: Final = {
    "exploration": Word(_("Exploration"), "compass", "stage-1", _("First purchases, getting to know us")),
    "build_up": Word(_("Build-up"), "trending-up", "stage-2", _("Coming back, buying more")),
    "stable": Word(_("Stable"), "circle-check", "stage-3", _("Buying in a steady rhythm")),
    "decline": Word(_("Decline"), "trending-down", "stage-4", _("Away much longer than their own rhythm")),
}
STATUSES: Final = {
    "non_customer": Word(
        pgettext_lazy("customer status", "Non-customer"), "minus", "neutral", _("Known, but not a customer")
    ),
    "prospect": Word(pgettext_lazy("customer status", "Prospect"), "user-plus", "neutral", _("Has not bought yet")),
    "first_time": Word(pgettext_lazy("customer status", "First-time"), "seedling", "neutral", _("Bought once")),
    "repeat": Word(pgettext_lazy("customer status", "Repeat"), "rotate", "neutral", _("Bought again")),
    "loyal": Word(pgettext_lazy("customer status", "Loyal"), "circle-check", "neutral", _("Buys again and again")),
    "lost": Word(
        pgettext_lazy("customer status", "Lost"), "user-off", "neutral", _("Bought, but nothing in the last 12 months")
    ),
}
RFM_GROUPS: Final = {
    "HHH": Word(_("Champions"), "crown", "1", _("bought recently, buys often, spends much")),
    "HLH": Word(_("Rising"), "trending-up", "2", _("bought recently, buys seldom, spends much")),
    "LHH": Word(_("Must win back"), "alert-triangle", "3", _("has not bought for long, bought often, spent much")),
    "LLH": Word(_("Slipping big spenders"), "trending-down", "4", _("has not bought for long, seldom, spent much")),
    "HHL": Word(_("Loyal small"), "rotate", "5", _("bought recently, buys often, spends little")),
    "HLL": Word(_("New small"), "seedling", "6", _("bought recently, buys seldom, spends little")),
    "LHL": Word(_("Fading small"), "trending-down", "7", _("has not bought for long, bought often, spent little")),
    "LLL": Word(_("Dormant small"), "moon", "8", _("has not bought for long, seldom, spent little")),
}
KINDS: Final = {
    "person": Word(_("Person"), "user", "neutral", ""),
    "organisation": Word(_("Organisation"), "building", "neutral", ""),
}
OWNERS: Final = {
    "me": Word(_("Me"), "user", "neutral", _("Owner is me")),
    "left": Word(_("Has left"), "user-off", "neutral", _("Seller has left")),
    "none": Word(_("Nobody yet"), "minus", "neutral", _("No owner yet")),
}

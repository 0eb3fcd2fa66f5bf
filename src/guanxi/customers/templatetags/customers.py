"""Badges of the two classes that are badges: tier and stage."""

from __future__ import annotations

from typing import Final

from django import template
from django.utils.safestring import SafeString

from guanxi.customers.words import STAGES, TIERS
from guanxi.kernel.ui.templatetags.ui import badge

register: Final = template.Library()


@register.simple_tag
def tier_badge(tier: str) -> SafeString | str:
    """The tier as icon and word; nothing where there is none."""
    word = TIERS.get(tier)
    return badge(word.label, word.icon, word.tone) if word else ""


@register.simple_tag
def stage_badge(stage: str) -> SafeString | str:
    """The life-cycle stage as icon and word; nothing where there is none."""
    word = STAGES.get(stage)
    return badge(word.label, word.icon, word.tone) if word else ""

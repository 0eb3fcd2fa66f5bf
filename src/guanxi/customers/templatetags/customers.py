"""Badges of the two classes that are badges, tier and stage; masked values with the button to look behind."""

from __future__ import annotations

from typing import Any, Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guanxi.customers.attached_words import ATTITUDES
from guanxi.customers.words import STAGES, TIERS
from guanxi.kernel.ui.templatetags.ui import badge, draw_icon

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


@register.inclusion_tag("customers/_reveal.html", takes_context=True)
def reveal(context: dict[str, Any], customer_id: int, masked: str, *name: object) -> dict[str, Any]:
    """A masked value, and for those who may the button to see it.

    The name is one of `guanxi.customers.details`, given whole or in parts: `{% reveal page.id paper.masked
    "certificate" paper.id %}`. A value without a name is shown without a button.
    """
    whole = "-".join(str(part) for part in name)
    may = bool(whole) and context["user"].may("customers.unmask")
    return {"customer_id": customer_id, "masked": masked, "name": whole, "may": may}


@register.simple_tag
def attitude_icon(attitude: str) -> SafeString:
    """What an attitude looks like, and the word for who cannot see it."""
    word = ATTITUDES[attitude]
    return format_html(
        '{}<span class="visually-hidden">{}</span>', draw_icon(word.icon, f"gx-text-{word.tone}"), word.label
    )

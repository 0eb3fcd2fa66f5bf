"""Badges of tier and stage; masked values with the button to look behind; words for what hangs on a customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from guanxi.customers import attached_words
from guanxi.customers.words import STAGES, TIERS, Word
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.templatetags.ui import badge, draw_icon

register: Final = template.Library()
WORDS: Final[Mapping[str, Mapping[Any, Word]]] = {
    "contact_point": attached_words.CONTACT_KINDS,
    "address": attached_words.ADDRESS_KINDS,
    "certificate": attached_words.CERTIFICATE_KINDS,
    "role": attached_words.BUYING_ROLES,
    "preference": attached_words.PREFERENCE_KINDS,
    "attitude": attached_words.ATTITUDES,
    "relation": attached_words.RELATIONS,
    "interaction": attached_words.INTERACTION_KINDS,
    "satisfaction": attached_words.SATISFACTION,
}


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
    word = attached_words.ATTITUDES[attitude]
    return format_html(
        '{}<span class="visually-hidden">{}</span>', draw_icon(word.icon, f"gx-text-{word.tone}"), word.label
    )


@register.simple_tag
def word_of(kind: str, value: Any) -> Word:
    """The word for a value: `{% word_of "role" contact.role as role %}`."""
    return WORDS[kind].get(value) or Word(str(value), "circle", "neutral", "")


@register.filter
def due(day: date, today: date) -> str:
    """When something is due, in words: overdue by 3 days, today, tomorrow, else the day."""
    days = (day - today).days
    if days < 0:
        return ngettext("%(count)d day overdue", "%(count)d days overdue", -days) % {"count": -days}
    if days == 0:
        return gettext("today")
    return gettext("tomorrow") if days == 1 else formats.day(day)


@register.filter
def local_day(at: datetime) -> date:
    """The day of a moment on the clock of the business."""
    return timezone.localtime(at).date()


@register.filter
def megabytes(size: int) -> str:
    """The size of a file: 340 kB, 2.4 MB."""
    if size < 1_000_000:
        return f"{formats.number(max(size / 1000, 1))} kB"
    return f"{formats.number(size / 1_000_000, 1)} MB"

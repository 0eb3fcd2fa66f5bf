"""The components of the design system, as template tags and filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final

from django import template
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from guanxi.kernel.commands import Actor
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.grids import heat_rows, tile_cells
from guanxi.kernel.ui.markup import escaped
from guanxi.kernel.ui.parts import Chart, Chip, Pager, Tab, Table
from guanxi.kernel.ui.registry import strips
from guanxi.kernel.ui.toasts import UNDO

register: Final = template.Library()


def _filter(name: str, function: Callable[..., str]) -> None:
    """Register a formatter that shows nothing for nothing."""

    def shown(value: Any, argument: Any = None) -> str:
        if value is None or value == "":
            return ""
        return function(value) if argument is None else function(value, argument)

    shown.__doc__ = function.__doc__
    register.filter(name, shown)


register.filter("listed", formats.listed)
register.filter("told", formats.told)
for _name in ("number", "short", "percent", "money", "money_whole", "money_short", "seconds"):
    _filter(_name, getattr(formats, _name))
for _name in ("day", "month", "month_short", "moment", "ago", "age"):
    _filter(_name, getattr(formats, _name))


@register.filter
def undo_url(message: Message) -> str:
    """Where a message that can be undone is undone; nothing for others."""
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""


@register.simple_tag(name="icon")
@lru_cache(maxsize=1_000)  # a list has hundreds of the same few
def draw_icon(name: str, extra: str = "") -> SafeString:
    """A decorative icon; the word beside it carries the meaning."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        extra,
        static("guanxi/vendor/icons.svg"),
        name,
    )


@register.simple_tag
def badge(label: Any, icon: str = "", tone: str = "neutral") -> SafeString:
    """An icon and a word in a tone; never colour alone."""
    return _draw_badge(escaped(label), icon, tone)  # a text and the same markup are equal: escaped first


@lru_cache(maxsize=1_000)
def _draw_badge(label: str, icon: str, tone: str) -> SafeString:
    drawn = draw_icon(icon) if icon else ""
    return format_html('<span class="gx-badge gx-tone-{}">{}{}</span>', tone, drawn, SafeString(label))


@register.inclusion_tag("ui/_headline.html")
def headline(text: Any, sub: Any = "", as_of: date | None = None) -> dict[str, Any]:
    """The sentence a dashboard begins with."""
    return {"text": text, "sub": sub, "as_of": as_of}


@register.simple_block_tag(end_name="endpage_header")
def page_header(
    content: SafeString,
    *,
    title: Any,
    note: Any = "",
    count: Any = "",
    count_id: str = "",
    primary_url: str = "",
    primary_label: Any = "",
    primary_icon: str = "",
    back_url: str = "",
    back_label: Any = "",
) -> SafeString:
    """Title, count, further buttons (the content) and the page's one primary action."""
    return render_to_string("ui/_page_header.html", locals())


@register.simple_block_tag(end_name="endfigures")
def figures(content: SafeString) -> SafeString:
    """A row of figure cards."""
    return format_html('<div class="gx-figures">{}</div>', content)


@register.inclusion_tag("ui/_figure.html")
def figure(
    *,
    label: Any,
    value: Any,
    unit: Any = "",
    change: float | None = None,
    change_text: Any = "",
    change_note: Any = "",
    good: str = "up",
    meaning: Any = "",
    href: str = "",
    icon: str = "",
    note: Any = "",
) -> dict[str, Any]:
    """One figure with its change; `good` says which direction is the welcome one (up, down, none)."""
    if not change:
        tone, arrow, spoken = "muted", "minus", gettext("unchanged")
    else:
        rising = change > 0
        arrow, spoken = ("trending-up", gettext("up")) if rising else ("trending-down", gettext("down"))
        tone = "muted" if good == "none" else "success" if rising == (good == "up") else "danger"
    return {
        "label": label, "value": value, "unit": unit, "meaning": meaning, "href": href, "icon": icon, "note": note,
        "has_change": change is not None, "change_text": change_text, "change_note": change_note,
        "tone": tone, "arrow": arrow, "spoken": spoken,
    }  # fmt: skip


@register.inclusion_tag("ui/_chart.html", name="chart")
def chart_card(chart: Chart) -> dict[str, Any]:
    """A card with the chart, its meaning, its table and its download."""
    context: dict[str, Any] = {"chart": chart, "data": {"kind": chart.kind, **chart.data}}
    if chart.kind == "tiles":
        context["tiles"] = tile_cells(chart.data["cells"])
    elif chart.kind == "heat":
        context["heat"] = heat_rows(chart.data)
    return context


@register.inclusion_tag("ui/_data_table.html")
def data_table(table: Table, *, dense: bool = False) -> dict[str, Any]:
    """A table with a sticky head; says in words when there is nothing in it."""
    return {"table": table, "dense": dense}


@register.inclusion_tag("ui/_chips.html")
def chips(chips: Sequence[Chip], clear_url: str = "") -> dict[str, Any]:
    """The filters in force, each a sentence that can be taken away."""
    return {"chips": chips, "clear_url": clear_url}


@register.inclusion_tag("ui/_pager.html")
def pager(pager: Pager) -> dict[str, Any]:
    """Previous and next."""
    return {"pager": pager}


@register.inclusion_tag("ui/_tabs.html")
def tabs(items: Sequence[Tab]) -> dict[str, Any]:
    """The tabs of a page."""
    return {"items": items}


@register.inclusion_tag("ui/_progress_row.html")
def progress_row(
    label: Any, done: float | None = None, total: float | None = None, text: Any = "", state: str = "running"
) -> dict[str, Any]:
    """One step of long work: running, done, stopped or waiting."""
    icons = {"running": "refresh", "done": "circle-check", "stopped": "alert-triangle", "waiting": "circle-dashed"}
    words = {
        "running": gettext("running"), "done": gettext("done"),
        "stopped": gettext("stopped"), "waiting": gettext("waiting"),
    }  # fmt: skip
    return {
        "label": label, "done": done, "total": total, "text": text, "state": state,
        "icon": icons[state], "word": words[state],
    }  # fmt: skip


@register.simple_block_tag(end_name="endempty")
def empty(content: SafeString, *, text: Any, icon: str = "mood-empty", title: Any = "") -> SafeString:
    """What would be here, and (the content) the first step."""
    return render_to_string("ui/_empty.html", locals())


@register.simple_block_tag(end_name="enderror_panel")
def error_panel(
    content: SafeString, *, what: Any, kept: Any = "", cure: Any = "", place: Any = "", code: str = ""
) -> SafeString:
    """What happened, what was kept, and the way on (the content)."""
    return render_to_string("ui/_error_panel.html", locals())


@register.simple_block_tag(end_name="endcard")
def card(content: SafeString, *, title: Any = "", meaning: Any = "", note: Any = "") -> SafeString:
    """A card with a title and, behind the (i), what it means."""
    return render_to_string("ui/_card.html", locals())


@register.simple_tag(name="strips")
def draw_strips(actor: Actor | None) -> SafeString:
    """What stands above the content of every page of somebody signed in."""
    drawn = [] if actor is None else [(render_to_string(strip.template, strip.load(actor)),) for strip in strips()]
    return format_html_join("", "{}", drawn)


@register.simple_tag
def chart_scripts() -> SafeString:
    """The script a page with charts needs; the library follows with the first chart that shows."""
    return format_html(
        '<script src="{}" data-library="{}" defer></script>',
        static("guanxi/charts.js"),
        static("guanxi/vendor/echarts.min.js"),
    )


@register.simple_tag
def avatar(name: Any) -> SafeString:
    """The first letter of somebody's name in a circle; the name itself stands beside it."""
    return _draw_avatar(str(name)[:1].upper())


@lru_cache(maxsize=1_000)
def _draw_avatar(letter: str) -> SafeString:
    return format_html('<span class="gx-face" aria-hidden="true">{}</span>', letter)

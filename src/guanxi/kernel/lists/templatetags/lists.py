"""Parts of a list's template."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from guanxi.kernel.lists.spec import ListSpec
from guanxi.kernel.lists.state import EVERYTHING_ASKED, WHERE
from guanxi.kernel.lists.web.page import ListColumn
from guanxi.kernel.ui.parts import Cell

register: Final = template.Library()


@register.simple_tag
def list_url(spec: ListSpec) -> str:
    """The whole list, without any filter."""
    return f"{reverse(spec.url_name)}?{WHERE}={EVERYTHING_ASKED}"


@register.simple_tag
def list_cells(cells: Sequence[Cell], columns: Sequence[ListColumn]) -> SafeString:
    """The cells of a row; by hand, because a page has five hundred of them."""
    return SafeString("".join(_cell(cell, columns[at], is_first=not at) for at, cell in enumerate(cells)))


def _cell(cell: Cell, of: ListColumn, *, is_first: bool) -> SafeString:
    label = "" if is_first else conditional_escape(str(of.column.label))
    head = _cell_head(label, is_number=of.column.numeric, tone=cell.tone)
    title = format_html(' title="{}"', cell.title) if cell.title else ""
    if cell.href:
        return format_html('<td{}{}><a href="{}">{}</a></td>', head, title, cell.href, cell.text)
    return format_html("<td{}{}>{}</td>", head, title, cell.text)


@lru_cache(maxsize=1_000)
def _cell_head(label: str, *, is_number: bool, tone: str) -> SafeString:
    """Classes, and the label that is told beside the value where a phone stacks the cells; the first has none."""
    classes = [name for name, is_so in (("gx-first", not label), ("gx-num", is_number)) if is_so]
    if tone:
        classes.append(f"gx-text-{tone}")
    head = format_html(' class="{}"', " ".join(classes)) if classes else ""
    return format_html('{} data-label="{}"', head, label) if label else format_html("{}", head)

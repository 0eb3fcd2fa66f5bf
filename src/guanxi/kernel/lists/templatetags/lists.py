"""Parts of a list's template."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django import template
from django.urls import reverse
from django.utils.html import format_html
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
def list_cell(cell: Cell, columns: Sequence[ListColumn], at: int) -> SafeString:
    """A cell; by hand, because a page has five hundred of them."""
    classes = [name for name, is_so in (("gx-first", at == 0), ("gx-num", columns[at].column.numeric)) if is_so]
    if cell.tone:
        classes.append(f"gx-text-{cell.tone}")
    head = format_html(' class="{}"', " ".join(classes)) if classes else ""
    if at:  # told beside the value where a phone stacks the cells
        head = format_html('{} data-label="{}"', head, columns[at].column.label)
    if cell.title:
        head = format_html('{} title="{}"', head, cell.title)
    if cell.href:
        return format_html('<td{}><a href="{}">{}</a></td>', head, cell.href, cell.text)
    return format_html("<td{}>{}</td>", head, cell.text)

"""Parts of a list's template."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from guanxi.kernel.lists.spec import ListSpec
from guanxi.kernel.lists.state import EVERYTHING_ASKED, WHERE
from guanxi.kernel.lists.web.page import ListColumn, ListRow
from guanxi.kernel.ui.markup import escaped
from guanxi.kernel.ui.parts import Cell, Column

register: Final = template.Library()


@register.simple_tag
def list_url(spec: ListSpec) -> str:
    """The whole list, without any filter."""
    return f"{reverse(spec.url_name)}?{WHERE}={EVERYTHING_ASKED}"


@register.simple_tag
def list_row(row: ListRow, columns: Sequence[ListColumn], *, with_pick: object) -> SafeString:
    """A row, with a box to choose it by; by hand, because a page has five hundred cells."""
    panel = f' data-gx-panel="{escaped(row.card_url)}"' if row.card_url else ""
    pick = _pick(row) if with_pick else ""
    cells = "".join(_cell(cell, columns[at].column, is_first=not at) for at, cell in enumerate(row.cells))
    return SafeString(f'<tr data-href="{escaped(row.href)}" data-key="{row.key}"{panel}>{pick}{cells}</tr>')


def _pick(row: ListRow) -> str:
    label = escaped(gettext("Choose %(name)s") % {"name": row.name})
    box = f'<input class="form-check-input" type="checkbox" data-gx-pick value="{row.key}" aria-label="{label}">'
    return f'<td class="gx-pick">{box}</td>'


def _cell(cell: Cell, of: Column, *, is_first: bool) -> str:
    head = _cell_head("" if is_first else str(of.label), of.numeric, cell.tone)
    title = f' title="{escaped(cell.title)}"' if cell.title else ""
    text = escaped(cell.text)
    if cell.href:
        text = f'<a href="{escaped(cell.href)}">{text}</a>'
    return f"<td{head}{title}>{text}</td>"


@lru_cache(maxsize=1_000)
def _cell_head(label: str, is_number: bool, tone: str) -> str:  # noqa: FBT001  # by name the cache is slower
    """Classes, and the label that is told beside the value where a phone stacks the cells; the first has none."""
    classes = [name for name, is_so in (("gx-first", not label), ("gx-num", is_number)) if is_so]
    if tone:
        classes.append(f"gx-text-{tone}")
    head = f' class="{escaped(" ".join(classes))}"' if classes else ""
    return f'{head} data-label="{escaped(label)}"' if label else head

"""The list and its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.design import examples
from guanxi.kernel.design.catalogue.pages import USUAL
from guanxi.kernel.design.lists import CARD, EXAMPLES
from guanxi.kernel.design.parts import Component, Parameter, Press, State
from guanxi.kernel.lists.web.page import ListRow, ListShown, show_list
from guanxi.kernel.ui.parts import Chip, Tab


def shown_list(request: HttpRequest) -> ListShown:
    """The example list as the address asks for it, with its made-up rows."""
    shown = show_list(request, reader_of(request), EXAMPLES)
    columns = shown.state.shown(shown.ground.fields)
    rows = [
        ListRow(
            key=row["pk"],
            href=EXAMPLES.row_url(row["pk"]),
            card_url=f"{CARD}?row={row['pk']}",
            name=row["name"],
            cells=[field.show(row, shown.ground) for field in columns if field.show is not None],
        )
        for row in examples.rows()
    ]
    return replace(shown, rows=rows, empty="", count=str(len(rows)), count_plain=str(len(rows)))


def _with_views(shown: ListShown) -> ListShown:
    """The list as somebody sees it who has kept a view of it."""
    return replace(shown, tabs=[Tab(_("All"), "?view=", active=True), Tab(examples.stages()["open"], "?view=1")])


def _chips(request: HttpRequest) -> Sequence[State]:
    shown = shown_list(request)
    chips = [
        Chip(_("Stage is new or in progress"), "?", shown.new_filter_url), Chip(_("Due within the next 7 days"), "?"),
    ]  # fmt: skip
    hard = [State(title, replace(shown, chips=[Chip(text[:200], "?")])) for title, text in examples.HARD.items()]
    return [State(USUAL, replace(shown, chips=chips, clear_url="?")), *hard]


LISTS: Final = (
    Component(
        "list", _("List"), _("Filter, order, columns, views, side panel, selection and bulk actions, from one declaration. The rows here are made up and stay whatever is asked."),
        "list",
        'LIST = add_list(ListSpec(key="deals", model=Deal, …))\n\nrender_list(request, "deals/list.html", '
        'lambda: {"list": show_list(request, reader, LIST)})\n\n{% extends "lists/page.html" %}',
        "kernel/lists/spec.py",
        (
            Parameter("spec", "ListSpec", _("What the list is: see docs/how-to/add-a-list.md.")),
            Parameter("fields", "tuple[Field, …]", _("How each is called, filtered, sorted and shown.")),
            Parameter("list_primary, list_note, list_nobody", "block", _("The primary action, a line below the table, and what an empty list says.")),
            Parameter("add_list_action", "key, Action", _("A button of the bulk bar, from any app.")),
        ),
        lambda request: [State(USUAL, shown_list(request))],
        (
            Press("j", _("Next row")), Press("k", _("Row before")), Press("Enter", _("Open in the side panel")),
            Press("Ctrl+Enter", _("Open the whole page")), Press("x", _("Choose the row, or not")),
            Press("e", _("Edit")), Press("Esc", _("Close the side panel")),
        ),
    ),
    Component(
        "filters", _("Filter chips and filter builder"), _("Conditions as sentences; the builder joins them with and / or, in groups."), "filter",
        '{% chips chips clear_url=url %}\n<a href="{{ list.groups_url }}" data-gx-dialog="{{ list.groups_url }}">…</a>',
        "kernel/lists/conditions.py",
        (
            Parameter("chips", "Sequence[Chip]", _("A sentence, the address without it, and the dialog that changes it.")),
            Parameter("clear_url", "text", _("The address without any.")),
            Parameter("where", "text", _("The filter as the address holds it: stage:in:new;open,due:next:7d")),
        ),
        _chips,
        (
            Press("Tab Enter", _("Change a condition, or take it away")), Press("Enter", _("Apply, in the builder")),
            Press("Esc", _("Close without a change")),
        ),
    ),
    Component(
        "views", _("Saved views"), _("Filters, order and columns kept under a name: private or shared, as a tab, or as what the list opens with."), "bookmark",
        '{% tabs list.tabs %}\n<a href="{{ list.views_url }}" data-gx-dialog="{{ list.views_url }}">…</a>',
        "kernel/lists/commands.py",
        (
            Parameter("tabs", "Sequence[Tab]", _("Everything, then the views that are pinned.")),
            Parameter("views_url", "text", _("The dialog that keeps, renames, shares and deletes them.")),
        ),
        lambda request: [State(USUAL, _with_views(shown_list(request)))],
        (Press("Tab Enter", _("Open a view, or the dialog")), Press("Esc", _("Close the dialog"))),
    ),
    Component(
        "panel", _("Side panel"), _("A record beside the list it was opened from; the address keeps it."), "layout-sidebar-right",
        '<a href="{{ page_url }}" data-href="{{ page_url }}" data-gx-panel="{{ card_url }}">…</a>',
        "kernel/ui/static/guanxi/panel.js",
        (
            Parameter("data-gx-panel", "url", _("Answers with the panel's content alone.")),
            Parameter("data-href", "url", _("The whole page.")),
        ),
        lambda _request: [State(title, f"{CARD}?hard={place}") for place, title in enumerate((USUAL, *examples.HARD))],
        (
            Press("Enter", _("Open in the side panel")), Press("Ctrl+Enter", _("Open the whole page")),
            Press("j k", _("The panel follows the row")), Press("Esc", _("Close, back to the row")),
        ),
    ),
)  # fmt: skip

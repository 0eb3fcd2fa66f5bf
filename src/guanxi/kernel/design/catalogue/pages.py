"""The frame, and what pages show: figures, tables, charts, the page of a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.design import examples
from guanxi.kernel.design.parts import Component, Parameter, Press, State
from guanxi.kernel.ui.parts import Tab

TITLE: Final = Parameter("title", "text", _("The heading of the page."))
USUAL: Final = _("Usual")


def hard(usual: Any) -> Sequence[State]:
    """The usual state, and one for every text that tries a layout."""
    return [State(USUAL, usual), *(State(title, text) for title, text in examples.HARD.items())]


def _layout(_request: HttpRequest) -> Sequence[State]:
    tabs = [Tab(gettext("All"), "?", active=True, count="48"), Tab(gettext("Mine"), "?mine")]
    first: Mapping[str, Any] = {"title": gettext("Examples"), "tabs": tabs}
    return [State(USUAL, first), *(State(title, {"title": text}) for title, text in examples.HARD.items())]


def _table(_request: HttpRequest) -> Sequence[State]:
    return [
        State(USUAL, examples.table()),
        State(_("Empty"), examples.table(is_empty=True)),
        *(State(title, examples.table(text)) for title, text in examples.HARD.items()),
    ]


PAGES: Final = (
    Component(
        "layout", _("Page layout"), _("The frame of every page, with its heading, one primary action and tabs."),
        "layout-dashboard",
        '{% extends "ui/page.html" %}\n{% block title %}…{% endblock %}\n{% block content %}\n'
        '  {% page_header title=title count=count primary_url=url primary_label=label %}\n'
        '    <a class="btn" href="…">…</a>\n  {% endpage_header %}\n  {% tabs tabs %}\n{% endblock %}',
        "kernel/ui/templates/ui/page.html",
        (
            TITLE,
            Parameter("count, note", "text", _("How many there are, beside the heading; a line below it.")),
            Parameter("primary_url, primary_label, primary_icon", "text", _("The one primary action of the page.")),
            Parameter("back_url, back_label", "text", _("The way back, above the heading.")),
            Parameter("tabs", "Sequence[Tab]", _("Label, address, whether it is the open one, and a count.")),
            Parameter("add_menu_entry", "MenuEntry", _("Called in panels.py: the page's line in the menu.")),
        ),
        _layout,
        (
            Press("Tab", _("First the way past the menu, to the content")), Press("g c", _("Go to a page of the menu")),
            Press("c", _("The primary action that creates, where a link bears data-gx-create")),
            Press("?", _("Show these keys")),
        ),
    ),
    Component(
        "figures", _("Headline, figures and cards"), _("What a dashboard begins with: a sentence, then numbers."),
        "report-analytics",
        '{% headline text=sentence as_of=day %}\n{% figures %}\n  {% figure label=label value=value change=0.12 '
        'change_text="12%" meaning=meaning %}\n{% endfigures %}\n{% card title=title meaning=meaning %}…{% endcard %}\n'
        '{% badge label icon="crown" tone="tier-1" %}',
        "kernel/ui/templatetags/ui.py",
        (
            Parameter("value, unit", "text", _("The number as the reader sees it.")),
            Parameter("change, change_text, change_note", "float, text", _("Against the period before; nothing where there is none.")),
            Parameter("good", "up | down | none", _("Which way is welcome.")),
            Parameter("meaning", "text", _("What it means, behind the (i).")),
            Parameter("href", "text", _("The rows behind the number.")),
        ),
        lambda _request: hard(_("Tea rooms that ordered")),
        (Press("Esc", _("Close an explanation")),),
    ),
    Component(
        "table", _("Table"), _("A small table of ready texts. For rows that are filtered and paged, make a list."), "table",
        "{% data_table table %}\n{% data_table table dense=True %}", "kernel/ui/parts.py",
        (
            Parameter("table", "Table(columns, rows, caption, empty, name)", _("What it shows; the name is that of its download.")),
            Parameter("Column", "key, label, numeric, sort_url, sorted", _("A head; with an address it is a link that sorts.")),
            Parameter("Cell", "text, href, value, tone, title", _("What the reader sees, and the raw value of a download.")),
            Parameter("dense", "bool", _("Rows close together.")),
        ),
        _table,
        (Press("Tab", _("To the table, which then scrolls by arrows, and on to its links")),),
    ),
    Component(
        "chart", _("Chart with its table"), _("Drawn from tokens, with what it means, the table behind it and a download."),
        "chart-bar",
        "{% chart chart %}\n{% block scripts %}{% chart_scripts %}{% endblock %}", "kernel/ui/parts.py",
        (
            Parameter("chart", "Chart(key, kind, title, data, table, …)", _("The key is unique on its page; static/guanxi/charts.js tells what data each kind takes.")),
            Parameter("kind", "steps | hbar | pyramid | line | columns | stacked | moves | heat | tiles", _("How it is drawn.")),
            Parameter("summary", "text", _("What it shows in a sentence, for who cannot see it.")),
            Parameter("as_of, href, height", "date, text, s | m | l", _("The day of the data, the customers behind it, and how high it stands.")),
        ),
        lambda _request: [State(chart.title, chart) for chart in examples.charts()],
        (Press("Tab Enter", _("The meaning, the table in place of the chart, the download")), Press("Esc", _("Close an explanation"))),
    ),
    Component(
        "record", _("Page of a record"), _("Left who they are, in the middle what happened, right what is known; on a phone three tabs."),
        "id",
        '{% include "ui/_column_tabs.html" with column="who" who=a did=b known=c %}\n<div class="gx-columns" data-show="who">\n'
        '  <div id="who">…</div>\n  <div id="did">…</div>\n  <div id="known">…</div>\n</div>\n'
        '{% block scripts %}<script src="{% static \'guanxi/composer.js\' %}" defer></script>{% endblock %}',
        "customers/templates/customers/page.html",
        (
            Parameter("column", "who | did | known", _("The part that a phone opens with.")),
            Parameter("who, did, known", "text", _("What the three tabs are called.")),
            Parameter("add_panel", "slot, Panel", _("Called in panels.py: a part another app puts on the page, loaded after it.")),
        ),
        lambda _request: [State(USUAL, examples.LONG_NAME[:8])],
        (Press("e", _("Edit")), Press("Tab", _("From part to part"))),
    ),
)  # fmt: skip

"""What people work with: forms, timeline, toasts, palette, notifications, and the states of waiting and failing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.design import examples
from guanxi.kernel.design.catalogue.pages import USUAL, hard
from guanxi.kernel.design.parts import Component, Parameter, Press, State
from guanxi.kernel.ui.inputs import Form
from guanxi.kernel.ui.registry import Text
from guanxi.kernel.ui.timeline import TimelineView


@dataclass(frozen=True)
class ExampleKind:
    """A tab of the example composer."""

    key: str
    title: Text
    icon: str


@dataclass(frozen=True)
class ExampleComposer:
    """What `ui/_composer.html` takes."""

    form: Form
    kinds: Sequence[ExampleKind]
    kind: str = ""


def composer() -> ExampleComposer:
    """The example composer, closed."""
    kinds = [ExampleKind("call", gettext("Call"), "phone"), ExampleKind("note", gettext("Note"), "note")]
    return ExampleComposer(examples.form("log"), kinds)


def _forms(_request: HttpRequest) -> Sequence[State]:
    return [
        State(USUAL, examples.form("usual")),
        State(_("With mistakes"), examples.form("wrong", is_wrong=True)),
        State(_("Saved by somebody else meanwhile"), examples.form("both", is_edited_by_two=True)),
        *(
            State(title, examples.form(f"hard{at}", value=text))
            for at, (title, text) in enumerate(examples.HARD.items())
        ),
    ]


def _timelines(_request: HttpRequest) -> Sequence[State]:
    def drawn(timeline: TimelineView, with_composer: Any = None) -> dict[str, Any]:
        return {"timeline": timeline, "composer": with_composer}

    return [
        State(USUAL, drawn(examples.timeline(), composer())),
        State(_("Empty"), drawn(examples.timeline(is_empty=True))),
        State(_("A source does not answer"), drawn(examples.timeline(is_silent=True))),
        *(State(title, drawn(examples.timeline(text))) for title, text in examples.HARD.items()),
    ]


WORK: Final = (
    Component(
        "form", _("Form"), _("One column, labels above, what is wrong beside the field and in a summary."), "forms",
        '<form class="gx-form" method="post" novalidate data-gx-guard data-gx-keep="{{ key }}">{% csrf_token %}\n'
        '  {% include "ui/_form_summary.html" %}\n'
        '  {% for input in form.inputs %}{% include "ui/_input.html" %}{% endfor %}\n'
        '  <button class="btn btn-primary" type="submit" data-gx-save>…</button>\n</form>',
        "kernel/ui/inputs.py",
        (
            Parameter("form", "Form(inputs, errors)", _("The inputs, and what is wrong with the whole.")),
            Parameter("Input", "name, label, value, widget, options, hint, error, …", _("One input; the widget says how it is typed.")),
            Parameter("theirs, before", "text", _("What somebody else saved meanwhile, and what the field held at first.")),
            Parameter("data-gx-guard, data-gx-keep", "attribute", _("Leaving with unsaved text asks; the text is kept until it is saved.")),
        ),
        _forms,
        (
            Press("Tab", _("From field to field")), Press("Ctrl+Enter", _("Save the form")),
            Press("Esc", _("Close, or leave the field")),
        ),
    ),
    Component(
        "timeline", _("Timeline with composer"), _("What happened, out of the sources of every app; on top what was said is logged."), "history",
        '{% include "ui/_composer.html" with url=url target="#did" keep=url fields_template="deals/_log_fields.html" %}\n'
        '{% include "ui/_timeline.html" %}',
        "kernel/ui/timeline.py",
        (
            Parameter("timeline", "timeline_view(slot, reader, ids, …)", _("A stretch of it: see docs/how-to/add-to-the-timeline.md.")),
            Parameter("composer", "form, kinds, kind", _("The inputs, the tabs, and the tab that is open.")),
            Parameter("url, target, keep", "text", _("Where it is sent, what the answer replaces, and under which name text is kept.")),
            Parameter("fields_template", "template", _("The inputs as the app lays them out; data-gx-for shows one for some kinds only.")),
        ),
        _timelines,
        (
            Press("Enter", _("On a tab: open the composer, or close it")), Press("Ctrl+Enter", _("Save what was said")),
            Press("Tab", _("Through the filters and the entries")),
        ),
    ),
    Component(
        "toast", _("Toast with undo"), _("A word that something was done, with the way back; it waits while somebody is at it."), "arrow-back-up",
        "with_toast(response, text, undo_url=url)  # after htmx\nleave_toast(request, text, undo_url=url)  # before a redirect",
        "kernel/ui/toasts.py",
        (
            Parameter("text", "text", _("What was done.")),
            Parameter("undo_url", "url", _("Takes it back by POST; nothing where it cannot be taken back.")),
        ),
        lambda _request: [State(title, place) for place, title in enumerate((USUAL, *examples.HARD))],
        (Press("Tab Enter", _("Undo, or close; it stays while the keyboard is in it")),),
    ),
    Component(
        "palette", _("Palette and search"), _("Find, create, go to, do: what apps put there, as far as the reader may."), "command",
        'add_finder(Finder("deals", title, permission, find))\nadd_creation(Creation("deal", label, icon, permission, "deal-new"))\n'
        'add_record_action(RecordAction("deal", "win", label, icon, permission, "deal-win"))',
        "kernel/palette/registry.py",
        (
            Parameter("Finder", "key, title, permission, find", _("Records that are found by what is typed.")),
            Parameter("Creation", "key, label, icon, permission, url_name", _("Something that can be made.")),
            Parameter("RecordAction", "page, key, label, icon, …", _("Something that can be done with the record whose page is open.")),
        ),
        lambda _request: [State(USUAL, None)],
        (
            Press("Ctrl+K", _("Open the palette")), Press("/", _("Search")), Press("↑ ↓", _("Line by line")),
            Press("Enter", pgettext_lazy("do", "Open")), Press("Ctrl+Enter", _("Open in a new tab")), Press("Esc", _("Close")),
        ),
    ),
    Component(
        "notifications", _("Notifications"), _("The bell, and the news behind it."), "bell",
        '{% include "notifications/_bell.html" %}\n{% include "notifications/_lines.html" %}',
        "kernel/notifications/registry.py",
        (
            Parameter("bell", "Bell(unread, latest)", _("How many are unread.")),
            Parameter("lines", "Sequence[NewsLine]", _("What was told, the latest first.")),
            Parameter("add_news_kind", "NewsKind", _("Called in panels.py: a kind of news, and how it is put into words.")),
        ),
        lambda _request: [
            State(USUAL, {"bells": examples.bells(), "lines": examples.news()}),
            *(State(title, {"bells": [], "lines": examples.news(text)[:1]}) for title, text in examples.HARD.items()),
        ],
        (Press("Tab Enter", _("Open the news, then a piece of it")),),
    ),
    Component(
        "states", _("Empty, waiting, failed"), _("What a page shows while there is nothing, not yet something, or no longer anything."), "loader-2",
        '{% empty text=text icon="users" %}<a class="btn btn-primary" href="…">…</a>{% endempty %}\n'
        '<div class="gx-skeleton"></div>\n{% progress_row label=label done=3 total=8 text=text %}\n'
        "{% error_panel what=what kept=kept cure=cure place=place code=code %}{% enderror_panel %}",
        "kernel/ui/templatetags/ui.py",
        (
            Parameter("empty", "text, icon, title", _("What would be here; within it the first step.")),
            Parameter("progress_row", "label, done, total, text, state", _("One step of long work: running, done, stopped, waiting.")),
            Parameter("error_panel", "what, kept, cure, place, code", _("What happened, what was kept, and the way on.")),
        ),
        lambda _request: hard(_("The file has no control total.")),
        (Press("Tab", _("To the first step")),),
    ),
)  # fmt: skip

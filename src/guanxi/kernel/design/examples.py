"""Made-up things for the component page: a tea shop nobody runs, and texts that try a layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.notifications.queries import Bell, NewsLine
from guanxi.kernel.timeline import Entry, Note, Shown, Source
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.inputs import Form, Input
from guanxi.kernel.ui.parts import Cell, Chart, ChartKind, Column, Row, Table
from guanxi.kernel.ui.timeline import Chip as TimelineChip
from guanxi.kernel.ui.timeline import TimelineView, days_of

LONG_NAME: Final = "西湖龙井" * 2_500  # 10,000 characters without a place to break
LONG_WORDS: Final = " ".join(["A name of many words that nobody has shortened yet"] * 6)
RIGHT_TO_LEFT: Final = "مقهى النخيل (دبي)"
EMOJI: Final = "🍵 茶与🥐 👩‍👩‍👧 Tea & Cake"
HARD: Final[Mapping[Any, str]] = {
    _("Long text"): LONG_WORDS, _("A name of 10,000 characters"): LONG_NAME,
    _("Right to left"): RIGHT_TO_LEFT, _("Emoji"): EMOJI,
}  # fmt: skip
NAMES: Final = ("望江楼茶室", "Blue Door Café", "松风书院", RIGHT_TO_LEFT, EMOJI)
SOON: Final = date(2026, 11, 22)


def stages() -> dict[str, str]:
    """The stages an example can be in."""
    return {"new": gettext("new"), "open": gettext("in progress"), "done": gettext("done")}


def rows() -> list[dict[str, Any]]:
    """Rows of the example list."""
    keys = list(stages())
    return [
        {"pk": place + 1, "name": name, "stage": keys[place % 3], "amount": 1_250 * (place + 1) ** 2,
         "due": SOON + timedelta(days=3 * place)}
        for place, name in enumerate(NAMES)
    ]  # fmt: skip


def table(name: str = "", *, is_empty: bool = False) -> Table:
    """An example table; `name` stands in its first row."""
    shown = [] if is_empty else rows()[: 1 if name else 3]
    return Table(
        columns=[Column("name", gettext("Name"), sort_url="?sort=name", sorted="asc"),
                 Column("stage", pgettext("example", "Stage")), Column("amount", gettext("Amount, ¥"), numeric=True)],
        rows=[Row([Cell(name or row["name"], href="?opened"), Cell(stages()[row["stage"]]),
                   Cell(formats.number(row["amount"]), value=row["amount"])]) for row in shown],
        caption=gettext("Examples"), name="examples",
    )  # fmt: skip


def charts() -> Sequence[Chart]:
    """One example chart of each kind that most pages need."""
    months = ["7", "8", "9", "10", "11"]
    sold, lost = (12, 18, 9, 22, 30), (-2, -4, -3, -1, -6)

    def points(values: Sequence[int]) -> list[dict[str, Any]]:
        return [{"value": value, "text": str(abs(value)), "href": ""} for value in values]

    data: Sequence[tuple[ChartKind, str, dict[str, Any]]] = (
        ("hbar", gettext("Ranked bars"),
         {"items": [{"label": name, "value": 90 - 20 * at, "text": str(90 - 20 * at), "href": "?opened"}
                    for at, name in enumerate(NAMES[:4])]}),
        ("columns", gettext("Columns over time"),
         {"categories": months, "series": [{"name": gettext("new"), "tone": "accent", "values": points(sold)},
                                           {"name": gettext("lost"), "tone": "bad", "values": points(lost)}]}),
        ("line", gettext("A line"),
         {"x_label": gettext("month"), "y_label": gettext("orders"), "area": True, "marks": [],
          "points": [[at, value] for at, value in enumerate(sold)], "x_percent": False, "y_percent": False}),
        ("heat", gettext("A heat map"),
         {"x_label": gettext("how often"), "y_label": gettext("how recently"), "x": ["1", "2", "3"],
          "y": ["1", "2"], "cells": [{"x": x, "y": y, "value": 3 * x + y, "text": str(3 * x + y), "note": "",
                                     "href": "?opened"} for x in range(3) for y in range(2)]}),
    )  # fmt: skip
    return [
        Chart(
            kind, kind, title, shown, table(), summary=gettext("made-up numbers"), as_of=SOON, height="s",
            meaning=gettext("What the figure counts, and what it leaves out."),
        )
        for kind, title, shown in data
    ]  # fmt: skip


def form(prefix: str, *, is_wrong: bool = False, value: str = "", is_edited_by_two: bool = False) -> Form:
    """An example form with every kind of input."""
    answers = [("yes", gettext("yes")), ("no", gettext("no"))]
    choices = list(stages().items())
    inputs = [
        Input("name", gettext("Name"), value, is_required=True, longest=200, hint=gettext("As it is on the bill.")),
        Input("stage", pgettext("example", "Stage"), "open", "choice", choices),
        Input("warm", gettext("Interested"), "yes", "pills", answers),
        Input("has", gettext("Stages seen"), "new;done", "checks", choices),
        Input("phone", gettext("Phone"), "", "tel"),
        Input("mail", gettext("E-mail"), "", "email"),
        Input("amount", gettext("Amount, ¥"), "1250", "number"),
        Input("due", gettext("Due"), SOON.isoformat(), "date"),
        Input("at", gettext("When"), f"{SOON.isoformat()}T09:30", "moment"),
        Input("agreed", gettext("They agreed to be called"), "yes", "check"),
        Input("remark", gettext("Remark"), value, "long", longest=10_000),
    ]
    inputs = [replace(one, prefix=f"{prefix}-") for one in inputs]
    if is_wrong:
        inputs[0] = replace(inputs[0], error=gettext("Give a name."))
        inputs[6] = replace(inputs[6], value="12,5o", error=gettext("Give a number, such as 1250.50."))
    if is_edited_by_two:
        inputs[0] = replace(inputs[0], value="望江楼", theirs="望江楼茶室")
    return Form(inputs)


def timeline(text: str = "", *, is_empty: bool = False, is_silent: bool = False) -> TimelineView:
    """An example timeline."""
    now = timezone.localtime().replace(hour=9, minute=30)
    spoken = Source("spoken", _("Conversations"), "message", "settings.manage", lambda *_: ())
    edits = Source("edits", _("Changes"), "pencil", "settings.manage", lambda *_: (), is_quiet=True)
    said = text or gettext("They like the spring harvest, and ask for two more tins.")
    finished = [Note(_("done"), "check", "good")]
    entries = [
        Shown(spoken, Entry(now, 5, gettext("Call"), "phone", "王芳", said, notes=finished)),
        *(Shown(edits, Entry(now - timedelta(hours=at), 4 - at, gettext("Edited"), "pencil", "王芳")) for at in (1, 2)),
        Shown(spoken, Entry(now - timedelta(days=2), 1, gettext("Visit"), "walk", "Lee", url="?opened")),
    ]
    return TimelineView(
        days=[] if is_empty else list(days_of(entries, timezone.localdate())),
        chips=[TimelineChip(gettext("All"), "list", "?", is_on=True),
               TimelineChip(spoken.title, spoken.icon, "?only=spoken", is_on=False)],
        silent=[edits.title] if is_silent else [],
    )  # fmt: skip


def news(text: str = "") -> Sequence[NewsLine]:
    """Example news."""
    at = datetime(2026, 11, 22, 9, 30, tzinfo=timezone.get_current_timezone())
    told = [
        ("user-check", text or gettext("王芳 gave you 3 customers.")),
        ("calendar-due", gettext("Due today: call the tea room.")),
        ("alert-triangle", gettext("The data update has stopped.")),
    ]
    return [NewsLine(place, at, said, icon, "?opened", place == 0) for place, (icon, said) in enumerate(told)]


def bells() -> Sequence[Bell]:
    """The bell with nothing, something and very much unread."""
    return [Bell(0, 0), Bell(3, 9), Bell(100, 900)]

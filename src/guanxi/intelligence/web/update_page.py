"""The pages of the data updates, put together from what the queries found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from guanxi.intelligence.queries.drift import ColumnChange
from guanxi.intelligence.queries.updates import Rows, Update, UpdateLine, Waiting
from guanxi.intelligence.sources.drift_words import since_in_words, unread_in_words
from guanxi.intelligence.web.update_words import STATES, StateWord, kept_in_words, step_name, step_text
from guanxi.kernel.errors import ErrorWords
from guanxi.kernel.runs.queries import RunLine
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.parts import Cell, Column, Row, Table
from guanxi.kernel.ui.templatetags.ui import badge

MOST_CHANGES = 20  # files with other columns than before; a feed that changes every day is told where it is long


@dataclass(frozen=True)
class StepRow:
    """One step as a progress row."""

    label: str
    state: str
    done: int
    total: int | None
    text: str


@dataclass(frozen=True)
class Trouble:
    """Why an update stopped."""

    words: ErrorWords
    kept: str


@dataclass(frozen=True)
class ChangeRow:
    """A file whose columns changed: which, what changed, and what the contract makes nothing of."""

    file: str
    text: str
    note: str


@dataclass(frozen=True)
class NowPage:
    """What is under way on the list of updates. `is_live`: worth polling.

    `stopped_id` is the latest update if it stopped half-way, `trouble` why.
    """

    is_live: bool = False
    text: str = ""
    error: str = ""
    url: str = ""
    steps: Sequence[StepRow] = ()
    stopped_id: int | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True)
class UpdatePage:
    """Everything the page of one update shows."""

    run_id: int
    title: str
    note: str
    state: StateWord
    is_live: bool
    can_stop: bool
    can_resume: bool
    waiting: str
    trouble: Trouble | None
    steps: Sequence[StepRow]
    rows: Rows
    feeds: Table
    files: Table
    more_files: int
    changes: Sequence[ChangeRow]
    more_changes: int


def now_page(lines: Sequence[UpdateLine], waiting: Waiting | None, shown_as_of: date | None) -> NowPage:
    """What is under way: an update that runs, waits for the worker, could not begin, or stopped half-way."""
    latest = lines[0].run if lines else None
    if latest is not None and latest.state == "running":
        text = gettext("Update %(number)s is running.") % {"number": latest.id}
        return NowPage(is_live=True, text=text, url=reverse("update", args=[latest.id]), steps=_steps(latest))
    if waiting is not None and waiting.state != "failed":
        return NowPage(is_live=True, text=_waiting_text(waiting))
    if waiting is not None:
        return NowPage(error=waiting.error)
    if latest is not None and latest.state == "stopped":
        return NowPage(
            url=reverse("update", args=[latest.id]), stopped_id=latest.id, trouble=_trouble(latest, shown_as_of)
        )
    return NowPage()


def _waiting_text(waiting: Waiting) -> str:
    if waiting.error:
        return gettext("It failed and will be tried again at %(time)s: %(error)s") % {
            "time": formats.moment(waiting.next_try_at), "error": waiting.error,
        }  # fmt: skip
    return gettext("Asked for at %(time)s; waiting for the worker to begin.") % {
        "time": formats.moment(waiting.asked_at)
    }


def updates_table(lines: Sequence[UpdateLine]) -> Table:
    """The list of updates, newest first."""
    return Table(
        columns=[
            Column("number", pgettext("update", "Update")), Column("business_date", gettext("Business date")),
            Column("state", gettext("State")), Column("started", gettext("Started")),
            Column("took", gettext("Working time"), numeric=True), Column("rows", gettext("Rows in"), numeric=True),
            Column("rejected", gettext("Rejected rows"), numeric=True), Column("by", gettext("Started by")),
        ],
        rows=[_update_row(line) for line in lines],
        caption=gettext("Data updates"), name="updates",
        empty=gettext("No data update yet. Connect a source and start the first one."),
    )  # fmt: skip


def _update_row(line: UpdateLine) -> Row:
    run, url = line.run, reverse("update", args=[line.run.id])
    word = STATES[run.state]
    day = formats.day(run.business_date) if run.business_date else gettext("not known yet")
    if line.is_current:
        day = gettext("%(day)s (shown on the pages)") % {"day": day}
    rejected = Cell(
        formats.number(line.rows.rejected), value=line.rows.rejected,
        href=reverse("update-rejects", args=[run.id]) if line.rows.rejected else "",
    )  # fmt: skip
    return Row(
        [
            Cell(gettext("Data update %(number)s") % {"number": run.id}, href=url), Cell(day),
            Cell(badge(word.label, word.icon, word.tone), value=str(word.label)),
            Cell(formats.moment(run.started_at)), Cell(formats.seconds(run.seconds), value=round(run.seconds, 1)),
            Cell(formats.number(line.rows.rows), value=line.rows.rows), rejected,
            Cell(line.started_by or gettext("System")),
        ],
        href=url,
    )  # fmt: skip


def update_page(update: Update, waiting: Waiting | None, titles: Mapping[str, str]) -> UpdatePage:
    """One update; `waiting` if somebody asked for one that has not begun; `titles` names the sources."""
    run, line = update.run, update.line
    stopped = run.state == "stopped"
    asked = waiting if stopped and waiting is not None and waiting.state != "failed" else None
    return UpdatePage(
        run_id=run.id, title=gettext("Data update %(number)s") % {"number": run.id}, note=_note(line),
        state=STATES[run.state], is_live=run.state == "running" or asked is not None,
        can_stop=run.state == "running" and run.stop_requested_at is None, can_resume=stopped and asked is None,
        waiting=_waiting_words(run, asked), trouble=_trouble(run, update.shown_as_of) if stopped else None,
        steps=_steps(run), rows=line.rows, feeds=_feeds(update, titles), files=_files(update, titles),
        more_files=max(0, line.files - len(update.deliveries)),
        changes=[_change_row(change, titles) for change in update.changes[:MOST_CHANGES]],
        more_changes=max(0, len(update.changes) - MOST_CHANGES),
    )  # fmt: skip


def _note(line: UpdateLine) -> str:
    run = line.run
    parts = [
        gettext("for %(day)s") % {"day": formats.day(run.business_date)} if run.business_date else "",
        gettext("started %(time)s") % {"time": formats.moment(run.started_at)},
        gettext("by %(name)s") % {"name": line.started_by or gettext("System")},
        gettext("working time %(time)s") % {"time": formats.seconds(run.seconds)},
    ]
    return " · ".join(part for part in parts if part)


def _waiting_words(run: RunLine, asked: Waiting | None) -> str:
    if asked is not None:
        return _waiting_text(asked)
    if run.state == "running" and run.stop_requested_at is not None:
        return gettext("It was asked to stop and does so at its next good place.")
    return ""


def _trouble(run: RunLine, shown_as_of: date | None) -> Trouble:
    words = run.error or ErrorWords(
        code="killed", message=gettext("Its process ended without a word: it was killed, or the machine stopped."),
        place="", cure=gettext("Resume it: it goes on where it stopped."),
    )  # fmt: skip
    return Trouble(words, kept_in_words(run, shown_as_of))


def _steps(run: RunLine) -> list[StepRow]:
    return [StepRow(step_name(step.name), step.state, step.done, step.expected, step_text(step)) for step in run.steps]


def _change_row(change: ColumnChange, titles: Mapping[str, str]) -> ChangeRow:
    compared = gettext("Compared with %(file)s.") % {"file": change.drift.before}
    note = formats.sentences((compared, unread_in_words(change.drift, but_new=True)))
    file = f"{titles.get(change.source, change.source)} · {change.feed} · {change.file}"
    return ChangeRow(file, since_in_words(change.since, change.drift), note)


_ROW_COLUMNS = ("rows", "landed", "rejected", "filtered")


def _row_columns() -> list[Column]:
    labels = (gettext("Rows in"), gettext("Landed"), gettext("Rejected"), gettext("Filtered out"))
    return [Column(key, label, numeric=True) for key, label in zip(_ROW_COLUMNS, labels, strict=True)]


def _row_cells(rows: Rows) -> list[Cell]:
    return [Cell(formats.number(getattr(rows, key)), value=getattr(rows, key)) for key in _ROW_COLUMNS]


def _feeds(update: Update, titles: Mapping[str, str]) -> Table:
    lines = [
        Row([Cell(titles.get(feed.source, feed.source)), Cell(feed.feed),
             Cell(formats.number(feed.files), value=feed.files), *_row_cells(feed.rows)])
        for feed in update.feeds
    ]  # fmt: skip
    if len(lines) > 1:
        files = update.line.files
        lines.append(
            Row([Cell(gettext("Together")), Cell(""), Cell(formats.number(files), value=files),
                 *_row_cells(update.line.rows)])
        )  # fmt: skip
    return Table(
        columns=[
            Column("source", gettext("Source")), Column("feed", gettext("Feed")),
            Column("files", gettext("Files"), numeric=True), *_row_columns(),
        ],
        rows=lines, caption=gettext("Rows by feed"), name=f"feeds-{update.run.id}",
        empty=gettext("No new file came in with this update.")
        if any(step.name == "land" and step.state == "done" for step in update.run.steps)
        else gettext("No file has come in yet."),
    )  # fmt: skip


def _files(update: Update, titles: Mapping[str, str]) -> Table:
    return Table(
        columns=[
            Column("file", gettext("File")), Column("feed", gettext("Feed")), *_row_columns(),
            Column("current", pgettext("file", "Counted")),
        ],
        rows=[
            Row([
                Cell(line.name), Cell(f"{titles.get(line.source, line.source)} · {line.feed}"), *_row_cells(line.rows),
                Cell(gettext("yes") if line.is_current else gettext("replaced")),
            ])
            for line in update.deliveries
        ],
        caption=gettext("Files delivered"), name=f"files-{update.run.id}",
    )  # fmt: skip

"""What the templates of bulk actions show."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any, Final, TypeVar

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from guanxi.kernel.batches.queries import BatchLine, get_batch, iterate_report
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import NotFound
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.parts import Cell, Column, Row, Table
from guanxi.kernel.ui.toasts import with_event, with_toast

REPORT_SHOWN: Final = 100
Response = TypeVar("Response", bound=HttpResponse)
PROGRESS: Final = {
    "waiting": "waiting", "running": "running", "cancelling": "running", "done": "done", "cancelled": "stopped",
    "failed": "stopped", "stopped": "stopped",
}  # fmt: skip


def state_word(line: BatchLine) -> str:
    """How it stands, in a word."""
    if line.is_undone:
        return gettext("undone")
    return {
        "waiting": gettext("waiting"), "running": gettext("running"), "cancelling": gettext("being cancelled"),
        "done": gettext("done"), "cancelled": gettext("cancelled"), "failed": gettext("failed"),
        "stopped": gettext("stopped"),
    }[line.state]  # fmt: skip


def title_of(line: BatchLine) -> str:
    """What is done, or taken back."""
    return gettext("Undo: %(what)s") % {"what": line.sentence} if line.is_undo else line.sentence


def how_far(line: BatchLine) -> str:
    """The progress in words: "4,000 of 12,480, 12 s left"."""
    if line.state == "waiting":
        return gettext("waiting for its turn")
    text = gettext("%(done)s of %(all)s") % {"done": formats.number(line.done), "all": formats.number(line.total)}
    if line.seconds_left is None:
        return text
    return gettext("%(text)s, %(time)s left") % {"text": text, "time": formats.seconds(line.seconds_left)}


def outcome_of(line: BatchLine) -> str:
    """What became of the rows: "9,990 changed, 8 as they were, 2 left alone"."""
    if line.is_export:
        return ngettext("%(count)s row", "%(count)s rows", line.changed) % {"count": formats.number(line.changed)}
    parts = [
        gettext("%(count)s given back") if line.is_undo else gettext("%(count)s changed"),
        gettext("%(count)s were so already"), gettext("%(count)s left alone"), gettext("%(count)s not reached"),
    ]  # fmt: skip
    counts = [line.changed, line.unchanged, line.refused, line.total - line.done]
    told = [part % {"count": formats.number(count)} for part, count in zip(parts, counts, strict=True) if count]
    return gettext(", ").join(told)


def now_context(lines: Sequence[BatchLine], untold: Sequence[int] = ()) -> dict[str, Any]:
    """The context of `batches/_now.html`; `untold` ended, too, and is told next."""
    return {
        "now": [_shown(line) for line in lines],
        "seen": ",".join(map(str, [*untold, *(line.id for line in lines)])),
    }


def batches_context(lines: Sequence[BatchLine]) -> dict[str, Any]:
    """The context of `batches/list.html`."""
    return {
        "under_way": [_shown(line) for line in lines if line.is_open],
        "over": [_shown(line) for line in lines if not line.is_open],
    }


def batch_context(reader: Actor, line: BatchLine) -> dict[str, Any]:
    """The context of `batches/batch.html`."""
    rows = [
        Row([Cell(formats.number(row.id), value=row.id), Cell(row.name), Cell(row.reason)])
        for row in islice(iterate_report(reader, line.id), REPORT_SHOWN)
    ]
    table = Table(
        [Column("id", gettext("No."), numeric=True), Column("name", gettext("Name")), Column("why", gettext("Reason"))],
        rows, caption=gettext("Left alone"), name=f"batch-{line.id}", fits_page=True,
    )  # fmt: skip
    more = line.refused - len(rows)
    return {"shown": _shown(line), "table": table if rows else None, "more": formats.number(more) if more > 0 else ""}


def tell_end(response: Response, reader: Actor, batch_id: int) -> Response:
    """Let the page say how a batch ended, with the way back, and let lists know that rows changed."""
    try:
        line = get_batch(reader, batch_id)
    except NotFound:
        return response
    if line.has_file:
        with_event(response, "gx:download", reverse("batch-file", args=[line.id]))
        return with_toast(response, gettext("Your file is ready: %(what)s") % {"what": title_of(line)})
    words = {"title": title_of(line), "state": state_word(line), "outcome": outcome_of(line)}
    text = gettext("%(title)s: %(outcome)s") if line.state == "done" else gettext("%(title)s: %(state)s, %(outcome)s")
    undo = reverse("batch-undo", args=[line.id]) if line.can_undo else ""
    return with_event(with_toast(response, text % words, undo_url=undo), "gx:changed")


def _shown(line: BatchLine) -> dict[str, Any]:
    is_over = not line.is_open
    return {
        "line": line,
        "title": title_of(line),
        "state": PROGRESS[line.state],
        "word": state_word(line),
        "text": (outcome_of(line) or state_word(line)) if is_over else how_far(line),
        "at": formats.moment(line.created_at),
        "file_until": formats.day(timezone.localdate(line.file_until)) if line.file_until else "",
    }

"""My long work: parse, call, render."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.batches.commands import cancel_batch, resume_batch, undo_batch
from guanxi.kernel.batches.queries import (
    get_batch,
    get_file,
    iterate_report,
    list_batches,
    list_open_batches,
)
from guanxi.kernel.batches.sheets import CONTENT_TYPES, harmless
from guanxi.kernel.batches.web.pages import batch_context, batches_context, now_context, tell_end
from guanxi.kernel.row_numbers import read_row_number
from guanxi.kernel.ui.toasts import leave_toast, with_event, with_toast


@require_GET
def show_batches(request: HttpRequest) -> HttpResponse:
    """The reader's bulk actions and exports, the latest first."""
    reader = reader_of(request)
    template = "batches/_list.html" if request.headers.get("HX-Request") else "batches/list.html"
    return render(request, template, batches_context(list_batches(reader)))


@require_GET
def show_now(request: HttpRequest) -> HttpResponse:
    """What is under way, for the strip on every page; `seen` names what the page showed, so that its end is told."""
    reader = reader_of(request)
    lines = list_open_batches(reader)
    is_open = {line.id for line in lines}
    read = map(read_row_number, request.GET.get("seen", "").split(","))
    seen = [number for number in read if number is not None]
    ended = [batch_id for batch_id in seen[:20] if batch_id not in is_open]
    response = render(request, "batches/_now.html", now_context(lines, untold=ended[1:]))
    return tell_end(response, reader, ended[0]) if ended else response


@require_GET
def show_batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One bulk action, with the rows that were left alone."""
    reader = reader_of(request)
    template = "batches/_batch.html" if request.headers.get("HX-Request") else "batches/batch.html"
    return render(request, template, batch_context(reader, get_batch(reader, batch_id)))


@require_POST
def cancel(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Let it end before its next chunk."""
    cancel_batch(reader_of(request), batch_id=batch_id)
    return _answer(request, gettext("It is being cancelled; what is done stays and can be undone."))


@require_POST
def undo(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Take it back."""
    undo_batch(reader_of(request), batch_id=batch_id)
    return _answer(request, gettext("It is being undone."))


@require_POST
def resume(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Go on with it."""
    resume_batch(reader_of(request), batch_id=batch_id)
    return _answer(request, gettext("It goes on."))


@require_GET
def download_report(request: HttpRequest, batch_id: int) -> StreamingHttpResponse:
    """The rows that were left alone, each with its reason, as CSV."""
    reader = reader_of(request)
    get_batch(reader, batch_id)
    writer = csv.writer(_Echo(), lineterminator="\r\n")

    def lines() -> Iterator[Any]:
        yield "\ufeff"
        yield writer.writerow([gettext("No."), gettext("Name"), gettext("Reason")])
        for row in iterate_report(reader, batch_id):
            yield writer.writerow([row.id, harmless(row.name), harmless(row.reason)])

    headers = {"Content-Disposition": f'attachment; filename="batch-{batch_id}.csv"'}
    return StreamingHttpResponse(lines(), content_type=CONTENT_TYPES["csv"], headers=headers)


@require_GET
def download_file(request: HttpRequest, batch_id: int) -> HttpResponseBase:
    """The exported file, for who asked for it."""
    file = get_file(reader_of(request), batch_id)
    response = FileResponse(
        file.path.open("rb"), as_attachment=True, filename=file.name, content_type=CONTENT_TYPES[file.kind]
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _answer(request: HttpRequest, said: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return with_event(with_toast(HttpResponse(status=204), said), "gx:work")
    leave_toast(request, said)
    return redirect("my-work")

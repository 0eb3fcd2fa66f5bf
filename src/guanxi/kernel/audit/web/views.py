"""The operation log: who did what, when; filtered, paged, exported."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from guanxi.kernel.access.queries.gate import refuse_unless_manager
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.audit.commands import note_export
from guanxi.kernel.audit.queries import TrailFilters, iterate_trail, list_trail
from guanxi.kernel.audit.web.forms import TrailForm
from guanxi.kernel.batches.sheets import CONTENT_TYPES, SheetColumn, open_sheet

COLUMNS = (
    SheetColumn(_("When"), "moment"),
    SheetColumn(pgettext_lazy("operation log", "Who")),
    SheetColumn(pgettext_lazy("operation log", "What")),
    SheetColumn(_("On what")),
    SheetColumn(pgettext_lazy("of a record", "Changes")),
)  # fmt: skip


@never_cache
@require_safe
def show_trail(request: HttpRequest) -> HttpResponse:
    """The trail, newest first."""
    reader = reader_of(request)
    refuse_unless_manager(reader)
    form = TrailForm(request.GET)
    filters = form.filters()
    before = request.GET.get("before", "")
    page = list_trail(reader, filters, before=int(before) if before.isdecimal() and len(before) < 19 else None)
    asked = _told(filters)
    older = f"{reverse('settings-log')}?{urlencode(asked | {'before': page.next_before})}" if page.next_before else ""
    context = {
        "form": form, "page": page, "older_url": older, "is_first": not before, "asked": asked,
        "newest_url": f"{reverse('settings-log')}?{urlencode(asked)}",
    }  # fmt: skip
    return render(request, "audit/trail.html", context)


@never_cache
@require_POST
def export_trail(request: HttpRequest) -> HttpResponseBase:
    """The same as a file; that it was taken away is told in the trail."""
    reader = reader_of(request)
    refuse_unless_manager(reader)
    filters = TrailForm(request.POST).filters()
    kind = "xlsx" if request.POST.get("format") == "xlsx" else "csv"
    note_export(reader, told=_told(filters))
    folder = tempfile.TemporaryDirectory(prefix="guanxi-log-", ignore_cleanup_errors=True)
    path = Path(folder.name) / f"log.{kind}"
    with open_sheet(path, kind, COLUMNS) as sheet:
        sheet.write(
            [line.at, line.actor or gettext("the system"), line.title, line.about, "; ".join(map(str, line.changes))]
            for line in iterate_trail(reader, filters)
        )
    name = f"{gettext('operation log')}-{timezone.localdate():%Y-%m-%d}.{kind}"
    response = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])
    response._resource_closers.append(folder.cleanup)  # type: ignore[attr-defined]  # the folder goes with the answer
    return response


def _told(filters: TrailFilters) -> dict[str, str]:
    told = {"who": filters.who, "since": filters.since, "until": filters.until, "command": filters.command}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items() if value}

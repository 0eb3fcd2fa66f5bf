"""Data updates: what ran, what came in, what was rejected; start, resume, stop (S1f, S1i, S1n)."""

from __future__ import annotations

import hashlib

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from guanxi.intelligence.commands.start_refresh import resume_refresh, start_refresh
from guanxi.intelligence.queries.rejects import iter_rejects_csv
from guanxi.intelligence.queries.sources import check_source, list_sources, source_titles
from guanxi.intelligence.queries.updates import find_between, find_waiting, get_update, list_updates, shown_as_of
from guanxi.intelligence.web.update_page import now_page, update_page, updates_table
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.runs.commands import request_stop
from guanxi.kernel.ui import formats


class StartForm(forms.Form):
    """For which day to count; left empty, the day of the last fact."""

    business_date = forms.DateField(
        required=False,
        label=_("As of (optional)"),
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}),
        error_messages={"invalid": _("Give the day as YYYY-MM-DD, or leave it empty.")},
    )


@require_safe
def updates(request: HttpRequest) -> HttpResponse:
    """The list of updates, the sources, and the start button."""
    return _updates(request, StartForm())


def _updates(request: HttpRequest, form: StartForm, status: int = 200) -> HttpResponse:
    reader = reader_of(request)
    lines = list_updates(reader)
    context = {
        "form": form,
        "now": now_page(lines, find_waiting(reader), shown_as_of()),
        "table": updates_table(lines),
        "sources": list_sources(reader),
        "between": find_between(reader),
        "may_set": reader.may("settings.manage"),
        "may_run": reader.may("updates.run"),
    }
    return render(request, "intelligence/updates.html", context, status=status)


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """What is under way now, polled by the list of updates; once it is over, the page reloads."""
    reader = reader_of(request)
    now = now_page(list_updates(reader, limit=1), find_waiting(reader), shown_as_of())
    context = {"now": now, "may_run": reader.may("updates.run")}
    response = _unless_known(request, now, "intelligence/_now.html", context)
    if not now.is_live and response.status_code == 200:
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Ask for an update."""
    form = StartForm(request.POST)
    if not form.is_valid():
        return _updates(request, form, status=422)
    start_refresh(reader_of(request), business_date=form.cleaned_data["business_date"])
    messages.success(request, gettext("The data update will begin in a moment."))
    return redirect("updates")


@require_safe
def update(request: HttpRequest, run_id: int) -> HttpResponse:
    """One update: its steps, its rows, its error with the cure."""
    return render(request, "intelligence/update.html", _update_context(request, run_id))


@require_safe
def live(request: HttpRequest, run_id: int) -> HttpResponse:
    """The body of an update's page, polled while it runs; 304 as long as nothing moved."""
    context = _update_context(request, run_id)
    return _unless_known(request, context["page"], "intelligence/_update.html", context)


def _update_context(request: HttpRequest, run_id: int) -> dict[str, object]:
    reader = reader_of(request)
    page = update_page(get_update(reader, run_id), find_waiting(reader), source_titles())
    return {"page": page, "may_run": reader.may("updates.run")}


def _unless_known(request: HttpRequest, state: object, template: str, context: dict[str, object]) -> HttpResponse:
    """The fragment, or 304 if the reader has it; `state` is everything that it shows."""
    facts = f"{state!r} {get_language()} {reader_of(request).may('updates.run')}"
    etag = quote_etag(hashlib.sha256(facts.encode()).hexdigest())
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = render(request, template, context)
        response.headers["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    return response


@require_safe
def rejects(request: HttpRequest, run_id: int) -> StreamingHttpResponse:
    """The rejected rows of an update, as CSV."""
    pieces = iter_rejects_csv(reader_of(request), run_id)
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="rejected-rows-{run_id}.csv"'
    return response


@require_POST
def resume(request: HttpRequest, run_id: int) -> HttpResponse:
    """Ask for a stopped update to go on."""
    resume_refresh(reader_of(request), run_id=run_id)
    messages.success(request, gettext("The data update will go on in a moment."))
    return redirect("update", run_id=run_id)


@require_POST
def stop(request: HttpRequest, run_id: int) -> HttpResponse:
    """Ask a running update to stop at its next good place."""
    request_stop(reader_of(request), run_id=run_id)
    return redirect("update", run_id=run_id)


@require_safe
def check(request: HttpRequest, name: str) -> HttpResponse:
    """Every mistake of one source's contract."""
    found = check_source(reader_of(request), name)
    template = "intelligence/_check.html" if request.headers.get("HX-Request") else "intelligence/check.html"
    lines = [(mistake, formats.sentences((mistake.message, mistake.suggestion))) for mistake in found.mistakes]
    may_run = reader_of(request).may("updates.run")
    return render(request, template, {"check": found, "lines": lines, "may_run": may_run})

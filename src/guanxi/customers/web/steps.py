"""Next steps: done, dropped, opened again, put off; from the customer page, from My day, from the calendar."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.customers.commands import drop_task, edit_task, finish_task, reopen_task
from guanxi.customers.web.attached import part_event
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.toasts import leave_toast, with_event, with_toast

CHANGED = part_event("step")  # whatever on the screen shows next steps reads them anew


@require_POST
def done(request: HttpRequest, task_id: int) -> HttpResponse:
    """Say that it is done."""
    finish_task(reader_of(request), task_id=task_id, outcome=request.POST.get("outcome", ""))
    return _changed(request, _("Done"), reverse("step-reopen", args=[task_id]))


@require_POST
def drop(request: HttpRequest, task_id: int) -> HttpResponse:
    """Say that it will not be done."""
    drop_task(reader_of(request), task_id=task_id, outcome=request.POST.get("outcome", ""))
    return _changed(request, _("Dropped"), reverse("step-reopen", args=[task_id]))


@require_POST
def reopen(request: HttpRequest, task_id: int) -> HttpResponse:
    """Take its end back."""
    reopen_task(reader_of(request), task_id=task_id)
    return _changed(request, _("Open again"), "")


@require_POST
def move(request: HttpRequest, task_id: int) -> HttpResponse:
    """Put it off to another day: `to` is a day, or "tomorrow"."""
    to = request.POST.get("to", "")
    day = timezone.localdate() + timedelta(days=1) if to == "tomorrow" else to
    edit_task(reader_of(request), task_id=task_id, values={"due_on": day})
    moved = day if isinstance(day, date) else date.fromisoformat(day)
    return _changed(request, _("Moved to %(day)s") % {"day": formats.day(moved)}, "")


def _changed(request: HttpRequest, told: str, undo_url: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return with_toast(with_event(HttpResponse(status=204), CHANGED), told, undo_url)
    leave_toast(request, told, undo_url)
    return redirect("my-day")

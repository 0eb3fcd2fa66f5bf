"""Settings: a company's own fields. Parse, call, render."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.kernel.access.models import User
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.errors import GuanxiError
from guanxi.kernel.fields.commands import (
    archive_field,
    change_field,
    define_field,
    mark_filterable,
    move_field,
    restore_field,
)
from guanxi.kernel.fields.queries import FieldLine, get_field_line, list_field_lines
from guanxi.kernel.fields.registry import Holder, find_holder, holders
from guanxi.kernel.fields.rules import MOST_FILTERS
from guanxi.kernel.fields.web.forms import ICONS, KINDS, FieldForm, NewFieldForm
from guanxi.kernel.ui.parts import Tab
from guanxi.kernel.ui.toasts import leave_toast

Deed = Callable[[User, str, str], None]
DEEDS: Final[dict[str, Deed]] = {
    "up": lambda reader, subject, key: move_field(reader, subject=subject, key=key, by=-1),
    "down": lambda reader, subject, key: move_field(reader, subject=subject, key=key, by=1),
    "archive": lambda reader, subject, key: archive_field(reader, subject=subject, key=key),
    "restore": lambda reader, subject, key: restore_field(reader, subject=subject, key=key),
    "filter": lambda reader, subject, key: mark_filterable(reader, subject=subject, key=key, wanted=True),
    "unfilter": lambda reader, subject, key: mark_filterable(reader, subject=subject, key=key, wanted=False),
}


@require_GET
def show_first(request: HttpRequest) -> HttpResponse:
    """The fields of the first kind of records that can have some."""
    return show_fields(request, holders()[0].key)


@require_GET
def show_fields(request: HttpRequest, subject: str) -> HttpResponse:
    """The fields of one kind of records."""
    holder = _holder(subject)
    lines = list_field_lines(reader_of(request), subject)
    context = {
        "holder": holder,
        "tabs": [Tab(each.title, reverse("settings-fields-of", args=[each.key]), each is holder) for each in holders()],
        "in_use": [_shown(line) for line in lines if not line.is_archived],
        "archived": [_shown(line) for line in lines if line.is_archived],
        "waits": any(line.index == "waiting" for line in lines),
        "filters": sum(line.is_filterable for line in lines),
        "most_filters": MOST_FILTERS,
    }
    template = "fields/_fields_of.html" if request.headers.get("HX-Request") else "fields/fields.html"
    return render(request, template, context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_field(request: HttpRequest, subject: str) -> HttpResponse:
    """Define a field."""
    holder, reader = _holder(subject), reader_of(request)
    list_field_lines(reader, subject)
    form = NewFieldForm(request.POST or None)
    if form.is_valid():
        kind, key = form.cleaned_data["kind"], form.cleaned_data["key"]
        try:
            define_field(reader, subject=subject, kind=kind, looks=form.looks(), key=key)
        except GuanxiError as refused:
            form.refuse(refused)
        else:
            leave_toast(request, gettext("The field is there. It shows in forms and can be chosen as a column."))
            return redirect("settings-fields-of", subject)
    context = {"form": form, "holder": holder, "choosing": form["kind"].value() in ("choice", "choices")}
    return render(request, "fields/field.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_field(request: HttpRequest, subject: str, key: str) -> HttpResponse:
    """Change how a field looks."""
    holder, reader = _holder(subject), reader_of(request)
    line = get_field_line(reader, subject, key)
    form = FieldForm(request.POST or None, line=line)
    if form.is_valid():
        try:
            change_field(reader, subject=subject, key=key, looks=form.looks())
        except GuanxiError as refused:
            form.refuse(refused)
        else:
            leave_toast(request, gettext("Saved."))
            return redirect("settings-fields-of", subject)
    context = {"form": form, "holder": holder, "shown": _shown(line), "choosing": True}
    return render(request, "fields/field.html", context, status=422 if form.errors else 200)


@require_POST
def do_with_field(request: HttpRequest, subject: str, key: str, deed: str) -> HttpResponse:
    """Move, archive, bring back, filter by it or no more."""
    _holder(subject)
    if deed not in DEEDS:
        raise Http404
    DEEDS[deed](reader_of(request), subject, key)
    if deed == "archive":
        undo = reverse("settings-field-deed", args=[subject, key, "restore"])
        leave_toast(request, gettext("The field is archived; its values stay."), undo_url=undo)
    if request.headers.get("HX-Request"):  # the way back in a toast
        response = HttpResponse(status=204)
        response.headers["HX-Refresh"] = "true"
        return response
    return redirect("settings-fields-of", subject)


def _holder(subject: str) -> Holder:
    holder = find_holder(subject)
    if holder is None:
        raise Http404
    return holder


def _shown(line: FieldLine) -> dict[str, Any]:
    return {"line": line, "kind": KINDS[line.kind], "icon": ICONS[line.kind]}

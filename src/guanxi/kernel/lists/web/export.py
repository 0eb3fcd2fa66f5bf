"""The question before a list becomes a file, and the file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.batches.export import AT_ONCE, export_now
from guanxi.kernel.batches.registry import get_action
from guanxi.kernel.batches.sheets import FORMATS
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.lists.actions import Selection
from guanxi.kernel.lists.reading import walk_keys
from guanxi.kernel.lists.spec import ListSpec, get_list
from guanxi.kernel.lists.state import ListState
from guanxi.kernel.ui.toasts import leave_toast, with_event, with_toast


@require_http_methods(["GET", "HEAD", "POST"])
def export_list(request: HttpRequest, list_key: str) -> HttpResponse:
    """Ask for the format, and write the chosen rows with the columns of the page; few at once, many by a job."""
    reader, spec = reader_of(request), get_list(list_key)
    permission = get_action(f"{list_key}.export").permission
    if not reader.may(permission):
        raise PermissionDenied(permission=permission)
    given = request.POST if request.method == "POST" else request.GET
    chosen = Selection.from_request(spec, given)
    state = ListState.from_address(spec, QueryDict(given.get("state", "")))
    if request.method == "POST":
        return _begin(request, reader, spec, chosen, state)
    columns = state.shown(spec.stand(reader).fields)
    count = chosen.rows(reader, spec).count()
    context = {
        "spec": spec, "url": request.path, "count": count, "at_once": count <= AT_ONCE,
        "chosen": chosen.parameters() | {"state": state.query()}, "is_all": chosen.state is not None,
        "columns": [column.label for column in columns], "masked": [c.label for c in columns if c.is_masked],
        "form_template": "lists/_export_form.html",
    }  # fmt: skip
    template = context["form_template"] if request.headers.get("HX-Request") else "lists/dialog_page.html"
    return render(request, str(template), context)


def _begin(request: HttpRequest, reader: Actor, spec: ListSpec, chosen: Selection, state: ListState) -> HttpResponse:
    kind = request.POST.get("format", "")
    options = {
        "format": kind if kind in FORMATS else FORMATS[0],
        "columns": [column.key for column in state.shown(spec.stand(reader).fields)],
    }
    among = None if chosen.state is not None else chosen.ids
    ids = list(walk_keys(reader, spec, state, among))
    batch = export_now(reader, kind=f"{spec.key}.export", options=options, ids=ids)
    url = reverse("batch-file", args=[batch.pk]) if batch.file_name else ""
    if request.headers.get("HX-Request"):
        response = with_event(HttpResponse(status=204), "gx:dialog-close")
        return with_event(response, "gx:download", url) if url else _by_job(response)
    if url:
        return redirect(url)
    leave_toast(request, _wait_for_it())
    return redirect(state.address(spec))


def _wait_for_it() -> str:
    return gettext("The file is being written; it comes by itself when it is ready.")


def _by_job(response: HttpResponse) -> HttpResponse:
    return with_event(with_toast(response, _wait_for_it()), "gx:work")

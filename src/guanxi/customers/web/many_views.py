"""Changing many customers at once: ask, and begin."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guanxi.customers.web.many_forms import FORMS, ManyForm
from guanxi.kernel.access.models import User
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.batches.commands import start_batch
from guanxi.kernel.batches.registry import get_action
from guanxi.kernel.errors import GuanxiError, PermissionDenied
from guanxi.kernel.lists.actions import Selection
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.toasts import with_event


@require_http_methods(["GET", "HEAD", "POST"])
def change_many(request: HttpRequest, what: str) -> HttpResponse:
    """Ask how the chosen customers are to be changed, and begin."""
    reader = reader_of(request)
    kind = FORMS[what]
    permission = get_action(kind.kind).permission
    if not reader.may(permission):
        raise PermissionDenied(permission=permission)
    asked = request.POST if request.method == "POST" else request.GET
    chosen = Selection.from_request(kind.spec, asked)
    form = kind(request.POST) if request.method == "POST" else kind(initial={"field": request.GET.get("field")})
    count = chosen.rows(reader, kind.spec).count()
    has_moved = kind.is_dangerous and request.method == "POST" and request.POST.get("count") != str(count)
    if request.method == "POST" and form.is_valid() and not has_moved:
        try:
            return _begin(request, reader, form, chosen)
        except GuanxiError as refused:
            form.add_error(None, formats.told(refused))
    context = {
        "form": form, "url": request.path, "count": count, "chosen": chosen.parameters(),
        "is_all": chosen.state is not None, "has_moved": has_moved, "spec": kind.spec,
        "form_template": "customers/many/_ask.html",
    }  # fmt: skip
    template = "customers/many/_ask.html" if request.headers.get("HX-Request") else "lists/dialog_page.html"
    return render(request, template, context, status=400 if form.errors else 200)


def _begin(request: HttpRequest, reader: User, form: ManyForm, chosen: Selection) -> HttpResponse:
    ids = list(chosen.rows(reader, form.spec).values_list("pk", flat=True))
    start_batch(reader, kind=form.kind, options=form.options(), ids=ids)
    if request.headers.get("HX-Request"):
        response = with_event(HttpResponse(status=204), "gx:work")
        return with_event(with_event(response, "gx:dialog-close"), "gx:chosen-done")
    return redirect(chosen.state.address(form.spec) if chosen.state else reverse(form.spec.url_name))

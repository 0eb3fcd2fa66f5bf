"""The webhooks page: parse, call, render."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.errors import GuanxiError, NotFound, PermissionDenied
from guanxi.kernel.ui import formats
from guanxi.kernel.webhooks import commands
from guanxi.kernel.webhooks.errors import EndpointUnknown
from guanxi.kernel.webhooks.queries import EndpointLine, list_endpoints
from guanxi.kernel.webhooks.web.forms import EndpointForm


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """All webhooks with their latest deliveries."""
    return _page(request)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new webhook."""
    reader = reader_of(request)

    def make(form: EndpointForm) -> str:
        given = form.cleaned_data
        commands.create_endpoint(reader, name=given["name"], url=given["url"], events=given["events"])
        return gettext("Saved. Show the secret and put it into the receiver.")

    return _form(request, None, EndpointForm(request.POST or None), make)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Change a webhook."""
    reader = reader_of(request)
    line = _find(request, endpoint_id)

    def make(form: EndpointForm) -> str:
        commands.change_endpoint(reader, endpoint_id, **form.cleaned_data)
        return gettext("Saved.")

    initial = {"name": line.name, "url": line.url, "events": line.events, "is_active": line.is_active}
    return _form(request, line, EndpointForm(request.POST or None, initial=initial), make)


@require_POST
def test(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Send a test."""
    commands.ping_endpoint(reader_of(request), endpoint_id)
    messages.success(request, gettext("A test is on its way; its answer shows among the deliveries."))
    return redirect("webhooks")


@require_POST
def secret(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Show the secret once, or make a new one and show that."""
    reader = reader_of(request)
    if "renew" in request.POST:
        shown = commands.renew_secret(reader, endpoint_id)
    else:
        shown = commands.reveal_secret(reader, endpoint_id)
    response = _page(request, secret_of=endpoint_id, secret=shown)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def delete(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Delete a webhook with its deliveries."""
    commands.delete_endpoint(reader_of(request), endpoint_id)
    messages.success(request, gettext("Deleted."))
    return redirect("webhooks")


@require_POST
def resend(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Send a delivery again."""
    commands.resend_delivery(reader_of(request), delivery_id)
    messages.success(request, gettext("It is sent again."))
    return redirect("webhooks")


def _page(request: HttpRequest, *, secret_of: int | None = None, secret: str = "") -> HttpResponse:
    context = {"endpoints": list_endpoints(reader_of(request)), "secret_of": secret_of, "secret": secret}
    return render(request, "webhooks/list.html", context)


def _form(
    request: HttpRequest, line: EndpointLine | None, form: EndpointForm, make: Callable[[EndpointForm], str]
) -> HttpResponse:
    if not reader_of(request).may("settings.manage"):
        raise PermissionDenied(permission="settings.manage")
    if request.method == "POST" and form.is_valid():
        try:
            said = make(form)
        except (NotFound, PermissionDenied):
            raise
        except GuanxiError as refused:
            form.add_error("url", formats.told(refused))
        else:
            messages.success(request, said)
            return redirect("webhooks")
    status = 422 if form.errors else 200
    return render(request, "webhooks/form.html", {"form": form, "endpoint": line}, status=status)


def _find(request: HttpRequest, endpoint_id: int) -> EndpointLine:
    for line in list_endpoints(reader_of(request)):
        if line.id == endpoint_id:
            return line
    raise EndpointUnknown(endpoint=endpoint_id)

"""Follow-ups: logged from the composer, pinned, corrected, taken back, read on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.customers.attached_fields import INTERACTION
from guanxi.customers.attached_words import INTERACTION_KINDS
from guanxi.customers.commands import (
    edit_interaction,
    log_interaction,
    pin_interaction,
    remove_interaction,
    restore_interaction,
)
from guanxi.customers.models import Interaction
from guanxi.customers.queries import get_customer_page
from guanxi.customers.queries.attached import get_attached
from guanxi.customers.web.composer import ASKED_BY, FIELDS, NEXT, draw_composer, read_composer
from guanxi.customers.web.forms import draw_form, mistake_of, mistakes, typed_in
from guanxi.customers.web.page_view import did_context, page_context, timeline_of
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.errors import GuanxiError
from guanxi.kernel.ui.toasts import leave_toast, with_event, with_toast

CHANGED = "gx:customer"  # the page on the screen reads its middle anew


@require_GET
def show_did(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The middle of the page: composer and timeline."""
    page = get_customer_page(reader_of(request), customer_id)
    return render(request, "customers/_did.html", page_context(page) | did_context(request, page))


@require_GET
def show_timeline(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The timeline from its top, or further down behind a cursor."""
    page = get_customer_page(reader_of(request), customer_id)
    cursor = request.GET.get("cursor", "")
    template = "ui/_timeline_stretch.html" if cursor else "ui/_timeline.html"
    if not request.headers.get("HX-Request"):
        template = "customers/timeline_page.html"
    return render(request, template, page_context(page) | {"timeline": timeline_of(request, page, cursor)})


@require_POST
def log(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Log what was typed into the composer; what is wrong is told in it, with the text as it was typed."""
    reader, typed = reader_of(request), read_composer(request.POST)
    errors = dict(typed.errors)
    if not errors:
        try:
            interaction = log_interaction(
                reader, customer_id=customer_id, values=typed.values, task_id=typed.task_id, next_step=typed.next_step
            )
        except GuanxiError as error:
            place = f"next_{error.place}" if f"next_{error.place}" in NEXT else error.place
            error.place = place
            errors = mistake_of(error, FIELDS)
        else:
            return _logged(request, customer_id, interaction)
    page = get_customer_page(reader, customer_id)
    context = page_context(page) | did_context(request, page)
    context["composer"] = draw_composer(page, request.POST, errors)
    if request.headers.get("HX-Request"):
        return render(request, "customers/_did.html", context)
    return render(request, "customers/timeline_page.html", context)


def _logged(request: HttpRequest, customer_id: int, interaction: Interaction) -> HttpResponse:
    told = _("Logged: %(kind)s") % {"kind": INTERACTION_KINDS[interaction.kind].label}
    undo = reverse("follow-up-remove", args=[interaction.pk])
    if not request.headers.get("HX-Request"):
        leave_toast(request, told, undo)
        return redirect("customer", customer_id)
    page = get_customer_page(reader_of(request), customer_id)
    context = page_context(page) | did_context(request, page) | {"is_logged": True}
    return with_toast(render(request, "customers/_logged.html", context), told, undo)


@require_http_methods(["GET", "POST"])
def show_follow_up(request: HttpRequest, interaction_id: int) -> HttpResponse:
    """A form to correct a follow-up."""
    reader = reader_of(request)
    customer_id, row = get_attached(reader, Interaction, interaction_id)
    fields = {
        name: field for name, field in INTERACTION.items()
        if name not in {"kind", "contact_id"} and row.kind in ASKED_BY.get(name, {row.kind})
    }  # fmt: skip
    typed = {name: getattr(row, name) for name in fields}
    errors = dict[str, str]()
    if request.method == "POST":
        typed = typed_in(fields, request.POST)
        errors = mistakes(fields, typed)
        if not errors:
            try:
                edit_interaction(reader, interaction_id=interaction_id, values=typed)
            except GuanxiError as error:
                errors = mistake_of(error, fields)
            else:
                return _timeline(request, customer_id)
    form = draw_form(fields, typed, errors=errors, prefix=f"follow-up-{interaction_id}-")
    context = {"form": form, "customer_id": customer_id, "follow_up": row}
    response = render(request, "customers/_follow_up_form.html", context)
    if request.method == "POST":
        response.headers["HX-Retarget"] = f"#form-follow-up-{interaction_id}"
        response.headers["HX-Reswap"] = "outerHTML"
    return response


@require_POST
def pin(request: HttpRequest, interaction_id: int) -> HttpResponse:
    """Pin a follow-up on top, or take it down."""
    reader = reader_of(request)
    customer_id, _row = get_attached(reader, Interaction, interaction_id)
    pin_interaction(reader, interaction_id=interaction_id, is_pinned=request.POST.get("pinned") == "yes")
    return _timeline(request, customer_id)


@require_POST
def remove(request: HttpRequest, interaction_id: int) -> HttpResponse:
    """Take a follow-up back; the toast brings it back."""
    reader = reader_of(request)
    customer_id, _row = get_attached(reader, Interaction, interaction_id)
    remove_interaction(reader, interaction_id=interaction_id)
    return _changed(request, customer_id, _("Removed"), reverse("follow-up-restore", args=[interaction_id]))


@require_POST
def restore(request: HttpRequest, interaction_id: int) -> HttpResponse:
    """Bring a follow-up back."""
    reader = reader_of(request)
    customer_id, _row = get_attached(reader, Interaction, interaction_id)
    restore_interaction(reader, interaction_id=interaction_id)
    return _changed(request, customer_id, _("Back again"), "")


def _changed(request: HttpRequest, customer_id: int, told: str, undo_url: str) -> HttpResponse:
    """Nothing to swap: the page reads its middle anew, whoever asked (a button there, or "undo" of a toast)."""
    if not request.headers.get("HX-Request"):
        leave_toast(request, told, undo_url)
        return redirect("customer", customer_id)
    return with_toast(with_event(HttpResponse(status=204), CHANGED), told, undo_url)


def _timeline(request: HttpRequest, customer_id: int) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect("customer", customer_id)
    page = get_customer_page(reader_of(request), customer_id)
    context = page_context(page) | {"timeline": timeline_of(request, page)}
    return render(request, "ui/_timeline.html", context)

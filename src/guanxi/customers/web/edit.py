"""Typing in a new customer, and editing one: nothing typed is ever lost, whoever was faster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.customers.attached_fields import CERTIFICATE
from guanxi.customers.commands import Edit, add_certificate, create_customer, edit_customer
from guanxi.customers.commands.certificates import read_certificate
from guanxi.customers.errors import EditConflict
from guanxi.customers.fields import Field
from guanxi.customers.own_fields import editable_fields
from guanxi.customers.queries.duplicates import Duplicate, find_duplicates
from guanxi.customers.queries.edit_view import EditView, find_last_change, get_edit_view
from guanxi.customers.web.forms import as_typed, draw_form, in_words, mistake_of, mistakes, typed_in
from guanxi.kernel.access.models import User
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.errors import GuanxiError, PermissionDenied
from guanxi.kernel.ui.inputs import Form
from guanxi.kernel.ui.toasts import leave_toast

PAPER: Final[Mapping[str, Field]] = {
    "certificate_kind": replace(
        CERTIFICATE["kind"], name="certificate_kind", label=gettext_lazy("Certificate"), is_required=False
    ),
    "certificate_number": replace(
        CERTIFICATE["number"], name="certificate_number", label=gettext_lazy("Certificate number"), is_required=False
    ),
}
OF_PERSONS: Final = frozenset({"gender", "birth_on", "company"})
SURE: Final = "sure"


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new customer. Where somebody with the same phone, mail or certificate is known, it takes a second yes."""
    reader = reader_of(request)
    if not reader.may("customers.edit"):
        raise PermissionDenied(permission="customers.edit")
    if request.method == "GET":
        return _draw_new(request, {"kind": "person", "name": request.GET.get("name", "")}, {}, [])
    fields = _fields()
    typed = typed_in(fields, request.POST)
    paper = {name: request.POST.get(name, "").strip() for name in PAPER}
    errors = mistakes(fields, typed) | _paper_mistakes(paper)
    duplicates = _duplicates(reader, request.POST)
    if not errors and (SURE in request.POST or not any(one.is_certain for one in duplicates)):
        try:
            customer = create_customer(reader, values=typed)
        except GuanxiError as error:
            errors = mistake_of(error, fields)
        else:
            if paper["certificate_number"]:
                values = {"kind": paper["certificate_kind"], "number": paper["certificate_number"]}
                add_certificate(reader, customer_id=customer.pk, values=values)
            leave_toast(request, _("%(name)s is a customer now.") % {"name": customer.name})
            return redirect("customer", customer.pk)
    return _draw_new(request, typed | paper, errors, duplicates)


@require_GET
def check(request: HttpRequest) -> HttpResponse:
    """Who might be the same as the one typed so far."""
    return render(request, "customers/_duplicates.html", {"duplicates": _duplicates(reader_of(request), request.GET)})


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Edit a customer. Of two people in one field the second sees both values, his own still in the field."""
    reader = reader_of(request)
    view = get_edit_view(reader, customer_id)
    if request.method == "GET":
        return _draw_edit(request, view, view.values, view.values, {})
    fields = {name: field for name, field in _fields().items() if f"before-{name}" in request.POST}
    typed = typed_in(fields, request.POST)
    before = {name: request.POST[f"before-{name}"] for name in fields}
    changed = {name: value for name, value in typed.items() if value.strip() != before[name].strip()}
    errors = mistakes(fields, changed)
    if not errors:
        edits = {name: Edit(value, before[name], checks_before=True) for name, value in changed.items()}
        try:
            edit_customer(reader, customer_id=customer_id, edits=edits)
        except EditConflict:
            return _draw_conflict(request, get_edit_view(reader, customer_id), typed, before, set(changed))
        except GuanxiError as error:
            errors = mistake_of(error, fields)
        else:
            leave_toast(request, _("Saved"))
            return redirect("customer", view.id)
    return _draw_edit(request, view, view.values | typed, view.values | before, errors)


def _draw_conflict(
    request: HttpRequest, view: EditView, typed: Mapping[str, str], before: Mapping[str, str], changed: set[str]
) -> HttpResponse:
    """The form with both values of every field that somebody else saved meanwhile; the next save knows of them."""
    now = {name: as_typed(value) for name, value in view.values.items()}
    theirs = {name: now[name] for name in changed if now[name] != before[name]}
    # What only they changed is taken over: nobody typed anything else there.
    values = now | {name: typed[name] for name in changed}
    error = EditConflict(field="", current="")
    told = {name: _("Somebody else saved another value meanwhile.") for name in theirs}
    return _draw_edit(request, view, values, now, told, theirs, str(error.remedy))


def _draw_edit(
    request: HttpRequest,
    view: EditView,
    values: Mapping[str, Any],
    before: Mapping[str, Any],
    errors: Mapping[str, str],
    theirs: Mapping[str, str] | None = None,
    advice: str = "",
) -> HttpResponse:
    form = draw_form(_fields_of(str(values["kind"])), values, errors=errors, hints=_hints(view.values))
    inputs = [
        replace(one, before=as_typed(before[one.name]), theirs=(theirs or {}).get(one.name)) for one in form.inputs
    ]
    context = {
        "form": Form(inputs, form.errors), "customer_id": view.id, "name": view.name, "advice": advice,
        "last": find_last_change(view.id) if theirs else None,
    }  # fmt: skip
    return render(request, "customers/edit.html", context)


def _draw_new(
    request: HttpRequest, values: Mapping[str, Any], errors: Mapping[str, str], duplicates: list[Duplicate]
) -> HttpResponse:
    form = draw_form({**_fields(), **PAPER}, values, errors=errors)
    context = {
        "form": form, "duplicates": duplicates, "asks": bool(duplicates) and not errors and request.method == "POST",
        "of_persons": OF_PERSONS,
    }  # fmt: skip
    return render(request, "customers/new.html", context)


def _fields_of(kind: str) -> Mapping[str, Field]:
    """An organisation has no birthday."""
    return {name: field for name, field in _fields().items() if kind == "person" or name not in OF_PERSONS}


def _fields() -> dict[str, Field]:
    """What is typed of a customer, the company's own fields last; the name is no field to leave out."""
    fields = editable_fields()
    return fields | {"name": replace(fields["name"], is_required=True)}


def _hints(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: _("Hidden in part. Leave it, or type it anew.") for name in ("phone", "email") if values.get(name)}


def _duplicates(reader: User, sent: QueryDict) -> list[Duplicate]:
    return find_duplicates(
        reader,
        name=sent.get("name", ""),
        phone=sent.get("phone", ""),
        email=sent.get("email", ""),
        certificate=(sent.get("certificate_kind", ""), sent.get("certificate_number", "")),
    )


def _paper_mistakes(paper: Mapping[str, str]) -> dict[str, str]:
    """A certificate is typed whole or not at all."""
    if not paper["certificate_number"]:
        return {}
    if paper["certificate_kind"] not in CERTIFICATE["kind"].options():
        return mistakes({"certificate_kind": CERTIFICATE["kind"]}, {"certificate_kind": ""})
    try:
        read_certificate(paper["certificate_kind"], paper["certificate_number"])
    except GuanxiError as error:
        return {"certificate_number": in_words(error)}
    return {}

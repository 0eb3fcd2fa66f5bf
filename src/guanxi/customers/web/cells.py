"""Editing one field of one customer in its cell of the list: typed, saved, and taken back.

Of two people in one cell the second sees both values and chooses; what somebody typed stays in the cell until it is
saved or given up.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.customers.commands import Edit, edit_customer
from guanxi.customers.errors import CustomerUnknown, EditConflict, FieldUnknown
from guanxi.customers.fields import Field
from guanxi.customers.lists import CUSTOMERS
from guanxi.customers.models import Customer
from guanxi.customers.own_fields import editable_fields, typed_value, value_of
from guanxi.customers.queries.edit_view import get_edit_view
from guanxi.customers.web.forms import as_typed, draw_form, in_words, typed_in
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import GuanxiError, NotFound, PermissionDenied
from guanxi.kernel.lists.state import ListState
from guanxi.kernel.lists.web.page import row_context
from guanxi.kernel.ui.inputs import Input
from guanxi.kernel.ui.toasts import with_event, with_toast

KEPT: Final = "cell_edits"  # in the session: what the latest edits of cells can be taken back to
MOST_KEPT: Final = 20
UNCHANGED: Final = 204


@require_http_methods(["GET", "HEAD", "POST"])
def edit_cell(request: HttpRequest, customer_id: int, name: str) -> HttpResponse:
    """The input of a cell, or, once it is saved, the row as it is now."""
    reader, field = reader_of(request), _field(name)
    if request.method != "POST":
        view = get_edit_view(reader, customer_id)
        return _draw(request, customer_id, field, view.values[name], view.values[name])
    typed, before = typed_in({name: field}, request.POST)[name], request.POST.get(f"before-{name}", "")
    if typed.strip() == before.strip():
        return _row(request, customer_id)
    try:
        former = as_typed(typed_value(name, value_of(_customer(reader, customer_id), name)))
        customer = edit_customer(reader, customer_id=customer_id, edits={name: Edit(typed, before, checks_before=True)})
    except EditConflict as conflict:
        now = get_edit_view(reader, customer_id).values[name]
        return _draw(request, customer_id, field, typed, now, in_words(conflict), is_conflict=True, status=409)
    except GuanxiError as error:
        return _draw(request, customer_id, field, typed, before, in_words(error), status=_status(error))
    saved = as_typed(typed_value(name, value_of(customer, name)))
    said = gettext("%(field)s of %(customer)s saved") % {
        "field": field.label, "customer": customer.name or gettext("No name"),
    }  # fmt: skip
    token = _keep(request, [customer.pk, name, former, saved])
    return with_toast(_row(request, customer_id), said, undo_url=reverse("customer-cell-undo", args=[token]))


@require_GET
def show_row(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The row as it is now: what somebody else saved is kept."""
    return _row(request, customer_id)


@require_POST
def undo(request: HttpRequest, token: str) -> HttpResponse:
    """Take an edit of a cell back, unless somebody has changed it since."""
    kept = request.session.get(KEPT, {})
    if token not in kept:
        return with_toast(HttpResponse(status=UNCHANGED), gettext("This can no longer be undone."))
    customer_id, name, former, saved = kept[token]
    request.session[KEPT] = {other: edit for other, edit in kept.items() if other != token}
    edit = Edit(former, saved, checks_before=True)
    try:
        edit_customer(reader_of(request), customer_id=customer_id, edits={name: edit})
    except GuanxiError as error:
        return with_toast(HttpResponse(status=UNCHANGED), in_words(error))
    return with_event(with_toast(HttpResponse(status=UNCHANGED), gettext("Undone.")), "gx:changed")


def _field(name: str) -> Field:
    fields = editable_fields()
    if name not in fields:
        raise FieldUnknown(place=name, field=name, fields=", ".join(fields))
    return fields[name]


def _customer(reader: Actor, customer_id: int) -> Customer:
    return Customer.objects.get(pk=get_edit_view(reader, customer_id).id)


def _draw(
    request: HttpRequest, customer_id: int, field: Field, value: Any, before: Any, error: str = "",
    *, is_conflict: bool = False, status: int = 200,
) -> HttpResponse:  # fmt: skip
    drawn: Input = draw_form({field.name: field}, {field.name: value}).inputs[0]
    shown = replace(drawn, error=error, before=as_typed(before), prefix=f"cell-{customer_id}-", hint="")
    context = {
        "input": shown, "customer_id": customer_id, "name": field.name, "is_conflict": is_conflict,
        "state": _asked(request).get("state", ""), "theirs": as_typed(before),
    }  # fmt: skip
    response = render(request, "customers/_cell.html", context, status=status)
    if status != 200:  # the input stands in its cell again, with what is wrong
        response.headers["HX-Retarget"] = f'[data-gx-cell="{customer_id}:{field.name}"]'
    return response


def _row(request: HttpRequest, customer_id: int) -> HttpResponse:
    state = ListState.from_address(CUSTOMERS, QueryDict(_asked(request).get("state", "")))
    context = row_context(reader_of(request), CUSTOMERS, state, customer_id)
    if context["row"] is None:
        raise CustomerUnknown(customer_id=customer_id)
    return render(request, "lists/_row.html", context)


def _asked(request: HttpRequest) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET


def _status(error: GuanxiError) -> int:
    if isinstance(error, PermissionDenied):
        return 403
    return 404 if isinstance(error, NotFound) else 422


def _keep(request: HttpRequest, edit: list[Any]) -> str:
    token = secrets.token_urlsafe(12)
    kept = {**request.session.get(KEPT, {}), token: edit}
    request.session[KEPT] = dict(list(kept.items())[-MOST_KEPT:])
    return token

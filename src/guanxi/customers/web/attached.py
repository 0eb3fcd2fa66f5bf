"""What hangs on a customer: one form to add, one to correct, one click to remove, for every kind of it.

Each kind is a part of the customer page. htmx swaps the part; without it the same addresses are whole pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.customers import commands
from guanxi.customers.attached_fields import (
    ADDRESS,
    CERTIFICATE,
    CONTACT,
    CONTACT_POINT,
    PREFERENCE,
    RELATION,
    TAG,
    TASK,
)
from guanxi.customers.fields import Field
from guanxi.customers.models import Address, Contact, ContactPoint, Preference, Task
from guanxi.customers.queries import get_customer_page
from guanxi.customers.queries.attached import get_attached, get_task, list_assignees, list_found, shown_values
from guanxi.customers.queries.duplicates import Duplicate, find_duplicates
from guanxi.customers.web.forms import as_typed, draw_form, mistake_of, mistakes, typed_in
from guanxi.customers.web.page_view import page_context
from guanxi.kernel.access.models import User
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import GuanxiError
from guanxi.kernel.ui.inputs import Form, Text

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """A part of the page that people fill.

    `add` takes actor, customer and values, `edit` actor, row and values, `remove` actor, customer and row. `start` is
    what a new form holds.
    """

    key: str
    title: Text
    fields: Mapping[str, Field]
    add: Callable[[Actor, int, Values], Any]
    remove: Callable[[Actor, int, int], Any] | None = None
    edit: Callable[[Actor, int, Values], Any] | None = None
    model: type[Model] | None = None
    fixed: frozenset[str] = frozenset()  # fields that a correction leaves alone
    start: Callable[[Actor], Values] = lambda _actor: {}
    options: Callable[[Actor], Mapping[str, Sequence[tuple[str, Text]]]] = lambda _actor: {}


PARTS: Final = {
    part.key: part
    for part in (
        Part(
            "contact_point", _("Contact details"), CONTACT_POINT,
            add=lambda actor, customer, values: commands.add_contact_point(actor, customer_id=customer, values=values),
            edit=lambda actor, row, values: commands.edit_contact_point(actor, point_id=row, values=values),
            remove=lambda actor, _customer, row: commands.remove_contact_point(actor, point_id=row),
            model=ContactPoint, fixed=frozenset({"kind"}), start=lambda _actor: {"kind": "phone"},
        ),
        Part(
            "address", _("Address"), ADDRESS,
            add=lambda actor, customer, values: commands.add_address(actor, customer_id=customer, values=values),
            edit=lambda actor, row, values: commands.edit_address(actor, address_id=row, values=values),
            remove=lambda actor, _customer, row: commands.remove_address(actor, address_id=row),
            model=Address, start=lambda _actor: {"kind": "post"},
        ),
        Part(
            "certificate", _("Certificate"), CERTIFICATE,
            add=lambda actor, customer, values: commands.add_certificate(actor, customer_id=customer, values=values),
            remove=lambda actor, _customer, row: commands.remove_certificate(actor, certificate_id=row),
        ),
        Part(
            "contact", _("Contact"), CONTACT,
            add=lambda actor, customer, values: commands.add_contact(actor, customer_id=customer, values=values),
            edit=lambda actor, row, values: commands.edit_contact(actor, contact_id=row, values=values),
            remove=lambda actor, _customer, row: commands.remove_contact(actor, contact_id=row),
            model=Contact,
        ),
        Part(
            "preference", _("Preference or taboo"), PREFERENCE,
            add=lambda actor, customer, values: commands.add_preference(actor, customer_id=customer, values=values),
            edit=lambda actor, row, values: commands.edit_preference(actor, preference_id=row, values=values),
            remove=lambda actor, _customer, row: commands.remove_preference(actor, preference_id=row),
            model=Preference, start=lambda _actor: {"attitude": "like"},
        ),
        Part(
            "tag", _("Tag"), TAG,
            add=lambda actor, customer, values: commands.put_tag(actor, customer_id=customer, name=values["name"]),
            remove=lambda actor, customer, row: commands.take_tag(actor, customer_id=customer, tag_id=row),
        ),
        Part(
            "relation", _("Relation"), RELATION,
            add=lambda actor, customer, values: commands.add_relation(actor, customer_id=customer, values=values),
            remove=lambda actor, _customer, row: commands.remove_relation(actor, relation_id=row),
        ),
        Part(
            "step", _("Next step"), TASK,
            add=lambda actor, customer, values: commands.create_task(actor, customer_id=customer, values=values),
            edit=lambda actor, row, values: commands.edit_task(actor, task_id=row, values=values),
            model=Task, start=lambda actor: {"assignee_id": actor.pk},
            options=lambda actor: {"assignee_id": list_assignees(actor)},
        ),
    )
}  # fmt: skip


READ_ONLY: Final = frozenset({"attachment", "about"})  # filled elsewhere, read anew here


@require_http_methods(["GET", "POST"])
def show_part(request: HttpRequest, customer_id: int, key: str) -> HttpResponse:
    """The part as it is, or (POST) with what was typed added to it."""
    if request.method == "GET" and key in {*PARTS, *READ_ONLY}:
        return draw_part(request, customer_id, key)
    reader, part = reader_of(request), _part(key)
    typed = typed_in(part.fields, request.POST)
    errors = mistakes(part.fields, typed)
    if not errors:
        try:
            part.add(reader, customer_id, typed)
        except GuanxiError as error:
            errors = mistake_of(error, part.fields)
    if errors:
        return _draw_new(request, customer_id, part, typed, errors)
    return draw_part(request, customer_id, key, duplicates=_duplicates(reader, key, typed, customer_id))


@require_http_methods(["GET"])
def show_new(request: HttpRequest, customer_id: int, key: str) -> HttpResponse:
    """An empty form for one more of a part."""
    part = _part(key)
    get_customer_page(reader_of(request), customer_id)
    return _draw_new(request, customer_id, part, part.start(reader_of(request)), {})


@require_http_methods(["GET", "POST"])
def show_row(request: HttpRequest, customer_id: int, key: str, row_id: int) -> HttpResponse:
    """A form to correct one of a part; what was not touched is not sent, so that masked values stay what they are."""
    reader, part = reader_of(request), _part(key)
    if part.edit is None or part.model is None:
        raise Http404
    row: Model = get_task(reader, row_id) if part.model is Task else get_attached(reader, part.model, row_id)[1]
    fields = {name: field for name, field in part.fields.items() if name not in part.fixed}
    values = shown_values(row, fields)
    if request.method == "GET":
        return _draw_edit(request, customer_id, part, row_id, fields, values, {})
    typed = typed_in(fields, request.POST)
    changed = {name: value for name, value in typed.items() if value != as_typed(values[name])}
    errors = mistakes(fields, changed)
    if not errors:
        try:
            part.edit(reader, row_id, changed)
        except GuanxiError as error:
            errors = mistake_of(error, part.fields)
    if errors:
        return _draw_edit(request, customer_id, part, row_id, fields, typed, errors)
    return draw_part(request, customer_id, key)


@require_POST
def remove_row(request: HttpRequest, customer_id: int, key: str, row_id: int) -> HttpResponse:
    """Take one of a part away."""
    part = _part(key)
    if part.remove is None:
        raise Http404
    part.remove(reader_of(request), customer_id, row_id)
    return draw_part(request, customer_id, key)


@require_http_methods(["GET"])
def find(request: HttpRequest) -> HttpResponse:
    """Customers to choose one from, while their name, phone or number is typed (`q`)."""
    asked = request.GET.get("q", "")
    found = list_found(reader_of(request), asked) if asked.strip() else []
    context = {"found": found, "asked": asked, "name": request.GET.get("name", "other_id")}
    return render(request, "customers/_found.html", context)


def draw_part(request: HttpRequest, customer_id: int, key: str, **extra: Any) -> HttpResponse:
    """The part again, after something in it changed; without htmx the page it stands on."""
    page = get_customer_page(reader_of(request), customer_id)
    if not request.headers.get("HX-Request"):
        return redirect("customer", page.id)
    return render(request, f"customers/parts/_{key}.html", page_context(page) | extra)


def part_event(key: str) -> str:
    """The event on which a part of the page reads itself anew."""
    return f"gx:part-{key}"


def _part(key: str) -> Part:
    try:
        return PARTS[key]
    except KeyError:
        raise Http404 from None


def _draw_new(
    request: HttpRequest, customer_id: int, part: Part, values: Values, errors: Mapping[str, str]
) -> HttpResponse:
    form = draw_form(
        part.fields, values, errors=errors, options=part.options(reader_of(request)), prefix=f"{part.key}-"
    )
    return _draw(request, customer_id, part, form, reverse("customer-part", args=[customer_id, part.key]))


def _draw_edit(
    request: HttpRequest,
    customer_id: int,
    part: Part,
    row_id: int,
    fields: Mapping[str, Field],
    values: Values,
    errors: Mapping[str, str],
) -> HttpResponse:
    prefix = f"{part.key}-{row_id}-"
    form = draw_form(fields, values, errors=errors, options=part.options(reader_of(request)), prefix=prefix)
    return _draw(request, customer_id, part, form, reverse("customer-part-row", args=[customer_id, part.key, row_id]))


def _draw(request: HttpRequest, customer_id: int, part: Part, form: Form, url: str) -> HttpResponse:
    context = {"customer_id": customer_id, "part": part, "form": form, "url": url}
    if not request.headers.get("HX-Request"):
        return render(request, "customers/part_page.html", context)
    response = render(request, "customers/parts/_form.html", context)
    if request.method == "POST":
        response.headers["HX-Retarget"] = f"#form-{part.key}"
        response.headers["HX-Reswap"] = "outerHTML"
    return response


def _duplicates(reader: User, key: str, typed: Mapping[str, str], customer_id: int) -> list[Duplicate]:
    """Who else is known by what was just added."""
    if key == "certificate":
        return find_duplicates(reader, certificate=(typed["kind"], typed["number"]), but=customer_id)
    if key != "contact_point":
        return []
    phone, email = (typed["value"] if typed["kind"] == kind else "" for kind in ("phone", "email"))
    return find_duplicates(reader, phone=phone, email=email, but=customer_id)

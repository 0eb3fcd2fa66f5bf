"""The owner of a customer: given to another in a dialog; the periods as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.customers.attached_fields import OWNER
from guanxi.customers.commands import assign_owner
from guanxi.customers.lists import CUSTOMERS
from guanxi.customers.models import Customer
from guanxi.customers.queries import get_customer_page
from guanxi.customers.queries.customer_page import CustomerPage
from guanxi.customers.queries.owners import Period
from guanxi.customers.web.forms import draw_form, mistake_of, mistakes, typed_in
from guanxi.kernel.access.models import User
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.errors import GuanxiError, PermissionDenied
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.parts import Cell, Column, Row, Table, Text
from guanxi.kernel.ui.toasts import leave_toast

PERMISSION: Final = "customers.assign"
NOBODY: Final = "0"


@require_http_methods(["GET", "HEAD", "POST"])
def change_owner(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Ask to whom and why; and hand the customer over."""
    reader = reader_of(request)
    if not reader.may(PERMISSION):
        raise PermissionDenied(permission=PERMISSION)
    page = get_customer_page(reader, customer_id)
    if request.method != "POST":
        return _ask(request, page, {}, {})
    typed = typed_in(OWNER, request.POST)
    errors = mistakes(OWNER, typed)
    if not errors:
        owner_id = OWNER["owner_id"].parse(typed["owner_id"]) or None
        try:
            assign_owner(reader, customer_id=page.id, owner_id=owner_id, because=typed["because"])
        except GuanxiError as error:
            errors = mistake_of(error, OWNER)
        else:
            leave_toast(request, _("The customer has another owner now.") if owner_id else _("Nobody owns it now."))
            is_seen = Customer.objects.visible_to(reader).filter(pk=page.id).exists()
            return redirect("customer", page.id) if is_seen else redirect("customers")
    return _ask(request, page, typed, errors)


@require_GET
def show_owners(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Every owner, from when to when, how they got and lost the customer."""
    page = get_customer_page(reader_of(request), customer_id)
    return render(request, "customers/owners.html", {"page": page, "table": _table(page.periods)})


def _ask(request: HttpRequest, page: CustomerPage, typed: Mapping[str, str], errors: Mapping[str, str]) -> HttpResponse:
    people = User.objects.filter(is_active=True).order_by("display_name", "username", "pk")
    choices = [(NOBODY, pgettext("owner", "Nobody")), *((str(user.pk), str(user)) for user in people)]
    others = [choice for choice in choices if choice[1] != page.owner]
    context = {
        "page": page, "form": draw_form(OWNER, typed, errors=errors, options={"owner_id": others}),
        "spec": CUSTOMERS, "form_template": "customers/_owner.html",
    }  # fmt: skip
    template = "customers/_owner.html" if request.headers.get("HX-Request") else "lists/dialog_page.html"
    return render(request, template, context, status=422 if errors else 200)


def _table(periods: Sequence[Period]) -> Table:
    columns = (
        Column("owner", _("Owner")),
        Column("since", pgettext("period", "From")), Column("until", pgettext("period", "To")),
        Column("got", _("How got")), Column("lost", _("How lost")),
        Column("followed_up", _("Last follow-up")),
    )  # fmt: skip
    rows = [
        Row((
            Cell(one.owner), Cell(formats.moment(one.since)), Cell(formats.moment(one.until) if one.until else ""),
            Cell(_in_words(one.got_word, one.got_because)), Cell(_in_words(one.lost_word, one.lost_because)),
            Cell(formats.moment(one.last_follow_up_at) if one.last_follow_up_at else ""),
        ))
        for one in periods
    ]  # fmt: skip
    return Table(
        columns, rows, caption=_("Who looked after the customer"), name="owners",
        empty=_("Nobody has looked after this customer yet."),
    )  # fmt: skip


def _in_words(how: Text, because: str) -> str:
    return _(": ").join(filter(None, (str(how), because)))

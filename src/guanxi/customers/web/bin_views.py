"""The bin: its list, a customer put into it, one taken out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.customers.bin_list import BIN
from guanxi.customers.commands import delete_customer, restore_customer
from guanxi.customers.lists import CUSTOMERS
from guanxi.customers.queries import get_customer_page
from guanxi.customers.queries.bin import count_hanging, find_binned, purge_after_days
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.lists.web.page import render_list, show_list
from guanxi.kernel.ui.toasts import leave_toast, with_event, with_toast

GONE = 410


@require_GET
def show_bin(request: HttpRequest) -> HttpResponse:
    """The deleted customers under the filters of the address."""
    return render_list(request, "customers/bin.html", lambda: {
        "list": show_list(request, reader_of(request), BIN), "purge_after_days": purge_after_days(),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Ask, telling what hangs on the customer; and put it into the bin, with the way back."""
    reader = reader_of(request)
    if not reader.may("customers.delete"):
        raise PermissionDenied(permission="customers.delete")
    page = get_customer_page(reader, customer_id)
    if request.method == "POST":
        delete_customer(reader, customer_id=page.id)
        said = _("%(name)s is in the bin.") % {"name": page.name or _("No name")}
        leave_toast(request, said, reverse("customer-restore", args=[page.id]))
        return redirect("customers")
    context = {
        "page": page, "hanging": count_hanging(reader, page.id), "spec": CUSTOMERS,
        "form_template": "customers/_delete.html",
    }  # fmt: skip
    template = "customers/_delete.html" if request.headers.get("HX-Request") else "lists/dialog_page.html"
    return render(request, template, context)


@require_POST
def restore(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Take a customer out of the bin; the list that asked by its toast is read anew."""
    restore_customer(reader_of(request), customer_id=customer_id)
    if request.headers.get("HX-Request"):
        return with_event(with_toast(HttpResponse(status=204), _("Restored")), "gx:changed")
    leave_toast(request, _("Restored"))
    return redirect("customer", customer_id)


def draw_binned(request: HttpRequest, customer_id: int) -> HttpResponse | None:
    """The page of a deleted customer; nothing where the reader may not know of one."""
    binned = find_binned(reader_of(request), customer_id)
    return None if binned is None else render(request, "customers/binned.html", {"binned": binned}, status=GONE)

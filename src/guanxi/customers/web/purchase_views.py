"""Writing a purchase down on the customer's page, and taking one back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.customers.commands import record_purchase, reverse_purchase
from guanxi.customers.models import Purchase
from guanxi.customers.queries.access import find_main_id
from guanxi.customers.queries.purchases import company_currency, get_purchase
from guanxi.customers.web.purchase_forms import PurchaseForms
from guanxi.kernel.access.models import User
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.errors import GuanxiError, PermissionDenied
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.toasts import leave_toast, with_event, with_toast

PERMISSION = "customers.edit"
EVENT = "gx:purchases"  # what the panel listens to


@require_http_methods(["GET", "HEAD", "POST"])
def new_purchase(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The form, and what becomes of it: within the customer's page, or a page of its own where scripts are off."""
    reader = reader_of(request)
    if not reader.may(PERMISSION):
        raise PermissionDenied(permission=PERMISSION)
    main_id = find_main_id(reader, customer_id)
    asked = PurchaseForms(request.POST if request.method == "POST" else None, today=timezone.localdate())
    if request.method == "POST" and "more" in request.POST:
        asked.add_line()
    elif request.method == "POST" and asked.is_valid():
        try:
            return _recorded(request, _record(reader, main_id, asked))
        except GuanxiError as refused:
            asked.purchase.refuse(refused)
    has_errors = request.method == "POST" and "more" not in request.POST
    is_inside = bool(request.headers.get("HX-Request"))
    context = {"forms": asked, "customer_id": main_id, "currency": company_currency(), "is_inside": is_inside}
    template = "customers/_purchase_form.html" if is_inside else "customers/purchase.html"
    return render(request, template, context, status=422 if has_errors else 200)


@require_POST
def take_purchase_back(request: HttpRequest, purchase_id: int) -> HttpResponse:
    """Take a purchase back by a counter-entry."""
    reader = reader_of(request)
    purchase = get_purchase(reader, purchase_id)
    reverse_purchase(reader, purchase_id=purchase_id)
    told = gettext("Taken back: %(amount)s of %(day)s.") % _words(purchase)
    if request.headers.get("HX-Request"):
        return with_event(with_toast(HttpResponse(status=204), told), EVENT)
    leave_toast(request, told)
    return redirect("customer", purchase.customer_id)


def _record(reader: User, customer_id: int, asked: PurchaseForms) -> Purchase:
    return record_purchase(
        reader, customer_id=customer_id, lines=asked.typed_lines(), bought_at=asked.purchase.bought_at(timezone.now()),
        order_no=asked.purchase.cleaned_data["order_no"], key=asked.purchase.cleaned_data["key"],
    )  # fmt: skip


def _recorded(request: HttpRequest, purchase: Purchase) -> HttpResponse:
    told = gettext("Written down: %(amount)s on %(day)s. The value follows in a moment.") % _words(purchase)
    undo = reverse("purchase-back", args=[purchase.pk])
    if request.headers.get("HX-Request"):
        return with_event(with_toast(HttpResponse(status=204), told, undo_url=undo), EVENT)
    leave_toast(request, told, undo_url=undo)
    return redirect("customer", purchase.customer_id)


def _words(purchase: Purchase) -> dict[str, str]:
    return {
        "amount": formats.money(purchase.total, purchase.currency),
        "day": formats.day(timezone.localtime(purchase.bought_at).date()),
    }

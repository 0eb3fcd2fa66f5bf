"""The customer list and the customer page: parse, ask, render."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from guanxi.customers.errors import CustomerUnknown
from guanxi.customers.queries import get_customer_page
from guanxi.customers.queries.access import find_main_id
from guanxi.customers.standing_words import reasons
from guanxi.customers.web.bin_views import draw_binned
from guanxi.customers.web.list_view import list_context
from guanxi.customers.web.page_view import whole_page_context
from guanxi.customers.web.seen import note_seen
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.lists.web.page import render_list
from guanxi.kernel.ui.registry import UnknownSlot, get_panel


@require_GET
def show_list(request: HttpRequest) -> HttpResponse:
    """The customers under the filters of the address."""
    return render_list(request, "customers/list.html", lambda: list_context(request, reader_of(request)))


@require_GET
def show_customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """One customer; a merged number leads to the living record."""
    reader = reader_of(request)
    try:
        page = get_customer_page(reader, customer_id)
    except CustomerUnknown as error:
        if (binned := draw_binned(request, customer_id)) is not None:
            return binned
        return render(request, "customers/unknown.html", {"error": error}, status=404)
    if page.id != customer_id:
        return redirect("customer", page.id)
    response = render(request, "customers/page.html", whole_page_context(request, page))
    note_seen(request, response, page.id)
    return response


@require_GET
def show_card(request: HttpRequest, customer_id: int) -> HttpResponse:
    """One customer in short, for the side panel."""
    card = get_customer_page(reader_of(request), customer_id)
    words = list(reasons(card.standing)) if card.standing else []
    return render(request, "customers/_card.html", {"card": card, "reasons": words})


@require_GET
def show_panel(request: HttpRequest, customer_id: int, key: str) -> HttpResponse:
    """What another app knows about the customer, fetched after the page is up."""
    reader = reader_of(request)
    try:
        panel = get_panel("customer", key, reader)
    except UnknownSlot:
        raise Http404 from None
    find_main_id(reader, customer_id)
    return render(request, "customers/_panel.html", {"panel": panel, "facts": panel.load(reader, customer_id)})

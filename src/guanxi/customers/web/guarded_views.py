"""Looking behind one mask and hiding it again; what was done to a customer; why somebody can or cannot see one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from guanxi.customers.commands.reveal import PERMISSION, reveal
from guanxi.customers.details import kind_of
from guanxi.customers.errors import LooksUsedUp
from guanxi.customers.queries.history import get_history
from guanxi.customers.queries.looks import get_masked
from guanxi.customers.queries.why import explain_customer
from guanxi.customers.why_words import tell_reason
from guanxi.kernel.access.queries import explain_reach, list_askable
from guanxi.kernel.access.reader import reader_of


@never_cache
@require_http_methods(["GET", "POST"])
def show_detail(request: HttpRequest, customer_id: int, name: str) -> HttpResponse:
    """POST shows the clear value and keeps who looked; GET shows it masked."""
    reader = reader_of(request)
    context: dict[str, Any] = {
        "customer_id": customer_id, "name": name, "kind": kind_of(name), "may": reader.may(PERMISSION),
        "is_again": True,
    }  # fmt: skip
    status = 200
    if request.method == "POST":
        try:
            context["value"] = reveal(reader, customer_id=customer_id, name=name)
        except LooksUsedUp as refusal:
            context["refusal"], status = refusal, 429
    if "value" not in context:
        context["masked"] = get_masked(reader, customer_id, name)
    return render(request, "customers/_reveal.html", context, status=status)


@never_cache
@require_safe
def show_history(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The history of a customer: a page, or its fragment for htmx; `before` asks for older lines."""
    history = get_history(reader_of(request), customer_id, before=_number(request.GET.get("before", "")))
    template = "customers/_history.html" if request.headers.get("HX-Request") else "customers/history.html"
    return render(request, template, {"history": history})


@never_cache
@require_safe
def show_why(request: HttpRequest) -> HttpResponse:
    """Why one can or cannot see a customer; some may ask for others. A page, or its answer alone for htmx."""
    reader = reader_of(request)
    customer_id, user_id = (_number(request.GET.get(name, "")) for name in ("customer", "user"))
    reason = explain_customer(reader, customer_id, user_id) if customer_id is not None else None
    template = "customers/_why.html" if request.headers.get("HX-Request") else "customers/why.html"
    return render(request, template, {
        "reason": reason, "told": tell_reason(reason) if reason else "", "customer_id": customer_id,
        "reach": reason.reach if reason else explain_reach(reader, user_id), "people": list_askable(reader),
    })  # fmt: skip


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None

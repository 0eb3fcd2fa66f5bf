"""The component page: every part of the design system, live, for those who build pages of them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.design import examples
from guanxi.kernel.design.catalogue import COMPONENTS
from guanxi.kernel.design.lists import PERMISSION
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.lists.web.page import render_list
from guanxi.kernel.ui.toasts import leave_toast, with_toast


def _refuse_unless_allowed(request: HttpRequest) -> None:
    if not reader_of(request).may(PERMISSION):
        raise PermissionDenied(permission=PERMISSION)


@require_safe
def show_all(request: HttpRequest) -> HttpResponse:
    """All of them by name."""
    _refuse_unless_allowed(request)
    return render(request, "design/index.html", {"components": COMPONENTS.values()})


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """One of them: what to write, what it takes, its states, its keys."""
    _refuse_unless_allowed(request)
    component = COMPONENTS.get(key)
    if component is None:
        raise Http404
    return render_list(
        request,
        "design/component.html",
        lambda: {"component": component, "states": component.states(request), "all": COMPONENTS.values()},
    )


@require_safe
def card(request: HttpRequest) -> HttpResponse:
    """What the side panel shows of an example."""
    _refuse_unless_allowed(request)
    names = [row["name"] for row in examples.rows()]
    hard = [names[0], *examples.HARD.values()]
    at, asked = request.GET.get("row", "1"), request.GET.get("hard", "")
    name = _nth(hard, asked, 0) if asked else _nth(names, at, 1)
    context = {"name": name, "chosen": request.GET.get("ids", "")}
    return render(
        request, "design/card.html" if request.headers.get("HX-Request") else "design/card_page.html", context
    )


def _nth(names: list[str], number: str, first: int) -> str:
    place = int(number) - first if number.isascii() and number.isdigit() and len(number) < 4 else 0
    return names[place] if 0 <= place < len(names) else names[0]


@require_POST
def toast(request: HttpRequest) -> HttpResponse:
    """Say that something was done; nothing is."""
    _refuse_unless_allowed(request)
    if "undo" in request.GET:
        told, undo_url = gettext("Taken back"), ""
    else:
        told = _nth([gettext("Saved."), *examples.HARD.values()], request.POST.get("text", "0"), 0)
        undo_url = f"{reverse('design-toast')}?undo"
    if request.headers.get("HX-Request"):
        return with_toast(HttpResponse(status=204), told, undo_url)
    leave_toast(request, told, undo_url)
    return redirect("design-part", "toast")

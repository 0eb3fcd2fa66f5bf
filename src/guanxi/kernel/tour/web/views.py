"""Going from stop to stop."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.tour.frame import COOKIE, OFF
from guanxi.kernel.tour.registry import find_tour

MONTH = 60 * 60 * 24 * 30


@require_safe
def go(request: HttpRequest, number: int) -> HttpResponse:
    """To the page of a stop; the bar shows it from there on."""
    reader, tour = reader_of(request), find_tour()
    if tour is None or not 1 <= number <= len(tour.stops):
        raise Http404
    response = redirect(tour.stops[number - 1].address(reader) or "home")
    response.set_cookie(COOKIE, str(number), max_age=MONTH, samesite="Lax")
    return response


@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    """No more of it; the account menu begins it again."""
    onward = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure())
    response = redirect(onward if safe else "home")
    response.set_cookie(COOKIE, OFF, max_age=MONTH, samesite="Lax")
    return response

"""The bell, the news and what one wants of them: parse, call, render."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, gettext
from django.views.decorators.http import condition, require_POST, require_safe

from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.notifications.commands import choose_news, mark_read
from guanxi.kernel.notifications.queries import get_bell, list_choices, list_news
from guanxi.kernel.row_numbers import read_row_number


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The latest news, and the kinds one wants."""
    reader = reader_of(request)
    lines = list_news(reader)
    context = {"lines": lines, "choices": list_choices(reader), "latest": lines[0].id if lines else 0}
    return render(request, "notifications/news.html", context)


def _state_of_bell(request: HttpRequest) -> str:
    now = get_bell(reader_of(request))
    return f'"{request.user.pk}-{now.latest}-{now.unread}-{get_language()}"'


@require_safe
@condition(etag_func=_state_of_bell)
def bell(request: HttpRequest) -> HttpResponse:
    """The bell; it is polled, and costs next to nothing while nothing changes."""
    response = render(request, "notifications/_bell.html", {"bell": get_bell(reader_of(request))})
    patch_cache_control(response, private=True, no_cache=True)
    return response


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark what was shown as read."""
    upto = request.POST.get("upto", "")
    mark_read(reader_of(request), upto=read_row_number(upto) or 0)
    return redirect("news")


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the kinds one wants."""
    choose_news(SYSTEM, user_id=reader_of(request).pk, wanted=request.POST.getlist("kind"))
    messages.success(request, gettext("Kept: you are told what you chose."))
    return redirect("news")

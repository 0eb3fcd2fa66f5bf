"""An empty home has one page: the first run."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from guanxi.kernel.access.queries import has_users

OPEN_TO_ALL = frozenset({"first_run", "set_language", "set_theme", "health"})


class FirstRun:
    """Leads every address of a home without users to the first-run page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, or lead to the first run; somebody signed in proves that there are users."""
        if _name_of(request.path_info) in OPEN_TO_ALL or request.user.is_authenticated or has_users():
            return self.get_response(request)
        return redirect("first_run")


def _name_of(path: str) -> str | None:
    try:
        return resolve(path).url_name
    except Resolver404:
        return None

"""Who gets in: an empty home has one page, the first run; every other page asks for a log-in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve

from guanxi.kernel.access.queries import has_users
from guanxi.kernel.access.second_factor import DUE
from guanxi.kernel.access.sessions import note_seen

OPEN_TO_ALL = frozenset({"first_run", "set_language", "set_theme", "health"})
OPEN_BEFORE_A_NEW_PASSWORD = OPEN_TO_ALL | {"account-password", "logout", "log-in-again", "log-in-again-code"}
OPEN_BEFORE_A_SECOND_FACTOR = OPEN_BEFORE_A_NEW_PASSWORD | {"second-factor-set-up", "still-signed-in"}
UNASKED = "X-Guanxi-Unasked"  # the page asks by itself (polling); nobody is at work, so the session grows no older
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class FirstRun:
    """Leads every address of a home without users to the first-run page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, or lead to the first run; somebody signed in proves that there are users."""
        if _name_of(request.path_info) in OPEN_TO_ALL or request.user.is_authenticated or has_users():
            return self.get_response(request)
        return redirect("first_run")


class SignedIn(LoginRequiredMiddleware):
    """Every page but those marked otherwise is for signed-in users; what somebody was writing is never lost for it."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Pass on, or ask for a log-in.

        A temporary password opens one page only, where it is changed; so does a log-in without the second factor that
        the company asks for.
        """
        user = request.user
        if user.is_authenticated:
            if UNASKED not in request.headers:
                note_seen(request)
            if user.must_change_password and _name_of(request.path_info) not in OPEN_BEFORE_A_NEW_PASSWORD:
                return redirect("account-password")
            if request.session.get(DUE) and _name_of(request.path_info) not in OPEN_BEFORE_A_SECOND_FACTOR:
                return redirect("second-factor-set-up")
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override]  # django-stubs knows of redirects only
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        """A page leads to the log-in and back. What writes, or fills a part of a page, gets a log-in in place.

        The script `log-in.js` opens it above the page, whose form stays as it was typed, and sends again afterwards.
        Without the script the browser's way back leads to the form. By now the request has passed the CSRF check.
        """
        if request.headers.get("HX-Request"):
            return render(request, "access/_log_in_again.html", status=401)
        if request.method not in SAFE_METHODS:
            return render(request, "access/session_over.html", status=401)
        return super().handle_no_permission(request, view_func)


def _name_of(path: str) -> str | None:
    try:
        return resolve(path).url_name
    except Resolver404:
        return None

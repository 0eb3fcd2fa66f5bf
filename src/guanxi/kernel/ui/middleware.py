"""What every answer of the house carries, and how an error becomes a page in words."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guanxi.kernel.errors import GuanxiError, NotFound, PermissionDenied

DIRECTIVES = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
POLICY = "; ".join(f"{name} {sources}" for name, sources in DIRECTIVES.items())

Handler = Callable[[HttpRequest], HttpResponse]


class ContentSecurityPolicy:
    """Only our own files run; nothing inline, nobody frames us."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the policy, unless the view set its own."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response


class ErrorPages:
    """A `GuanxiError` that reaches the top is told to the reader: 403 for a refusal, 404 for the unknown, else 409."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page that tells the error, or the error panel where htmx asked for a fragment."""
        if not isinstance(exception, GuanxiError):
            return None
        refused = isinstance(exception, PermissionDenied)
        status = 403 if refused else 404 if isinstance(exception, NotFound) else 409
        if request.headers.get("HX-Request"):
            return render(request, "ui/_error.html", {"error": exception}, status=status)
        return render(request, "403.html" if refused else "ui/error.html", {"error": exception}, status=status)

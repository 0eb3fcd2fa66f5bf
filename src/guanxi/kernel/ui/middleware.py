"""What every answer of the house carries, and how an error becomes a page in words."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import is_valid_path

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
UNUSED = (
    "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
    "microphone", "midi", "payment", "publickey-credentials-get", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS = ", ".join(f"{feature}=()" for feature in UNUSED)

Handler = Callable[[HttpRequest], HttpResponse]


class ProtectiveHeaders:
    """Only our own files run; nothing inline, nobody frames us, no page asks for camera, place or microphone."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the policies, unless the view set its own."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response


class BodyLimit:
    """Nobody fills memory or disk with one request: a body over `LARGEST_BODY` bytes is refused before it is read."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, or refuse; a body of no told length is none to Django."""
        told = request.META.get("CONTENT_LENGTH") or "0"
        if not str(told).isdecimal() or int(told) > settings.LARGEST_BODY:
            limit = settings.LARGEST_BODY // 1024 // 1024
            template = "ui/_too_large.html" if request.headers.get("HX-Request") else "413.html"
            return render(request, template, {"limit": limit}, status=413)
        return self.get_response(request)


class ErrorPages:
    """A `GuanxiError` that reaches the top is told to the reader: 403 for a refusal, 404 for the unknown, else 409.

    An address that only takes what a form sends (405) leads whoever opens it to the page above.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; an answer without a word gets its page."""
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET" and not response.content:
            page = render(request, "405.html", {"above": _page_above(request.path_info)}, status=405)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page that tells the error, or the error panel where htmx asked for a fragment."""
        if not isinstance(exception, GuanxiError):
            return None
        refused = isinstance(exception, PermissionDenied)
        status = 403 if refused else 404 if isinstance(exception, NotFound) else 409
        if request.headers.get("HX-Request"):
            return render(request, "ui/_error.html", {"error": exception}, status=status)
        return render(request, "403.html" if refused else "ui/error.html", {"error": exception}, status=status)


def _page_above(path: str) -> str:
    """The nearest address above that leads anywhere."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        if is_valid_path(path):
            break
    return path

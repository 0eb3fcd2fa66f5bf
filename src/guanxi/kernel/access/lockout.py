"""After too many wrong passwords a log-in rests for a while (django-axes counts, by user name and address)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from guanxi.kernel.access.addresses import address_of

CODE_PAGES: Final = frozenset({"log-in-code", "log-in-again-code"})


def locked_until(usernames: list[str], address: str | None = None) -> dict[str, datetime]:
    """Until when each of `usernames` cannot log in, from `address` or from anywhere; who can is left out."""
    lasting: timedelta = settings.AXES_COOLOFF_TIME
    fresh = AccessAttempt.objects.filter(username__in=usernames, attempt_time__gte=timezone.now() - lasting)
    if address is not None:
        fresh = fresh.filter(ip_address=address)
    counted = fresh.order_by().values("username", "ip_address").annotate(
        failures=Sum("failures_since_start"), last=Max("attempt_time")
    )  # fmt: skip
    locked: dict[str, datetime] = {}
    for row in counted:
        if row["failures"] >= settings.AXES_FAILURE_LIMIT:
            until = row["last"] + lasting
            locked[row["username"]] = max(until, locked.get(row["username"], until))
    return locked


def tell_locked_out(request: HttpRequest, _response: HttpResponse, credentials: dict[str, Any] | None) -> HttpResponse:
    """Say that the log-in rests, and for how long (`AXES_LOCKOUT_CALLABLE`)."""
    username = str((credentials or {}).get("username") or "")
    until = locked_until([username], address_of(request)).get(username)
    left = until - timezone.now() if until else settings.AXES_COOLOFF_TIME
    is_code = request.resolver_match is not None and request.resolver_match.url_name in CODE_PAGES
    return show_locked(request, left, is_code=is_code)


def show_locked(request: HttpRequest, left: timedelta, *, is_code: bool) -> HttpResponse:
    """The page, or the part of one, that says for how long nothing is taken: passwords or codes."""
    minutes = max(1, -(-int(left.total_seconds()) // 60))
    template = "access/_locked.html" if request.headers.get("HX-Request") else "access/locked.html"
    return render(request, template, {"minutes": minutes, "is_code": is_code}, status=429)

"""Who asks: the signed-in user of a request."""

from __future__ import annotations

from django.http import HttpRequest

from guanxi.kernel.access.models import User


def reader_of(request: HttpRequest) -> User:
    """The signed-in user. Views behind the log-in may rely on there being one."""
    if not isinstance(request.user, User):
        raise TypeError("this page is behind the log-in")
    return request.user

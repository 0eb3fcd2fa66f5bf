"""Who may come in: programs with a token, and pages of a signed-in user."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer, SessionAuth

from guanxi.kernel.access.models import User
from guanxi.kernel.api.commands import digest_of
from guanxi.kernel.api.models import ApiToken

USE = "api.use"


class TokenDoor(HttpBearer):
    """`Authorization: Bearer gx_...`: the program acts as the token's user."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """The user behind the token, if it is valid and the user may use the API."""
        row = ApiToken.objects.select_related("user").filter(digest=digest_of(token), revoked_at=None).first()
        if row is None or not row.user.may(USE):
            return None
        today = timezone.localdate()
        if row.last_used_on != today:  # one write a day, not one a call
            ApiToken.objects.filter(pk=row.pk).update(last_used_on=today)
        request.user = row.user
        return row.user


class PageDoor(SessionAuth):
    """The session of the pages; changes need the CSRF token too."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:  # noqa: ARG002  # ninja's signature
        """The signed-in user."""
        return request.user if isinstance(request.user, User) and request.user.is_active else None

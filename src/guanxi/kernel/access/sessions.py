"""The session engine (`SESSION_ENGINE`): Django's own in the database, with who, where and when beside it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest
from django.utils import timezone

from guanxi.kernel.access.addresses import address_of
from guanxi.kernel.access.models import SignIn

DEVICE, ADDRESS, SINCE, SEEN = "device", "address", "since", "seen_at"
SEEN_EVERY = timedelta(minutes=5)  # how exactly "last seen" is known; a write for every page would be dear


class SessionStore(DatabaseStore):
    """Keeps sessions as `SignIn` rows."""

    @classmethod
    def get_model_class(cls) -> type[SignIn]:
        """The table."""
        return SignIn

    def create_model_instance(self, data: dict[str, Any]) -> SignIn:
        """The row of this session."""
        row: Any = super().create_model_instance(data)
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.device, row.address = data.get(DEVICE, ""), data.get(ADDRESS, "")
        row.since, row.seen_at = _moment(data.get(SINCE)), _moment(data.get(SEEN))
        return cast("SignIn", row)


def note_sign_in(*, request: HttpRequest, **_: Any) -> None:
    """Keep with the session which device signed in, from where and when."""
    now = timezone.now().isoformat()
    request.session.update({
        DEVICE: request.META.get("HTTP_USER_AGENT", "")[:300], ADDRESS: address_of(request), SINCE: now, SEEN: now,
    })  # fmt: skip


def note_seen(request: HttpRequest) -> None:
    """Prolong the session of somebody at work; to the minute is exact enough."""
    seen, now = _moment(request.session.get(SEEN)), timezone.now()
    if seen is None or now - seen >= SEEN_EVERY:
        request.session[SEEN] = now.isoformat()


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

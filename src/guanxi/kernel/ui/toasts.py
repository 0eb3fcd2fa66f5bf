"""A short word at the edge of the page that something was done, with the way back where there is one.

After an htmx action: `with_toast(response, text, undo_url=...)`. Before a redirect: `leave_toast(request, text, ...)`;
the next page shows it. "Undo" posts to the address; what that answers may bring a toast of its own.
"""

from __future__ import annotations

import json
from typing import Any, Final, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from guanxi.kernel.ui.registry import Text

HEADER: Final = "HX-Trigger"
EVENT: Final = "gx:toast"
UNDO: Final = "undo="
Response = TypeVar("Response", bound=HttpResponse)


def with_toast(response: Response, text: Text, undo_url: str = "") -> Response:
    """Let the page say `text` when it has this answer; events that it carries already stay."""
    toast: dict[str, Any] = {"text": str(text)}
    if undo_url:
        toast |= {"undoUrl": undo_url, "undoText": gettext("Undo")}
    return with_event(response, EVENT, toast)


def with_event(response: Response, name: str, detail: Any = True) -> Response:
    """Let the page have the event `name` when it has this answer."""
    events: dict[str, Any] = json.loads(response.headers.get(HEADER) or "{}")
    response.headers[HEADER] = json.dumps(events | {name: detail})
    return response


def leave_toast(request: HttpRequest, text: Text, undo_url: str = "") -> None:
    """Let the next page the reader sees say `text`."""
    messages.success(request, str(text), extra_tags=f"{UNDO}{undo_url}" if undo_url else "")

"""The definitions that a request has read already: a page asks for them several times."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

_known: ContextVar[dict[Any, Any] | None] = ContextVar("guanxi_custom_fields", default=None)


def begin(**_: Any) -> None:
    """A request begins: what it reads is kept until its end."""
    _known.set({})


def end(**_: Any) -> None:
    """A request ended. Outside of requests, where work is long, nothing is kept."""
    _known.set(None)


def forget() -> None:
    """Something changed: read it anew."""
    if _known.get() is not None:
        _known.set({})


def known() -> dict[Any, Any]:
    """What is kept; outside of a request an empty one that nobody keeps."""
    found = _known.get()
    return {} if found is None else found

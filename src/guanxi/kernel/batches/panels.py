"""What bulk actions put into the frame: what is under way, above the content of every page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guanxi.kernel.batches.queries import list_open_batches
from guanxi.kernel.batches.web.pages import now_context
from guanxi.kernel.commands import Actor
from guanxi.kernel.ui.registry import Strip, add_strip


def load_now(actor: Actor) -> Mapping[str, Any]:
    """What the reader waits for."""
    return now_context(list_open_batches(actor))


add_strip(Strip("work", "batches/_now.html", load_now))

"""What every template knows without being told."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from guanxi.kernel.ui.frame import Frame


def frame(request: HttpRequest) -> dict[str, Any]:
    """The frame; it reads the database only when a layout asks it to."""
    return {"frame": Frame(request)}

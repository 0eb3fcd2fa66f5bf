"""What happened to background work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.events.outbox import Event


@dataclass(frozen=True)
class JobFailed(Event):
    """A job was given up."""

    title: ClassVar = _("Background work given up")
    job_id: int

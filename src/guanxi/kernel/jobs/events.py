"""What happened to background work."""

from __future__ import annotations

from dataclasses import dataclass

from guanxi.kernel.events.outbox import Event


@dataclass(frozen=True)
class JobFailed(Event):
    """A job was given up."""

    job_id: int

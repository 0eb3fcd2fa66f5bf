"""What happened on the road."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guanxi.kernel.events.outbox import Event


@dataclass(frozen=True)
class DataUpdated(Event):
    """A full data update was published: every mart and standing is of `as_of` now."""

    run_id: int
    as_of: date

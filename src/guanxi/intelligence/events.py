"""What happened on the road."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.events.outbox import Event


@dataclass(frozen=True)
class DataUpdated(Event):
    """A full data update was published: every mart and standing is of `as_of` now."""

    title: ClassVar = _("Data update published")
    run_id: int
    as_of: date

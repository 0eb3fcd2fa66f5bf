"""What a follow-up may be like."""

from __future__ import annotations

from datetime import date

from guanxi.kernel.errors import GuanxiError
from guanxi.marketing.errors import (
    ControlReasonMissing,
    ControlTooLarge,
    DaysOutOfRange,
    DueTooEarly,
    ReasonMissing,
)

CONTROL_PERCENT = 10  # by default
MOST_CONTROL = 50
DUE_DAYS = 7
MEASURED_DAYS = 30
FEWEST_DAYS, MOST_DAYS = 1, 365


def why_not_start(
    *, reason: str, control_percent: int, control_reason: str, started_on: date, due_on: date, measured_days: int
) -> GuanxiError | None:
    """The refusal of a follow-up like this, or None."""
    if not reason.strip():
        return ReasonMissing(place="reason")
    if not 0 <= control_percent <= MOST_CONTROL:
        return ControlTooLarge(place="control_percent", percent=control_percent, most=MOST_CONTROL)
    if control_percent == 0 and not control_reason.strip():
        return ControlReasonMissing(place="control_reason")
    if due_on < started_on:
        return DueTooEarly(place="due_on", start=started_on.isoformat())
    if not FEWEST_DAYS <= measured_days <= MOST_DAYS:
        return DaysOutOfRange(place="measured_days", days=measured_days, fewest=FEWEST_DAYS, most=MOST_DAYS)
    return None

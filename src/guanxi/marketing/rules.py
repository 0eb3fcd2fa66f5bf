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
LATE_DAYS = 31  # for which sources may still deliver purchases of the window


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


def is_settled(started_on: date, measured_days: int, known_until: date | None) -> bool:
    """Whether what is known reaches so far behind the window that late deliveries no longer change the result.

    >>> is_settled(date(2026, 1, 1), 30, date(2026, 3, 2)), is_settled(date(2026, 1, 1), 30, date(2026, 3, 3))
    (False, True)
    """
    return known_until is not None and (known_until - started_on).days >= measured_days + LATE_DAYS

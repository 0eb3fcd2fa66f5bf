"""What a follow-up brought, in sentences."""

from __future__ import annotations

from django.utils.translation import gettext

from guanxi.insight.experiment import Difference
from guanxi.kernel.ui import formats
from guanxi.marketing.queries import FollowUpPage
from guanxi.marketing.result import Result


def headline(page: FollowUpPage) -> str:
    """The sentence the result page begins with."""
    result = page.result
    if page.line.state == "preparing":
        return gettext("The tasks are being handed out.")
    if result is None or result.known_until is None or result.known_until <= page.line.started_on:
        return gettext("%(done)s of %(tasks)s done. What was bought shows with the next data update.") % {
            "done": formats.number(page.line.done), "tasks": formats.number(page.line.tasks),
        }  # fmt: skip
    treated = _bought(result.treated.buyers, result.treated.members, result.treated.rate)
    if result.rate is None:
        return gettext(
            "Of those followed up %(treated)s bought. Without a control group nobody can say whether for that reason."
        ) % {"treated": treated}
    facts = {
        "treated": treated,
        "control": _bought(result.control.buyers, result.control.members, result.control.rate),
        "points": points(abs(result.rate.value)),
    }
    if result.rate.verdict == "gain":
        return gettext(
            "It helped: of those followed up %(treated)s bought, of those left alone %(control)s,"
            " %(points)s points fewer."
        ) % facts  # fmt: skip
    if result.rate.verdict == "loss":
        return gettext(
            "It did harm: of those followed up %(treated)s bought, of those left alone %(control)s,"
            " %(points)s points more."
        ) % facts  # fmt: skip
    return (
        gettext(
            "No difference can be told yet: of those followed up %(treated)s bought, of those left alone %(control)s."
        )
        % facts
    )


def likely(page: FollowUpPage) -> str:
    """How sure the headline is, and until when purchases are known."""
    result = page.result
    if result is None or result.known_until is None:
        return ""
    until = {"day": formats.day(result.known_until), "days": formats.number(page.measured_days)}
    known = (
        gettext("Purchases of all %(days)s days are in (known until %(day)s).") % until
        if result.is_final
        else gettext("Purchases are known until %(day)s; %(days)s days are counted.") % until
    )
    if result.rate is None:
        return known
    told = gettext("Likely difference: between %(low)s and %(high)s percentage points.") % {
        "low": points(result.rate.low), "high": points(result.rate.high),
    }  # fmt: skip
    return f"{told} {known}"


def earned(result: Result) -> str:
    """What the follow-up brought in money, with its likely range; nothing where it cannot be told."""
    if result.revenue is None:
        return ""
    low, high = (_money(result, value) for value in (result.revenue.low, result.revenue.high))
    return gettext("likely between %(low)s and %(high)s") % {"low": low, "high": high}


def per_member(result: Result, difference: Difference | None) -> str:
    """The extra net revenue per customer followed up."""
    return "" if difference is None else _money(result, difference.value)


def points(share: float) -> str:
    """A share as percentage points: `0.042` is "4.2", `-0.01` is "-1.0"."""
    return formats.number(share * 100, 1)


def _money(result: Result, value: float) -> str:
    return formats.money(f"{value:.2f}", result.currency)


def _bought(buyers: int, members: int, rate: float) -> str:
    return gettext("%(rate)s (%(buyers)s of %(members)s)") % {
        "rate": formats.percent(rate), "buyers": formats.number(buyers), "members": formats.number(members),
    }  # fmt: skip

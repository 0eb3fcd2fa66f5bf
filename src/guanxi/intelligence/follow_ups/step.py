"""Follow-ups in the models step: the declared feeds, measured by the purchases of this very run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from guanxi.insight.engines import Engine, Table, step
from guanxi.insight.experiment import Arm, uplift
from guanxi.kernel.facts import FollowUpFact, FollowUpFeed, follow_up_feeds

MONEY: Final = pa.decimal128(18, 4)
FOLLOWED: Final = pa.schema({
    "follow_up_id": pa.int64(), "given_id": pa.int64(), "arm": pa.string(), "since": pa.date32(),
    "task_state": pa.string(), "done_on": pa.date32(), "reached_on": pa.date32(),
})  # fmt: skip
FOLLOW_UP: Final = pa.schema({
    "follow_up_id": pa.int64(), "group_id": pa.int64(), "state": pa.string(), "started_on": pa.date32(),
    "due_on": pa.date32(), "measured_days": pa.int64(), "control_percent": pa.int64(), "known_until": pa.date32(),
    "is_final": pa.bool_(), "currency": pa.string(), "treated": pa.int64(), "control": pa.int64(),
    "done": pa.int64(), "reached": pa.int64(), "treated_buyers": pa.int64(), "control_buyers": pa.int64(),
    "treated_revenue": MONEY, "control_revenue": MONEY, "rate_difference": pa.float64(), "rate_low": pa.float64(),
    "rate_high": pa.float64(), "revenue_difference": MONEY, "revenue_low": MONEY, "revenue_high": MONEY,
})  # fmt: skip


@dataclass(frozen=True)
class FollowUps:
    """The stored tables."""

    follow_up: Table
    follow_up_member: Table


def build_follow_ups(
    engine: Engine, *, purchase: Table, merged: Table, retired: Table, as_of: date, currency: str
) -> FollowUps:
    """All follow-ups with their members, and what came of them as known at the end of `as_of`.

    `purchase` is at basket grain with customer ids; `merged` and `retired` say who is part of whom today.
    """
    facts = [(fact, feed) for feed in follow_up_feeds() for fact in feed.follow_ups()]
    drawn = [_drawn(fact, feed) for fact, feed in facts]
    followed = engine.arrow(pa.concat_tables([FOLLOWED.empty_table(), *drawn]))
    member = engine.run(
        step(__file__, "follow_up_member.sql"), {"followed": followed, "merged": merged, "retired": retired}, {}
    )
    counts = engine.run(step(__file__, "follow_up_count.sql"), {"follow_up_member": member}, {}).rows(["follow_up_id"])
    counted = {row["follow_up_id"]: row for row in counts}
    rows = [
        {
            "follow_up_id": fact.number, "group_id": fact.group, "state": fact.state, "started_on": fact.started_on,
            "due_on": fact.due_on, "measured_days": fact.measured_days, "control_percent": fact.control_percent,
            "currency": currency, **counted.get(fact.number, {}),
            **(_measured(engine, member, purchase, fact, as_of) if fact.is_measured else {}),
        }
        for fact, _feed in facts
    ]  # fmt: skip
    return FollowUps(engine.arrow(pa.Table.from_pylist(rows, schema=FOLLOW_UP)), member)


def _drawn(fact: FollowUpFact, feed: FollowUpFeed) -> pa.Table:
    rows = [
        {
            "follow_up_id": fact.number, "given_id": row.customer_id, "arm": row.arm, "since": fact.started_on,
            "task_state": row.task_state, "done_on": row.done_on, "reached_on": row.reached_on,
        }
        for row in feed.members_of(fact.number)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=FOLLOWED)


def _measured(engine: Engine, member: Table, purchase: Table, fact: FollowUpFact, as_of: date) -> dict[str, Any]:
    mine = engine.run(step(__file__, "follow_up_arm.sql"), {"follow_up_member": member}, {"number": fact.number})
    found = uplift(mine, purchase, fact.started_on, fact.measured_days)
    rate, revenue = found.rate, found.revenue
    return {
        "known_until": as_of,
        "is_final": as_of >= fact.started_on + timedelta(days=fact.measured_days),
        **dict(_arm("treated", found.treated)),
        **dict(_arm("control", found.control)),
        **({"rate_difference": rate.value, "rate_low": rate.low, "rate_high": rate.high} if rate else {}),
        **(
            {
                "revenue_difference": _money(revenue.value), "revenue_low": _money(revenue.low),
                "revenue_high": _money(revenue.high),
            }
            if revenue
            else {}
        ),
    }  # fmt: skip


def _arm(name: str, arm: Arm) -> Iterator[tuple[str, Any]]:
    yield f"{name}_buyers", arm.buyers
    yield f"{name}_revenue", _money(arm.revenue)


def _money(amount: float) -> Decimal:
    """Sums of doubles hang on the order they were added in; at this scale they do not."""
    return Decimal(amount).quantize(Decimal("0.0001"))

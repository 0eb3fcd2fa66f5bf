"""Customers coming, going and coming back, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from guanxi.insight.engines import Table, step, tidy
from guanxi.insight.errors import InsightError
from guanxi.insight.lifecycle.months import known_by_month


@tidy
def flow_by_month(purchase: Table, month_ends: Sequence[date], months: int = 12) -> Table:
    """How many customers were new, active, lost and returned in each month.

    A customer is active at a month end if he bought within the `months` before it. The flows are
    differences of that state, so nobody is lost on the way:
    active = active at the month end before + new + returned - lost.

    Parameters
    ----------
    purchase : Table
        Basket grain: `customer_id`, `ordered_at`, `is_return`, `is_void`.
    month_ends : sequence of date
        Rising days, less than `months` apart; the first only opens the account. See `month_ends`.
    months : int
        How long a customer stays active after a purchase.

    Returns
    -------
    Table
        One row a month end but the first: `month_on`, `new` (first purchase since the month end
        before), `active`, `lost` (active then, not any more), `returned` (not active then though a
        customer, active again).

    Raises
    ------
    InsightError
        `wrong_months`.

    Examples
    --------
    >>> import datetime, pyarrow as pa, guanxi.insight as gx
    >>> engine = gx.duckdb_engine()
    >>> day = datetime.date
    >>> purchase = engine.arrow(
    ...     pa.table(
    ...         {
    ...             "customer_id": [1, 2],
    ...             "ordered_at": [day(2023, 2, 10), day(2024, 2, 10)],
    ...             "is_return": [False] * 2,
    ...             "is_void": [False] * 2,
    ...         }
    ...     )
    ... )
    >>> gx.lifecycle.flow_by_month(purchase, [day(2024, 1, 31), day(2024, 2, 29)]).rows()
    [{'month_on': datetime.date(2024, 2, 29), 'new': 1, 'active': 1, 'lost': 1, 'returned': 0}]
    """
    if months < 1:
        raise InsightError("wrong_months", f"{months} months is no time.", cure="Give 1 or more.")
    known, month = known_by_month(purchase, month_ends)
    return purchase.engine.run(
        step(__file__, "flow_by_month.sql"), {"known": known, "month": month}, {"months": months}
    )

"""Month ends, and what was known of a customer at each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import pyarrow as pa

from guanxi.insight.engines import Table, step
from guanxi.insight.errors import InsightError


def month_ends(as_of: date, count: int = 13) -> list[date]:
    """The last `count` month ends: those of the months before, and `as_of` itself as the last.

    Parameters
    ----------
    as_of : date
        The business date; it stands for the end of its own, perhaps unfinished month.
    count : int
        How many, 1 or more.

    Examples
    --------
    >>> [str(day) for day in month_ends(date(2024, 3, 9), 3)]
    ['2024-01-31', '2024-02-29', '2024-03-09']
    """
    ends = [as_of]
    for _ in range(count - 1):
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    return ends[::-1]


def known_by_month(purchase: Table, ends: Sequence[date]) -> tuple[Table, Table]:
    """What was known of each customer at each month end (a view), and the month ends themselves.

    Returns
    -------
    tuple of Table
        (`customer_id`, `as_of`, `first_purchase_on`, `last_purchase_on`, `before_last_on`,
        `frequency`) for customers with a purchase by then, where `before_last_on` is the last
        purchase known at the month end before; and (`position`, `month_on`).

    Raises
    ------
    InsightError
        `wrong_months`.
    """
    if not ends or any(early >= late for early, late in pairwise(ends)):
        raise InsightError("wrong_months", "The month ends do not rise.", cure="Give one or more rising dates.")
    engine = purchase.engine
    month = engine.arrow(
        pa.table({"position": list(range(len(ends))), "month_on": pa.array(list(ends), pa.date32())}), name=None
    )
    known = engine.run(
        step(__file__, "known_by_month.sql"),
        {"purchase": purchase, "month": month},
        {"month_ends": list(ends), "last_month_on": ends[-1], "month_count": len(ends)},
        view=True,
    )
    return known, month

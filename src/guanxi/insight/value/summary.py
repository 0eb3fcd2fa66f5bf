"""Purchases summed up: one row a customer."""

from __future__ import annotations

from datetime import date

from guanxi.insight.engines import Table, step


def purchase_summary(purchase: Table, as_of: date, window_start: date) -> Table:
    """When a customer bought first and last, how often, and for how much, as known at the end of a day (N22).

    Money nets everything: returns and voided orders are negative or cancel out. Frequency, recency
    and the dates count only baskets that are neither a return nor void.

    Parameters
    ----------
    purchase : Table
        Basket grain: `customer_id`, `ordered_at` (timestamp or date), `revenue` (DECIMAL, one
        currency), `is_return`, `is_void`. More columns are ignored; rows without `customer_id` too.
    as_of : date
        The business date. Facts after it are ignored.
    window_start : date
        The day before the window: the window is (window_start, as_of].

    Returns
    -------
    Table
        One row a customer with any fact by `as_of`: `customer_id`, `as_of`, `first_purchase_on`,
        `last_purchase_on`, `frequency` (orders), `recency_days` (days from the last order to
        `as_of`), `monetary` (net revenue ever, DECIMAL(18,4)), `spend_window` (net revenue in the
        window). A customer who only ever returned has frequency 0 and no dates.

    Raises
    ------
    InsightError
        `step_failed` if a column is missing.

    Examples
    --------
    >>> import datetime, pyarrow as pa, guanxi.insight as gx
    >>> engine = gx.duckdb_engine()
    >>> purchase = engine.arrow(
    ...     pa.table(
    ...         {
    ...             "customer_id": [7, 7],
    ...             "ordered_at": [datetime.date(2024, 1, 10), datetime.date(2024, 3, 1)],
    ...             "revenue": [100, 50],
    ...             "is_return": [False, False],
    ...             "is_void": [False, False],
    ...         }
    ...     )
    ... )
    >>> row = gx.value.purchase_summary(purchase, datetime.date(2024, 3, 31), datetime.date(2024, 1, 31)).rows()[0]
    >>> row["frequency"], row["recency_days"], str(row["monetary"]), str(row["spend_window"])
    (2, 30, '150.0000', '50.0000')
    """
    return purchase.engine.run(
        step(__file__, "purchase_summary.sql"),
        {"purchase": purchase},
        {"as_of": as_of, "window_start": window_start},
    )

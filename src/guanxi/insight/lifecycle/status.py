"""The customer's standing with the firm: non-customer, prospect, first-time, repeat, loyal, lost (C28)."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from guanxi.insight.engines import Table, step


@dataclass(frozen=True)
class StatusRules:
    """When a customer has which status.

    In words, the first that holds:

    - no purchase: *prospect* (目标客户) if he can be reached, else *non-customer* (非客户);
    - *lost* (流失客户): no order within the last `lost_after_months` months;
    - *loyal* (忠诚客户): at least `loyal_orders` orders, the first at least `loyal_days` days ago;
    - *repeat* (复购客户): two or more orders;
    - *first-time* (首购客户): one order.

    Parameters
    ----------
    lost_after_months : int
        Months without an order after which a customer is lost.
    loyal_orders : int
        Orders of a loyal customer.
    loyal_days : int
        Days since his first order.
    """

    lost_after_months: int = 12
    loyal_orders: int = 5
    loyal_days: int = 365


DEFAULT_STATUS = StatusRules()


def status(customer: Table, summary: Table, rules: StatusRules = DEFAULT_STATUS) -> Table:
    """The status of every customer, buyers or not (C28).

    Parameters
    ----------
    customer : Table
        `customer_id`, `has_contact` (BOOLEAN: can be reached); one row a customer.
    summary : Table
        `customer_id`, `as_of`, `frequency`, `first_purchase_on`, `last_purchase_on`, as
        `value.purchase_summary` gives it.
    rules : StatusRules
        The thresholds.

    Returns
    -------
    Table
        `customer_id`, `status` (`non_customer`, `prospect`, `first_time`, `repeat`, `loyal`,
        `lost`); one row for each row of `customer`.

    Examples
    --------
    >>> import datetime, pyarrow as pa, guanxi.insight as gx
    >>> engine = gx.duckdb_engine()
    >>> customer = engine.arrow(pa.table({"customer_id": [1, 2, 3], "has_contact": [True, True, False]}))
    >>> bought = {"customer_id": [1], "as_of": [datetime.date(2024, 12, 31)], "frequency": [2]}
    >>> days = {"first_purchase_on": [datetime.date(2024, 5, 1)], "last_purchase_on": [datetime.date(2024, 9, 1)]}
    >>> summary = engine.arrow(pa.table(bought | days))
    >>> [row["status"] for row in gx.lifecycle.status(customer, summary).rows(["customer_id"])]
    ['repeat', 'prospect', 'non_customer']
    """
    return customer.engine.run(step(__file__, "status.sql"), {"customer": customer, "summary": summary}, asdict(rules))

"""The marts that are views over facts and the cross-reference, so that a merge rewrites only the latter."""

from __future__ import annotations

from guanxi.insight.engines import Table, step


def purchase_line(fact_purchase_line: Table, customer_xref_by_party: Table) -> Table:
    """The lines of purchases with the customer they belong to today (NULL where anonymous).

    Parameters
    ----------
    fact_purchase_line : Table
        `party_key` (NULL where anonymous), `source`, `order_id`, `product_id`, `ordered_at`,
        `quantity`, `revenue` in the company's currency, `is_return`; `amount` and `currency` as they were
        delivered (not in snapshots of the past).
    customer_xref_by_party : Table
        `party_key`, `source`, `source_key`, `customer_id`; one row a party.

    Returns
    -------
    Table
        A view: `customer_id`, `source`, `source_key`, `order_id`, `product_id`, `ordered_at`,
        `quantity`, `revenue`, `is_return`, `amount`, `currency`; one row a line.
    """
    if "amount" not in fact_purchase_line.columns:
        old = {"fact_purchase_line": fact_purchase_line}
        fact_purchase_line = fact_purchase_line.engine.run(step(__file__, "one_currency.sql"), old, view=True)
    inputs = {"fact_purchase_line": fact_purchase_line, "customer_xref_by_party": customer_xref_by_party}
    return fact_purchase_line.engine.run(step(__file__, "purchase_line.sql"), inputs, view=True)


def purchase(fact_purchase: Table, customer_xref_by_party: Table) -> Table:
    """The baskets with the customer they belong to today (NULL where anonymous).

    Parameters
    ----------
    fact_purchase : Table
        `party_key`, `source`, `order_id`, `ordered_at`, `revenue`, `lines`, `is_return`, `is_void`.
    customer_xref_by_party : Table
        `party_key`, `customer_id`; one row a party.

    Returns
    -------
    Table
        A view: `customer_id`, `source`, `order_id`, `ordered_at`, `revenue`, `lines`, `is_return`,
        `is_void`; one row a basket.
    """
    inputs = {"fact_purchase": fact_purchase, "customer_xref_by_party": customer_xref_by_party}
    return fact_purchase.engine.run(step(__file__, "purchase.sql"), inputs, view=True)


def customer_xref(customer_xref_by_party: Table) -> Table:
    """Which customer a source's key means: a view of `source`, `source_key`, `customer_id`."""
    inputs = {"customer_xref_by_party": customer_xref_by_party}
    return customer_xref_by_party.engine.run(step(__file__, "customer_xref.sql"), inputs, view=True)

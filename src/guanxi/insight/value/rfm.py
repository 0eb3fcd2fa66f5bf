"""RFM: how recently, how often and for how much a customer buys (C24, N22)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Self

from guanxi.insight.engines import Table, step, tidy
from guanxi.insight.errors import InsightError


@dataclass(frozen=True)
class RfmEdges:
    """All that scoring learns from a population, so that a new customer can be scored like the old ones.

    `recency_days` falls from the worst edge to the best, `frequency` and `monetary` rise; each has
    `groups - 1` edges, or none where there was no buyer. The totals are the sums of the scores over
    `customers`; an average is total / customers.
    """

    groups: int
    recency_days: tuple[int, ...]
    frequency: tuple[int, ...]
    monetary: tuple[Decimal, ...]
    customers: int
    r_total: int
    f_total: int
    m_total: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; money as text."""
        facts = asdict(self)
        facts["monetary"] = [str(edge) for edge in self.monetary]
        return facts | {"recency_days": list(self.recency_days), "frequency": list(self.frequency)}

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Self:
        """The edges back from `to_dict`."""
        return cls(
            groups=int(facts["groups"]),
            recency_days=tuple(int(edge) for edge in facts["recency_days"]),
            frequency=tuple(int(edge) for edge in facts["frequency"]),
            monetary=tuple(Decimal(edge) for edge in facts["monetary"]),
            **{name: int(facts[name]) for name in ("customers", "r_total", "f_total", "m_total")},
        )


@tidy
def rfm_edges(summary: Table, groups: int = 5) -> RfmEdges:
    """The edges between the scores, and the averages the groups are compared with.

    Edge k of n is the nearest-rank quantile: the smallest value with at least k/n of all values at
    or below it. Recency is ranked from many days (worst) to few (best).

    Parameters
    ----------
    summary : Table
        `customer_id`, `recency_days`, `frequency`, `monetary`, as `purchase_summary` gives it.
        Customers with frequency 0 are left out.
    groups : int
        Number of scores, 2 to 100.

    Raises
    ------
    InsightError
        `wrong_groups`.
    """
    if not 2 <= groups <= 100:
        raise InsightError("wrong_groups", f"{groups} groups cannot be made.", cure="Choose between 2 and 100.")
    edges = [
        summary.engine.run(step(__file__, "rfm_edges.sql"), {"summary": summary}, {"k": k, "groups": groups}).rows()[0]
        for k in range(1, groups)
    ]
    buyers = bool(edges[0]["customers"])
    recency_days = tuple(-int(edge["recency"]) for edge in edges) if buyers else ()
    frequency = tuple(int(edge["frequency"]) for edge in edges) if buyers else ()
    monetary = tuple(Decimal(edge["monetary"]) for edge in edges) if buyers else ()
    scores = _scores(summary, recency_days, frequency, monetary)
    totals = summary.engine.run(step(__file__, "rfm_totals.sql"), {"score": scores}).rows()[0]
    return RfmEdges(groups, recency_days, frequency, monetary, **totals)


@tidy
def rfm(summary: Table, groups: int = 5, *, edges: RfmEdges | None = None) -> Table:
    """Score recency, frequency and spend from 1 (worst) to `groups` (best), and name the group.

    The rule, exactly: a score is one more than the number of edges lying strictly below the value
    (for recency: strictly above, as fewer days are better). So equal values always get equal
    scores, no score but the lowest holds more than its share, and where everybody is equal all
    score 1. The group compares each score with the average score of all buyers: H if above it, L if
    not (for the average itself: L); three letters for R, F, M, so `LHH` is a good customer who has
    not come lately.

    Parameters
    ----------
    summary : Table
        `customer_id`, `recency_days` (days), `frequency` (orders), `monetary` (net revenue), as
        `purchase_summary` gives it. Customers with frequency 0 are left out.
    groups : int
        Number of scores.
    edges : RfmEdges, optional
        Frozen edges of another population (`rfm_edges`), to score new or changed customers on the
        same scale; `groups` is ignored then.

    Returns
    -------
    Table
        `customer_id`, `r`, `f`, `m` (INTEGER), `rfm_group` (`HHH` ... `LLL`).

    Raises
    ------
    InsightError
        `wrong_groups`.

    Notes
    -----
    Hughes, A. M. (1994), *Strategic Database Marketing*; the eight groups by comparison with the
    average are the rule usual in China (重要价值客户 ... 一般挽留客户).

    Examples
    --------
    >>> import pyarrow as pa, guanxi.insight as gx
    >>> engine = gx.duckdb_engine()
    >>> summary = engine.arrow(
    ...     pa.table({"customer_id": [1, 2], "recency_days": [5, 90], "frequency": [4, 1], "monetary": [80, 10]})
    ... )
    >>> [tuple(row.values()) for row in gx.value.rfm(summary, groups=2).rows(["customer_id"])]
    [(1, 2, 2, 2, 'HHH'), (2, 1, 1, 1, 'LLL')]
    """
    edges = edges or rfm_edges(summary, groups)
    scores = _scores(summary, edges.recency_days, edges.frequency, edges.monetary)
    totals = {name: getattr(edges, name) for name in ("customers", "r_total", "f_total", "m_total")}
    return summary.engine.run(step(__file__, "rfm.sql"), {"score": scores}, totals)


def _scores(
    summary: Table, recency_days: tuple[int, ...], frequency: tuple[int, ...], monetary: tuple[Decimal, ...]
) -> Table:
    edges = {"recency": [-days for days in recency_days], "frequency": frequency, "monetary": monetary}
    return summary.engine.run(step(__file__, "rfm_scores.sql"), {"summary": summary}, edges, view=True)

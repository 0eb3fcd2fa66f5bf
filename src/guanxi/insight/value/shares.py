"""Few bring much: ABC classes, the spend pyramid and the Pareto curve (C22-C24, N10, N11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, Self

from guanxi.insight.engines import Table, step, tidy
from guanxi.insight.errors import InsightError

_MILLION = 1_000_000
Share = float | Decimal


@dataclass(frozen=True)
class SpendEdges:
    """The smallest spend of each class, best class first; `None` where nobody spent."""

    edges: tuple[Decimal | None, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; money as text."""
        return {"edges": [None if edge is None else str(edge) for edge in asdict(self)["edges"]]}

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Self:
        """The edges back from `to_dict`."""
        return cls(tuple(None if edge is None else Decimal(edge) for edge in facts["edges"]))


class AbcEdges(SpendEdges):
    """The smallest spend in class A, and in class B."""


class PyramidEdges(SpendEdges):
    """The smallest spend of a VIP, a major and a regular customer."""


@tidy
def abc_edges(spend: Table, edges: Sequence[Share] = (0.80, 0.95), *, column: str = "spend") -> AbcEdges:
    """The smallest spend in class A and in class B; see `abc`."""
    a, b = _millionths(edges, 2)
    found = spend.engine.run(
        step(__file__, "abc_edges.sql"), {"spend": _spend(spend, column)}, {"a_millionths": a, "b_millionths": b}
    ).rows()[0]
    return AbcEdges((found["a_from"], found["b_from"]))


@tidy
def abc(
    spend: Table, edges: Sequence[Share] = (0.80, 0.95), *, column: str = "spend", frozen: AbcEdges | None = None
) -> Table:
    """Class customers by their cumulative share of the spend (C24).

    The rule, exactly: customers stand in falling order of spend. A customer is in A while those who
    spent strictly more bring less than the first edge of all positive spend, else in B while they
    bring less than the second, else in C. So A is the smallest top group that brings at least 80 %,
    equal spenders share one class, and a customer who spent nothing or less is in C.

    Parameters
    ----------
    spend : Table
        `customer_id` and the spend in `column`; one row a customer, rows without id are ignored.
    edges : two shares
        Rising, within (0, 1], to a millionth.
    column : str
        The column holding the spend.
    frozen : AbcEdges, optional
        Edges of another population (`abc_edges`); `edges` is ignored then.

    Returns
    -------
    Table
        `customer_id`, `spend`, `abc` (`A`, `B`, `C`).

    Raises
    ------
    InsightError
        `wrong_shares`, `unknown_column`.

    Notes
    -----
    Pareto's ABC analysis; 80 % of the profit comes from 20 % of the customers (N11).

    Examples
    --------
    >>> import pyarrow as pa, guanxi.insight as gx
    >>> engine = gx.duckdb_engine()
    >>> spend = engine.arrow(pa.table({"customer_id": [1, 2, 3, 4], "spend": [80, 15, 5, 0]}))
    >>> [row["abc"] for row in gx.value.abc(spend).rows(["customer_id"])]
    ['A', 'B', 'C', 'C']
    """
    found = frozen or abc_edges(spend, edges, column=column)
    params = dict(zip(("a_from", "b_from"), found.edges, strict=True))
    return spend.engine.run(step(__file__, "abc.sql"), {"spend": _spend(spend, column)}, params)


def abc_classes(classed: Table) -> Table:
    """The size of each class of `abc`: `position`, `abc`, `customers`, `spend`, `spend_from` (smallest spend)."""
    return classed.engine.run(step(__file__, "abc_classes.sql"), {"member": classed})


@tidy
def pyramid_edges(spend: Table, shares: Sequence[Share] = (0.01, 0.05, 0.20), *, column: str = "spend") -> PyramidEdges:
    """The smallest spend of a VIP, a major and a regular customer; see `pyramid`."""
    vip, major, regular = _millionths(shares, 3)
    found = spend.engine.run(
        step(__file__, "pyramid_edges.sql"),
        {"spend": _spend(spend, column)},
        {"vip_millionths": vip, "major_millionths": major, "regular_millionths": regular},
    ).rows()[0]
    return PyramidEdges((found["vip_from"], found["major_from"], found["regular_from"]))


@tidy
def pyramid(
    spend: Table,
    shares: Sequence[Share] = (0.01, 0.05, 0.20),
    *,
    column: str = "spend",
    frozen: PyramidEdges | None = None,
) -> Table:
    """The customer pyramid by spend in a period: VIP, major, regular, small (S2a, C22, N10).

    The rule, exactly: of the customers whose spend is above zero, a customer is VIP while fewer
    than 1 % of them spent strictly more, else major while fewer than 5 % did (the VIPs counted in),
    else regular while fewer than 20 % did, else small. So a share is filled to at least its size,
    and equal spenders share the better tier.

    Parameters
    ----------
    spend : Table
        `customer_id` and the spend of the period in `column`; rows without id are ignored.
    shares : three cumulative shares
        Rising, within (0, 1], to a millionth.
    column : str
        The column holding the spend.
    frozen : PyramidEdges, optional
        Edges of another population (`pyramid_edges`); `shares` is ignored then.

    Returns
    -------
    Table
        `customer_id`, `spend`, `tier` (`vip`, `major`, `regular`, `small`; NULL for a customer who
        spent nothing or less in the period and so is in no tier).

    Raises
    ------
    InsightError
        `wrong_shares`, `unknown_column`.

    Notes
    -----
    The four classes are the seed's customer pyramid (客户金字塔): 1 %, 5 %, 20 %, the other 80 %.

    Examples
    --------
    >>> import pyarrow as pa, guanxi.insight as gx
    >>> engine = gx.duckdb_engine()
    >>> spend = engine.arrow(pa.table({"customer_id": list(range(100)), "spend": list(range(1, 101))}))
    >>> [(row["tier"], row["customers"], str(row["spend_from"]))
    ...  for row in gx.value.pyramid_tiers(gx.value.pyramid(spend)).rows(["position"])]
    [('vip', 1, '100.0000'), ('major', 4, '96.0000'), ('regular', 15, '81.0000'), ('small', 80, '1.0000')]
    """
    found = frozen or pyramid_edges(spend, shares, column=column)
    params = dict(zip(("vip_from", "major_from", "regular_from"), found.edges, strict=True))
    return spend.engine.run(step(__file__, "pyramid.sql"), {"spend": _spend(spend, column)}, params)


def pyramid_tiers(tiered: Table) -> Table:
    """The size of each tier of `pyramid`: `position`, `tier`, `customers`, `spend`, `spend_from` (smallest spend)."""
    return tiered.engine.run(step(__file__, "pyramid_tiers.sql"), {"member": tiered})


@tidy
def pareto_curve(spend: Table, points: int = 100, *, column: str = "spend") -> Table:
    """The share of the spend that the best customers bring, from nobody to everybody (C23, N11).

    Parameters
    ----------
    spend : Table
        `customer_id` and the spend in `column`. Only positive spend counts.
    points : int
        How many steps the curve has at most; with fewer customers, one step a customer.

    Returns
    -------
    Table
        `customer_share` and `spend_share` (DOUBLE, 0 to 1), rising from (0, 0) to (1, 1); only the
        start if nobody spent. Sort by `customer_share`.

    Raises
    ------
    InsightError
        `wrong_points`, `unknown_column`.

    Examples
    --------
    >>> import pyarrow as pa, guanxi.insight as gx
    >>> engine = gx.duckdb_engine()
    >>> spend = engine.arrow(pa.table({"customer_id": [1, 2, 3, 4], "spend": [60, 20, 10, 10]}))
    >>> [(row["customer_share"], row["spend_share"]) for row in gx.value.pareto_curve(spend).rows(["customer_share"])]
    [(0.0, 0.0), (0.25, 0.6), (0.5, 0.8), (0.75, 0.9), (1.0, 1.0)]
    """
    if points < 1:
        raise InsightError("wrong_points", f"A curve of {points} points cannot be drawn.", cure="Choose 1 or more.")
    return spend.engine.run(step(__file__, "pareto_curve.sql"), {"spend": _spend(spend, column)}, {"points": points})


def _spend(spend: Table, column: str) -> Table:
    given = spend.select("customer_id", spend=column)
    return spend.engine.run(step(__file__, "spend.sql"), {"given": given}, view=True)


def _millionths(shares: Sequence[Share], count: int) -> list[int]:
    """Shares as whole millionths: comparing then needs no fraction and is exact on every engine."""
    exact = [Decimal(str(share)) * _MILLION for share in shares]
    rising = all(low < high for low, high in pairwise(exact))
    inside = all(0 < share <= _MILLION and share == int(share) for share in exact)
    if len(exact) != count or not rising or not inside:
        raise InsightError(
            "wrong_shares",
            f"{tuple(shares)} are not {count} rising shares.",
            cure="Give shares above 0 and up to 1, at most six decimals.",
        )
    return [int(share) for share in exact]

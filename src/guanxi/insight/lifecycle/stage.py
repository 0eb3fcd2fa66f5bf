"""The stages of a relationship: exploration, build-up, stable, decline (C36, N20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from guanxi.insight.engines import Table, step, tidy
from guanxi.insight.errors import InsightError
from guanxi.insight.lifecycle.months import known_by_month

_THOUSAND = 1000


@dataclass(frozen=True)
class StageRules:
    """When a relationship is in which stage.

    In words, the first that holds:

    - no purchase: no stage;
    - *decline* (退化期): the silence since the last order is longer than `quiet_days` and longer
      than `quiet_gaps` times the customer's own mean gap between orders; with a single order, which
      has no gap, longer than `single_order_quiet_days`; or there is no order within `lost_after_months`,
      however long the customer's gaps are, so that a lost customer (C28) is always in decline;
    - *exploration* (考察期): one order;
    - *stable* (稳定期), the highest (N20): at least `stable_orders` orders, and at least
      `stable_days` days between the first and the last;
    - *build-up* (形成期): everybody else with two or more orders.

    Parameters
    ----------
    quiet_days : int
        Days of silence that are never yet a decline for a customer with two or more orders.
    quiet_gaps : Decimal
        How many of his own mean gaps the silence may last; at most three decimals.
    single_order_quiet_days : int
        Days after which a single order is a decline.
    stable_orders : int
        Orders of a stable relationship.
    stable_days : int
        Days between its first and last order.
    lost_after_months : int
        Months without an order after which the customer counts as lost; as `StatusRules.lost_after_months`.
    """

    quiet_days: int = 90
    quiet_gaps: Decimal = Decimal("2.5")
    single_order_quiet_days: int = 180
    stable_orders: int = 4
    stable_days: int = 180
    lost_after_months: int = 12

    def __post_init__(self) -> None:
        thousandths = Decimal(self.quiet_gaps) * _THOUSAND
        if thousandths != int(thousandths) or thousandths <= 0:
            raise InsightError(
                "wrong_rules", f"{self.quiet_gaps} gaps are no rule.", cure="Give a number above 0, three decimals."
            )

    def params(self) -> dict[str, Any]:
        """The rules as the parameters of `stage.sql`."""
        facts = asdict(self)
        del facts["quiet_gaps"]
        return facts | {"quiet_gap_thousandths": int(Decimal(self.quiet_gaps) * _THOUSAND)}


DEFAULT_STAGES = StageRules()


@tidy
def stage(summary: Table, rules: StageRules = DEFAULT_STAGES) -> Table:
    """The stage of every customer who has bought, as of the summary's day (C36).

    Parameters
    ----------
    summary : Table
        `customer_id`, `as_of`, `frequency`, `first_purchase_on`, `last_purchase_on`, as
        `value.purchase_summary` gives it. Customers with frequency 0 are left out.
    rules : StageRules
        The thresholds.

    Returns
    -------
    Table
        `customer_id`, `stage` (`exploration`, `build_up`, `stable`, `decline`).

    Notes
    -----
    The phases follow Dwyer, Schurr and Oh (1987), "Developing Buyer-Seller Relationships", J. of
    Marketing 51(2), in the four stages usual in China; the thresholds are ours.

    Examples
    --------
    >>> import datetime, pyarrow as pa, guanxi.insight as gx
    >>> engine = gx.duckdb_engine()
    >>> day = datetime.date
    >>> summary = engine.arrow(
    ...     pa.table(
    ...         {
    ...             "customer_id": [1, 2],
    ...             "as_of": [day(2024, 12, 31)] * 2,
    ...             "frequency": [1, 4],
    ...             "first_purchase_on": [day(2024, 12, 1), day(2024, 1, 1)],
    ...             "last_purchase_on": [day(2024, 12, 1), day(2024, 12, 1)],
    ...         }
    ...     )
    ... )
    >>> [row["stage"] for row in gx.lifecycle.stage(summary).rows(["customer_id"])]
    ['exploration', 'stable']
    """
    staged = summary.engine.run(step(__file__, "stage.sql"), {"summary": summary}, rules.params(), view=True)
    return staged.select("customer_id", "stage").keep()


@tidy
def stages_by_month(purchase: Table, month_ends: Sequence[date], rules: StageRules = DEFAULT_STAGES) -> Table:
    """The stage of every customer at each month end since his first purchase, as it was known then.

    Parameters
    ----------
    purchase : Table
        Basket grain: `customer_id`, `ordered_at`, `is_return`, `is_void`.
    month_ends : sequence of date
        Rising days, see `month_ends`.
    rules : StageRules
        The thresholds.

    Returns
    -------
    Table
        `customer_id`, `month_on`, `stage`; one row a customer and month end from the first purchase on.

    Raises
    ------
    InsightError
        `wrong_months`.

    Examples
    --------
    >>> import datetime, pyarrow as pa, guanxi.insight as gx
    >>> engine = gx.duckdb_engine()
    >>> bought = {"customer_id": [1], "ordered_at": [datetime.date(2024, 2, 9)], "is_return": [False]}
    >>> purchase = engine.arrow(pa.table(bought | {"is_void": [False]}))
    >>> ends = gx.lifecycle.month_ends(datetime.date(2024, 3, 31), 3)
    >>> [(str(row["month_on"]), row["stage"])
    ...  for row in gx.lifecycle.stages_by_month(purchase, ends).rows(["month_on"])]
    [('2024-02-29', 'exploration'), ('2024-03-31', 'exploration')]
    """
    known, _ = known_by_month(purchase, month_ends)
    staged = purchase.engine.run(step(__file__, "stage.sql"), {"summary": known}, rules.params(), view=True)
    return staged.select("customer_id", "stage", month_on="as_of").keep()


def moves(stages: Table) -> Table:
    """How many customers moved from which stage to which, month end by month end.

    Parameters
    ----------
    stages : Table
        `customer_id`, `month_on`, `stage`, as `stages_by_month` gives it.

    Returns
    -------
    Table
        `month_on` (the later month end), `from_stage` (NULL for a customer newly come), `to_stage`,
        `customers`. Staying is a move to the same stage. Nothing for the first month end.

    Examples
    --------
    >>> import datetime, pyarrow as pa, guanxi.insight as gx
    >>> engine = gx.duckdb_engine()
    >>> ends = [datetime.date(2024, 1, 31), datetime.date(2024, 2, 29)]
    >>> stages = engine.arrow(
    ...     pa.table({"customer_id": [1, 1], "month_on": ends, "stage": ["build_up", "stable"]})
    ... )
    >>> [tuple(row.values())[1:] for row in gx.lifecycle.moves(stages).rows()]
    [('build_up', 'stable', 1)]
    """
    return stages.engine.run(step(__file__, "moves.sql"), {"stages": stages})

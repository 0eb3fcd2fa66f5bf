"""What a customer will spend: BG/NBD and Gamma-Gamma together, with a likely range."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from guanxi.insight.engines import Table, step, tidy
from guanxi.insight.value.bg_nbd import (
    BgNbd,
    alike,
    alive,
    purchases_at_least,
    repeat_tuples,
    repeats,
    series_length,
)
from guanxi.insight.value.gamma_gamma import GammaGamma
from guanxi.insight.value.maximum import Floats

LOW, HIGH = 0.10, 0.90  # the likely range: four times in five
NODES = 96  # amounts at which a distribution of spend is computed; between them the logarithm is interpolated
EDGE = 1e-3  # chance left below the first amount and above the last


def expected_value(bg_nbd: BgNbd, gamma_gamma: GammaGamma, summary: Table, weeks: float = 52) -> Table:
    """What to expect of each customer in the next `weeks`: orders, spend, and the range the spend likely lies in.

    Expected spend is expected purchases times the customer's mean spend, p (v + x z) / (p x + q - 1).

    The likely range (80 %) runs from the 10 % to the 90 % quantile of the customer's own predictive distribution of
    spend, which both models give without simulation. The customer is gone with chance 1 - `p_alive` and spends
    nothing then. Else the number of purchases has the distribution of `purchases_at_least`, and the sum of k
    purchases is (v + x z) times a beta prime of (p k, q + p x). Chance and amount so mixed hold at least 80 % of
    customers who behave as the models say: more where nothing at all is likely, as zero is then in the range with
    all its weight. The parameters are taken as known, which for thousands of customers changes little. Where the
    expectation lies outside (one great order in a hundred quiet customers), the range is widened to hold it.

    Parameters
    ----------
    bg_nbd : BgNbd
        As `bg_nbd_fit` finds it.
    gamma_gamma : GammaGamma
        As `gamma_gamma_fit` finds it.
    summary : Table
        As `repeat_summary` gives it.
    weeks : float
        How far ahead; 52 for twelve months.

    Returns
    -------
    Table
        `customer_id`, `expected_orders` (purchase days), `expected_value`, `low`, `high` (money), `p_alive` (0 to 1),
        all DOUBLE. Scores are computed for distinct (x, t_x, t) and joined back in the engine.

    Notes
    -----
    Fader, Hardie and Lee (2005), *Marketing Science* 24(2) and *Journal of Marketing Research* 42(4).

    Examples
    --------
    >>> import pyarrow as pa, guanxi.insight as gx
    >>> engine = gx.duckdb_engine()
    >>> one = engine.arrow(
    ...     pa.table({"customer_id": [1], "x": [2], "t_x": [30.43], "t": [38.86], "mean_spend": [30.0]})
    ... )
    >>> bg_nbd = gx.value.BgNbd(0.2426, 4.4136, 0.7929, 2.4259, -9582.43, 2357)
    >>> gamma_gamma = gx.value.GammaGamma(6.2488, 3.7446, 15.4477, -4055.92, 946)
    >>> row = gx.value.expected_value(bg_nbd, gamma_gamma, one, weeks=39).rows()[0]
    >>> {name: round(row[name], 2) for name in ("expected_orders", "expected_value", "low", "high", "p_alive")}
    {'expected_orders': 1.23, 'expected_value': 37.92, 'low': 0.0, 'high': 106.63, 'p_alive': 0.73}
    """
    return _expected_value(summary, bg_nbd, gamma_gamma, weeks)


@tidy
def _expected_value(summary: Table, bg_nbd: BgNbd, gamma_gamma: GammaGamma, weeks: float) -> Table:
    tuples = repeat_tuples(summary)
    scores = _scores(bg_nbd, gamma_gamma, *repeats(tuples), weeks)
    for name, values in scores.items():
        tuples = tuples.append_column(name, pa.array(values, pa.float64()))
    return summary.engine.run(
        step(__file__, "expected_value.sql"),
        {"summary": summary, "score": summary.engine.arrow(tuples)},
        {"v": gamma_gamma.v},
    )


def _scores(
    bg_nbd: BgNbd, gamma_gamma: GammaGamma, x: Floats, t_x: Floats, t: Floats, weeks: float
) -> dict[str, Floats]:
    p, q = gamma_gamma.p, gamma_gamma.q
    p_alive = alive(bg_nbd, x, t_x, t)
    orders, low, high = (np.zeros(len(x)) for _ in range(3))
    for group in alike(bg_nbd, x, t):
        terms = series_length(bg_nbd, group, weeks)
        at_least = purchases_at_least(bg_nbd, group.x, group.t, weeks, terms)
        most = purchases_at_least(bg_nbd, group.x, np.array([group.shortest]), weeks, terms)[0]
        here = np.maximum(p_alive[group.rows], 1e-12)
        orders[group.rows] = at_least.sum(axis=1)[group.place] * here
        spread = _Spread(at_least, int(np.count_nonzero(most > EDGE)), p, q + p * group.x)
        low[group.rows] = spread.quantile(group.place, 1 - (1 - LOW) / here)
        high[group.rows] = spread.quantile(group.place, 1 - (1 - HIGH) / here)
    value = orders * p / (p * x + q - 1)
    return {
        "expected_orders": orders,
        "p_alive": p_alive,
        "value_factor": value,
        "low_factor": np.minimum(low, value),
        "high_factor": np.maximum(high, value),
    }


class _Spread:
    """The distribution of the spend of active customers, in units of v + x z: a row for each of `at_least`.

    `many` is the number of purchases beyond which there is next to no chance.
    """

    def __init__(self, at_least: Floats, many: int, p: float, q: float) -> None:
        from scipy.special import betainc, betaincinv

        times = np.arange(1, at_least.shape[1] + 1, dtype=np.float64)
        first, last = betaincinv(p, q, EDGE), betaincinv(p * max(many, 1), q, 1 - EDGE)
        self.logs = np.linspace(np.log(first / (1 - first)), np.log(last / (1 - last)), NODES)
        shares = 1 / (1 + np.exp(-self.logs))
        exactly = at_least - np.append(at_least[:, 1:], np.zeros((len(at_least), 1)), axis=1)
        self.nothing = 1 - at_least[:, 0]
        self.below = self.nothing[:, None] + exactly @ betainc(p * times[:, None], q, shares)

    def quantile(self, place: Floats, level: Floats) -> Floats:
        """The amount a share `level` of the row `place` stays below; 0 where nothing is as likely as that."""
        # Rows lie end to end, each raised by its number, so that one search finds its place in every row.
        raised = (self.below + 2 * np.arange(len(self.below))[:, None]).ravel()
        wanted = np.clip(level, 0.0, 1.0)
        found = np.searchsorted(raised, wanted + 2 * place) - NODES * place
        above = np.clip(found, 1, NODES - 1)
        low, high = self.below[place, above - 1], self.below[place, above]
        share = np.clip((wanted - low) / np.maximum(high - low, 1e-300), 0.0, 1.0)
        log = self.logs[above - 1] + share * (self.logs[above] - self.logs[above - 1])
        amount: Floats = np.where(level <= self.nothing[place], 0.0, np.exp(log))
        return amount

"""Gamma-Gamma: what a customer spends each time they buy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from guanxi.insight.engines import Table, step, tidy
from guanxi.insight.errors import InsightError
from guanxi.insight.value.bg_nbd import require_repeaters
from guanxi.insight.value.maximum import Floats, maximise, total

SMALLEST_Q = 1.01  # at 1 the mean spend p v / (q - 1) is infinite
STARTS = ((2.0, 3.0, 1.0), (1.0, 1.5, 1.0), (6.0, 4.0, 0.5), (0.5, 8.0, 8.0))


@dataclass(frozen=True)
class GammaGamma:
    """The three parameters of Gamma-Gamma, and how well they fit.

    A purchase's spend is Gamma(`p`, ν) with ν from Gamma(`q`, `v`) for each customer; `v` is in the unit of money.
    `log_likelihood` is the sum over `customers`, those who came back and spent.
    """

    p: float
    q: float
    v: float
    log_likelihood: float
    customers: int

    @property
    def mean_spend(self) -> float:
        """Spend per purchase of a customer nothing is known of: p v / (q - 1)."""
        return self.p * self.v / (self.q - 1)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Self:
        """The model back from `to_dict`."""
        floats = {name: float(facts[name]) for name in ("p", "q", "v", "log_likelihood")}
        return cls(**floats, customers=int(facts["customers"]))


@tidy
def gamma_gamma_fit(summary: Table) -> GammaGamma:
    """Fit Gamma-Gamma by maximum likelihood to the customers who came back and spent.

    Grouped by (x, mean_spend) in the engine. With z the mean spend of x purchases, the likelihood of a customer is

        Γ(px+q) / (Γ(px) Γ(q)) · v^q z^(px-1) x^(px) / (v + xz)^(px+q)

    Parameters
    ----------
    summary : Table
        As `repeat_summary` gives it.

    Raises
    ------
    InsightError
        `too_little_history` if fewer than 100 customers came back and spent, or the likelihood has no maximum with
        q > 1, without which the mean spend is not finite.

    Notes
    -----
    Fader, P. S., Hardie, B. G. S., Lee, K. L. (2005), RFM and CLV: Using Iso-Value Curves for Customer Base Analysis,
    *Journal of Marketing Research* 42(4), 415-430; likelihood: Fader and Hardie (2013), The Gamma-Gamma Model of
    Monetary Value, equation (1a). The model takes spend to be independent of how often a customer buys.

    Examples
    --------
    >>> import pyarrow as pa, guanxi.insight as gx
    >>> engine = gx.duckdb_engine()
    >>> few = engine.arrow(pa.table({"customer_id": [1], "x": [2], "t_x": [30.0], "t": [39.0], "mean_spend": [20.0]}))
    >>> gx.value.gamma_gamma_fit(few)
    Traceback (most recent call last):
    guanxi.insight.errors.InsightError: 1 customer came back; 100 are needed to predict. ...
    """
    grouped = summary.engine.run(step(__file__, "spend_tuples.sql"), {"summary": summary})
    tuples = grouped.to_arrow(["x", "mean_spend"])
    x, z, count = (tuples[name].to_numpy().astype(np.float64) for name in ("x", "mean_spend", "customers"))
    require_repeaters(int(count.sum()))
    customers = int(count.sum())
    unit = total(count, z) / customers
    found = maximise(_Likelihood(x, z / unit, count), STARTS)
    p, q, v = (float(value) for value in found.at)
    if q < SMALLEST_Q:
        raise InsightError(
            "too_little_history",
            "Spend varies so much between customers that no mean can be expected.",
            cure="Wait for more history; until then look at what was spent.",
        )
    return GammaGamma(p, q, v * unit, (found.mean - float(np.log(unit))) * customers, customers)


class _Likelihood:
    """Mean log-likelihood of the tuples and its slope; what depends on x alone is computed once for each x."""

    def __init__(self, x: Floats, z: Floats, count: Floats) -> None:
        self.x, self.spent = x, x * z
        self.weight = count / count.sum()
        self.each, place = np.unique(x, return_inverse=True)
        self.each_weight = np.bincount(place, weights=self.weight)
        log_total = np.log(self.spent)
        self.mean_log_z = total(self.weight, np.log(z))
        self.x_log_total = total(self.weight, x * log_total)

    def __call__(self, parameters: Floats) -> tuple[float, Floats]:
        from scipy.special import digamma, gammaln

        p, q, v = parameters
        each, of_each = self.each, self.each_weight
        log_rest = np.log(v + self.spent)
        rest = total(self.weight, log_rest)
        x_rest = total(self.weight, self.x * log_rest)
        mean = (
            total(of_each, gammaln(p * each + q) - gammaln(p * each)) - gammaln(q) + q * np.log(v)
            + p * self.x_log_total - self.mean_log_z - p * x_rest - q * rest
        )  # fmt: skip
        slope = (
            total(of_each, each * (digamma(p * each + q) - digamma(p * each))) + self.x_log_total - x_rest,
            total(of_each, digamma(p * each + q)) - digamma(q) + np.log(v) - rest,
            q / v - total(self.weight, (p * self.x + q) / (v + self.spent)),
        )
        return float(mean), np.array(slope)

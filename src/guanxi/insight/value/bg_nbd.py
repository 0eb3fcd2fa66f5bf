"""BG/NBD: who still buys, and how often they will."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

import numpy as np
import pyarrow as pa

from guanxi.insight.engines import Table, step, tidy
from guanxi.insight.errors import InsightError
from guanxi.insight.value.maximum import Floats, maximise, total

MIN_REPEATERS = 100
MIN_WEEKS = 26
STARTS = ((0.5, 0.5, 0.5, 2.0), (1.0, 1.0, 1.0, 1.0), (3.0, 2.0, 0.1, 1.0))
NEGLIGIBLE = 1e-11  # chance of still more purchases at which the series stops
LONGEST = 20_000  # terms of the series


@dataclass(frozen=True)
class BgNbd:
    """The four parameters of BG/NBD in weeks, and how well they fit.

    While active a customer buys at a rate from Gamma(`r`, `alpha`) a week; after every purchase they drop out with a
    chance from Beta(`a`, `b`). `log_likelihood` is the sum over `customers`.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    customers: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Self:
        """The model back from `to_dict`."""
        floats = {name: float(facts[name]) for name in ("r", "alpha", "a", "b", "log_likelihood")}
        return cls(**floats, customers=int(facts["customers"]))


def repeat_summary(purchase: Table, as_of: date) -> Table:
    """How often each customer came back by `as_of`, and when: what BG/NBD and Gamma-Gamma look at.

    The grain is the day: several orders of one day are one purchase. Returns and void orders do not count, neither
    as purchases nor in the spend.

    Parameters
    ----------
    purchase : Table
        As for `purchase_summary`.
    as_of : date
        The business date; later facts are ignored.

    Returns
    -------
    Table
        One row for each customer who bought: `customer_id`, `x` (days with a purchase after the first), `t_x` (weeks
        from the first to the last), `t` (weeks from the first to `as_of`), both exactly days / 7, and `mean_spend`
        (DOUBLE, spend per repeat day; NULL where there is none above zero).

    Examples
    --------
    >>> import datetime, pyarrow as pa, guanxi.insight as gx
    >>> engine = gx.duckdb_engine()
    >>> days = [datetime.date(2024, 1, 1), datetime.date(2024, 1, 15), datetime.date(2024, 1, 22)]
    >>> purchase = engine.arrow(
    ...     pa.table({"customer_id": [7] * 3, "ordered_at": days, "revenue": [90, 20, 40],
    ...               "is_return": [False] * 3, "is_void": [False] * 3})
    ... )
    >>> gx.value.repeat_summary(purchase, datetime.date(2024, 1, 29)).rows()
    [{'customer_id': 7, 'x': 2, 't_x': 3.0, 't': 4.0, 'mean_spend': 30.0}]
    """
    return purchase.engine.run(step(__file__, "repeat_summary.sql"), {"purchase": purchase}, {"as_of": as_of})


@tidy
def bg_nbd_fit(summary: Table) -> BgNbd:
    """Fit BG/NBD by maximum likelihood.

    The engine groups customers alike in (x, t_x, t) and only those tuples leave it, in sorted order: the result does
    not depend on the order of rows. A customer's likelihood is, with B the beta function,

        Γ(r+x) α^r / Γ(r) · B(a, b+x)/B(a, b) · [ (α+t)^-(r+x) + a/(b+x-1) (α+t_x)^-(r+x) if x > 0 ]

    Parameters
    ----------
    summary : Table
        As `repeat_summary` gives it.

    Raises
    ------
    InsightError
        `too_little_history` if fewer than 100 customers came back, the oldest is known for less than 26 weeks, or
        the likelihood has no maximum.

    Notes
    -----
    Fader, P. S., Hardie, B. G. S., Lee, K. L. (2005), "Counting Your Customers" the Easy Way: An Alternative to the
    Pareto/NBD Model, *Marketing Science* 24(2), 275-284, equation (6).

    Examples
    --------
    >>> import pyarrow as pa, guanxi.insight as gx
    >>> engine = gx.duckdb_engine()
    >>> few = engine.arrow(pa.table({"customer_id": [1], "x": [2], "t_x": [30.0], "t": [39.0], "mean_spend": [20.0]}))
    >>> gx.value.bg_nbd_fit(few)
    Traceback (most recent call last):
    guanxi.insight.errors.InsightError: 1 customer came back; 100 are needed to predict. ...
    """
    tuples = repeat_tuples(summary)
    count = tuples["customers"].to_numpy().astype(np.float64)
    x, t_x, t = repeats(tuples)
    require_repeaters(int(count[x > 0].sum()))
    longest = float(t.max())
    if longest < MIN_WEEKS:
        raise InsightError(
            "too_little_history",
            f"The purchases reach back {longest:.0f} weeks; {MIN_WEEKS} are needed to predict.",
            cure="Wait for more history; until then look at what was spent.",
        )
    unit = total(count, t) / float(count.sum())  # the mean time known, so that alpha is near 1
    found = maximise(_Likelihood(x, t_x / unit, t / unit, count), STARTS)
    r, alpha, a, b = (float(value) for value in found.at)
    customers = int(count.sum())
    # In weeks the density of x purchases is unit^-x of that in units.
    log_likelihood = found.mean * customers - total(count, x) * float(np.log(unit))
    return BgNbd(r, alpha * unit, a, b, log_likelihood, customers)


class _Likelihood:
    """Mean log-likelihood of the tuples and its slope; what is shared by many tuples is computed once.

    With d the log of the odds to have dropped out at the last purchase, the bracket of the likelihood is
    (α+t)^-(r+x) (1 + e^d), and e^d only matters to those who came back.
    """

    def __init__(self, x: Floats, t_x: Floats, t: Floats, count: Floats) -> None:
        weight = count / count.sum()
        self.each, place = np.unique(x, return_inverse=True)
        self.each_weight = np.bincount(place, weights=weight)
        self.known, place = np.unique(t, return_inverse=True)
        self.known_weight = np.bincount(place, weights=weight)
        self.known_purchases = np.bincount(place, weights=weight * x)
        back = x > 0
        self.x, self.weight, self.to_known = x[back], weight[back], place[back]
        self.last, self.to_last = np.unique(t_x[back], return_inverse=True)

    def __call__(self, parameters: Floats) -> tuple[float, Floats]:
        from scipy.special import digamma, gammaln

        r, alpha, a, b = parameters
        each, of_each = self.each, self.each_weight
        log_known = np.log(alpha + self.known)
        purchases = r * self.known_weight + self.known_purchases
        gap = log_known[self.to_known] - np.log(alpha + self.last)[self.to_last]
        since = b + self.x - 1
        odds = np.log(a / since) + (r + self.x) * gap
        against = np.exp(-odds)  # at most (b+x-1)/a: never too large
        left = self.weight / (1 + against)
        mean = (
            total(of_each, gammaln(r + each) + gammaln(b + each) - gammaln(a + b + each))
            - gammaln(r) + r * np.log(alpha) - gammaln(b) + gammaln(a + b)
            - total(purchases, log_known) + total(self.weight, odds + np.log1p(against))
        )  # fmt: skip
        farther = (1 / (alpha + self.known))[self.to_known] - (1 / (alpha + self.last))[self.to_last]
        both = digamma(a + b) - total(of_each, digamma(a + b + each))
        still = total(self.known_weight, log_known)
        slope = (
            total(of_each, digamma(r + each)) - digamma(r) + np.log(alpha) - still + total(left, gap),
            r / alpha - total(purchases, 1 / (alpha + self.known)) + total(left * (r + self.x), farther),
            both + left.sum() / a,
            both + total(of_each, digamma(b + each)) - digamma(b) - total(left, 1 / since),
        )
        return float(mean), np.array(slope)


@tidy
def _scored(summary: Table, score: Any) -> Table:
    tuples = repeat_tuples(summary)
    scores = summary.engine.arrow(tuples.append_column("value", pa.array(score(*repeats(tuples)), pa.float64())))
    return summary.engine.run(step(__file__, "scored.sql"), {"summary": summary, "score": scores})


def probability_alive(model: BgNbd, summary: Table) -> Table:
    """The chance that a customer still is one: `customer_id`, `p_alive` (DOUBLE, 0 to 1).

    1 / (1 + a/(b+x-1) · ((α+t)/(α+t_x))^(r+x)); the model lets nobody drop out before a second purchase, so who
    bought once has 1.

    Parameters
    ----------
    model : BgNbd
        As `bg_nbd_fit` finds it.
    summary : Table
        As `repeat_summary` gives it.

    Examples
    --------
    >>> import pyarrow as pa, guanxi.insight as gx
    >>> engine = gx.duckdb_engine()
    >>> one = engine.arrow(pa.table({"customer_id": [1], "x": [2], "t_x": [30.43], "t": [38.86]}))
    >>> cdnow = gx.value.BgNbd(0.2426, 4.4136, 0.7929, 2.4259, -9582.43, 2357)
    >>> round(gx.value.probability_alive(cdnow, one).rows()[0]["p_alive"], 2)
    0.73
    """
    scored = _scored(summary, lambda x, t_x, t: alive(model, x, t_x, t))
    return scored.select("customer_id", p_alive="value")


def expected_purchases(model: BgNbd, summary: Table, weeks: float) -> Table:
    """The purchase days to expect of each customer in the next `weeks`: `customer_id`, `expected_orders` (DOUBLE).

    The expectation is the sum over k of the chance of at least k purchases (see `purchases_at_least`): terms that
    are all positive, in place of the closed form with the hypergeometric function, which cancels near a = 1.

    Parameters
    ----------
    model : BgNbd
        As `bg_nbd_fit` finds it.
    summary : Table
        As `repeat_summary` gives it.
    weeks : float
        How far ahead.

    Notes
    -----
    Equals equation (10) of Fader, Hardie and Lee (2005).

    Examples
    --------
    >>> import pyarrow as pa, guanxi.insight as gx
    >>> engine = gx.duckdb_engine()
    >>> one = engine.arrow(pa.table({"customer_id": [1], "x": [2], "t_x": [30.43], "t": [38.86]}))
    >>> cdnow = gx.value.BgNbd(0.2426, 4.4136, 0.7929, 2.4259, -9582.43, 2357)
    >>> round(gx.value.expected_purchases(cdnow, one, 39).rows()[0]["expected_orders"], 3)
    1.226
    """

    def score(x: Floats, t_x: Floats, t: Floats) -> Floats:
        expected = np.zeros(len(x))
        for group in alike(model, x, t):
            at_least = purchases_at_least(model, group.x, group.t, weeks, terms=series_length(model, group, weeks))
            expected[group.rows] = at_least.sum(axis=1)[group.place]
        return expected * alive(model, x, t_x, t)

    return _scored(summary, score).select("customer_id", expected_orders="value")


def alive(model: BgNbd, x: Floats, t_x: Floats, t: Floats) -> Floats:
    """P(active at t | x, t_x, t) of each tuple."""
    from scipy.special import expit

    back = x > 0
    since = np.where(back, model.b + x - 1, 1.0)
    odds = np.log(model.a / since) + (model.r + x) * np.log((model.alpha + t) / (model.alpha + t_x))
    probability: Floats = np.where(back, expit(-odds), 1.0)
    return probability


def purchases_at_least(model: BgNbd, x: float, t: Floats, weeks: float, terms: int) -> Floats:
    """P(at least k purchases in `weeks` | active at t): a row for each t, columns k = 1 ... `terms`.

    Of an active customer the rate is Gamma(r+x, α+t) and the chance to drop out Beta(a, b+x), independent of each
    other. At least k purchases happen if k fall due, which is negative binomial, and the customer stays after each
    of the first k-1:  E[(1-p)^(k-1)] · P(NB ≥ k) = B(a, b+x+k-1)/B(a, b+x) · P(NB(r+x, (α+t)/(α+t+weeks)) ≥ k).
    """
    from scipy.special import gammaln

    rate = model.r + x
    due = weeks / (model.alpha + t + weeks)
    before = np.arange(terms, dtype=np.float64)  # k - 1
    log_chance = gammaln(rate + before) - gammaln(rate) - gammaln(before + 1)
    exactly = np.exp(
        log_chance
        + rate * np.log((model.alpha + t) / (model.alpha + t + weeks))[:, None]
        + np.log(due)[:, None] * before
    )
    fall_due = np.clip(1.0 - np.cumsum(exactly, axis=1), 0.0, 1.0)
    a, b = model.a, model.b + x
    stay = np.exp(gammaln(b + before) - gammaln(b) - gammaln(a + b + before) + gammaln(a + b))
    at_least: Floats = fall_due * stay
    return at_least


def series_length(model: BgNbd, group: Alike, weeks: float) -> int:
    """How many terms of the series matter to any tuple that may ever be in this group."""
    from scipy.special import betainc

    due = weeks / (model.alpha + group.shortest + weeks)
    terms = 16
    while terms < LONGEST and betainc(terms, model.r + group.x, due) > NEGLIGIBLE:
        terms = min(terms * 3 // 2, LONGEST)
    return terms


@dataclass(frozen=True)
class Alike:
    """Tuples of one x with `t` within a factor of two: the `rows`, their distinct `t`, and each one's `place` there.

    `shortest` is the least t the factor allows. What is shared within a group hangs on it and not on the members, so
    that a customer's score is the same in whatever company he is scored.
    """

    x: float
    shortest: float
    t: Floats
    rows: Any
    place: Any


def alike(model: BgNbd, x: Floats, t: Floats) -> list[Alike]:
    """Tuples grouped so that each group's series is about equally long; given active, t_x does not matter."""
    octave = np.floor(np.log2((model.alpha + t) / model.alpha)).astype(np.int64)
    order = np.lexsort((octave, x))
    cuts = np.flatnonzero((np.diff(x[order]) != 0) | (np.diff(octave[order]) != 0)) + 1
    groups = []
    for rows in np.split(order, cuts) if len(order) else ():
        distinct, place = np.unique(t[rows], return_inverse=True)
        shortest = model.alpha * (2.0 ** int(octave[rows[0]]) - 1)
        groups.append(Alike(float(x[rows[0]]), shortest, distinct, rows, place))
    return groups


def repeat_tuples(summary: Table) -> pa.Table:
    """The distinct (x, t_x, t) in rising order and how many customers each has."""
    tuples = summary.engine.run(step(__file__, "repeat_tuples.sql"), {"summary": summary})
    return tuples.to_arrow(["x", "t_x", "t"])


def repeats(tuples: pa.Table) -> tuple[Floats, Floats, Floats]:
    """The columns x, t_x and t as doubles."""
    x, t_x, t = (tuples[name].to_numpy().astype(np.float64) for name in ("x", "t_x", "t"))
    return x, t_x, t


def require_repeaters(repeaters: int) -> None:
    """Refuse to learn from fewer than 100 customers who came back.

    Raises
    ------
    InsightError
        `too_little_history`.
    """
    if repeaters < MIN_REPEATERS:
        who = "1 customer" if repeaters == 1 else f"{repeaters} customers"
        raise InsightError(
            "too_little_history",
            f"{who} came back; {MIN_REPEATERS} are needed to predict.",
            cure="Wait for more history; until then look at what was spent.",
        )

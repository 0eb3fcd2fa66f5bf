"""What differs between the treated and the control group, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import NormalDist

from guanxi.insight.engines import Table, step
from guanxi.insight.errors import InsightError

LEVEL = 0.95  # of the likely ranges


@dataclass(frozen=True)
class Arm:
    """One arm: how many there are, who of them bought, and the moments of what each spent (money of one currency)."""

    members: int
    buyers: int = 0
    revenue: float = 0.0
    squares: float = 0.0  # the sum of each member's revenue squared

    @property
    def rate(self) -> float:
        """The share who bought."""
        return self.buyers / self.members if self.members else 0.0

    @property
    def mean(self) -> float:
        """What a member spent on average."""
        return self.revenue / self.members if self.members else 0.0


@dataclass(frozen=True)
class Difference:
    """Treated less control, and the range that holds the true difference in `level` of all such experiments."""

    value: float
    low: float
    high: float
    level: float

    @property
    def verdict(self) -> str:
        """One of "gain" and "loss" if the whole range lies on one side of nought, else "unclear"."""
        if self.low > 0:
            return "gain"
        return "loss" if self.high < 0 else "unclear"


@dataclass(frozen=True)
class Uplift:
    """The outcome of an experiment; the differences are None where an arm is too small to tell."""

    treated: Arm
    control: Arm
    rate: Difference | None
    revenue: Difference | None  # per member


def uplift(member: Table, purchase: Table, since: date, days: int, level: float = LEVEL) -> Uplift:
    """Compare what the two arms bought in the `days` after `since`.

    Everybody counts in the arm they were drawn into, reached or not (intention to treat): who was reached is no
    matter of chance, so leaving out the others would compare unlike people.

    Parameters
    ----------
    member : Table
        `customer_id`, `arm` ("treated", "control"): what `control_split` gave.
    purchase : Table
        Basket grain: `customer_id`, `ordered_at`, `revenue` (DECIMAL, one currency), `is_return`, `is_void`.
    since : date
        The day on which it began; the window is (since, since + days].
    days : int
        The length of the window in days.
    level : float
        How likely the ranges are to hold the truth, between 0 and 1.

    Returns
    -------
    Uplift
        Both arms and the differences in the share who bought (`rate_difference`) and in net revenue per member
        (`mean_difference`).

    Examples
    --------
    >>> import datetime, pyarrow as pa, guanxi.insight as gx
    >>> engine = gx.duckdb_engine()
    >>> member = engine.arrow(pa.table({"customer_id": [1, 2, 3], "arm": ["treated", "treated", "control"]}))
    >>> purchase = engine.arrow(
    ...     pa.table(
    ...         {
    ...             "customer_id": [1],
    ...             "ordered_at": [datetime.date(2026, 1, 5)],
    ...             "revenue": [80],
    ...             "is_return": [False],
    ...             "is_void": [False],
    ...         }
    ...     )
    ... )
    >>> found = gx.experiment.uplift(member, purchase, datetime.date(2026, 1, 1), 30)
    >>> found.treated.rate, found.control.rate, found.revenue is None
    (0.5, 0.0, True)
    """
    rows = member.engine.run(
        step(__file__, "arm_moments.sql"),
        {"member": member, "purchase": purchase},
        {"since": since, "until": since + timedelta(days=days)},
    ).rows(["arm"])
    arms = {row["arm"]: Arm(row["members"], row["buyers"], row["revenue"], row["squares"]) for row in rows}
    treated, control = (arms.get(name, Arm(0)) for name in ("treated", "control"))
    return Uplift(treated, control, rate_difference(treated, control, level), mean_difference(treated, control, level))


def rate_difference(treated: Arm, control: Arm, level: float = LEVEL) -> Difference | None:
    """The difference of the shares who bought, with Newcombe's hybrid score interval.

    Two Wilson intervals put together: it keeps its level with few members and shares near nought, where the usual
    interval fails. Source: Newcombe 1998, Statistics in Medicine 17:873-890, method 10.

    Returns
    -------
    Difference or None
        None where an arm has no members.

    Examples
    --------
    >>> found = rate_difference(Arm(70, 56), Arm(80, 48))
    >>> f"{found.value:.4f} ({found.low:.4f} to {found.high:.4f})"
    '0.2000 (0.0524 to 0.3339)'
    """
    _refuse_bad_level(level)
    if not treated.members or not control.members:
        return None
    low_1, high_1 = _wilson(treated, level)
    low_2, high_2 = _wilson(control, level)
    p_1, p_2 = treated.rate, control.rate
    value = p_1 - p_2
    return Difference(
        value,
        value - sqrt((p_1 - low_1) ** 2 + (high_2 - p_2) ** 2),
        value + sqrt((high_1 - p_1) ** 2 + (p_2 - low_2) ** 2),
        level,
    )


def mean_difference(treated: Arm, control: Arm, level: float = LEVEL) -> Difference | None:
    """The difference of what a member spent on average, with Welch's interval (unequal variances).

    Source: Welch 1947, Biometrika 34:28-35, with Satterthwaite's degrees of freedom.

    Returns
    -------
    Difference or None
        None where an arm has fewer than two members, or where all of each arm spent the same (mostly nothing):
        without spread nobody can say how sure it is.
    """
    from scipy.special import stdtrit  # Student's t; takes longer to import than the rest of the library

    _refuse_bad_level(level)
    if treated.members < 2 or control.members < 2:
        return None
    errors = [_variance(arm) / arm.members for arm in (treated, control)]
    value, error = treated.mean - control.mean, sum(errors)
    if error == 0:
        return None
    freedom = error**2 / sum(e**2 / (arm.members - 1) for e, arm in zip(errors, (treated, control), strict=True))
    half = float(stdtrit(freedom, (1 + level) / 2)) * sqrt(error)
    return Difference(value, value - half, value + half, level)


def _wilson(arm: Arm, level: float) -> tuple[float, float]:
    z = NormalDist().inv_cdf((1 + level) / 2)
    n, p = arm.members, arm.rate
    middle, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def _variance(arm: Arm) -> float:
    return max(0.0, (arm.squares - arm.revenue**2 / arm.members) / (arm.members - 1))


def _refuse_bad_level(level: float) -> None:
    if not 0 < level < 1:
        raise InsightError(
            "bad_level", f"A range cannot hold the truth with {level:g}.", cure="Give a level like 0.95."
        )

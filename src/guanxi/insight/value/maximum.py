"""Maximum likelihood over positive parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi.insight.errors import InsightError

Floats = NDArray[np.float64]
FLAT = 1e-5  # largest slope per customer and unit of log parameter that still counts as a maximum
FIRST_STEPS = 6


def total(weight: NDArray[Any], each: NDArray[Any]) -> float:
    """The weighted sum, always added in the same order.

    Not `@`: that wakes the threads of the linear algebra library, which wait for cores the engine keeps busy, and a
    fit takes many times as long.
    """
    return float(np.einsum("i,i", weight, each))


@dataclass(frozen=True)
class Maximum:
    """Where the mean log-likelihood is largest, and how large."""

    at: Floats
    mean: float


def maximise(
    mean_and_slope: Callable[[Floats], tuple[float, Floats]], starts: Sequence[Sequence[float]], reach: float = 9.0
) -> Maximum:
    """The maximum reached from the best of several starts, after some steps from each; the same in every run.

    L-BFGS works on the logarithms of the parameters, within e^-reach and e^reach, so none turns negative and the
    units of time and money, which callers divide out first, do not matter.

    Parameters
    ----------
    mean_and_slope
        Log-likelihood per customer and its slope by each parameter (not by its logarithm).

    Raises
    ------
    InsightError
        `too_little_history` if the climb ends where it is not flat.
    """
    from scipy.optimize import minimize  # takes longer to import than the rest of the library

    def fall(logs: Floats) -> tuple[float, Floats]:
        parameters = np.exp(logs)
        mean, slope = mean_and_slope(parameters)
        return -mean, -slope * parameters

    def climb(start: Floats, steps: int) -> Any:
        limits = {"maxiter": steps, "ftol": 1e-14, "gtol": 1e-9}
        return minimize(fall, start, jac=True, method="L-BFGS-B", bounds=[(-reach, reach)] * len(start), options=limits)

    near = [climb(np.log(np.asarray(start, dtype=np.float64)), FIRST_STEPS) for start in starts]
    found = climb(min((each for each in near if np.isfinite(each.fun)), key=lambda each: float(each.fun)).x, 500)
    pushed = ((found.x <= -reach) & (found.jac > 0)) | ((found.x >= reach) & (found.jac < 0))
    if not np.max(np.abs(np.where(pushed, 0.0, found.jac))) < FLAT:
        raise InsightError(
            "too_little_history",
            "The purchases do not settle on one set of parameters.",
            cure="Wait for more history; until then look at what was spent.",
        )
    return Maximum(np.exp(found.x), -float(found.fun))

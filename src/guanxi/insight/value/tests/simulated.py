"""Customers who behave exactly as the models say, with what they do later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.random import Generator

from guanxi.insight import Engine, Table
from guanxi.insight.value import BgNbd, GammaGamma
from guanxi.insight.value.maximum import Floats

BUYING = BgNbd(r=0.6, alpha=5.0, a=0.8, b=2.5, log_likelihood=0, customers=0)
SPENDING = GammaGamma(p=6.0, q=4.0, v=15.0, log_likelihood=0, customers=0)


@dataclass(frozen=True)
class Simulated:
    """What was seen by `t`, and the purchases and spend of the `weeks` after it."""

    x: Floats
    t_x: Floats
    t: Floats
    mean_spend: Floats
    later_orders: Floats
    later_spend: Floats

    def table(self, engine: Engine, order: np.ndarray | None = None) -> Table:
        """The customers as a repeat summary, in the given order of rows."""
        rows = np.arange(len(self.x)) if order is None else order
        return engine.arrow(
            pa.table(
                {
                    "customer_id": pa.array(rows, pa.int64()),
                    "x": pa.array(self.x[rows].astype(np.int64)),
                    "t_x": pa.array(self.t_x[rows]),
                    "t": pa.array(self.t[rows]),
                    "mean_spend": pa.array(self.mean_spend[rows], mask=self.x[rows] == 0),
                }
            )
        )


def simulate(customers: int, weeks: float, seed: int = 20240101) -> Simulated:
    """Customers known for 20 to 80 weeks, and what they do in `weeks` more."""
    draw: Generator = np.random.default_rng(seed)
    t = np.round(draw.uniform(20, 80, customers) * 7) / 7
    rate = draw.gamma(BUYING.r, 1 / BUYING.alpha, customers)
    leaves = draw.beta(BUYING.a, BUYING.b, customers)
    x, t_x, later = np.zeros(customers), np.zeros(customers), np.zeros(customers)
    now, here = np.zeros(customers), np.ones(customers, dtype=bool)
    while here.any():
        now[here] += draw.exponential(1, here.sum()) / rate[here]
        here &= now < t + weeks
        seen = here & (now < t)
        x += seen
        t_x = np.where(seen, now, t_x)
        later += here & ~seen
        here &= draw.random(customers) >= leaves
    scale = 1 / draw.gamma(SPENDING.q, 1 / SPENDING.v, customers)
    total = draw.gamma(np.maximum(SPENDING.p * x, 1e-9)) * scale
    spend = np.where(later > 0, draw.gamma(np.maximum(SPENDING.p * later, 1e-9)) * scale, 0.0)
    return Simulated(x, t_x, t, total / np.maximum(x, 1), later, spend)

"""How much the biggest buyers bring: calibrated, so that the sample company has the shape it is known for."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from guanxi.demo import planted
from guanxi.demo.baskets import Lines, by_budget
from guanxi.demo.chance import Bools, Floats, Ints
from guanxi.demo.orders import NOBODY, Orders
from guanxi.demo.seasons import Calendar

_ROUNDS: Final = 18  # halvings of the bracket: finer than one piece


def spend_of_units(orders: Orders, lines: Lines, calendar: Calendar) -> Ints:
    """Net spend in fen of every unit in the last twelve months; a unit is what exact keys make of the records."""
    unit = orders.unit[lines.order]
    known = unit != NOBODY
    spent = np.where(orders.day[lines.order] >= calendar.split, lines.quantity * lines.price, 0)
    spent = spent - np.where(lines.back_day >= calendar.split, lines.given_back * lines.price, 0)
    return np.bincount(unit[known], weights=spent[known], minlength=planted.RECORDS).astype(np.int64)


def top_share(spend: Ints) -> float:
    """The share of the spend that the top 1 % of those who spent bring."""
    spenders = np.sort(spend[spend > 0])[::-1]
    return float(spenders[: -(-len(spenders) // 100)].sum() / spend.sum())


def calibrate(orders: Orders, lines: Lines, calendar: Calendar, top: Bools) -> Lines:
    """Scale what the `top` units buy until the top 1 % bring `planted.TOP_SHARE`."""
    unit = orders.unit[lines.order]
    scaled = (unit != NOBODY) & top[np.maximum(unit, 0)]
    low, high = 0.05, 20.0
    for _ in range(_ROUNDS):
        middle = (low * high) ** 0.5
        share = top_share(spend_of_units(orders, _scaled(lines, scaled, middle), calendar))
        low, high = (middle, high) if share < planted.TOP_SHARE else (low, middle)
    return _scaled(lines, scaled, (low * high) ** 0.5)


def _scaled(lines: Lines, which: Bools, factor: float) -> Lines:
    budget: Floats = lines.budget[which] * factor
    quantity = lines.quantity.copy()
    quantity[which] = by_budget(budget, lines.price[which])
    # What comes back keeps its share of the line.
    share = lines.given_back / lines.quantity
    return replace(lines, quantity=quantity, given_back=np.ceil(share * quantity - 1e-9).astype(np.int64))

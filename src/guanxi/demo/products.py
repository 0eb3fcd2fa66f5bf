"""What goes into a basket: tastes, companions and quantities."""

from __future__ import annotations

from typing import Final

import numpy as np

from guanxi.demo.chance import Bools, Floats, Ints
from guanxi.demo.lists import CATEGORIES, products

# Share of each category in what is bought; columns as `CATEGORIES`.
TASTES: Final = (
    (0.22, 0.15, 0.22, 0.09, 0.03, 0.04, 0.09, 0.04, 0.12),  # drinks tea
    (0.08, 0.06, 0.24, 0.04, 0.14, 0.31, 0.05, 0.03, 0.05),  # sets a table
    (0.12, 0.07, 0.15, 0.05, 0.08, 0.08, 0.10, 0.32, 0.03),  # gives presents
    (0.20, 0.17, 0.22, 0.14, 0.03, 0.05, 0.08, 0.02, 0.09),  # tea house
    (0.07, 0.04, 0.22, 0.05, 0.12, 0.42, 0.02, 0.02, 0.04),  # hotel, restaurant
    (0.14, 0.10, 0.16, 0.06, 0.10, 0.12, 0.09, 0.19, 0.04),  # trade
)
# What is often taken along: teapot with cups, gaiwan with cups, tray with accessories, vase with accessories ...
COMPANION: Final = (2, 2, 0, 8, 8, 2, 0, 6, 2)
TAKEN_ALONG: Final = 0.35

TEA_TRAYS: Final = CATEGORIES.index("茶盘")
GAIWAN: Final = CATEGORIES.index("盖碗")
GIFT_BOXES: Final = CATEGORIES.index("礼盒")


def category_of() -> Ints:
    """The category of every product, as positions."""
    return np.array([CATEGORIES.index(product.category) for product in products()], dtype=np.int64)


def prices() -> Ints:
    """The list price of every product in fen."""
    return np.array([product.price * 100 for product in products()], dtype=np.int64)


def _popularity() -> Floats:
    """Edges for drawing a product: category + a number from 0 to 1 falls on a product of that category."""
    category, price = category_of(), prices()
    edges = np.zeros(len(category))
    for each in range(len(CATEGORIES)):
        mine = np.flatnonzero(category == each)
        # Early in the list and cheap sells more.
        weight = 1 / (np.arange(len(mine)) + 3.0) / np.sqrt(price[mine])
        edges[mine] = each + np.cumsum(weight) / weight.sum()
        edges[mine[-1]] = each + 1
    return edges


def draw_products(rng: np.random.Generator, category: Ints) -> Ints:
    """A product of each category given."""
    edges = _popularity()
    # The last edge is a whole number, and the number drawn is smaller.
    return np.asarray(np.searchsorted(edges, category + rng.random(len(category)), side="right"), dtype=np.int64)


def draw_categories(rng: np.random.Generator, taste: Ints, order: Ints, first: Bools) -> Ints:
    """A category for each line by the buyer's taste; later lines of an order often go with its first."""
    edges = np.cumsum(np.array(TASTES), axis=1)
    edges /= edges[:, -1:]
    category = (rng.random(len(taste))[:, None] > edges[taste]).sum(axis=1).astype(np.int64)
    leading = category[np.flatnonzero(first)[order]]
    along = ~first & (rng.random(len(taste)) < TAKEN_ALONG)
    companion: Ints = np.array(COMPANION, dtype=np.int64)[leading]
    return np.where(along, companion, category)


def draw_quantities(rng: np.random.Generator, category: Ints) -> Ints:
    """How many pieces a household takes; cups and bowls come in several."""
    count = len(category)
    several = np.isin(category, (CATEGORIES.index("茶杯"), CATEGORIES.index("餐具")))
    few = np.searchsorted((0.78, 0.93, 0.97, 1.0), rng.random(count), side="right") + 1
    many = np.array((1, 2, 4, 6, 8))[np.searchsorted((0.42, 0.70, 0.86, 0.97, 1.0), rng.random(count), side="right")]
    return np.where(several, many, few).astype(np.int64)

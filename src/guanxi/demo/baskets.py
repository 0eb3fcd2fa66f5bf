"""What is in the orders, what it costs, what comes back; and the planted patterns in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from guanxi.demo import planted, products
from guanxi.demo.chance import Bools, Floats, Ints, pick, stream
from guanxi.demo.habits import Habits
from guanxi.demo.lists import cities
from guanxi.demo.orders import NOBODY, Orders
from guanxi.demo.people import People
from guanxi.demo.records import SHOP, Records
from guanxi.demo.seasons import Calendar

CANCELLED: Final = 0.012  # of the orders, whole
RETURNED: Final = 0.022  # of the other lines
GIFTS: Final = 0.16  # of the lines before a feast, beyond what people buy anyway
_LINES_PEOPLE: Final = (0.43, 0.30, 0.15, 0.08, 0.04)
_LINES_FIRMS: Final = (0.14, 0.26, 0.28, 0.20, 0.12)
_LAST_SECOND: Final = 22 * 3600 - 1


@dataclass(frozen=True)
class Lines:
    """The lines of all orders, in their order; money in fen, for one piece.

    `budget` is what a firm means to spend on a line, 0 for a household. `given_back` pieces come back, on
    `back_day` at `back_second`; `void` marks the lines of an order cancelled whole.
    """

    order: Ints
    product: Ints
    quantity: Ints
    price: Ints
    budget: Floats
    void: Bools
    given_back: Ints
    back_day: Ints
    back_second: Ints

    def __len__(self) -> int:
        return len(self.order)


def make_lines(
    seed: int, people: People, habits: Habits, records: Records, orders: Orders, calendar: Calendar
) -> Lines:
    """The lines of all orders, quantities of the top customers not yet calibrated (see `spending`)."""
    rng = stream(seed, "lines")
    count = len(orders)
    customer = np.where(orders.record == NOBODY, NOBODY, records.customer[orders.record])
    firm = people.organisation[customer] & (customer != NOBODY)
    number = 1 + np.where(firm, pick(rng, _LINES_FIRMS, count), pick(rng, _LINES_PEOPLE, count))
    number[orders.planned] = np.maximum(number[orders.planned], 2)
    order = np.repeat(np.arange(count), number)
    first = np.concatenate([[True], order[1:] != order[:-1]])
    taste = np.where(customer == NOBODY, 0, habits.taste[customer])[order]
    category = products.draw_categories(rng, taste, order, first)
    product = products.draw_products(rng, category)
    keep = np.sort(np.unique(order * 1_000 + product, return_index=True)[1])
    order, product, category, first = order[keep], product[keep], category[keep], first[keep]
    product, category = _before_feasts(rng, orders, calendar, order, product, category)
    product, category = _planned_products(rng, orders, calendar, order, first, product, category)
    void, back = _returns(rng, orders, order)
    product = _keep_pattern_rare(rng, people, records, orders, calendar, order, product, void | back)
    lines = _quantities(rng, people, habits, customer, orders, order, product, calendar)
    return _give_back(rng, orders, calendar, lines, void, back)


def _before_feasts(
    rng: np.random.Generator, orders: Orders, calendar: Calendar, order: Ints, product: Ints, category: Ints
) -> tuple[Ints, Ints]:
    swap = calendar.gift[orders.day[order]] & (rng.random(len(order)) < GIFTS)
    boxes = np.full(len(order), products.GIFT_BOXES)
    drawn = products.draw_products(rng, boxes)
    return np.where(swap, drawn, product), np.where(swap, boxes, category)


def _planned_products(
    rng: np.random.Generator,
    orders: Orders,
    calendar: Calendar,
    order: Ints,
    first: Bools,
    product: Ints,
    category: Ints,
) -> tuple[Ints, Ints]:
    """Those who stopped: a tray in every order until they stop, other things beside it, none afterwards."""
    planned = orders.planned[order]
    before = orders.day[order] < calendar.after(calendar.stopped)
    trays = np.full(len(order), products.TEA_TRAYS)
    others = np.full(len(order), products.GAIWAN)
    to_tray = planned & before & first
    from_tray = planned & ~to_tray & (category == products.TEA_TRAYS)
    drawn_tray, drawn_other = products.draw_products(rng, trays), products.draw_products(rng, others)
    product = np.where(to_tray, drawn_tray, np.where(from_tray, drawn_other, product))
    return product, np.where(to_tray, trays, np.where(from_tray, others, category))


def _returns(rng: np.random.Generator, orders: Orders, order: Ints) -> tuple[Bools, Bools]:
    void = (rng.random(len(orders)) < CANCELLED) & ~orders.planned
    back = (rng.random(len(order)) < RETURNED) & ~orders.planned[order]
    return void[order], back & ~void[order]


def _keep_pattern_rare(
    rng: np.random.Generator,
    people: People,
    records: Records,
    orders: Orders,
    calendar: Calendar,
    order: Ints,
    product: Ints,
    comes_back: Bools,
) -> Ints:
    """In the region of the planted pattern nobody else bought that kind before, buys still, and buys none of it.

    Whoever would, by chance, gets gaiwan instead of the trays of before. Returns make it a matter of
    reading what was bought, and when, so whoever has any gets no trays before either.
    """
    local = np.array([city.region == planted.STOPPED_REGION for city in cities()])
    touches = (local[people.city] & (people.city >= 0))[records.customer]
    touches |= local[records.moved_from] & (records.moved_from >= 0)
    in_region = np.zeros(len(people), dtype=np.bool_)
    in_region[records.customer[touches]] = True
    in_region[planted.STOPPED_SLOTS] = False
    record = orders.record[order]
    customer = np.where(record == NOBODY, 0, records.customer[record])
    watched = (record != NOBODY) & in_region[customer]
    tray = watched & (products.category_of()[product] == products.TEA_TRAYS)
    since = watched & (orders.day[order] >= calendar.after(calendar.stopped))
    mended = np.zeros(len(people), dtype=np.bool_)
    for party in (orders.unit[order], customer):
        marks = [np.bincount(party[mask], minlength=planted.RECORDS) > 0 for mask in (
            tray & ~since, since, tray & since, watched & comes_back
        )]  # fmt: skip
        before, still, still_trays, returns = marks
        matches = before & ((still & ~still_trays) | returns)
        mended[customer[watched & matches[np.maximum(party, 0)]]] = True
    swap = tray & ~since & mended[customer]
    drawn = products.draw_products(rng, np.full(len(order), products.GAIWAN))
    return np.where(swap, drawn, product)


def _quantities(
    rng: np.random.Generator,
    people: People,
    habits: Habits,
    customer: Ints,
    orders: Orders,
    order: Ints,
    product: Ints,
    calendar: Calendar,
) -> Lines:
    count = len(order)
    who = customer[order]
    known = who != NOBODY
    top = known & habits.top[who]
    firm = known & people.organisation[who]
    size = np.exp(rng.normal(0, 0.5, len(people)))  # of the customer
    usual = np.where(top, 90_000.0, 17_000.0)
    usual[orders.planned[order]] = 21_000.0
    budget = usual * np.exp(rng.normal(0, 0.6, count)) * np.where(orders.planned[order], 1.0, size[who])
    budget = np.where(firm | top | orders.planned[order], budget, 0.0)
    discount = np.where(top, 85, np.where(firm, 88, 100))
    november = np.array([day.month == 11 and day.day <= 12 for day in calendar.days])
    sale = (orders.source[order] == SHOP) & november[orders.day[order]] & (discount == 100)
    price = products.prices()[product] * np.where(sale, 90, discount) // 1_000 * 10
    household = products.draw_quantities(rng, products.category_of()[product])
    nothing = np.zeros(count, dtype=np.int64)
    lines = Lines(order, product, household, price, budget, nothing > 0, nothing, nothing, nothing)
    return replace(lines, quantity=np.where(budget > 0, by_budget(budget, price), household))


def by_budget(budget: Floats, price: Ints) -> Ints:
    """How many pieces the money buys, at least one."""
    return np.maximum(1, np.round(budget / price)).astype(np.int64)


def _give_back(
    rng: np.random.Generator, orders: Orders, calendar: Calendar, lines: Lines, void: Bools, back: Bools
) -> Lines:
    part = np.ceil(lines.quantity * rng.random(len(lines))).astype(np.int64)
    whole = rng.random(len(lines)) < 0.6
    given_back = np.where(void | (back & whole), lines.quantity, np.where(back, part, 0))
    days = np.where(void, rng.integers(0, 3, len(orders))[lines.order], rng.integers(3, 21, len(orders))[lines.order])
    last = len(calendar.days) - 1
    day = np.minimum(orders.day[lines.order] + days, last)
    same = day == orders.day[lines.order]
    noon = 11 * 3600 + 60 * rng.integers(0, 360, len(orders))[lines.order]
    later = np.minimum(orders.second[lines.order] + 1_800, np.maximum(orders.second[lines.order], _LAST_SECOND))
    return replace(lines, void=void, given_back=given_back, back_day=day, back_second=np.where(same, later, noon))

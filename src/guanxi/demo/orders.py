"""Who orders when, where: two years of orders, still without what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from guanxi.demo import planted
from guanxi.demo.chance import Bools, Floats, Ints, stream
from guanxi.demo.habits import Habit, Habits
from guanxi.demo.people import People
from guanxi.demo.records import CALLCENTRE, FAIR, SHOP, STORE, Records
from guanxi.demo.seasons import Calendar

ANONYMOUS: Final = 5_200  # store receipts without a member
BLURRED_BUYERS: Final = 0.30  # of the blurred records: orders that exact keys cannot credit to their customer
NOBODY: Final = -1
_HOURS: Final = ((8, 24), (10, 21), (9, 18))  # opening hours of shop, store and call centre


@dataclass(frozen=True)
class Orders:
    """The orders by time. `unit` as in `records.Records`, `NOBODY` where no member gave a number.

    `day` counts from `Calendar.begin`, `second` from midnight. `planned` orders carry a planted fact.
    """

    unit: Ints
    record: Ints
    source: Ints
    day: Ints
    second: Ints
    planned: Bools

    def __len__(self) -> int:
        return len(self.unit)


def make_orders(seed: int, people: People, habits: Habits, records: Records, calendar: Calendar) -> Orders:
    """All orders; every one by a record of its customer in the system that took it."""
    unit, moment = _moments(seed, people, habits, records)
    planned_unit, planned_day = _planned(seed, calendar)
    record = _by_record(seed, records, np.concatenate([unit, planned_unit]))
    rng = stream(seed, "orders")
    nobody = np.full(ANONYMOUS, NOBODY, dtype=np.int64)
    all_units = np.concatenate([unit, planned_unit, nobody])
    all_records = np.concatenate([record, nobody])
    source = np.where(all_records == NOBODY, STORE, records.source[all_records])
    count = len(all_units)
    day = np.zeros(count, dtype=np.int64)
    moments = np.concatenate([moment, np.zeros(len(planned_unit)), 24 * rng.random(ANONYMOUS)])
    planned = np.zeros(count, dtype=np.bool_)
    planned[len(unit) : len(unit) + len(planned_unit)] = True
    day[~planned] = calendar.place(moments[~planned], source[~planned])
    day[planned] = planned_day
    opens, closes = (np.take([hours[i] for hours in _HOURS], source) * 3600 for i in range(2))
    second = opens + ((closes - opens) * (1 - rng.random(count) ** 1.2)).astype(np.int64)
    # In one system no two orders of a customer bear the same moment, and the order of files is the order of time.
    turn = np.lexsort((np.arange(count), second, day))
    return Orders(all_units[turn], all_records[turn], source[turn], day[turn], second[turn], planned[turn])


def _moments(seed: int, people: People, habits: Habits, records: Records) -> tuple[Ints, Floats]:
    rng = stream(seed, "moments")
    habit = np.concatenate([habits.habit, np.full(int(records.blurred.sum()), Habit.NEVER)])
    blurred = np.flatnonzero(records.blurred)
    buys = (rng.random(len(blurred)) < BLURRED_BUYERS) & (records.source[blurred] != FAIR)
    lost = rng.random(len(blurred)) < 0.4
    habit[records.unit[blurred[buys]]] = np.where(lost[buys], Habit.LOST, Habit.OCCASIONAL)
    firm = np.concatenate([people.organisation, people.organisation[records.customer[blurred]]])
    top = np.concatenate([habits.top, np.zeros(len(blurred), dtype=np.bool_)])
    units, moments = [], []
    for kind in Habit:
        if kind not in {Habit.NEVER, Habit.PLANTED}:
            who = np.flatnonzero(habit == kind)
            whose, when = _course(rng, kind, who, firm[who], top[who])
            units.append(whose)
            moments.append(np.clip(when, 0.0, 23.9999))
    return np.concatenate(units), np.concatenate(moments)


def _course(rng: np.random.Generator, kind: Habit, who: Ints, firm: Bools, top: Bools) -> tuple[Ints, Floats]:
    """The moments (0 to 24 months) at which each of `who` orders, by the way of buying."""
    number = _numbers(rng, kind, firm, top)
    index = np.repeat(np.arange(len(who)), number)
    turn = np.arange(len(index)) - np.repeat(np.cumsum(number) - number, number)
    last = turn == number[index] - 1
    chance = rng.random(len(index))
    begin, end = 24 * rng.random(len(who)), rng.random(len(who))
    if kind is Habit.LOYAL:
        moment = (turn + chance) / number[index] * 24
    elif kind is Habit.GROWING:
        begin = 4 + begin * 0.66
        moment = begin[index] + (24 - begin[index]) * chance**0.55
        moment = np.where(turn == 0, begin[index], np.where(last, 19 + 5 * end[index], moment))
    elif kind is Habit.NEW:
        begin = 12.02 + begin * 0.499
        moment = np.where(turn == 0, begin[index], begin[index] + (24 - begin[index]) * chance)
    elif kind is Habit.OCCASIONAL:
        moment = np.where(last, 12 + 12 * chance, 15 * chance)
    elif kind is Habit.DECLINING:
        end = 12.8 + 8.0 * end
        moment = np.where(last, end[index], (turn + chance) / number[index] * end[index])
    elif kind is Habit.LOST:
        end = 0.2 + 11.6 * end
        moment = np.where(last, end[index], np.maximum(0, end[index] - 9 * chance))
    else:
        moment = np.where(turn < 2, 4 * chance, 17 + 7 * chance)
    return who[index], moment


def _numbers(rng: np.random.Generator, kind: Habit, firm: Bools, top: Bools) -> Ints:
    least, mean = {
        Habit.LOYAL: (5, 5.0),
        Habit.GROWING: (3, 3.5),
        Habit.NEW: (1, 0.8),
        Habit.OCCASIONAL: (1, 1.0),
        Habit.DECLINING: (3, 3.0),
        Habit.LOST: (1, 1.0),
        Habit.RETURNED: (3, 0.8),
    }[kind]
    number = least + rng.poisson(np.where(firm, mean * 1.4, mean))
    return np.where(top, 18 + rng.poisson(14, len(firm)), number).astype(np.int64)


def _planned(seed: int, calendar: Calendar) -> tuple[Ints, Ints]:
    """The orders of those who stopped buying one kind: one about every month, three since they stopped."""
    rng = stream(seed, "planned orders")
    slots = np.array(planted.STOPPED_SLOTS)
    stop = calendar.after(calendar.stopped) - 1
    before = [stop - 30 * month - rng.integers(0, 14, len(slots)) for month in range(22)]
    since = [stop + days + rng.integers(0, 12, len(slots)) for days in (4, 24, 44)]
    days = np.stack([*before, *since], axis=1)
    return np.repeat(slots, days.shape[1]), days.ravel()


def _by_record(seed: int, records: Records, unit: Ints) -> Ints:
    """The record each order is booked on: one of the unit's in a system that sells, the first most often."""
    rng = stream(seed, "orders by record")
    sells = np.flatnonzero(np.isin(records.source, (SHOP, STORE, CALLCENTRE)))
    sells = sells[np.argsort(records.unit[sells], kind="stable")]
    units = records.unit[sells]
    first = np.searchsorted(units, unit, side="left")
    number = np.searchsorted(units, unit, side="right") - first
    if not number.all():
        raise ValueError("an order of a customer whom no selling system knows")
    return sells[first + np.floor(number * rng.random(len(unit)) ** 1.4).astype(np.int64)]

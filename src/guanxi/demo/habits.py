"""How each customer buys: never, once in a while, more and more, no longer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np

from guanxi.demo import planted
from guanxi.demo.chance import Bools, Ints, pick, stream
from guanxi.demo.people import People

TOP_FIRMS: Final = 200  # with the collectors, those whose orders carry `planted.TOP_SHARE` of the revenue
TOP_PEOPLE: Final = 30


class Habit(IntEnum):
    """A way of buying over the two years."""

    NEVER = 0
    LOYAL = 1  # at regular distances, all the time
    GROWING = 2  # began within the two years, comes more and more often
    NEW = 3  # began within the last year
    OCCASIONAL = 4  # a gift now and then
    DECLINING = 5  # came regularly, last seen three to eleven months ago
    LOST = 6  # bought in the first of the two years only
    RETURNED = 7  # bought early, was away, came back
    PLANTED = 8  # orders laid out one by one


_PEOPLE: Final = {
    Habit.LOYAL: 4_900,
    Habit.GROWING: 2_600,
    Habit.NEW: 3_400,
    Habit.OCCASIONAL: 7_300,
    Habit.DECLINING: 2_200,
    Habit.LOST: 4_600,
    Habit.RETURNED: 450,
}
_FIRMS: Final = {
    Habit.LOYAL: 900,
    Habit.GROWING: 300,
    Habit.NEW: 200,
    Habit.OCCASIONAL: 150,
    Habit.DECLINING: 120,
    Habit.LOST: 120,
    Habit.RETURNED: 30,
}
# what they buy for; positions in `products.TASTES`
TASTE_OF_PEOPLE: Final = (0.46, 0.30, 0.24, 0.0, 0.0, 0.0)
TASTE_OF_FIRMS: Final = (0.0, 0.0, 0.0, 0.42, 0.40, 0.18)


@dataclass(frozen=True)
class Habits:
    """`habit`, `taste` and whether they are among the biggest buyers (`top`), for every customer."""

    habit: Ints
    taste: Ints
    top: Bools


def make_habits(seed: int, people: People) -> Habits:
    """The way every customer buys; as many of each kind as the tables above say."""
    rng = stream(seed, "habits")
    count = len(people)
    habit = np.full(count, Habit.NEVER, dtype=np.int64)
    top = np.zeros(count, dtype=np.bool_)
    free = np.arange(count) >= planted.PLANTED
    for mine, shares, biggest in (
        (people.organisation, _FIRMS, TOP_FIRMS),
        (~people.organisation, _PEOPLE, TOP_PEOPLE),
    ):
        order = rng.permutation(np.flatnonzero(mine & free))
        top[order[:biggest]] = True
        habit[order[:biggest]] = Habit.LOYAL
        begin = biggest
        for kind, number in shares.items():
            habit[order[begin : begin + number]] = kind
            begin += number
    habit[planted.NAMESAKE_SLOTS] = [Habit.LOYAL, Habit.OCCASIONAL, Habit.LOST]
    habit[planted.FAMILY_SLOTS] = [Habit.LOYAL, Habit.GROWING, Habit.NEW, Habit.OCCASIONAL]
    habit[planted.FOUR_SYSTEMS_SLOT] = Habit.LOYAL
    top[planted.FOUR_SYSTEMS_SLOT] = True
    habit[planted.STOPPED_SLOTS] = Habit.PLANTED
    taste = np.where(people.organisation, pick(rng, TASTE_OF_FIRMS, count), pick(rng, TASTE_OF_PEOPLE, count))
    return Habits(habit, taste, top)

"""How many calls a user may make, counted over all server processes.

A process takes some calls at a time from the one count in the database and gives them out by itself. So few calls
write, which on SQLite would wait for each other, and the rate holds all the same: together the processes never give out
more. What one has taken and does not need is lost to the others until the count begins anew: a fiftieth of the rate.
"""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass
from typing import Final

from django.db import connection

PARTS: Final = 50  # a process takes this part of the rate at a time


@dataclass
class Held:
    """What this process may still give out to a user, and of which count."""

    count: tuple[int, int, int]  # calls, seconds, and the how manieth such stretch of time it is
    left: int = 0
    is_over: bool = False


_held: dict[int, Held] = {}
_lock = threading.Lock()


def take_call(user_id: int, *, most: int, seconds: int) -> bool:
    """Whether the user may make one more call: `most` in each stretch of so many seconds."""
    count = (most, seconds, int(time.time() // seconds))
    with _lock:
        held = _held.get(user_id)
        if held is None or held.count != count:
            held = _held[user_id] = Held(count)
        if held.left:
            held.left -= 1
            return True
        if held.is_over:
            return False
    taken = _take(user_id, count)
    with _lock:
        if taken:
            held.left += taken - 1
        else:
            held.is_over = True
    return taken > 0


def seconds_left(seconds: int) -> int:
    """After how long the count begins anew."""
    return math.ceil(seconds - time.time() % seconds)


def forget() -> None:
    """Give back nothing, and hold nothing more."""
    with _lock:
        _held.clear()


def _take(user_id: int, count: tuple[int, int, int]) -> int:
    """Take some calls from the count of all processes; returns how many there were."""
    most, _seconds, stretch = count
    wanted = max(1, most // PARTS)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO guanxi_api_callstaken AS known (user_id, stretch, taken) VALUES (%s, %s, %s)"
            " ON CONFLICT (user_id) DO UPDATE SET stretch = excluded.stretch, taken = excluded.taken"
            " + CASE WHEN known.stretch = excluded.stretch THEN known.taken ELSE 0 END RETURNING taken",
            [user_id, stretch, wanted],
        )
        [(taken,)] = cursor.fetchall()
    return max(0, wanted - max(0, int(taken) - most))

"""Declared feeds: facts that apps hold in the operational database and the warehouse takes in.

An app's `facts.py` declares its feed. Of purchases, a data update lands what is new, and a small refresh reads all of
some customers; follow-ups are read whole by every data update. Nobody below the app needs to know it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class PurchaseLine:
    """One line of a purchase, or of what takes a purchase back.

    Attributes
    ----------
    number
        The fact's number in its feed.
    customer_id
        The customer it was written down for; who that is today is read through `main_id`.
    order_id
        Names the purchase within the source. What takes it back bears the same.
    amount
        In `currency`; negative, like `quantity`, where something is taken back.
    """

    number: int
    customer_id: int
    order_id: str
    bought_at: datetime
    product_id: str
    product_name: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    currency: str
    is_return: bool


@dataclass(frozen=True)
class PurchaseFeed:
    """The purchases an app holds.

    Facts are append-only and numbered from 1 in the order of their commits: the number comes from a counter that is
    locked in the transaction that writes the fact. So whoever has seen number 7 has seen all before it.

    Attributes
    ----------
    last_number
        The highest number so far, 0 for none.
    lines_between
        The lines of the facts after the first number, up to and including the second, by number and line.
    lines_of
        All lines written down for some customers, by number and line.
    currencies
        The currencies of all its facts.
    last_bought_at
        When the latest of its purchases took place; None where there is none.
    """

    name: str
    last_number: Callable[[], int]
    lines_between: Callable[[int, int], Sequence[PurchaseLine]]
    lines_of: Callable[[Collection[int]], Sequence[PurchaseLine]]
    currencies: Callable[[], set[str]]
    last_bought_at: Callable[[], datetime | None]


@dataclass(frozen=True)
class FollowUpFact:
    """A group that was followed up.

    Attributes
    ----------
    measured_days
        What is bought within so many days after `started_on` is its result.
    is_measured
        Whether that is still counted; a cancelled one is not.
    """

    number: int
    group: int
    state: str
    started_on: date
    due_on: date
    measured_days: int
    control_percent: int
    is_measured: bool


@dataclass(frozen=True)
class FollowedUp:
    """A customer of such a group.

    Attributes
    ----------
    customer_id
        The customer that was drawn; who that is today is read through `main_id`.
    arm
        "treated" or "control".
    task_state, done_on
        What became of the task; None where there is none, or where it is not done.
    reached_on
        The first day from the start on on which somebody reached the customer.
    """

    customer_id: int
    arm: str
    task_state: str | None
    done_on: date | None
    reached_on: date | None


@dataclass(frozen=True)
class FollowUpFeed:
    """The follow-ups an app holds, as they are at the moment: `members_of` gives those of one, each once."""

    name: str
    follow_ups: Callable[[], Sequence[FollowUpFact]]
    members_of: Callable[[int], Iterable[FollowedUp]]


_purchase_feeds: dict[str, PurchaseFeed] = {}
_follow_up_feeds: dict[str, FollowUpFeed] = {}


def add_purchase_feed(feed: PurchaseFeed) -> None:
    """Declare `feed`; the same name replaces, so loading twice is safe."""
    _purchase_feeds[feed.name] = feed


def purchase_feeds() -> list[PurchaseFeed]:
    """All declared feeds of purchases, by name."""
    return [_purchase_feeds[name] for name in sorted(_purchase_feeds)]


def add_follow_up_feed(feed: FollowUpFeed) -> None:
    """Declare `feed`; the same name replaces, so loading twice is safe."""
    _follow_up_feeds[feed.name] = feed


def follow_up_feeds() -> list[FollowUpFeed]:
    """All declared feeds of follow-ups, by name."""
    return [_follow_up_feeds[name] for name in sorted(_follow_up_feeds)]


def has_facts() -> bool:
    """Whether any app holds a purchase."""
    return any(feed.last_number() for feed in _purchase_feeds.values())

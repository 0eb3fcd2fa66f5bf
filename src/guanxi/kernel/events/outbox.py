"""Facts in the past tense, and who listens to them.

An event is written in the transaction in which it happened, with one job per listener: nothing that happened goes
unheard, and nothing is heard that did not happen.
"""

from __future__ import annotations

import types
import typing
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Final, TypeVar

from django.utils import timezone
from django.utils.functional import Promise

from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.registry import MAX_ATTEMPTS, Handler, register


@dataclass(frozen=True)
class Event:
    """Base of every event: a frozen dataclass in an app's `events.py`.

    Fields are str, int, float, bool, date, datetime, Decimal, or None, and tuples of them; ids, never personal values.
    `DealWon` in `guanxi.sales.events` is named `sales.DealWon`; its title says the same in the reader's words.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str | Promise] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.name = f"{cls.__module__.removeprefix('guanxi.').removesuffix('.events')}.{cls.__name__}"


E = TypeVar("E", bound=Event)
TOGETHER: Final = 500  # events that a listener of many hears beside the one it was called for
_listeners: defaultdict[str, list[str]] = defaultdict(list)
_outlets: list[Callable[[EventRecord], None]] = []


def hears_all(outlet: Callable[[EventRecord], None]) -> Callable[[EventRecord], None]:
    """Let a function hear of every event, in the transaction in which it happened; it asks for jobs, and is quick."""
    _outlets.append(outlet)
    return outlet


def event_titles() -> dict[str, str | Promise]:
    """The names of all events that the loaded apps know, with their titles."""
    kinds: list[type[Event]] = [Event]
    titles: dict[str, str | Promise] = {}
    while kinds:
        below = kinds.pop().__subclasses__()
        kinds += below
        titles |= {kind.name: kind.title or kind.name for kind in below}
    return titles


def listens_to(
    kind: type[E], *, max_attempts: int = MAX_ATTEMPTS
) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Make a function of an event its listener. It runs as a job, perhaps twice, so it must be safe to."""

    def decorate(function: Callable[[E], None]) -> Callable[[E], None]:
        _register(kind, function, lambda row: function(_event_of(kind, row)), max_attempts)
        return function

    return decorate


def listens_to_many(
    kind: type[E], *, max_attempts: int = MAX_ATTEMPTS
) -> Callable[[Callable[[Sequence[E]], None]], Callable[[Sequence[E]], None]]:
    """Make a function of events a listener that hears all events of the kind that wait, at once, in their order.

    For what happens many times in a row and is cheaper to hear together. An event is heard at least once, perhaps
    twice; after a failure each is heard alone, so that one that cannot be heard keeps no other from it.
    """

    def decorate(function: Callable[[Sequence[E]], None]) -> Callable[[Sequence[E]], None]:
        def run(row: Job) -> None:
            waiting = _waiting_beside(row) if row.attempts == 1 else []
            function([_event_of(kind, one) for one in sorted([row, *waiting], key=lambda one: one.pk)])
            # one that another worker has taken meanwhile is his; what was heard here and is not noted is heard again
            untouched = Job.objects.filter(pk__in=[one.pk for one in waiting], state=Job.State.READY)
            untouched.update(state=Job.State.DONE, finished_at=timezone.now(), attempts=1)

        _register(kind, function, run, max_attempts)
        return function

    return decorate


def _register(kind: type[Event], function: Callable[..., None], run: Callable[[Job], None], max_attempts: int) -> None:
    name = f"{function.__module__.removeprefix('guanxi.')}.{function.__name__}"
    register(Handler(name, run, max_attempts))
    _listeners[kind.name].append(name)


def _waiting_beside(row: Job) -> list[Job]:
    """Jobs of the same listener that are due and were never tried."""
    due = Job.objects.filter(name=row.name, state=Job.State.READY, run_at__lte=timezone.now(), attempts=0)
    return list(due.select_related("event").order_by("pk")[:TOGETHER])


def _event_of(kind: type[E], row: Job) -> E:
    assert row.event is not None  # noqa: S101  # only `write_event` makes jobs of a listener's name
    return read_event(kind, row.event.payload)


def write_event(event: Event, at: datetime) -> EventRecord:
    """Write the event, one job per listener, and what hears of all events, in the caller's transaction."""
    payload = {name: _plain(value) for name, value in asdict(event).items()}
    record = EventRecord.objects.create(name=event.name, payload=payload, at=at)
    Job.objects.bulk_create(
        Job(name=listener, event=record, created_at=at, run_at=at) for listener in _listeners[event.name]
    )
    for outlet in _outlets:
        outlet(record)
    return record


def read_event(kind: type[E], payload: dict[str, Any]) -> E:
    """The event behind a payload."""
    hints = typing.get_type_hints(kind)
    return kind(**{field.name: _typed(payload[field.name], hints[field.name]) for field in fields(kind)})


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    raise TypeError(f"an event holds no {type(value).__name__}")


def _typed(value: Any, hint: Any) -> Any:
    if value is None:
        return None
    if typing.get_origin(hint) in {typing.Union, types.UnionType}:
        return _typed(value, next(inner for inner in typing.get_args(hint) if inner is not types.NoneType))
    if typing.get_origin(hint) is tuple:
        inner = typing.get_args(hint)
        kinds = [inner[0]] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(_typed(*pair) for pair in zip(value, kinds, strict=True))
    if hint in {date, datetime}:
        return hint.fromisoformat(value)
    return Decimal(value) if hint is Decimal else value

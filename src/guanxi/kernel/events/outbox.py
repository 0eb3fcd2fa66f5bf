"""Facts in the past tense, and who listens to them.

An event is written in the transaction in which it happened, with one job per listener: nothing that happened goes
unheard, and nothing is heard that did not happen.
"""

from __future__ import annotations

import types
import typing
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.registry import MAX_ATTEMPTS, Handler, register


@dataclass(frozen=True)
class Event:
    """Base of every event: a frozen dataclass in an app's `events.py`.

    Fields are str, int, float, bool, date, datetime, Decimal, or None, and tuples of them; ids, never personal values.
    `DealWon` in `guanxi.sales.events` is named `sales.DealWon`.
    """

    name: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.name = f"{cls.__module__.removeprefix('guanxi.').removesuffix('.events')}.{cls.__name__}"


E = TypeVar("E", bound=Event)
_listeners: defaultdict[str, list[str]] = defaultdict(list)
_outlets: list[Callable[[EventRecord], None]] = []


def hears_all(outlet: Callable[[EventRecord], None]) -> Callable[[EventRecord], None]:
    """Let a function hear of every event, in the transaction in which it happened; it asks for jobs, and is quick."""
    _outlets.append(outlet)
    return outlet


def event_names() -> set[str]:
    """The names of all events that the loaded apps know."""
    kinds, names = [Event], set()
    while kinds:
        below = kinds.pop().__subclasses__()
        kinds += below
        names |= {kind.name for kind in below}
    return names


def listens_to(
    kind: type[E], *, max_attempts: int = MAX_ATTEMPTS
) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Make a function of an event its listener. It runs as a job, perhaps twice, so it must be safe to."""

    def decorate(function: Callable[[E], None]) -> Callable[[E], None]:
        name = f"{function.__module__.removeprefix('guanxi.')}.{function.__name__}"

        def run(row: Job) -> None:
            assert row.event is not None  # noqa: S101  # only `write_event` makes jobs of this name
            function(read_event(kind, row.event.payload))

        register(Handler(name, run, max_attempts))
        _listeners[kind.name].append(name)
        return function

    return decorate


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

"""The one way to change state.

A command is a function whose first parameter is a `Work`. The decorator opens the transaction,
checks the permission, and refuses to commit a change that left no audit row; events and the jobs
of their listeners are written in the same transaction.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from django.db import models, transaction
from django.utils import timezone

from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.events.outbox import Event, write_event


class Actor(Protocol):
    """Who acts: a signed-in user, or the system itself."""

    @property
    def pk(self) -> int | None:
        """The user's id; None for the system."""
        ...

    def may(self, permission: str) -> bool:
        """Whether one of the actor's roles holds `permission`."""
        ...

    def seen_owners(self) -> frozenset[int] | None:
        """The users whose records the actor sees; None for all records, also those that belong to nobody."""
        ...


@dataclass
class Work:
    """One running command: who does it, when, and what it has written so far."""

    actor: Actor
    command: str
    at: datetime = field(default_factory=timezone.now)
    settled: bool = False

    def record(self, target: models.Model | str, changes: Mapping[str, Any] | None = None) -> None:
        """Write the audit row: `changes` maps a field to `[before, after]`, or a fact to a value.

        `target` is the changed row, or a name where the change is a set ("batch 12").
        """
        kind, key = (target._meta.label, str(target.pk)) if isinstance(target, models.Model) else ("", target)
        AuditEntry.objects.create(
            at=self.at, actor_id=self.actor.pk, command=self.command,
            target_kind=kind, target_key=key, changes=dict(changes or {}),
        )  # fmt: skip
        self.settled = True

    def emit(self, event: Event) -> None:
        """Write `event` and one job per listener."""
        write_event(event, at=self.at)

    def nothing_changed(self) -> None:
        """Say that the command found the state already as asked, so no audit row is due."""
        self.settled = True


class NothingRecorded(AssertionError):
    """A command ended without `record` or `nothing_changed`: a mistake in its code."""


COMMANDS: dict[str, str | None] = {}  # every command by its name in the trail, with the permission it asks for

P = ParamSpec("P")
R = TypeVar("R")


def command(
    permission: str | None,
) -> Callable[[Callable[Concatenate[Work, P], R]], Callable[Concatenate[Actor, P], R]]:
    """Make a function a command: one transaction, one permission, at least one audit row.

    Call it with the actor where the function has its `Work`: `hand_over(actor, customer_id=7)`. With None the function
    itself refuses those who may not, for what depends on whose the row is.
    """

    def decorate(function: Callable[Concatenate[Work, P], R]) -> Callable[Concatenate[Actor, P], R]:
        name = f"{function.__module__.removeprefix('guanxi.')}.{function.__name__}"
        COMMANDS[name] = permission

        @functools.wraps(function)
        def run(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if permission is not None and not actor.may(permission):
                raise PermissionDenied(permission=permission)
            work = Work(actor=actor, command=name)
            with transaction.atomic():
                result = function(work, *args, **kwargs)
                if not work.settled:
                    raise NothingRecorded(f"{name} changed state without an audit row")
            return result

        return run

    return decorate

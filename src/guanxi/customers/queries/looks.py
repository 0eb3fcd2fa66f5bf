"""Who looked behind which masks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from guanxi.customers.details import WORDS, find_detail, kind_of
from guanxi.customers.errors import DetailUnknown
from guanxi.customers.models import Customer
from guanxi.customers.queries.access import find_main_id
from guanxi.kernel.access.models import User
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied

PERMISSION: Final = "customers.view"
COMMAND: Final = "customers.commands.reveal.reveal"
REVEALED: Final = "revealed"  # the fact in the trail: which value, by its name


@dataclass(frozen=True)
class Look:
    """Somebody read one masked value: `what` says in words which kind, `by` who."""

    at: datetime
    by: str
    what: str


def list_looks(actor: Actor, customer_id: int, limit: int = 100) -> Sequence[Look]:
    """Who looked at this customer's details, the latest first.

    Raises
    ------
    PermissionDenied, CustomerUnknown
        The actor may not see customers, or not this one.
    """
    if not actor.may(PERMISSION):
        raise PermissionDenied(permission=PERMISSION)
    main_id = find_main_id(actor, customer_id)
    entries = list(
        AuditEntry.objects.filter(
            target_kind=Customer._meta.label, target_key=str(main_id), command=COMMAND
        ).order_by("-id")[:limit]
    )  # fmt: skip
    readers = User.objects.in_bulk([entry.actor_id for entry in entries if entry.actor_id is not None])
    return [
        Look(entry.at, str(readers.get(entry.actor_id or 0, "")), str(WORDS[kind_of(entry.changes[REVEALED])]))
        for entry in entries
    ]


def count_looks(user_id: int, *, since: datetime) -> int:
    """How many masked values a user has read since then."""
    return AuditEntry.objects.filter(actor_id=user_id, command=COMMAND, at__gt=since).count()


def get_masked(actor: Actor, customer_id: int, name: str) -> str:
    """The value of that name as everybody sees it.

    Raises
    ------
    PermissionDenied, CustomerUnknown, DetailUnknown
        The actor may not see customers, or not this one, or it has no such value.
    """
    if not actor.may(PERMISSION):
        raise PermissionDenied(permission=PERMISSION)
    detail = find_detail(Customer.objects.get(pk=find_main_id(actor, customer_id)), name)
    if detail is None:
        raise DetailUnknown
    return detail.masked

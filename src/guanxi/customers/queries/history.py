"""What was done to one customer: every change with who, when, from what to what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from guanxi.customers.models import Customer
from guanxi.customers.queries.access import find_main_id
from guanxi.customers.queries.merges import MergeLine, list_merges
from guanxi.kernel.audit.queries import read_history
from guanxi.kernel.audit.telling import TrailLine
from guanxi.kernel.batches.row_history import list_changes_of_row
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied

PERMISSION: Final = "customers.view"
PAGE_SIZE: Final = 20


@dataclass(frozen=True)
class History:
    """Some lines, newest first; `next_before` is where older ones begin, None where there are none."""

    customer_id: int
    lines: list[TrailLine]
    next_before: int | None
    merges: Sequence[MergeLine]
    may_edit: bool


def get_history(actor: Actor, customer_id: int, *, before: int | None = None, size: int = PAGE_SIZE) -> History:
    """The history of a customer and of the records merged into it; bulk actions stand among the rest by their time.

    Raises
    ------
    PermissionDenied, CustomerUnknown
        The actor may not see customers, or not this one.
    """
    if not actor.may(PERMISSION):
        raise PermissionDenied(permission=PERMISSION)
    main_id = find_main_id(actor, customer_id)
    ids = list(Customer.objects.filter(main=main_id).values_list("pk", flat=True))
    page = read_history(Customer._meta.label, [str(pk) for pk in ids], before=before, size=size)
    since = page.lines[-1].at if page.next_before else None
    until = page.lines[0].at if before and page.lines else None
    bulk = [
        TrailLine(0, change.at, change.by, change.sentence, "", "", [])
        for pk in ids
        for change in list_changes_of_row("customers", pk, since=since, until=until)
    ]
    return History(
        main_id, sorted([*page.lines, *bulk], key=lambda line: line.at, reverse=True), page.next_before,
        list_merges(ids) if ids != [main_id] else [], actor.may("customers.edit"),
    )  # fmt: skip

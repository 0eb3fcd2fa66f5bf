"""Next steps by day, for the calendar: one's own, or those of all whom the reader sees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Q

from guanxi.customers.models import Task
from guanxi.customers.queries.access import task_seen_by
from guanxi.customers.queries.my_day import DayStep, refuse_idle, steps_of
from guanxi.kernel.commands import Actor

LIMIT = 1_000  # steps of one calendar page


def list_calendar(actor: Actor, first: date, last: date, *, is_mine: bool) -> Mapping[date, Sequence[DayStep]]:
    """The open next steps from `first` to `last` by day.

    Raises
    ------
    PermissionDenied
        The actor looks after no customers.
    """
    refuse_idle(actor)
    whose = Q(assignee=actor.pk) if is_mine else task_seen_by(actor)
    rows = Task.objects.filter(whose, state=Task.State.OPEN, due_on__gte=first, due_on__lte=last)
    living = rows.filter(Q(customer__isnull=True) | Q(customer__main__deleted_at__isnull=True))
    found: defaultdict[date, list[DayStep]] = defaultdict(list)
    for step in steps_of(actor, living, LIMIT):
        found[step.due_on].append(step)
    return found

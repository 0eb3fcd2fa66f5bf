"""Which customers changed since the last full refresh looked, and which of them were scored again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from django.db.models import Max
from django.utils import timezone

from guanxi.intelligence.models import Touch
from guanxi.kernel.commands import Work, command
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.queue import enqueue

JOB: Final = "intelligence.small_refresh"
SOON: Final = timedelta(seconds=2)  # what happens within it is scored together


@command("updates.run")
def touch_customers(work: Work, *, customer_ids: Collection[int]) -> None:
    """Note that something changed of these customers; the next small refresh scores them again."""
    Touch.objects.bulk_create(
        [Touch(customer_id=customer_id, touched_at=work.at) for customer_id in sorted(set(customer_ids))],
        batch_size=5_000,
    )
    work.nothing_changed()  # what changed has its own entry


def last_touch() -> int:
    """The number of the latest touch, 0 for none."""
    return Touch.objects.aggregate(last=Max("pk"))["last"] or 0


@command("customers.publish")
def forget_touches(work: Work, *, upto: int) -> None:
    """Forget touches up to that number: a full refresh has seen what they tell of."""
    Touch.objects.filter(pk__lte=upto).delete()
    work.nothing_changed()


def list_touches(run_id: int, limit: int) -> Sequence[tuple[int, int]]:
    """(number, customer) of at most `limit` touches that the standings of the run `run_id` do not show yet."""
    return list(Touch.objects.exclude(run_id=run_id).order_by("pk").values_list("pk", "customer_id")[:limit])


def has_touches() -> bool:
    """Whether any customer was touched since the last full refresh looked."""
    return Touch.objects.exists()


def last_scored_at(customer_ids: Collection[int]) -> datetime | None:
    """When one of these numbers of a customer was last scored by a small refresh, as far as that is still known."""
    last: datetime | None = Touch.objects.filter(customer__in=customer_ids).aggregate(last=Max("scored_at"))["last"]
    return last


def ask_for_small_refresh() -> Job:
    """Ask for a small refresh in a moment; many who ask within it get the same one.

    The touches must be committed before: one that waits will see them, one that runs already may not, so that another
    is asked for beside it.
    """
    for place in count():
        asked = enqueue(JOB, {}, key=f"{JOB}.{place}", run_at=timezone.now() + SOON)
        if asked.state == Job.State.READY:
            return asked
    raise AssertionError  # count() has no end

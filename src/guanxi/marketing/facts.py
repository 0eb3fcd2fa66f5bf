"""What marketing feeds into the warehouse: who was followed up, who was left alone, and what was done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import F, Min
from django.utils import timezone

from guanxi.customers.models import Task
from guanxi.kernel.facts import FollowedUp, FollowUpFact, FollowUpFeed, add_follow_up_feed
from guanxi.marketing.models import FollowUp
from guanxi.marketing.queries.reached import reached_since


def follow_ups() -> list[FollowUpFact]:
    """All follow-ups whose arms are drawn and whose tasks are handed out, by number."""
    begun = FollowUp.objects.exclude(state=FollowUp.State.PREPARING).order_by("pk")
    return [
        FollowUpFact(
            number=row.pk, group=row.group_id, state=row.state, started_on=row.started_on, due_on=row.due_on,
            measured_days=row.measured_days, control_percent=row.control_percent,
            is_measured=row.state == FollowUp.State.RUNNING,
        )
        for row in begun
    ]  # fmt: skip


def members_of(number: int) -> Iterator[FollowedUp]:
    """The members of one follow-up, by customer."""
    follow_up = FollowUp.objects.get(pk=number)
    members = follow_up.members.annotate(living=F("customer__main")).order_by("customer_id")
    tasks = Task.objects.filter(batch=follow_up.batch).values_list("customer_id", "state", "done_at")
    task_of = {customer_id: (state, done_at) for customer_id, state, done_at in tasks}
    reached = reached_since(members.values("customer__main"), follow_up.started_on)
    reached_at = dict(reached.values_list("customer__main").annotate(first=Min("at")))
    for customer_id, living, arm in members.values_list("customer_id", "living", "arm"):
        state, done_at = task_of.get(customer_id, (None, None))
        done_on = _day(done_at) if state == Task.State.DONE else None
        yield FollowedUp(customer_id, arm, state, done_on, _day(reached_at.get(living)))


def _day(at: datetime | None) -> date | None:
    return timezone.localtime(at).date() if at else None


add_follow_up_feed(FollowUpFeed(name="follow_ups", follow_ups=follow_ups, members_of=members_of))

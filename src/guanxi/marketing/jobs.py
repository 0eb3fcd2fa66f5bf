"""Background work of groups and follow-ups."""

from __future__ import annotations

from typing import Any

from guanxi.intelligence.events import DataUpdated
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.events.outbox import listens_to
from guanxi.kernel.jobs.progress import running
from guanxi.kernel.jobs.registry import job
from guanxi.marketing.commands import draw_arms, fill_group, hand_out_tasks, measure_follow_up
from guanxi.marketing.commands.group import PREPARE
from guanxi.marketing.models import CustomerGroup, FollowUp


@job(PREPARE)
def prepare(payload: dict[str, Any]) -> None:
    """Fill a group and begin the follow-ups that wait for it, in the name of who saved the group."""
    work = running()
    group = CustomerGroup.objects.get(pk=payload["group_id"])
    actor = User.objects.get(pk=group.created_by_id) if group.created_by_id else SYSTEM
    work.expect(None, done=group.size)
    while count := fill_group(actor, group_id=group.pk):
        work.advance(count)
    for pk in (
        FollowUp.objects.filter(group=group, state=FollowUp.State.PREPARING).order_by("pk").values_list("pk", flat=True)
    ):
        draw_arms(SYSTEM, follow_up_id=pk)
        while count := hand_out_tasks(SYSTEM, follow_up_id=pk):
            work.advance(count)
        measure_follow_up(SYSTEM, follow_up_id=pk)


@listens_to(DataUpdated)
def measure_again(_event: DataUpdated) -> None:
    """After a data update, measure what running follow-ups brought."""
    for pk in FollowUp.objects.filter(state=FollowUp.State.RUNNING).order_by("pk").values_list("pk", flat=True):
        measure_follow_up(SYSTEM, follow_up_id=pk)

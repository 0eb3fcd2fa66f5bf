"""What follows in the background from what happened to customers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from guanxi.customers.commands.purge import PurgeCustomers
from guanxi.customers.events import InteractionLogged, OwnerChanged, TaskGiven
from guanxi.customers.files import ERASE_FILES, path_of
from guanxi.customers.models import Attachment, Interaction, Task
from guanxi.customers.news import ASSIGNED, DUE, GIVEN, MENTIONED, mentioned_in, open_tasks_until, page_of
from guanxi.customers.queries.bin import list_overdue
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.batches.commands import start_batch
from guanxi.kernel.events.outbox import listens_to
from guanxi.kernel.jobs.registry import job
from guanxi.kernel.jobs.schedule import scheduled
from guanxi.kernel.notifications.tell import tell


@listens_to(TaskGiven)
def tell_of_task(event: TaskGiven) -> None:
    """Tell whoever was given a task by somebody else."""
    task = Task.objects.filter(pk=event.task_id, state=Task.State.OPEN).first()
    if task is not None and event.assignee_id is not None and event.assignee_id not in {event.by, None}:
        facts = {"task_id": task.pk, "by": event.by}
        key = f"{GIVEN}-{task.pk}-{event.assignee_id}"
        tell([event.assignee_id], GIVEN, facts, url=page_of(task.customer_id), key=key)


@listens_to(InteractionLogged)
def tell_of_mention(event: InteractionLogged) -> None:
    """Tell whom a note names with @, if they may see the customer."""
    said = Interaction.objects.filter(pk=event.interaction_id, deleted_at=None).select_related("customer__main").first()
    if said is None:
        return
    owner = said.customer.main.owner_id
    named = [
        user.pk
        for user in mentioned_in(f"{said.subject} {said.body}")
        if user.pk != said.author_id and ((seen := user.seen_owners()) is None or owner in seen)
    ]
    facts = {"interaction_id": said.pk, "by": said.author_id}
    tell(named, MENTIONED, facts, url=page_of(said.customer.main_id), key=f"{MENTIONED}-{said.pk}")


@listens_to(OwnerChanged)
def tell_of_customers(event: OwnerChanged) -> None:
    """Tell the new owner."""
    if event.owner_id is not None and event.customer_ids:
        one = len(event.customer_ids) == 1
        url = page_of(event.customer_ids[0]) if one else f"{reverse('customers')}?{urlencode({'owner': 'me'})}"
        key = f"{ASSIGNED}-{event.batch or event.customer_ids[0]}-{event.owner_id}-{len(event.customer_ids)}"
        tell([event.owner_id], ASSIGNED, {"count": len(event.customer_ids)}, url=url, key=None if one else key)


@job(ERASE_FILES)
def erase_files(payload: dict[str, Any]) -> None:
    """Remove files of customers who were deleted for ever, but for those that another customer has as well."""
    wanted = set(Attachment.objects.filter(digest__in=payload["digests"]).values_list("digest", flat=True))
    for digest in set(payload["digests"]) - wanted:
        path_of(digest).unlink(missing_ok=True)


@scheduled("customers.purge_bin", at="03:44")
def purge_bin(_payload: dict[str, Any]) -> None:
    """Every night delete for ever what has lain in the bin for longer than the company wants."""
    if overdue := list_overdue(timezone.now()):
        start_batch(SYSTEM, kind=PurgeCustomers.kind, options={}, ids=overdue)


@scheduled("customers.tell_due", at="08:00")
def tell_of_due(payload: dict[str, Any]) -> None:
    """Every morning tell everybody how many follow-ups are due."""
    day = date.fromisoformat(payload["day"])
    for user_id, count in open_tasks_until(day).items():
        tell([user_id], DUE, {"count": count}, url=reverse("home"), key=f"{DUE}-{day}")

"""What happened to a customer, for its timeline: follow-ups, steps taken, owners, files, changes of what is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from guanxi.customers.attached_fields import DIRECTIONS
from guanxi.customers.attached_words import GOT, INTERACTION_KINDS, SATISFACTION, TASK_STATES
from guanxi.customers.models import Attachment, Customer, Interaction, Ownership, Task
from guanxi.customers.rules import is_correctable
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.audit.telling import tell_entries
from guanxi.kernel.commands import Actor
from guanxi.kernel.timeline import Entry, Mark, Note

M = TypeVar("M", bound=Model)

# Told by sources of their own, or nothing to tell here.
TOLD_ELSEWHERE: Final = (
    "customers.commands.owners.assign_owner",
    "customers.commands.attachments.add_attachment",
    "customers.commands.attachments.delete_attachment",
    "customers.commands.attachments.restore_attachment",
    "customers.commands.reveal.reveal",  # a look is no change
)


@dataclass(frozen=True)
class FollowUp:
    """A logged call, visit, mail, meeting or note, and what its reader may do with it."""

    id: int
    kind: str
    subject: str
    body: str
    spoke_with: str
    ended: Sequence[str]  # the next steps that it ended
    is_pinned: bool
    may_edit: bool
    may_remove: bool


def load_follow_ups(actor: Actor, ids: Sequence[int], before: Mark | None, limit: int) -> list[Entry]:
    """What was said and done with the customer."""
    rows = Interaction.objects.filter(customer__in=ids, deleted_at__isnull=True)
    return follow_up_entries(actor, _behind(rows, before, "at", limit))


def load_pinned(actor: Actor, ids: Sequence[int]) -> Entry | None:
    """The follow-up that is pinned on top, if one is."""
    rows = Interaction.objects.filter(customer__in=ids, deleted_at__isnull=True, is_pinned=True)
    return next(iter(follow_up_entries(actor, rows.order_by("-at", "-pk")[:1])), None)


def follow_up_entries(actor: Actor, rows: QuerySet[Interaction]) -> list[Entry]:
    """Follow-ups as entries of a timeline, in the order of `rows`."""
    found = list(rows.select_related("author", "contact"))
    ended: defaultdict[int | None, list[str]] = defaultdict(list)
    for key, title in (
        Task.objects.filter(interaction__in=[row.pk for row in found], state=Task.State.DONE)
        .order_by("pk")
        .values_list("interaction", "title")
    ):
        ended[key].append(title)
    now, may_edit, may_remove = timezone.now(), actor.may("customers.edit"), actor.may("customers.delete")
    entries = []
    for row in found:
        is_own = may_edit and row.author_id == actor.pk and is_correctable(row.created_at, now)
        facts = FollowUp(
            row.pk, row.kind, row.subject, row.body, row.contact.name if row.contact else "", ended[row.pk],
            row.is_pinned, is_own, is_own or (may_edit and may_remove),
        )  # fmt: skip
        word = INTERACTION_KINDS[row.kind]
        entries.append(
            Entry(
                row.at, row.pk, word.label, word.icon, who=str(row.author) if row.author else "", notes=_notes(row),
                template="customers/_follow_up.html", facts=facts,
            )
        )  # fmt: skip
    return entries


def _notes(row: Interaction) -> list[Note]:
    notes = []
    if row.direction == Interaction.Direction.IN:
        notes.append(Note(DIRECTIONS["in"], "phone-incoming"))
    if row.reached is False:
        notes.append(Note(gettext("Not reached"), "phone-off", "warning"))
    if row.satisfaction is not None:
        word = SATISFACTION[row.satisfaction]
        notes.append(Note(word.label, word.icon, word.tone))
    return notes


def load_steps(_actor: Actor, ids: Sequence[int], before: Mark | None, limit: int) -> list[Entry]:
    """Next steps that are over; those that a follow-up ended are told with it."""
    rows = Task.objects.filter(customer__in=ids, done_at__isnull=False, interaction__isnull=True)
    found = _behind(rows.exclude(state=Task.State.OPEN), before, "done_at", limit).select_related("assignee")
    entries = []
    for row in found:
        word = TASK_STATES[row.state]
        title = gettext("%(state)s: %(step)s") % {"state": word.label, "step": row.title}
        at = _known(row.done_at)
        entries.append(Entry(at, row.pk, title, word.icon, who=str(row.assignee or ""), text=row.outcome))
    return entries


def load_owners(_actor: Actor, ids: Sequence[int], before: Mark | None, limit: int) -> list[Entry]:
    """Who began to look after the customer, and how they got it."""
    rows = _behind(Ownership.objects.filter(customer__in=ids), before, "since", limit).select_related("owner")
    return [
        Entry(
            row.since, row.pk, gettext("%(owner)s looks after the customer") % {"owner": row.owner}, "user-circle",
            text=gettext(": ").join(filter(None, (str(GOT[row.got]), row.got_because))),
        )
        for row in rows
    ]  # fmt: skip


def load_files(_actor: Actor, ids: Sequence[int], before: Mark | None, limit: int) -> list[Entry]:
    """Files that were added."""
    rows = Attachment.objects.filter(customer__in=ids, deleted_at__isnull=True)
    return [
        Entry(
            row.added_at, row.pk, row.name, "paperclip", who=str(row.added_by or ""),
            url=reverse("customer-file", args=[row.pk]),
        )
        for row in _behind(rows, before, "added_at", limit).select_related("added_by")
    ]  # fmt: skip


def load_changes(_actor: Actor, ids: Sequence[int], before: Mark | None, limit: int) -> list[Entry]:
    """Changes of what is known of the customer, in the words of the trail."""
    rows = AuditEntry.objects.filter(target_kind=Customer._meta.label, target_key__in=[str(key) for key in ids])
    found = _behind(rows.exclude(command__in=TOLD_ELSEWHERE), before, "at", limit)
    return [
        Entry(
            line.at, line.id, line.title, "pencil", who=line.actor,
            text=gettext("; ").join(str(change) for change in line.changes),
        )
        for line in tell_entries(list(found))
    ]  # fmt: skip


def _behind(rows: QuerySet[M], before: Mark | None, at: str, limit: int) -> QuerySet[M]:
    narrowed = rows if before is None else rows.filter(before.behind(at))
    return narrowed.order_by(f"-{at}", "-pk")[:limit]


def _known(at: datetime | None) -> datetime:
    assert at is not None  # noqa: S101  # the query asked for those that have it
    return at

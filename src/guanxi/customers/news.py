"""What users are told about customers: given work, mentions, what is due."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.db.models import Count
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer, Interaction, Task
from guanxi.kernel.access.models import User
from guanxi.kernel.commands import Actor
from guanxi.kernel.notifications.registry import Facts, NewsKind
from guanxi.kernel.notifications.tell import tell
from guanxi.kernel.ui import formats

GIVEN: Final = "task_given"
MENTIONED: Final = "mentioned"
DUE: Final = "tasks_due"
ASSIGNED: Final = "customers_assigned"
TAKEN: Final = "customers_taken"
DELETED: Final = "customers_deleted"
MENTION: Final = re.compile(r"[@＠]([\w.-]{1,150})")


def mentioned_in(text: str) -> list[User]:
    """The active users a text names with @, by log-in name or name as shown; each once."""
    names = set(MENTION.findall(text))
    if not names:
        return []
    users = User.objects.filter(is_active=True).order_by("pk")
    return [user for user in users if {user.username, user.display_name} & names]


def page_of(customer_id: int | None) -> str:
    """The page of a customer, or the list of tasks where a task has none."""
    return reverse("customer", args=[customer_id]) if customer_id else reverse("home")


def _given(actor: Actor, pieces: Sequence[Facts]) -> list[str | None]:
    tasks = {task.pk: task for task in Task.objects.filter(pk__in=_ids(pieces, "task_id")).select_related("customer")}
    givers = _names(pieces)
    return [
        gettext("%(who)s gave you: %(task)s, due %(day)s")
        % {"who": givers.get(piece["by"], gettext("Somebody")), "task": task.title, "day": formats.day(task.due_on)}
        if (task := tasks.get(piece["task_id"])) is not None and task.assignee_id == actor.pk
        else None
        for piece in pieces
    ]


def _mentioned(actor: Actor, pieces: Sequence[Facts]) -> list[str | None]:
    said = Interaction.objects.filter(pk__in=_ids(pieces, "interaction_id"), deleted_at=None)
    seen = Customer.objects.visible_to(actor)
    names = dict(said.filter(customer__main__in=seen).values_list("pk", "customer__main__name"))
    writers = _names(pieces)
    return [
        gettext("%(who)s mentioned you at %(customer)s")
        % {"who": writers.get(piece["by"], gettext("Somebody")), "customer": names[piece["interaction_id"]]}
        if piece["interaction_id"] in names
        else None
        for piece in pieces
    ]


def _due(_actor: Actor, pieces: Sequence[Facts]) -> list[str | None]:
    return [
        ngettext("%(count)s follow-up is due today or overdue", "%(count)s follow-ups are due today or overdue",
                 piece["count"]) % {"count": formats.number(piece["count"])}
        for piece in pieces
    ]  # fmt: skip


def _assigned(_actor: Actor, pieces: Sequence[Facts]) -> list[str | None]:
    return [
        ngettext("%(count)s customer is yours now", "%(count)s customers are yours now", piece["count"])
        % {"count": formats.number(piece["count"])}
        for piece in pieces
    ]


def _taken(actor: Actor, pieces: Sequence[Facts]) -> list[str | None]:
    names = _names_or_numbers(actor, pieces)
    takers = _names(pieces)
    return [
        (
            gettext("%(who)s handed your customer %(customer)s to somebody else")
            if "customer_id" in piece
            else ngettext(
                "%(who)s handed %(count)s customer of yours to somebody else",
                "%(who)s handed %(count)s customers of yours to somebody else", piece["count"],
            )
        )
        % _facts_of_loss(piece, takers, names)
        for piece in pieces
    ]  # fmt: skip


def _deleted(actor: Actor, pieces: Sequence[Facts]) -> list[str | None]:
    names = _names_or_numbers(actor, pieces)
    takers = _names(pieces)
    binned = set(Customer.objects.filter(pk__in=names, deleted_at__isnull=False).values_list("pk", flat=True))
    return [
        (
            gettext("%(who)s put your customer %(customer)s into the bin")
            if "customer_id" in piece
            else ngettext(
                "%(who)s put %(count)s customer of yours into the bin",
                "%(who)s put %(count)s customers of yours into the bin", piece["count"],
            )
        )
        % _facts_of_loss(piece, takers, names)
        if piece.get("customer_id") is None or piece["customer_id"] in binned
        else None
        for piece in pieces
    ]  # fmt: skip


def _facts_of_loss(piece: Facts, people: Mapping[int, str], names: Mapping[int, str]) -> dict[str, str]:
    return {
        "who": people.get(piece["by"], gettext("Somebody")), "count": formats.number(piece["count"]),
        "customer": names.get(piece.get("customer_id", 0), ""),
    }  # fmt: skip


def _names_or_numbers(actor: Actor, pieces: Iterable[Facts]) -> dict[int, str]:
    """The customers that are told of one by one: by name, or by number where the reader sees them no more."""
    ids = [piece["customer_id"] for piece in pieces if "customer_id" in piece]
    seen = dict(Customer.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", "name"))
    return {pk: seen.get(pk) or gettext("No. %(number)s") % {"number": pk} for pk in ids}


def tell_of_loss(
    by: int | None, kind: str, lost: Mapping[int | None, int], *, customer_id: int | None = None, batch: str = ""
) -> None:
    """Tell owners how many customers somebody else took from them (`TAKEN`) or put into the bin (`DELETED`).

    `by` is who did so; `lost` counts by owner: one piece of news each. One customer alone is named by `customer_id`,
    many by `batch`.
    """
    for owner_id, count in lost.items():
        if owner_id is None or owner_id == by or not count:
            continue
        facts = {"by": by, "count": count} | ({} if customer_id is None else {"customer_id": customer_id})
        url = _place_of_loss(owner_id, kind, customer_id)
        tell([owner_id], kind, facts, url=url, key=f"{kind}-{batch}" if batch else None)


def _place_of_loss(owner_id: int, kind: str, customer_id: int | None) -> str:
    """The customer where the owner still sees it, else what is left to them."""
    if customer_id is not None:
        owner = User.objects.get(pk=owner_id)
        if kind == DELETED or Customer.objects.visible_to(owner).filter(pk=customer_id).exists():
            return page_of(customer_id)
    return f"{reverse('customers')}?{urlencode({'owner': 'me'})}"


def _ids(pieces: Iterable[Facts], name: str) -> list[int]:
    return [piece[name] for piece in pieces]


def _names(pieces: Iterable[Facts]) -> dict[int, str]:
    return {user.pk: str(user) for user in User.objects.filter(pk__in=[p["by"] for p in pieces if p["by"]])}


def open_tasks_until(day: object) -> dict[int, int]:
    """How many open tasks each user has that are due by then."""
    due = Task.objects.filter(state=Task.State.OPEN, due_on__lte=day, assignee__isnull=False)
    return dict(due.order_by("assignee").values_list("assignee").annotate(count=Count("pk")))


KINDS: Final = (
    NewsKind(GIVEN, _("Somebody gives me a task"), "user-plus", _given),
    NewsKind(MENTIONED, _("Somebody mentions me with @"), "at", _mentioned),
    NewsKind(DUE, _("Follow-ups are due (every morning)"), "clock", _due),
    NewsKind(ASSIGNED, _("Customers are handed to me"), "users", _assigned),
    NewsKind(TAKEN, _("Somebody hands my customers to somebody else"), "user-off", _taken),
    NewsKind(DELETED, _("Somebody puts my customers into the bin"), "trash", _deleted),
)

"""The parts of a customer page that people fill: tastes, papers, contacts, relations, files, next steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from django.db import connection
from django.db.models import Model

from guanxi.customers.models import (
    Address,
    Attachment,
    Certificate,
    Contact,
    ContactPoint,
    CustomerTag,
    Interaction,
    Preference,
    Relation,
    Task,
)
from guanxi.customers.place_words import place_of
from guanxi.customers.rules import mask_email, mask_phone
from guanxi.kernel.commands import Actor

STEPS_SHOWN: Final = 50
# What hangs on few customers, and the columns that name them.
RARE: Final[Mapping[str, tuple[type[Model], Sequence[str]]]] = {
    "points": (ContactPoint, ["customer_id"]), "addresses": (Address, ["customer_id"]),
    "papers": (Certificate, ["customer_id"]), "speakers": (Contact, ["customer_id"]),
    "tastes": (Preference, ["customer_id"]), "tags": (CustomerTag, ["customer_id"]),
    "related": (Relation, ["customer_id", "other_id"]), "files": (Attachment, ["customer_id"]),
}  # fmt: skip


@dataclass(frozen=True)
class AddressLine:
    """A postal address as one reads it."""

    id: int
    kind: str
    place: str
    line: str
    postcode: str


@dataclass(frozen=True)
class Paper:
    """An identity document, its number masked."""

    id: int
    kind: str
    masked: str
    valid_until_on: date | None


@dataclass(frozen=True)
class Speaker:
    """Somebody who speaks for the organisation; phone and mail masked."""

    id: int
    name: str
    post: str
    role: str
    is_key_decision_maker: bool
    phone: str
    email: str
    left_on: date | None
    person_id: int | None


@dataclass(frozen=True)
class Taste:
    """A preference or taboo, who said so and when."""

    id: int
    attitude: str
    kind: str
    value: str
    said_by: str
    said_on: date
    noted_by: str


@dataclass(frozen=True)
class TagOn:
    """A tag on the customer; `id` is the tag's."""

    id: int
    name: str


@dataclass(frozen=True)
class Related:
    """Another customer as this one relates to it; nothing but the kind is told of one the reader may not see."""

    id: int
    kind: str
    other_id: int | None
    name: str
    note: str


@dataclass(frozen=True)
class FileLine:
    """A file kept with the customer."""

    id: int
    name: str
    size: int
    added_by: str
    added_at: datetime


@dataclass(frozen=True)
class Step:
    """A next step that is open."""

    id: int
    title: str
    reason: str
    due_on: date
    due_time: time | None
    assignee: str
    is_mine: bool


@dataclass(frozen=True)
class Feeling:
    """How satisfied the customer said to be (1 to 5), and when."""

    score: int
    at: datetime


def list_rare(ids: Sequence[int]) -> set[str]:
    """Which of the `RARE` parts a customer has: one statement, where each had one that mostly found nothing.

    It is put together by hand: to put eight together took a sixth of a page's time.
    """
    quoted, marks = connection.ops.quote_name, ", ".join(["%s"] * len(ids))
    asked = [
        f"SELECT '{part}' WHERE EXISTS"  # noqa: S608  # our own names
        f" (SELECT 1 FROM {quoted(model._meta.db_table)} WHERE {quoted(column)} IN ({marks}))"
        for part, (model, columns) in RARE.items()
        for column in columns
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked), [*ids] * len(asked))
        return {part for (part,) in cursor.fetchall()}


def list_addresses(ids: Sequence[int]) -> list[AddressLine]:
    """The addresses people typed in."""
    rows = Address.objects.filter(customer__in=ids).order_by("pk")
    return [AddressLine(row.pk, row.kind, place_of(row.region_code, row.city), row.line, row.postcode) for row in rows]


def list_papers(ids: Sequence[int]) -> list[Paper]:
    """The identity documents."""
    rows = Certificate.objects.filter(customer__in=ids).order_by("pk")
    return [Paper(*row) for row in rows.values_list("pk", "kind", "masked", "valid_until_on")]


def list_speakers(ids: Sequence[int]) -> list[Speaker]:
    """Who speaks for the organisation: who decides first, who left last."""
    rows = Contact.objects.filter(customer__in=ids).order_by("-is_key_decision_maker", "pk")
    speakers = [
        Speaker(
            row.pk, row.name, row.post, row.role, row.is_key_decision_maker, mask_phone(row.phone),
            mask_email(row.email), row.left_on, row.person_id,
        )
        for row in rows
    ]  # fmt: skip
    return sorted(speakers, key=lambda speaker: speaker.left_on is not None)


def list_tastes(ids: Sequence[int]) -> list[Taste]:
    """Preferences: what must never be first, then the latest."""
    rows = Preference.objects.filter(customer__in=ids).select_related("noted_by").order_by("-said_on", "-pk")
    tastes = [
        Taste(row.pk, row.attitude, row.kind, row.value, row.said_by, row.said_on, str(row.noted_by or ""))
        for row in rows
    ]
    return sorted(tastes, key=lambda taste: taste.attitude != Preference.Attitude.NEVER)


def list_tags(ids: Sequence[int]) -> list[TagOn]:
    """The tags, by name, each once."""
    rows = CustomerTag.objects.filter(customer__in=ids).order_by("tag__name")
    return [TagOn(*row) for row in dict.fromkeys(rows.values_list("tag", "tag__name"))]


def list_related(actor: Actor, ids: Sequence[int]) -> list[Related]:
    """The relations, told from this side."""
    owners = actor.seen_owners()
    found = []
    from_here = Relation.objects.filter(customer__in=ids).select_related("other__main")
    to_here = Relation.objects.filter(other__in=ids).select_related("customer__main")
    sides = [(row, row.other.main, "") for row in from_here] + [(row, row.customer.main, "_of") for row in to_here]
    for row, other, side in sorted(sides, key=lambda one: one[0].pk):
        if other.deleted_at is not None or other.pk in ids:
            continue
        seen = owners is None or other.owner_id in owners
        kind = row.kind + (side if row.kind in {Relation.Kind.PARENT, Relation.Kind.REFERRER} else "")
        found.append(Related(row.pk, kind, other.pk if seen else None, other.name if seen else "", row.note))
    return found


def list_files(ids: Sequence[int]) -> list[FileLine]:
    """The files, the latest first."""
    rows = Attachment.objects.filter(customer__in=ids, deleted_at__isnull=True).select_related("added_by")
    return [
        FileLine(row.pk, row.name, row.size, str(row.added_by or ""), row.added_at)
        for row in rows.order_by("-added_at", "-pk")
    ]


def list_steps(actor: Actor, ids: Sequence[int]) -> list[Step]:
    """The open next steps, the most urgent first."""
    rows = Task.objects.filter(customer__in=ids, state=Task.State.OPEN).select_related("assignee")
    return [
        Step(
            row.pk, row.title, row.reason, row.due_on, row.due_time, str(row.assignee or ""),
            row.assignee_id == actor.pk,
        )
        for row in rows.order_by("due_on", "due_time", "pk")[:STEPS_SHOWN]
    ]  # fmt: skip


def find_feeling(ids: Sequence[int]) -> Feeling | None:
    """How satisfied the customer was when last asked."""
    told = Interaction.objects.filter(customer__in=ids, deleted_at__isnull=True, satisfaction__isnull=False)
    row = told.order_by("-at", "-pk").values_list("satisfaction", "at").first()
    return Feeling(row[0] or 0, row[1]) if row else None

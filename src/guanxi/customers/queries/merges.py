"""Who was merged into a customer, and what a merge would mean before somebody says yes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext, ngettext

from guanxi.customers.details import MASKS
from guanxi.customers.errors import AlreadyMerged, CustomerUnknown, KindsDiffer, NotThatMany
from guanxi.customers.models import (
    Address,
    Attachment,
    Certificate,
    Contact,
    ContactPoint,
    Customer,
    CustomerTag,
    Interaction,
    Merge,
    Preference,
    Purchase,
    Relation,
    SourceRecord,
    Task,
)
from guanxi.customers.own_fields import editable_fields, typed_value, value_of
from guanxi.customers.place_words import place_of
from guanxi.customers.queries.access import find_main_id
from guanxi.customers.queries.duplicates import Duplicate, find_duplicates
from guanxi.customers.rules import MOST_MERGED, decide_giver
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.ui import formats

PERMISSION: Final = "customers.edit"
ASSIGN: Final = "customers.assign"
LONGEST: Final = 200  # of a value as it is compared


@dataclass(frozen=True)
class MergeLine:
    """One merge that stands; it can be taken back unless its survivor has given way itself since."""

    id: int
    merged_at: datetime
    by: str
    others: Sequence[tuple[int, str]]  # number and name of who gave way
    is_last: bool


@dataclass(frozen=True)
class Side:
    """One of the customers to merge; `comes_along` are, in words, what is attached to it."""

    id: int
    name: str
    place: str
    owner: str
    comes_along: Sequence[str]


@dataclass(frozen=True)
class Choice:
    """What one side holds in a field; `is_usual` is the one the survivor takes unless somebody chooses."""

    id: int
    text: str
    is_usual: bool


@dataclass(frozen=True)
class Line:
    """A field in which the sides differ."""

    name: str
    label: str
    choices: Sequence[Choice]


@dataclass(frozen=True)
class Comparison:
    """Customers side by side, the survivor first; `alike` are the fields all hold the same in."""

    sides: Sequence[Side]
    lines: Sequence[Line]
    alike: Sequence[tuple[str, str]]

    @property
    def main(self) -> Side:
        """Who would live on."""
        return self.sides[0]


def list_merges(ids: Sequence[int]) -> list[MergeLine]:
    """The merges that stand among a living customer, first of `ids`, and those that gave way to it, latest first."""
    rows = list(Merge.objects.filter(main__in=ids, undone_at=None).select_related("merged_by").order_by("-pk"))
    names = dict(Customer.objects.filter(pk__in=[pk for row in rows for pk in row.other_ids]).values_list("pk", "name"))
    built_upon = {pk for row in rows for pk in row.other_ids}
    return [
        MergeLine(
            row.pk, row.merged_at, str(row.merged_by or ""), [(pk, names.get(pk, "")) for pk in row.other_ids],
            row.main_id not in built_upon,
        )
        for row in rows
    ]  # fmt: skip


def compare_customers(actor: Actor, ids: Sequence[int]) -> Comparison:
    """The customers of these numbers side by side; the first is to live on.

    Raises
    ------
    PermissionDenied, NotThatMany, CustomerUnknown, AlreadyMerged, KindsDiffer
        They cannot be merged, or not by the actor.
    """
    if not actor.may(PERMISSION):
        raise PermissionDenied(permission=PERMISSION)
    if not 2 <= len(ids) <= MOST_MERGED or len(set(ids)) < len(ids):
        raise NotThatMany(most=MOST_MERGED)
    for pk in ids:
        if (main_id := find_main_id(actor, pk)) != pk:
            raise AlreadyMerged(customer_id=pk, main_id=main_id)
    found = Customer.objects.filter(deleted_at=None).select_related("owner").in_bulk(ids)
    if missing := [pk for pk in ids if pk not in found]:
        raise CustomerUnknown(customer_id=missing[0])
    rows = [found[pk] for pk in ids]
    if len({row.kind for row in rows}) > 1:
        raise KindsDiffer
    lines, alike = [], []
    for name, (label, values, texts) in _told(actor, rows).items():
        if any(value != values[0] for value in values):
            usual = decide_giver(values)
            choices = [Choice(pk, text, at == usual) for at, (pk, text) in enumerate(zip(ids, texts, strict=True))]
            lines.append(Line(name, label, choices))
        elif texts[0]:
            alike.append((label, texts[0]))
    attached = _attached(ids)
    return Comparison(
        [Side(row.pk, row.name, place_of(row.region_code, row.city), str(row.owner or ""), attached[row.pk])
         for row in rows],
        lines, alike,
    )  # fmt: skip


def _told(actor: Actor, rows: Sequence[Customer]) -> dict[str, tuple[str, list[Any], list[str]]]:
    """Field -> its label, what each of the customers holds in it, and that in words."""
    told = {}
    for name, field in editable_fields().items():
        values = [value_of(row, name) for row in rows]
        options = field.options()
        told[name] = (str(field.label), values, [_in_words(name, value, options) for value in values])
    if actor.may(ASSIGN):
        told["owner_id"] = (
            gettext("Owner"), [row.owner_id for row in rows], [str(row.owner or row.owner_code) for row in rows]
        )  # fmt: skip
    return told


def _in_words(name: str, value: Any, options: Mapping[Any, Any]) -> str:
    if value in (None, "", []):
        return ""
    if name in MASKS:
        return MASKS[name](value)
    if isinstance(value, date):
        return formats.day(value)
    if options:
        return ", ".join(str(options.get(key, key)) for key in str(typed_value(name, value)).split(";"))
    return str(typed_value(name, value))[:LONGEST]


def _attached(ids: Sequence[int]) -> dict[int, list[str]]:
    """Living customer -> what is attached to it and to those that gave way to it: "3 contacts", "2 tasks"."""
    counted: dict[int, list[str]] = {pk: [] for pk in ids}
    kinds: list[tuple[Any, Any]] = [
        (SourceRecord.objects.all(), lambda n: ngettext("%(n)s source record", "%(n)s source records", n)),
        (Interaction.objects.filter(deleted_at=None), lambda n: ngettext("%(n)s follow-up", "%(n)s follow-ups", n)),
        (Task.objects.filter(state=Task.State.OPEN), lambda n: ngettext("%(n)s open task", "%(n)s open tasks", n)),
        (Purchase.objects.filter(reverses=None, reversed_by=None),
         lambda n: ngettext("%(n)s purchase", "%(n)s purchases", n)),
        (ContactPoint.objects.all(), lambda n: ngettext("%(n)s contact detail", "%(n)s contact details", n)),
        (Address.objects.all(), lambda n: ngettext("%(n)s address", "%(n)s addresses", n)),
        (Certificate.objects.all(), lambda n: ngettext("%(n)s certificate", "%(n)s certificates", n)),
        (Contact.objects.filter(left_on=None), lambda n: ngettext("%(n)s contact", "%(n)s contacts", n)),
        (Preference.objects.all(), lambda n: ngettext("%(n)s preference", "%(n)s preferences", n)),
        (CustomerTag.objects.all(), lambda n: ngettext("%(n)s tag", "%(n)s tags", n)),
        (Relation.objects.all(), lambda n: ngettext("%(n)s relation", "%(n)s relations", n)),
        (Attachment.objects.filter(deleted_at=None), lambda n: ngettext("%(n)s file", "%(n)s files", n)),
    ]  # fmt: skip
    for rows, words in kinds:
        whose = list(rows.filter(customer__main__in=ids).values_list("customer__main_id", flat=True))
        for pk in ids:
            if count := whose.count(pk):
                counted[pk].append(words(count) % {"n": formats.number(count)})
    return counted


@dataclass(frozen=True)
class Twins:
    """A living customer, and who else might be the same."""

    id: int
    name: str
    may_merge: bool
    duplicates: Sequence[Duplicate]


def find_twins(actor: Actor, customer_id: int) -> Twins:
    """Who might be the same as a customer, by its best name, phone and mail, and by its certificates.

    Raises
    ------
    PermissionDenied, CustomerUnknown
        The actor may not look.
    """
    if not actor.may("customers.view"):
        raise PermissionDenied(permission="customers.view")
    customer = Customer.objects.get(pk=find_main_id(actor, customer_id))
    found = find_duplicates(actor, name=customer.name, phone=customer.phone, email=customer.email, but=customer.pk)
    return Twins(customer.pk, customer.name, actor.may(PERMISSION), found)

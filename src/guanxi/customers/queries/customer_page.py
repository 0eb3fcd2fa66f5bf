"""One customer: who they are, where they stand and why, and which records they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from guanxi.customers.details import MASKS, held_before, name_of
from guanxi.customers.errors import CustomerUnknown
from guanxi.customers.models import ContactPoint, CurrentStanding, Customer, Merge, SourceRecord, Standing, seen_by
from guanxi.customers.own_fields import HOLDER
from guanxi.customers.place_words import place_of
from guanxi.customers.queries.merges import MergeLine, list_merges
from guanxi.customers.queries.owners import Period, list_periods
from guanxi.customers.queries.page_parts import (
    AddressLine,
    Feeling,
    FileLine,
    Paper,
    Related,
    Speaker,
    Step,
    TagOn,
    Taste,
    find_feeling,
    list_addresses,
    list_files,
    list_papers,
    list_rare,
    list_related,
    list_speakers,
    list_steps,
    list_tags,
    list_tastes,
)
from guanxi.customers.queries.purchases import USUAL_CURRENCY
from guanxi.customers.source_names import source_names
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.fields.queries import list_definitions
from guanxi.kernel.fields.values import ShownValue, filled_values, told_values
from guanxi.kernel.ui import formats

PERMISSION: Final = "customers.view"
RECORDS_SHOWN: Final = 50


@dataclass(frozen=True)
class Contact:
    """One way to reach the customer, masked; `is_best` the one used first, `id` the row people typed in.

    `name` is what `guanxi.customers.details` calls it.
    """

    kind: str
    masked: str
    sources: str
    is_best: bool
    name: str = ""
    label: str = ""
    id: int | None = None


@dataclass(frozen=True)
class Lineage:
    """A record of a source system that is part of this customer; `own_values` are those of own fields it tells."""

    source: str
    key: str
    name: str
    is_main: bool
    own_values: Sequence[ShownValue]


@dataclass(frozen=True)
class StandingCard:
    """Where the customer stood on `as_of`; money in the company's currency, scores 1 to 5."""

    as_of: date
    currency: str
    tier: str
    stage: str
    status: str
    rfm_group: str
    r: int | None
    f: int | None
    m: int | None
    abc: str
    recency_days: int | None
    frequency: int
    monetary: Decimal
    spend_12m: Decimal
    first_purchase_on: date | None
    last_purchase_on: date | None
    expected_12m: Decimal | None = None  # null for who never bought, and for all where history is too short
    expected_low: Decimal | None = None
    expected_high: Decimal | None = None


@dataclass(frozen=True)
class CustomerPage:
    """What the customer page shows. `id` is the living record's, whatever number was asked for."""

    id: int
    kind: str
    name: str
    place: str
    owner: str
    left_owner: str
    first_seen_on: date | None
    contacts: Sequence[Contact]
    records: Sequence[Lineage]
    record_count: int
    merged_ids: Sequence[int]
    merges: Sequence[MergeLine]
    standing: StandingCard | None
    gender: str
    birth_on: date | None
    company: str
    industry: str
    remark: str
    own_values: Sequence[ShownValue]
    custom: Mapping[str, Any]  # the same values, as programs read them
    last_contact_at: datetime | None
    is_mine: bool
    may_edit: bool
    addresses: Sequence[AddressLine]
    papers: Sequence[Paper]
    speakers: Sequence[Speaker]
    tastes: Sequence[Taste]
    tags: Sequence[TagOn]
    related: Sequence[Related]
    files: Sequence[FileLine]
    steps: Sequence[Step]
    feeling: Feeling | None
    periods: Sequence[Period]

    @property
    def is_organisation(self) -> bool:
        """Whether people speak for it."""
        return self.kind == Customer.Kind.ORGANISATION

    @property
    def ids(self) -> list[int]:
        """The living number first, then those that gave way to it."""
        return [self.id, *self.merged_ids]

    @property
    def taboos(self) -> list[Taste]:
        """What the customer must never meet."""
        return [taste for taste in self.tastes if taste.attitude == "never"]


def get_customer_page(actor: Actor, customer_id: int) -> CustomerPage:
    """The page of a customer; a merged number answers with the record it was merged into.

    Raises
    ------
    PermissionDenied
        The actor may not see customers.
    CustomerUnknown
        No such number, one in the bin, or one the actor may not know of.
    """
    if not actor.may(PERMISSION):
        raise PermissionDenied(permission=PERMISSION)
    asked = (
        Customer.objects.select_related("main__owner")
        .filter(seen_by(actor, "main__"), pk=customer_id, main__deleted_at__isnull=True)
        .first()
    )
    if asked is None:
        raise CustomerUnknown(customer_id=customer_id)
    customer = asked.main
    records = list(
        SourceRecord.objects.filter(customer__main=customer).order_by("-is_main", "source", "source_key")[
            :RECORDS_SHOWN
        ]
    )
    gone = list(Customer.objects.filter(main=customer).exclude(pk=customer.pk).order_by("pk"))
    merged = [row.pk for row in gone]
    ids = [customer.pk, *merged]
    made = list(Merge.objects.filter(main__in=ids, undone_at=None).order_by("pk")) if merged else []
    has = list_rare(ids)
    points = list(ContactPoint.objects.filter(customer__in=ids).order_by("pk")) if "points" in has else []
    owner = customer.owner
    standing = _standing(customer.pk)
    currency = standing.currency if standing else USUAL_CURRENCY
    names, own = source_names(), list_definitions(HOLDER)
    return CustomerPage(
        id=customer.pk,
        kind=customer.kind,
        name=customer.name,
        place=place_of(customer.region_code, customer.city),
        owner=str(owner) if owner else "",
        left_owner="" if owner else customer.owner_code,
        first_seen_on=customer.first_seen_on,
        contacts=list(_contacts(customer, records, points, names, gone, made)),
        records=[
            Lineage(
                names.get(row.source, row.source), row.source_key, row.name, row.is_main,
                filled_values(own, row.custom or {}, currency),
            )
            for row in records
        ],
        record_count=customer.source_records,
        merged_ids=merged,
        merges=list_merges(ids) if merged else [],
        standing=standing,
        gender=customer.gender,
        birth_on=customer.birth_on,
        company=customer.company,
        industry=customer.industry,
        remark=customer.remark,
        own_values=filled_values(own, customer.custom, currency),
        custom=told_values(own, customer.custom),
        last_contact_at=customer.last_contact_at,
        is_mine=customer.owner_id is not None and customer.owner_id == actor.pk,
        may_edit=actor.may("customers.edit"),
        addresses=list_addresses(ids) if "addresses" in has else [],
        papers=list_papers(ids) if "papers" in has else [],
        speakers=list_speakers(ids) if "speakers" in has else [],
        tastes=list_tastes(ids) if "tastes" in has else [],
        tags=list_tags(ids) if "tags" in has else [],
        related=list_related(actor, ids) if "related" in has else [],
        files=list_files(ids) if "files" in has else [],
        steps=list_steps(actor, ids),
        feeling=find_feeling(ids),
        periods=list_periods(ids, customer.last_contact_at),
    )  # fmt: skip


def _contacts(
    customer: Customer, records: Sequence[SourceRecord], points: Sequence[ContactPoint], names: Mapping[str, str],
    gone: Sequence[Customer], merges: Sequence[Merge],
) -> Iterator[Contact]:  # fmt: skip
    """Every phone, mail address and other way, once, the best known first, with the sources that know it.

    Those of the customers that gave way are among them, and what the survivor gave up for theirs.
    """
    typed = {(point.kind, point.value): point for point in points}
    for kind in ContactPoint.Kind.values:
        best: str = getattr(customer, kind, "")
        known: dict[str, list[str]] = {best: []} if best else {}
        for row in records:
            if value := getattr(row, kind, ""):
                known.setdefault(value, []).append(names.get(row.source, row.source))
        given_up = [getattr(row, kind, "") for row in gone] + [held_before(merge, kind) for merge in merges]
        known |= {value: [] for value in given_up if value and value not in known}
        known |= {value: [] for of_kind, value in typed if of_kind == kind and value not in known}
        for value, sources in known.items():
            point = typed.get((kind, value))
            yield Contact(
                kind, MASKS[kind](value), formats.listed(dict.fromkeys(sources)), is_best=value == best,
                name=name_of(kind, value, customer, records, points, gone, merges), label=point.label if point else "",
                id=point.pk if point else None,
            )  # fmt: skip


def _standing(customer_id: int) -> StandingCard | None:
    current = CurrentStanding.objects.filter(pk=1).first()
    if current is None:
        return None
    row = Standing.objects.filter(customer=customer_id, run_id=current.run_id).first()
    if row is None:
        return None
    return StandingCard(
        as_of=row.as_of, currency=current.currency, tier=row.tier, stage=row.stage, status=row.status,
        rfm_group=row.rfm_group, r=row.r, f=row.f, m=row.m, abc=row.abc,
        recency_days=row.recency_days, frequency=row.frequency, monetary=row.monetary, spend_12m=row.spend_12m,
        first_purchase_on=row.first_purchase_on, last_purchase_on=row.last_purchase_on,
        expected_12m=row.expected_12m, expected_low=row.expected_low, expected_high=row.expected_high,
    )  # fmt: skip

"""How customers come to be and how a run's findings reach them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import F

from guanxi.customers.commands.owners import follow_owners
from guanxi.customers.commands.purge import TURN as PURGE
from guanxi.customers.models import (
    STANDING_COPIES,
    CurrentStanding,
    Customer,
    CustomerNumber,
    Ownership,
    SourceRecord,
    Standing,
)
from guanxi.customers.own_fields import HEAD
from guanxi.customers.search import index_rows
from guanxi.customers.search_texts import typed_texts
from guanxi.kernel.bulk import write_rows
from guanxi.kernel.commands import Work, command
from guanxi.kernel.lists.lookups import Keys
from guanxi.kernel.turns import wait_for_turn

GOLDEN_FIELDS = (
    "kind", "name", "region_code", "city", "phone", "email", "owner_id", "owner_code", "first_seen_on",
    "source_records",
)  # fmt: skip
RECORD_FIELDS = (
    "source", "source_key", "customer_id", "is_main", "name", "phone", "email", "address", "custom", "published",
)  # fmt: skip
STANDING_FIELDS = (
    "customer_id", "tier", "stage", "status", "rfm_group", "r", "f", "m", "abc", "recency_days", "frequency",
    "monetary", "spend_12m", "first_purchase_on", "last_purchase_on", "expected_12m", "expected_low",
    "expected_high",
)  # fmt: skip


@command("customers.mint")
def mint_customers(work: Work, *, count: int) -> int:
    """Give out `count` consecutive customer ids and return the first; none is ever given again.

    A block that its taker loses (a killed run) stays unused: ids may have gaps, never twins.
    """
    CustomerNumber.objects.get_or_create(pk=1)
    counter = CustomerNumber.objects.select_for_update().get(pk=1)
    CustomerNumber.objects.filter(pk=1).update(next_id=F("next_id") + count)
    work.record(counter, {"next_id": [counter.next_id, counter.next_id + count]})
    return counter.next_id


@command("customers.publish")
def publish_customers(
    work: Work, *, batch: str, customers: Sequence[dict[str, Any]], own_fields: Collection[str] = ()
) -> None:
    """Create or update customers from their golden records; fields a person edited stay as they are.

    Each row holds `id`, `GOLDEN_FIELDS`, `published` (the digest of the row as sent) and `search_text`; where sources
    fill `own_fields` (keys), also `custom`: what they say of them, as JSON by key, or None.
    """
    purged = _purged(row["id"] for row in customers)
    rows, fields = [row for row in customers if row["id"] not in purged], list(GOLDEN_FIELDS)
    ids = [row["id"] for row in rows]
    if own_fields:
        rows, fields = _with_own_values(rows, own_fields), [*fields, "custom"]
    edited = Customer.objects.filter(pk__in=ids).exclude(edited={})
    kept = {
        customer.pk: {field: getattr(customer, field) for field in customer.edited if not field.startswith(HEAD)}
        for customer in edited
    }
    rows = [row | kept.get(row["id"], {}) for row in rows]
    write_rows(
        Customer,
        ("id", "main_id", *fields, "published", "edited"),
        [(row["id"], row["id"], *(row[field] for field in fields), row["published"], {}) for row in rows],
        on_conflict=("id",),
        update=(*fields, "published"),
    )
    typed = typed_texts(ids)
    index_rows((row["id"], " ".join([row["search_text"], *typed.get(row["id"], ())])) for row in rows)
    follow_owners(ids, at=work.at, got=Ownership.Got.SOURCE)
    work.record(batch, {"customers": len(rows)})


def _purged(customer_ids: Iterable[int]) -> set[int]:
    """Those of them who were deleted for ever; none is so until this transaction ends."""
    wait_for_turn(PURGE)
    return set(Customer.objects.purged().filter(pk__in=set(customer_ids)).values_list("pk", flat=True))


def _with_own_values(rows: Iterable[dict[str, Any]], keys: Collection[str]) -> list[dict[str, Any]]:
    """The rows with all that the customers hold of own fields from now on.

    Of `keys` that is what the sources say, nothing where they say nothing; what a person edited, and the values of
    other keys, stay.
    """
    rows = list(rows)
    locked = Customer.objects.select_for_update().filter(pk__in=[row["id"] for row in rows]).order_by("pk")
    held = {pk: (custom, edited) for pk, custom, edited in locked.values_list("pk", "custom", "edited")}
    followed = []
    for row in rows:
        custom, edited = held.get(row["id"], ({}, {}))
        stays = {key: value for key, value in custom.items() if key not in keys or f"{HEAD}{key}" in edited}
        told = {
            key: value
            for key, value in json.loads(row["custom"] or "{}").items()
            if value is not None and f"{HEAD}{key}" not in edited
        }
        followed.append(row | {"custom": stays | told})
    return followed


@command("customers.publish")
def retire_customers(work: Work, *, batch: str, retired: Sequence[tuple[int, int]]) -> None:
    """Let each first id of a pair give way to the second, or to whom people merged that into; followers follow."""
    rows = Customer.objects.select_for_update().filter(pk__in=[main_id for _, main_id in retired]).order_by("pk")
    living = dict(rows.values_list("pk", "main_id"))
    for customer_id, main_id in retired:
        Customer.objects.filter(main_id=customer_id).update(main_id=living.get(main_id, main_id))
    work.record(batch, {"retired": [list(pair) for pair in retired]})


@command("customers.publish")
def publish_records(work: Work, *, batch: str, records: Iterable[tuple[Any, ...]]) -> None:
    """Create or update source records; a row holds `RECORD_FIELDS`."""
    rows, customer = list(records), RECORD_FIELDS.index("customer_id")
    purged = _purged(row[customer] for row in rows)
    rows = [row for row in rows if row[customer] not in purged]
    written = write_rows(
        SourceRecord, RECORD_FIELDS, rows, on_conflict=("source", "source_key"), update=RECORD_FIELDS[2:]
    )
    work.record(batch, {"records": written})


@command("customers.publish")
def drop_records(work: Work, *, batch: str, keys: Sequence[int]) -> None:
    """Remove source records that their source no longer delivers; the customers stay."""
    SourceRecord.objects.filter(pk__in=keys).delete()
    work.record(batch, {"dropped": len(keys)})


@command("customers.publish")
def publish_standings(
    work: Work, *, run_id: int, as_of: date, standings: Iterable[tuple[Any, ...]], batch: str
) -> None:
    """Write standings of a run; a row holds `STANDING_FIELDS`. They show once the run is made current."""
    written = _write_standings(run_id, as_of, standings, update=STANDING_FIELDS[1:])
    work.record(batch, {"standings": written})


@command("customers.publish")
def replace_standings(
    work: Work,
    *,
    run_id: int,
    as_of: date,
    standings: Iterable[tuple[Any, ...]],
    gone: Collection[int] = (),
    batch: str,
) -> None:
    """Bring standings of the current run up to date, each as of a later day; those of the customers `gone` go."""
    written = _write_standings(run_id, as_of, standings, update=("as_of", *STANDING_FIELDS[1:]))
    dropped, _each = Standing.objects.filter(run_id=run_id, customer__in=gone).delete()
    work.record(batch, {"standings": written, "gone": dropped})


def _write_standings(run_id: int, as_of: date, standings: Iterable[tuple[Any, ...]], *, update: Sequence[str]) -> int:
    """Write standings, each with what it has of its customer, which nobody changes meanwhile."""
    rows = list(standings)
    held = Customer.objects.select_for_update(no_key=True).order_by("pk")
    theirs = held.filter(pk__among=Keys.listing([row[0] for row in rows])).values_list("pk", *STANDING_COPIES)
    copies = {pk: copied for pk, *copied in theirs}
    columns = ("run_id", "as_of", *STANDING_FIELDS, *STANDING_COPIES)
    full = ((run_id, as_of, *row, *copies[row[0]]) for row in rows)
    update = (*update, *STANDING_COPIES)
    return write_rows(Standing, columns, full, on_conflict=("run_id", "customer_id"), update=update)


@command("customers.publish")
def make_standings_current(work: Work, *, run_id: int, as_of: date, currency: str = "CNY") -> None:
    """Flip every list and page to the standings of `run_id`, at once; all their money is in `currency`."""
    before = CurrentStanding.objects.filter(pk=1).values_list("run_id", flat=True).first()
    CurrentStanding.objects.update_or_create(
        pk=1, defaults={"run_id": run_id, "as_of": as_of, "currency": currency, "published_at": work.at}
    )
    work.record(f"run {run_id}", {"current_run": [before, run_id]})


@command("customers.publish")
def drop_old_standings(work: Work, *, limit: int) -> int:
    """Delete up to `limit` standings of runs that are no longer current; returns how many went."""
    current = CurrentStanding.objects.get(pk=1).run_id
    old = Standing.objects.exclude(run_id=current).order_by("pk")
    work.nothing_changed()  # scores are not audited; their run is
    last = old.values_list("pk", flat=True)[limit - 1 : limit].first() or old.values_list("pk", flat=True).last()
    if last is None:
        return 0
    dropped, _each = Standing.objects.exclude(run_id=current).filter(pk__lte=last).delete()
    return dropped


@command("customers.publish")
def orphan_customers(work: Work, *, batch: str, keys: Sequence[int]) -> None:
    """Note that no source delivers these customers any more; they stay, with what was attached to them."""
    Customer.objects.filter(pk__in=keys).update(source_records=0, published="")
    work.record(batch, {"orphaned": len(keys)})

"""The publish step: only what changed goes into the operational database, in chunks, then one row flips."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pyarrow as pa
from django.db.models import F

from guanxi.customers import commands as customers
from guanxi.customers.models import Customer, SourceRecord, Standing
from guanxi.insight.engines import Engine, Table, step
from guanxi.intelligence.resolve.decided import read_purged
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.money import to_units
from guanxi.kernel.runs.engine import Step

CHUNK = 5_000  # rows a transaction: the write lock of SQLite is held for some hundredths of a second


@dataclass(frozen=True)
class Found:
    """What is to be published: tables of the earlier steps."""

    golden: Table
    customer: Table
    record: Table
    retired: Table
    customer_value: Table
    own_told: Table
    own_value: Table


def publish(engine: Engine, found: Found, *, run_step: Step, run_id: int, as_of: date) -> None:
    """Send customers, their source records and their standings; nothing shows until the last flip.

    Chunks are named by their first key, so a resumed run, which finds less left to do, never mistakes one chunk
    for another.
    """
    changes = _changes(engine, found)
    left = (changes.customer, changes.record, changes.stale_record, found.retired, changes.stale_customer)
    standings_left = found.customer_value.count() - Standing.objects.filter(run_id=run_id).count()
    run_step.expect(run_step.row.done + sum(table.count() for table in left) + standings_left)
    send = _Sender(run_step, f"run {run_id}")
    texts = _texts_by_customer(changes.text)
    for rows in _slices(changes.customer, ["id"]):
        full = [row | {"search_text": texts[row["id"]]} for row in rows]
        name = f"customers-{rows[0]['id']}"
        send.chunk(name, len(rows), customers.publish_customers, customers=full, own_fields=changes.own_fields)
    for rows in _slices(changes.record, ["source", "source_key"]):
        records = [tuple(row[field] for field in customers.RECORD_FIELDS) for row in rows]
        name = f"records-{rows[0]['source']}-{rows[0]['published']}"
        send.chunk(name, len(rows), customers.publish_records, records=records)
    for rows in _slices(changes.stale_record, ["id"]):
        keys = [row["id"] for row in rows]
        send.chunk(f"dropped-{keys[0]}", len(rows), customers.drop_records, keys=keys)
    for rows in _slices(found.retired, ["customer_id"]):
        pairs = [(row["customer_id"], row["main_id"]) for row in rows]
        send.chunk(f"retired-{pairs[0][0]}", len(rows), customers.retire_customers, retired=pairs)
    for rows in _slices(changes.stale_customer, ["id"]):
        keys = [row["id"] for row in rows]
        send.chunk(f"orphaned-{keys[0]}", len(rows), customers.orphan_customers, keys=keys)
    for rows in _slices(found.customer_value, ["customer_id"]):
        name = f"standings-{rows[0]['customer_id']}"
        standings = [standing_row(row) for row in rows]
        send.chunk(name, len(rows), customers.publish_standings, run_id=run_id, as_of=as_of, standings=standings)


@dataclass(frozen=True)
class _Sender:
    step: Step
    batch: str

    def chunk(self, name: str, rows: int, publish_rows: Callable[..., None], **what: Any) -> None:
        """One checkpoint: the rows and the note that they are sent commit together."""
        if self.step.has(name):
            return
        with self.step.checkpoint(name) as chunk:
            chunk.commit_with(partial(publish_rows, SYSTEM, batch=f"{self.batch} {name}", **what))
            self.step.count(**{name.partition("-")[0]: rows})
            self.step.advance(rows)


@dataclass(frozen=True)
class _Changes:
    customer: Table
    record: Table
    text: Table
    stale_record: Table
    stale_customer: Table
    own_fields: frozenset[str]  # those of the company's own fields that sources fill


def _changes(engine: Engine, found: Found) -> _Changes:
    def run(name: str, **inputs: Table) -> Table:
        return engine.run(step(__file__, f"{name}.sql"), inputs, {})

    existing_record = engine.arrow(
        _columns(SourceRecord.objects.values_list("id", "source", "source_key", "published"),
                 id=pa.int64(), source=pa.string(), source_key=pa.string(), published=pa.string())
    )  # fmt: skip
    existing_customer = engine.arrow(
        _columns(Customer.objects.filter(main_id=F("id")).values_list("id", "published", "source_records"),
                 id=pa.int64(), published=pa.string(), source_records=pa.int64())
    )  # fmt: skip
    purged = read_purged(engine)
    record = run(
        "changed_record", record=found.record, existing_record=existing_record, purged=purged,
        own=run("own_of_record", own_told=found.own_told),
    )  # fmt: skip
    customer = run(
        "changed_customer", golden=found.golden, customer=found.customer, changed_record=record,
        existing_customer=existing_customer, purged=purged, own=run("own_of_customer", own_value=found.own_value),
    )  # fmt: skip
    return _Changes(
        customer=customer,
        record=record,
        text=run("changed_text", record=found.record, changed_customer=customer),
        stale_record=run("stale_record", record=found.record, existing_record=existing_record),
        stale_customer=run("stale_customer", golden=found.golden, existing_customer=existing_customer),
        own_fields=frozenset(row["field"] for row in run("own_fields", own_value=found.own_value).rows()),
    )


def _columns(rows: Any, **types: pa.DataType) -> pa.Table:
    columns = list(zip(*rows.iterator(chunk_size=50_000), strict=True)) or [()] * len(types)
    return pa.table({name: pa.array(column, kind) for (name, kind), column in zip(types.items(), columns, strict=True)})


def _slices(table: Table, order_by: list[str]) -> Iterator[list[dict[str, Any]]]:
    rows = table.to_arrow(order_by)
    for start in range(0, rows.num_rows, CHUNK):
        yield rows.slice(start, CHUNK).to_pylist()


def _texts_by_customer(text: Table) -> dict[int, str]:
    parts: dict[int, dict[str, None]] = defaultdict(dict)
    for row in text.to_arrow(["customer_id", "name", "phone", "email"]).to_pylist():
        parts[row["customer_id"]].update(
            dict.fromkeys(value for value in (row["name"], row["phone"], row["email"]) if value)
        )
    return {customer_id: " ".join(values) for customer_id, values in parts.items()}


def standing_row(row: dict[str, Any]) -> tuple[Any, ...]:
    """A row of the mart `customer_value` as `customers.publish_standings` takes it."""
    return tuple(_stored(field, row[field]) for field in customers.STANDING_FIELDS)


def _stored(field: str, value: Any) -> Any:
    if isinstance(value, Decimal):
        return to_units(value)
    if value is None and field in ("tier", "stage", "status", "rfm_group", "abc"):
        return ""
    return value

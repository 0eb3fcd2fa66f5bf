"""The resolve step: one customer out of many source records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from guanxi.insight import identity
from guanxi.insight.engines import Engine, Table, step
from guanxi.intelligence.resolve.normalise import certificate_key, email_key, name_key, phone_key
from guanxi.intelligence.sources.terms import OWN_SOURCE
from guanxi.kernel.places import region_code

GOLDEN = pa.schema(
    [
        ("customer_id", pa.int64()),
        ("kind", pa.string()),
        ("name", pa.string()),
        ("gender", pa.string()),
        ("birth_on", pa.date32()),
        ("company", pa.string()),
        ("phone", pa.string()),
        ("phone_2", pa.string()),
        ("email", pa.string()),
        ("certificate_type", pa.string()),
        ("certificate_number", pa.string()),
        ("region_code", pa.string()),
        ("city", pa.string()),
        ("address", pa.string()),
        ("owner_code", pa.string()),
        ("first_seen_on", pa.date32()),
        ("sources", pa.int64()),
        ("records", pa.int64()),  # delivered; 0 of a customer that only people know
    ]
)
PARTY_COLUMNS = {"party_key": "BIGINT", "source": "VARCHAR", "source_key": "VARCHAR", "customer_id": "BIGINT"}


@dataclass(frozen=True)
class Landed:
    """What the sources delivered, as it lies on disk."""

    customer: Table
    purchase: Table
    product: Table
    delivery: Table  # (delivery_id, run_id, name): which one came later


@dataclass(frozen=True)
class Decided:
    """What people decided about customers, as the operational database has it now.

    `merged` (customer_id, main_id) are the records that gave way to another one; `typed`, in the columns of
    `GOLDEN`, the customers that no source may know; `purged` (customer_id) were deleted for ever.
    """

    merged: Table
    typed: Table
    purged: Table


@dataclass(frozen=True)
class Resolved:
    """The customers found.

    `party` (party_key, source, source_key, customer_id) keeps every key ever seen, with the customer its keys gave;
    `xref` holds those delivered now, with the customer that lives today; `record` is each delivered record with its
    customer and its rank of belief; `golden` the best known values of each customer; `retired` (customer_id, main_id)
    the ids that gave way to another. `records` counts what sources and people know of customers.
    """

    party: Table
    xref: Table
    record: Table
    golden: Table
    retired: Table
    records: int
    conflicts: int  # groups not joined because their certificates differ


def resolve(
    engine: Engine,
    landed: Landed,
    known: Table,
    priorities: Mapping[str, int],
    decided: Decided,
    mint: Callable[[int], int],
) -> Resolved:
    """Join the records that exact keys prove to be one customer (S1j, N4, N5, C6).

    Persons and organisations stay apart. Two records are one customer when certificate type and number agree, or
    when a verified phone or e-mail and the name agree; never when that would put two certificates of one type on
    one customer. What people merged is one customer as well, and what was written down here belongs to the customer
    it names. What is delivered of who was deleted for ever says no more who that was. `known` is the `party` of the
    run before: keys and ids are kept; `mint(n)` gives the first of n new ids.
    """

    def run(name: str, **inputs: Table) -> Table:
        return engine.run(step(__file__, f"{name}.sql"), inputs, {})

    record = run("records", customer=landed.customer, delivery=landed.delivery)
    record = run("erased", record=record, known=known, purged=decided.purged)
    party = run("parties", record=record, purchase=landed.purchase, known=known)
    forms = _comparable_forms(engine, record)
    rank = engine.arrow(
        pa.table({
            "source": pa.array(list(priorities), pa.string()),
            "priority": pa.array(list(priorities.values()), pa.int64()),
        })
    )  # fmt: skip
    bought = run("bought", purchase=landed.purchase)
    keyed = run("keyed", party=party, record=record, bought=bought, source_rank=rank, **forms)
    bucket = run("buckets", keyed=keyed, known=known, purged=decided.purged)
    connected = identity.connect(bucket.select("record", "bucket"))
    conflict = run("conflicts", connected=connected, keyed=keyed)
    conflicts = conflict.count()
    if conflicts:
        connected = identity.connect(run("safe_buckets", bucket=bucket, connected=connected, conflict=conflict))
    identified = run("identities", keyed=keyed, connected=connected, known=known)
    claim = run("claims", identity=identified)
    newcomer = run("newcomers", identity=identified, party=party, claim=claim)
    newcomers = newcomer.count()
    by_keys = engine.run(
        step(__file__, "xref.sql"),
        {"identity": identified, "party": party, "claim": claim, "newcomer": newcomer},
        {"first_id": mint(newcomers) if newcomers else 0},
    )
    retired = run("retired", claim=claim)
    own = {"by_keys": by_keys, "party": party, "bought": bought}
    given = engine.run(step(__file__, "given.sql"), own, {"own_source": OWN_SOURCE})
    living = run("living", given=given, merged=decided.merged, retired=retired)
    ranked = run("ranked", keyed=keyed, xref=living)
    golden = run("whole", golden=run("golden", ranked=ranked), typed=decided.typed)
    return Resolved(
        party=run("remembered", party=party, xref=given, known=known, retired=retired),
        xref=living.select(*PARTY_COLUMNS),
        record=ranked,
        golden=golden,
        retired=retired,
        records=by_keys.count() + run("typed_in", golden=golden).count(),
        conflicts=conflicts,
    )


def _comparable_forms(engine: Engine, record: Table) -> dict[str, Table]:
    """One small table per kind of value: as written -> comparable form, each distinct value worked out once."""
    written = record.select(
        "name", "phone", "phone_2", "email", "certificate_type", "certificate_number", "country", "province"
    ).to_arrow()

    def form(values: pa.ChunkedArray, comparable: Callable[[str], str | None]) -> Table:
        distinct = [value for value in values.unique().to_pylist() if value is not None]
        return engine.arrow(_strings(written=distinct, form=[comparable(value) for value in distinct]))

    phones = pa.chunked_array([*written["phone"].chunks, *written["phone_2"].chunks], pa.string())
    certificates = _distinct_pairs(written, "certificate_type", "certificate_number")
    places = _distinct_pairs(written, "country", "province")
    return {
        "name_form": form(written["name"], name_key),
        "phone_form": form(phones, phone_key),
        "email_form": form(written["email"], email_key),
        "certificate_form": engine.arrow(
            _strings(
                kind=[kind for kind, number in certificates if kind and number],
                written=[number for kind, number in certificates if kind and number],
                form=[certificate_key(kind, number) for kind, number in certificates if kind and number],
            )
        ),
        "region_form": engine.arrow(
            _strings(
                country=[country or "" for country, _province in places],
                province=[province or "" for _country, province in places],
                form=[region_code(country, province) for country, province in places],
            )
        ),
    }


def _distinct_pairs(table: pa.Table, first: str, second: str) -> list[tuple[str | None, str | None]]:
    distinct = table.group_by([first, second]).aggregate([])
    return list(zip(distinct[first].to_pylist(), distinct[second].to_pylist(), strict=True))


def _strings(**columns: list[str | None] | list[str]) -> pa.Table:
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})

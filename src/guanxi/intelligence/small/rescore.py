"""Scoring customers again between two full refreshes, from their own purchases and the scales of the run.

What comes out is what a full refresh would find now, except that nobody else moves: edges between classes, fitted
models and the places of all others stay those of the run. So it differs only where this customer's change would have
moved an edge.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from django.db.models import F, Q
from django.utils import timezone

from guanxi.customers.commands import replace_standings
from guanxi.customers.models import CurrentStanding, Customer, SourceRecord
from guanxi.customers.queries.reach import reachable_by_typing
from guanxi.insight import duckdb_engine, value
from guanxi.insight.engines import Engine, Table, step
from guanxi.intelligence.heads import count_heads, difference
from guanxi.intelligence.models import Snapshot, Touch
from guanxi.intelligence.publish.step import standing_row
from guanxi.intelligence.small.own_baskets import own_baskets
from guanxi.intelligence.small.touches import list_touches
from guanxi.intelligence.snapshots import current_snapshot, move_figures
from guanxi.intelligence.sources.terms import OWN_SOURCE
from guanxi.intelligence.standing.scales import Scales
from guanxi.intelligence.standing.scoring import Known, score
from guanxi.intelligence.standing.step import MONTHS, months_before
from guanxi.kernel.access.models import Company
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.commands import Work, command
from guanxi.kernel.facts import purchase_feeds
from guanxi.kernel.runs.models import Run
from guanxi.kernel.stopping import is_stopping

TOUCHES: Final = 1_000  # in one transaction
MEMORY: Final = "1GB"


def rescore_touched(root: Path, *, touches: int = TOUCHES) -> int:
    """Score every touched customer again, in chunks; returns how many. Safe to run twice, and to be killed.

    Without a current run, or with one that kept no scales, nothing is done: a full refresh scores everybody.
    """
    rescored = 0
    with duckdb_engine(memory_limit=MEMORY) as engine:
        while (base := _base(root)) is not None and not is_stopping():
            seen = list_touches(base.run_id, touches)
            if not seen:
                break
            rescored += _rescore(engine, base, seen)
            for name in reversed(engine.relations()):
                engine.drop(name)
    return rescored


@dataclass(frozen=True)
class Base:
    """What a small refresh stands on: the current run, its files and its scales."""

    snapshot: Snapshot
    root: Path
    scales: Scales

    @property
    def run_id(self) -> int:
        """The full refresh whose standings are current."""
        return self.snapshot.run_id

    def table(self, engine: Engine, name: str) -> Table:
        """A table of the snapshot."""
        return engine.parquet([self.root / file for file in self.snapshot.tables[name]])


def _base(root: Path) -> Base | None:
    snapshot = current_snapshot()
    if snapshot is None or not CurrentStanding.objects.filter(run_id=snapshot.run_id).exists():
        return None
    report = Run.objects.filter(pk=snapshot.run_id).values_list("report", flat=True).first()
    scales = Scales.from_report(report or {})
    return None if scales is None else Base(snapshot, root, scales)


@dataclass(frozen=True)
class People:
    """The customers to score, and every record that is one of them today.

    `members` maps each record's own number to the living customer; `gone` are numbers that live no more.
    """

    living: frozenset[int]
    members: dict[int, int]
    gone: frozenset[int]


def _rescore(engine: Engine, base: Base, seen: Collection[tuple[int, int]]) -> int:
    people = _people({customer_id for _touch, customer_id in seen})
    as_of = _business_date(base)
    standings = _standings(engine, base, people, as_of)
    return _keep(SYSTEM, base=base, as_of=as_of, seen=seen, people=people, standings=standings)


def _people(touched: Collection[int]) -> People:
    main_of = dict(Customer.objects.filter(pk__in=touched).values_list("pk", "main_id"))
    members = dict(Customer.objects.filter(main_id__in=set(main_of.values())).values_list("pk", "main_id"))
    gone = frozenset(pk for pk, main_id in members.items() if pk != main_id)
    return People(living=frozenset(members.values()), members=members, gone=gone)


def _business_date(base: Base) -> date:
    """The day a full refresh would count for now: the run's, or that of a purchase written down since."""
    bought = [at for feed in purchase_feeds() if (at := feed.last_bought_at()) is not None]
    return max([base.snapshot.business_date, *(timezone.localtime(at).date() for at in bought)])


def _standings(engine: Engine, base: Base, people: People, as_of: date) -> dict[int, tuple[Any, ...]]:
    """Customer -> what `publish_standings` takes; only of those a full refresh would know."""
    records = list(
        SourceRecord.objects.filter(customer__in=people.members)
        .values_list("customer_id", "source", "source_key", "phone", "email", "address")
    )  # fmt: skip
    lines = [line for feed in purchase_feeds() for line in feed.lines_of(list(people.members))]
    typed_in = Q(created_at__isnull=False, main_id=F("pk"))
    known = {people.members[customer_id] for customer_id, *_ in records}
    known |= {people.members[line.customer_id] for line in lines}
    known |= set(Customer.objects.filter(typed_in, pk__in=people.living).values_list("pk", flat=True))
    company = CurrentStanding.objects.values_list("currency", flat=True).get(pk=1)
    known -= {people.members[line.customer_id] for line in lines if line.currency != company}  # the next full one rates
    if not known:
        return {}
    mine = [(people.members[customer_id], source, key) for customer_id, source, key, *_ in records]
    wanted = _parties_of(engine, base.table(engine, "customer_xref_by_party"), mine)
    own_basket = own_baskets(engine, lines, people.members)
    purchase = engine.run(
        step(__file__, "purchase.sql"),
        {"fact_purchase": base.table(engine, "fact_purchase"), "wanted": wanted, "own_basket": own_basket},
        {"own_source": OWN_SOURCE},
    )
    reached = {people.members[customer_id] for customer_id, _, _, *ways in records if any(ways)}
    reached |= reachable_by_typing(people.living) | _reached_by_second_phone(engine, base, people)
    living = sorted(known)
    scored = score(
        engine,
        Known(
            customer=engine.arrow(_columns(customer_id=living)),
            reachable=engine.arrow(_columns(customer_id=living, has_contact=[one in reached for one in living])),
            summary=value.purchase_summary(purchase, as_of=as_of, window_start=months_before(as_of, MONTHS)),
            repeats=value.repeat_summary(purchase, as_of),
        ),
        base.scales,
        as_of=as_of,
    )
    return {row["customer_id"]: standing_row(row) for row in scored.customer_value.rows(["customer_id"])}


def _parties_of(engine: Engine, xref: Table, records: Sequence[tuple[int, str, str]]) -> Table:
    """The snapshot's parties of records (customer, source, key): `party_key` and the customer each is part of.

    Whose record it is, the operational database says, so that merges count at once.
    """
    columns = list(zip(*records, strict=True)) or [(), (), ()]
    kinds = {"customer_id": pa.int64(), "source": pa.string(), "source_key": pa.string()}
    arrays = {name: pa.array(column, kind) for (name, kind), column in zip(kinds.items(), columns, strict=True)}
    record = engine.arrow(pa.table(arrays))
    return engine.run(step(__file__, "parties_of.sql"), {"customer_xref_by_party": xref, "record": record})


def _reached_by_second_phone(engine: Engine, base: Base, people: People) -> set[int]:
    """The one way to reach somebody that is not published."""
    wanted = engine.arrow(_columns(customer_id=list(people.members)))
    inputs = {"person": base.table(engine, "person"), "wanted": wanted}
    return {people.members[row["customer_id"]] for row in engine.run(step(__file__, "second_phone.sql"), inputs).rows()}


def _columns(**columns: list[Any]) -> pa.Table:
    kinds = {"has_contact": pa.bool_()}
    return pa.table({name: pa.array(values, kinds.get(name, pa.int64())) for name, values in columns.items()})


@command("customers.publish")
def _keep(
    work: Work,
    *,
    base: Base,
    as_of: date,
    seen: Collection[tuple[int, int]],
    people: People,
    standings: dict[int, tuple[Any, ...]],
) -> int:
    """Keep what was found, if it is still the latest; returns how many customers were scored.

    It is not where a full refresh has become current meanwhile, nor for a customer whose touches another small
    refresh has done: that one read later.
    """
    work.nothing_changed()
    current = CurrentStanding.objects.select_for_update().filter(pk=1).first()
    if current is None or current.run_id != base.run_id:
        return 0
    numbers = [number for number, _customer in seen]
    open_now = Touch.objects.select_for_update().filter(pk__in=numbers).exclude(run_id=base.run_id)
    touched = {people.members[one] for one in open_now.values_list("customer_id", flat=True) if one in people.members}
    rows = [standings[one] for one in sorted(touched) if one in standings]
    gone = {one for one in people.gone if people.members[one] in touched}
    if touched:
        before = count_heads(base.run_id, touched | gone, current.as_of)
        replace_standings(
            SYSTEM, run_id=base.run_id, as_of=as_of, standings=rows, gone=gone,
            batch=f"small refresh of run {base.run_id}",
        )  # fmt: skip
        after = count_heads(base.run_id, touched, current.as_of)
        move_figures(
            SYSTEM, run_id=base.run_id, heads=difference(after, before), as_of=current.as_of,
            by_pyramid=base.scales.tier_method == Company.TierMethod.PYRAMID,
        )  # fmt: skip
    Touch.objects.filter(pk__in=numbers).update(run_id=base.run_id, scored_at=work.at)
    return len(rows)

"""The main road: source files -> landed -> resolved -> marts -> models -> published."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import cast

import pyarrow as pa

from guanxi.customers.commands import drop_old_standings, make_standings_current, mint_customers
from guanxi.customers.models import Customer, SourceRecord, Standing
from guanxi.customers.queries.reach import reachable_by_typing
from guanxi.insight import duckdb_engine, warehouse
from guanxi.insight.engines import Engine, Table, step
from guanxi.intelligence.errors import NoBusinessDate, NothingToRefresh, NoWarehouse
from guanxi.intelligence.follow_ups.step import build_follow_ups
from guanxi.intelligence.land.deliver import land_sources
from guanxi.intelligence.land.feeds import land_feeds
from guanxi.intelligence.land.landed import landed_files
from guanxi.intelligence.land.report import LandReport
from guanxi.intelligence.land.schema import duckdb_columns
from guanxi.intelligence.marts.currency import find_company_currency, find_day_rates, in_company_currency
from guanxi.intelligence.marts.step import build_marts
from guanxi.intelligence.models import Delivery, Source
from guanxi.intelligence.publish.step import Found, publish
from guanxi.intelligence.register import register_sources
from guanxi.intelligence.resolve.decided import read_decided, read_merged
from guanxi.intelligence.resolve.own_values import COLUMNS as OWN_COLUMNS
from guanxi.intelligence.resolve.own_values import resolve_own_values
from guanxi.intelligence.resolve.step import PARTY_COLUMNS, Landed, resolve
from guanxi.intelligence.room import refuse_without_room
from guanxi.intelligence.small.touches import ask_for_small_refresh, forget_touches, has_touches, last_touch
from guanxi.intelligence.snapshots import (
    PERSON_FOLDER,
    SPILL_FOLDER,
    keep_figures,
    make_snapshot_current,
    retire_snapshots,
    sweep,
    write_current,
)
from guanxi.intelligence.sources.contract import Contract
from guanxi.intelligence.sources.terms import OWN_SOURCE, OWN_TABLE
from guanxi.intelligence.standing.step import MONTHS, Inputs, build_standings
from guanxi.kernel.access.models import Company, User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.bulk import refresh_statistics
from guanxi.kernel.commands import Actor
from guanxi.kernel.facts import has_facts, purchase_feeds
from guanxi.kernel.runs.engine import SILENT, OpenRun, Progress, Step, open_run
from guanxi.kernel.runs.files import run_name
from guanxi.kernel.runs.models import Run, RunStep
from guanxi.kernel.runs.steps import files_of

JOB = "refresh"
STEPS = ("land", "resolve", "marts", "models", "publish")
LANDED = ("customer", "purchase", "product")
RATED = ("purchase", "rate")
STORED = {  # what a snapshot lists: table -> (step that writes it, order on disk)
    "party": ("resolve", ["party_key"]),
    "customer_xref_by_party": ("resolve", ["source_key", "source"]),  # as `marts.lookup` asks
    "record": ("resolve", ["party_key"]),
    "golden": ("resolve", ["customer_id"]),
    "retired": ("resolve", ["customer_id"]),
    "own_told": ("resolve", ["party_key", "field"]),
    "own_value": ("resolve", ["customer_id", "field"]),
    "fact_purchase_line": (
        "marts",
        ["party_key", "ordered_at", "source", "order_id", "product_id", "quantity", "revenue", "currency", "amount"],
    ),
    "fact_purchase": ("marts", ["party_key", "ordered_at", "source", "order_id"]),
    "product": ("marts", ["product_id"]),
    "customer": ("marts", ["customer_id"]),
    "person": ("marts", ["customer_id"]),
    "customer_value": ("models", ["customer_id"]),
    "customer_stage": ("models", ["customer_id", "month_on"]),
    "follow_up": ("models", ["follow_up_id"]),
    "follow_up_member": ("models", ["follow_up_id", "customer_id"]),
}
LATER = {"follow_up", "follow_up_member", *OWN_COLUMNS}  # an older version, or without own fields, writes none
PERSONAL = {"record", "golden", "person", *OWN_COLUMNS}
OLD_STANDINGS = 20_000  # standings of earlier runs deleted in one transaction


@dataclass(frozen=True)
class Road:
    """One refresh under way: the run, and where its files go."""

    run: OpenRun
    root: Path

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """An engine of its own for a step, so that a step holds no memory of the one before."""
        spill = self.root / SPILL_FOLDER / run_name(self.run.id)  # a name by which what a kill leaves is swept
        spill.mkdir(parents=True, exist_ok=True)
        try:
            with duckdb_engine(temp_directory=spill) as engine:
                yield engine
        finally:
            shutil.rmtree(spill, ignore_errors=True)

    def table(self, engine: Engine, name: str) -> Table:
        """A stored table of this run, from the step that wrote it."""
        return engine.parquet(self.run.files(STORED[name][0], name), OWN_COLUMNS.get(name))

    def keep(
        self,
        run_step: Step,
        chunk: str,
        tables: Mapping[str, Table],
        *,
        counts: Mapping[str, int],
        note: Callable[[], None] | None = None,
    ) -> None:
        """Write tables as the files of one chunk; what it counted and `note` commit with its checkpoint."""
        with run_step.checkpoint(chunk) as kept:
            kept.counts.update(counts)
            for name, table in tables.items():
                folder = PERSON_FOLDER if name in PERSONAL else None
                table.write_parquet(kept.path(name, folder=folder), order_by=STORED[name][1])
            if note is not None:
                kept.commit_with(note)


def refresh(
    contracts: Sequence[Contract],
    *,
    home: Path,
    root: Path,
    actor: Actor,
    business_date: date | None = None,
    progress: Progress = SILENT,
) -> Run:
    """Bring everything up to date from the sources, or go on where an earlier refresh stopped.

    Parameters
    ----------
    contracts
        The sources to land from; sources of earlier refreshes stay part of the picture.
    home, root
        The company's home and the warehouse folder in it.
    business_date
        The day to count for; else the contracts' own, else the day of the last fact.

    Returns
    -------
    The finished run with its report.

    Raises
    ------
    NothingToRefresh, NoBusinessDate, CurrenciesDiffer, RatesDiffer, RatesMissing, RunInProgress, DiskTooFull
    WarehouseNotWritable
        Nothing was published; what was landed stays.
    """
    if not contracts and not has_facts():
        raise NothingToRefresh
    refuse_without_room(contracts, root)
    inputs = {"sources": {contract.name: str(contract.path) for contract in contracts}}
    with open_run(
        JOB, root=root, inputs=inputs, business_date=business_date, actor=actor, progress=progress, steps=STEPS
    ) as run:
        road = Road(run, root)
        register_sources(actor, contracts=contracts)
        as_of = _land(road, contracts, home)
        _resolve(road)
        _build_marts(road)
        _model(road, as_of)
        _publish(road, as_of)
        return run.row


def last_run_id() -> int:
    """The number of the last data update.

    Raises
    ------
    NoWarehouse
        There was none yet.
    """
    last = Run.objects.filter(job=JOB).order_by("-pk").values_list("pk", flat=True).first()
    if last is None:
        raise NoWarehouse
    return last


def _land(road: Road, contracts: Sequence[Contract], home: Path) -> date:
    with road.run.step("land") as run_step:
        if not run_step.done:
            _land_all(road, run_step, contracts, home)
    if road.run.business_date is None:
        given = [contract.business_date for contract in contracts if contract.business_date]
        road.run.fix_business_date(_latest(road, given))
    return cast(date, road.run.business_date)


def _land_all(road: Road, run_step: Step, contracts: Sequence[Contract], home: Path) -> None:
    if "touched" not in road.run.row.report:  # before any fact is read: who is touched later is scored again later
        road.run.report(touched=last_touch())
    own = land_feeds(road.run, run_step)
    report = land_sources(road.run, run_step, contracts, home, lambda counted: _refuse_without_rates(road, counted))
    road.run.report(land=LandReport((*report.feeds, *own), report.replaced).as_json())


def _latest(road: Road, given: Sequence[date]) -> date:
    """The day the contracts give, else that of the last fact; but never before what was written down here."""
    with road.engine() as engine:
        landed = _landed(road, engine)
        found = engine.run(
            step(__file__, "last_fact.sql"),
            {"purchase": landed.purchase, "customer": landed.customer},
            {"own_source": OWN_SOURCE},
        ).rows()[0]
    last: date | None = max(given, default=found["last_on"])
    if last is None:
        raise NoBusinessDate
    return max(last, found["last_own_on"] or last)


def _landed(road: Road, engine: Engine) -> Landed:
    customer, purchase, product = (
        engine.parquet(landed_files(table, root=road.root), duckdb_columns(table)) for table in LANDED
    )
    delivery = _deliveries(engine, Delivery.objects.all())
    return Landed(customer=customer, purchase=purchase, product=product, delivery=delivery)


def _deliveries(engine: Engine, deliveries: Iterable[Delivery]) -> Table:
    """The deliveries as a table (delivery_id, run_id, name)."""
    rows = [(delivery.pk, delivery.run_id, delivery.name) for delivery in deliveries]
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    types = (pa.int64(), pa.int64(), pa.string())
    arrays = [pa.array(column, kind) for column, kind in zip(columns, types, strict=True)]
    return engine.arrow(pa.table(arrays, names=["delivery_id", "run_id", "name"]))


def _refuse_without_rates(road: Road, counted: Sequence[Delivery]) -> None:
    """See that all amounts of the deliveries that are about to count can be told in one currency."""
    with road.engine() as engine:
        delivery = _deliveries(engine, counted)
        tables = {}
        for name in RATED:
            files = sorted({road.root / path for row in counted for path in row.files.get(name, [])})
            landed = engine.parquet(files, duckdb_columns(name))
            inputs = {"landed": landed, "delivery": delivery}
            tables[name] = engine.run(step(__file__, "counted.sql"), inputs, {}, view=True)
        find_day_rates(engine, find_company_currency(engine, **tables), delivery=delivery, **tables)


def _resolve(road: Road) -> None:
    with road.run.step("resolve") as run_step:
        if run_step.done or run_step.has("customers"):
            return
        with road.engine() as engine:
            landed, decided = _landed(road, engine), read_decided(engine)
            resolved = resolve(
                engine,
                landed,
                engine.parquet(_known_parties(road), PARTY_COLUMNS),
                dict(Source.objects.values_list("name", "priority")),
                decided,
                lambda count: mint_customers(SYSTEM, count=count),
            )
            tables = {
                "party": resolved.party,
                "customer_xref_by_party": resolved.xref,
                "record": resolved.record,
                "golden": resolved.golden,
                "retired": resolved.retired,
            }
            if files := landed_files(OWN_TABLE, root=road.root):
                own = engine.parquet(files, duckdb_columns(OWN_TABLE))
                tables |= resolve_own_values(
                    engine, own, delivery=landed.delivery, record=resolved.record, purged=decided.purged
                )
            counts = {
                "records": resolved.records,
                "customers": resolved.golden.count(),
                "retired": resolved.retired.count(),
                "conflicts": resolved.conflicts,
            }
            road.keep(run_step, "customers", tables, counts=counts)


def _known_parties(road: Road) -> list[Path]:
    """The parties of the last finished resolve step, published or not: ids it gave out may show on screens already."""
    done = RunStep.objects.filter(run__job=JOB, name="resolve", state=RunStep.State.DONE, run_id__lt=road.run.id)
    last = done.order_by("-run_id").first()
    return [] if last is None else files_of(last, road.root, "party")


def _build_marts(road: Road) -> None:
    with road.run.step("marts") as run_step:
        if run_step.done or run_step.has("marts"):
            return
        sellers = User.objects.filter(is_active=True).values_list("employee_no", "pk")
        owners = {employee_no: pk for employee_no, pk in sellers if employee_no is not None}
        with road.engine() as engine:
            landed, rate = _landed(road, engine), _rates(road, engine)
            converted = in_company_currency(
                engine, _currency(road), purchase=landed.purchase, rate=rate, delivery=landed.delivery
            )
            marts = build_marts(
                engine,
                replace(landed, purchase=converted),
                party=road.table(engine, "party"),
                golden=road.table(engine, "golden"),
                owners=owners,
            )
            counts = {
                "lines": marts.fact_purchase_line.count(),
                "orders": marts.fact_purchase.count(),
                "products": marts.product.count(),
            }
            road.keep(run_step, "marts", vars(marts), counts=counts)


def _model(road: Road, as_of: date) -> None:
    with road.run.step("models") as run_step:
        if run_step.done or run_step.has("standings"):
            return
        with road.engine() as engine:
            xref = road.table(engine, "customer_xref_by_party")
            purchase = warehouse.purchase(road.table(engine, "fact_purchase"), xref)
            inputs = Inputs(
                customer=road.table(engine, "customer"),
                person=road.table(engine, "person"),
                purchase=purchase,
                fact_purchase_line=road.table(engine, "fact_purchase_line"),
                xref=xref,
                reached=engine.arrow(pa.table({"customer_id": pa.array(sorted(reachable_by_typing()), pa.int64())})),
            )
            tier_method = Company.objects.values_list("tier_method", flat=True).first() or Company.TierMethod.PYRAMID
            standings = build_standings(
                engine,
                inputs,
                as_of=as_of,
                tier_method=tier_method,
                facts={"records": road.run.counts("resolve")["records"], "currency": _currency(road)},
            )
            follow_ups = build_follow_ups(
                engine,
                purchase=purchase,
                merged=read_merged(engine),
                retired=road.table(engine, "retired"),
                as_of=as_of,
                currency=_currency(road),
            )
            road.run.report(months=MONTHS, **standings.scales.to_report())
            road.keep(
                run_step,
                "standings",
                {
                    "customer_value": standings.customer_value,
                    "customer_stage": standings.customer_stage,
                    **vars(follow_ups),
                },
                counts={"customers": standings.customer_value.count()},
                note=lambda: keep_figures(SYSTEM, run_id=road.run.id, figures=standings.figures),
            )


def _rates(road: Road, engine: Engine) -> Table:
    return engine.parquet(landed_files("rate", root=road.root), duckdb_columns("rate"))


def _currency(road: Road) -> str:
    """The currency the company counts in; found once a run, where nothing was bought by what the contracts say."""
    if "currency" not in road.run.row.report:
        with road.engine() as engine:
            purchase = engine.parquet(landed_files("purchase", root=road.root), duckdb_columns("purchase"))
            currency = find_company_currency(engine, purchase=purchase, rate=_rates(road, engine))
        told = set(Source.objects.filter(sells=True).values_list("currency", flat=True))
        told.update(*(feed.currencies() for feed in purchase_feeds()))
        road.run.report(currency=currency or min(told, default=""))
    return str(road.run.row.report["currency"])


def _publish(road: Road, as_of: date) -> None:
    with road.run.step("publish") as run_step:
        if not run_step.done:
            with road.engine() as engine:
                found = Found(*(road.table(engine, name) for name in Found.__dataclass_fields__))
                publish(engine, found, run_step=run_step, run_id=road.run.id, as_of=as_of)
            if not run_step.has("current"):
                with run_step.checkpoint("current") as flip:
                    flip.commit_with(lambda: _make_current(road, as_of))
            while drop_old_standings(SYSTEM, limit=OLD_STANDINGS):
                pass
            refresh_statistics(Customer, Standing, SourceRecord)
            retire_snapshots(SYSTEM, business_date=as_of)
            write_current(road.root)
            sweep(road.root, run_id=road.run.id)


def _make_current(road: Road, as_of: date) -> None:
    tables = {
        name: [path.relative_to(road.root).as_posix() for path in road.run.files(made_by, name)]
        for name, (made_by, _order) in STORED.items()
        if name not in LATER or road.run.files(made_by, name)
    }
    make_snapshot_current(SYSTEM, run_id=road.run.id, business_date=as_of, tables=tables)
    make_standings_current(SYSTEM, run_id=road.run.id, as_of=as_of, currency=_currency(road))
    forget_touches(SYSTEM, upto=road.run.row.report.get("touched", 0))
    if has_touches():
        ask_for_small_refresh()

"""What the arms of an experiment bought, from the current snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from django.conf import settings
from django.db.models import F

from guanxi.customers.models import CurrentStanding, Customer
from guanxi.insight.engines import step
from guanxi.intelligence import small
from guanxi.intelligence.models import Snapshot
from guanxi.intelligence.small.own_baskets import own_baskets
from guanxi.intelligence.snapshots import current_snapshot
from guanxi.intelligence.sources.terms import OWN_SOURCE
from guanxi.kernel.facts import purchase_feeds

if TYPE_CHECKING:
    from guanxi.insight.engines import Engine, Table
    from guanxi.insight.experiment import Uplift

MEMORY_LIMIT = "1GB"


@dataclass(frozen=True)
class Measured:
    """The uplift as known at the end of `known_until`; final once the whole window lies before that day."""

    uplift: Uplift
    known_until: date | None
    is_final: bool
    currency: str


def measure_uplift(arms: Iterable[tuple[int, str]], *, since: date, days: int) -> Measured:
    """Compare what the arms ("treated", "control") bought in the `days` after `since`.

    `arms` holds living customers and their arm; one named twice, since two of its records were drawn before they were
    merged, counts where it stands first. The caller has asked for permission: this is a reading aid, not a query.
    """
    from guanxi.insight import duckdb_engine  # the engine is opened by who needs it
    from guanxi.insight.experiment import uplift

    drawn: dict[int, str] = {}
    for customer_id, arm in arms:
        drawn.setdefault(customer_id, arm)
    snapshot = current_snapshot()
    with duckdb_engine(memory_limit=MEMORY_LIMIT, threads=1) as engine:
        member = engine.arrow(
            pa.table({
                "customer_id": pa.array(drawn.keys(), pa.int64()), "arm": pa.array(drawn.values(), pa.string()),
            })
        )  # fmt: skip
        found = uplift(member, _purchases(engine, snapshot), since, days)
    known_until = snapshot.business_date if snapshot else None
    return Measured(
        uplift=found,
        known_until=known_until,
        is_final=known_until is not None and known_until >= since + timedelta(days=days),
        currency=CurrentStanding.objects.values_list("currency", flat=True).first() or "",
    )


def _purchases(engine: Engine, snapshot: Snapshot | None) -> Table:
    """Purchases by living customer: those of the sources from the snapshot, and what was written down here till now."""
    own = _written_here(engine)
    if snapshot is None:
        return own
    fact, xref = (
        engine.parquet([Path(settings.WAREHOUSE, file) for file in snapshot.tables[name]])
        for name in ("fact_purchase", "customer_xref_by_party")
    )
    merged = list(Customer.objects.exclude(main=F("pk")).values_list("pk", "main_id"))
    since = engine.arrow(
        pa.table({
            "customer_id": pa.array([pk for pk, _main in merged], pa.int64()),
            "main_id": pa.array([main for _pk, main in merged], pa.int64()),
        })
    )  # fmt: skip
    living = engine.run(step(small.__file__, "living_xref.sql"), {"xref": xref, "merged": since}, {})
    return engine.run(
        step(small.__file__, "purchase.sql"),
        {"fact_purchase": fact, "wanted": living, "own_basket": own},
        {"own_source": OWN_SOURCE},
    )


def _written_here(engine: Engine) -> Table:
    lines = [line for feed in purchase_feeds() for line in feed.lines_between(0, feed.last_number())]
    living = dict(Customer.objects.filter(purchases__isnull=False).distinct().values_list("pk", "main_id"))
    return own_baskets(engine, lines, living)

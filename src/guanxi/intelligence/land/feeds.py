"""Landing what apps hold: the facts of every declared feed that came after the last landed ones.

They are a source of its own, `guanxi`, in which a customer's key is the customer's number. Facts are taken by their
numbers, so nothing is landed twice, however often the run is started and whoever cuts it into pieces.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from django.db.models import Max
from django.utils import timezone

from guanxi.intelligence.land.plan import delivery_id_of, is_whole
from guanxi.intelligence.land.report import FeedReport
from guanxi.intelligence.land.schema import PRODUCT, PURCHASE
from guanxi.intelligence.models import Delivery
from guanxi.intelligence.sources.terms import OWN_SOURCE
from guanxi.kernel.facts import PurchaseFeed, PurchaseLine, purchase_feeds
from guanxi.kernel.runs.engine import Chunk, OpenRun, Step
from guanxi.kernel.runs.files import file_name

FACTS: Final = 20_000  # in one chunk
FOLDER: Final = f"landed/{OWN_SOURCE}"


def land_feeds(run: OpenRun, step: Step) -> list[FeedReport]:
    """Land the new facts of all declared feeds, up to the last there was when the run first came here."""
    feeds = purchase_feeds()
    upto = run.row.report.get("feeds")
    if upto is None:
        upto = {feed.name: feed.last_number() for feed in feeds}
        run.report(feeds=upto)
    for feed in feeds:
        after = _landed_upto(feed, run)
        while after < upto.get(feed.name, 0):
            until = min(after + FACTS, upto[feed.name])
            _land(run, step, feed, after, until)
            after = until
    return [report for feed in feeds if (report := _report(run, feed)).files]


def _landed_upto(feed: PurchaseFeed, run: OpenRun) -> int:
    """The number of the last fact landed; if a file of any is lost, all are landed anew."""
    landed = Delivery.objects.filter(source=OWN_SOURCE, feed=feed.name)
    if not all(is_whole(row, run.root) for row in landed):
        landed.delete()
    return landed.aggregate(upto=Max("upto"))["upto"] or 0


def _land(run: OpenRun, step: Step, feed: PurchaseFeed, after: int, until: int) -> None:
    name = f"{feed.name}.{after + 1}-{until}"
    digest = hashlib.sha256(f"{OWN_SOURCE}.{name}".encode()).hexdigest()
    lines = feed.lines_between(after, until)
    tables = _tables(feed.name, delivery_id_of(digest), lines) if lines else {}
    with step.checkpoint(f"{OWN_SOURCE}.{name}") as chunk:
        delivery = Delivery(
            pk=delivery_id_of(digest), source=OWN_SOURCE, feed=feed.name, name=f"{after + 1}-{until}", digest=digest,
            run_id=run.id, rows=len(lines), landed=len(lines), rejected=0, filtered=0, upto=until,
            files={table: [_write(run, step, chunk, table, rows)] for table, rows in tables.items()},
        )  # fmt: skip
        step.count(files=1, rows=len(lines), landed=len(lines))
        chunk.commit_with(lambda: _keep(delivery))


def _write(run: OpenRun, step: Step, chunk: Chunk, table: str, rows: pa.Table) -> str:
    pq.write_table(rows, chunk.path(table, folder=FOLDER), compression="zstd")
    return file_name(run.id, step.name, table, chunk.name, suffix=".parquet", folder=FOLDER).as_posix()


def _keep(delivery: Delivery) -> None:
    delivery.landed_at = timezone.now()
    delivery.save(force_insert=True)


def _tables(feed: str, delivery_id: int, lines: Iterable[PurchaseLine]) -> dict[str, pa.Table]:
    lines = list(lines)
    origin = {"source": OWN_SOURCE, "feed": feed, "delivery_id": delivery_id}
    tables = {
        "purchase": purchase_table(lines, origin),
        "product": pa.Table.from_pylist([origin | product for product in _products(lines)], schema=PRODUCT),
    }
    return {name: table for name, table in tables.items() if table.num_rows}


def purchase_table(lines: Iterable[PurchaseLine], origin: dict[str, Any]) -> pa.Table:
    """Facts as landed purchase lines; `origin` is what every row says of where it comes from."""
    rows = [
        origin
        | {
            "line": place, "source_key": str(line.customer_id), "order_id": line.order_id,
            "product_id": line.product_id or None,
            "ordered_at": timezone.localtime(line.bought_at).replace(tzinfo=None), "quantity": _exact(line.quantity),
            "unit_price": _exact(line.unit_price), "revenue": _exact(line.amount), "currency": line.currency,
            "is_return": line.is_return,
        }
        for place, line in enumerate(lines, 1)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=PURCHASE)


def _products(lines: list[PurchaseLine]) -> list[dict[str, Any]]:
    """Every product with a code and a name, and how many lines sold it so; the first of them stands for all."""
    sold = [(line.product_id, line.product_name, place) for place, line in enumerate(lines, 1) if not line.is_return]
    uses = Counter((code, name) for code, name, _place in sold if code and name)
    first = {(code, name): place for code, name, place in reversed(sold)}
    return [
        {"line": first[code, name], "product_id": code, "name": name, "category": None, "uses": count}
        for (code, name), count in sorted(uses.items())
    ]


def _exact(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.0001"))


def _report(run: OpenRun, feed: PurchaseFeed) -> FeedReport:
    rows = Delivery.objects.filter(run_id=run.id, source=OWN_SOURCE, feed=feed.name)
    counted = sum(rows.values_list("rows", flat=True))
    return FeedReport(source=OWN_SOURCE, feed=feed.name, files=len(rows), rows=counted, landed=counted)

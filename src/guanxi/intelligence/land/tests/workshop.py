"""For the tests of landing: write a contract and files, land them, look at what is there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from guanxi.intelligence.land.deliver import land_sources
from guanxi.intelligence.land.landed import landed_files
from guanxi.intelligence.land.rejects import list_rejects
from guanxi.intelligence.land.report import LandReport
from guanxi.intelligence.land.schema import SCHEMAS
from guanxi.intelligence.sources.contract import load_contract
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.runs.engine import open_run

ORIGIN = ("source", "feed", "delivery_id", "line")

HEAD = """\
name = "shop"
timezone = "Asia/Shanghai"
currency = "CNY"
"""
ORDERS = """\
[[feed]]
name = "orders"
path = "orders*.csv"
format = "csv"
delivery = "{delivery}"
[feed.customer]
key = "customer"
name = "name"
[feed.purchase]
customer = "customer"
order = "order"
product = "product"
ordered_at = "day"
quantity = "quantity"
unit_price = "price"
[feed.product]
key = "product"
name = "title"
"""
COLUMNS = "customer,name,order,product,title,day,quantity,price\n"


def orders(delivery: str = "full", more: str = "") -> str:
    """A contract of one feed that tells of purchases, customers and products; `more` goes into the feed."""
    return HEAD + ORDERS.format(delivery=delivery).replace("[feed.customer]", f"{more}\n[feed.customer]")


def write(folder: Path, contract: str, **files: str | bytes) -> Path:
    """Write a contract and files (`orders_1="..."` is orders_1.csv); returns the contract's path."""
    for name, content in files.items():
        raw = content if isinstance(content, bytes) else content.encode()
        (folder / f"{name}.csv").write_bytes(raw)
    path = folder / "shop.toml"
    path.write_text(contract, encoding="utf-8")
    return path


def land(*contracts: Path) -> LandReport:
    """Land the contracts in a run of its own (or resume the one that stopped)."""
    inputs = {"sources": [str(path) for path in contracts]}
    with (
        open_run("refresh", root=settings.WAREHOUSE, inputs=inputs, business_date=None, actor=SYSTEM) as run,
        run.step("land") as step,
    ):
        return land_sources(run, step, [load_contract(path) for path in contracts], settings.GUANXI_HOME)


def table(name: str, source: str | None = None) -> pa.Table:
    """All rows of a landed table that count."""
    files = landed_files(name, source)
    return pa.concat_tables([pq.read_table(path) for path in files]) if files else SCHEMAS[name].empty_table()


def rows(name: str, *columns: str) -> list[Any]:
    """The rows of a landed table that count, sorted: tuples of the columns, or the bare values of one."""
    found = table(name).select(list(columns)).to_pylist()
    told = [tuple(row[column] for column in columns) for row in found]
    told.sort(key=lambda row: tuple((value is None, str(value)) for value in row))
    return [row[0] for row in told] if len(columns) == 1 else told


def said(name: str, source: str | None = None) -> list[tuple[Any, ...]]:
    """The rows of a landed table without where they came from, sorted."""
    found = table(name, source)
    kept = [column for column in found.schema.names if column not in ORIGIN]
    return sorted((tuple(row.values()) for row in found.select(kept).to_pylist()), key=repr)


def rejected() -> Sequence[tuple[str, int, str, str, str]]:
    """Of every rejected row: file, line, reason, column, value."""
    return [(row.file, row.line, row.reason, row.column, row.value) for row in list_rejects()]

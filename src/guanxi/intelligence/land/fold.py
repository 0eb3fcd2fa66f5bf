"""Many rows that tell of one customer or product made one, in whatever order they come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sqlglot import exp

from guanxi.intelligence.land import sql
from guanxi.intelligence.land.schema import SCHEMAS
from guanxi.intelligence.land.sql import Expression
from guanxi.intelligence.sources.terms import OWN_TABLE

_COUNTED: Final = ("delivery_id", "line", "source_key", "updated_at", "product_id", "uses")
KEYS: Final = {"customer": ("source_key",), "product": ("product_id",), OWN_TABLE: ("source_key", "field")}


def fold(table: str, rows: exp.Select, constants: Mapping[str, Expression]) -> str:
    """SQL of the folded rows of `table`; the columns in `constants` are the same in every row and not in `rows`."""
    told = [name for name in SCHEMAS[table].names if name not in {*_COUNTED, *constants}]
    folded = _products(rows, told) if table == "product" else _latest(rows, told, KEYS[table])
    columns = [
        exp.alias_(constants[name], name, quoted=True) if name in constants else sql.name(name)
        for name in SCHEMAS[table].names
    ]
    order = ["delivery_id", *KEYS[table], *(told if table == "product" else ())]
    return sql.text_of(exp.select(*columns).from_(folded.subquery("folded")).order_by(*map(sql.name, order)))


def _latest(rows: exp.Select, told: Sequence[str], key: Sequence[str]) -> exp.Select:
    """Of each customer (and own field) the last row, by time and then by everything else it says."""
    latest = [exp.Ordered(this=sql.name(name), desc=True, nulls_first=False) for name in ("updated_at", *told)]
    place = exp.Window(
        this=sql.call("row_number"),
        partition_by=[sql.name(name) for name in ("delivery_id", *key)],
        order=exp.Order(expressions=[*latest, sql.name("line")]),
    )
    placed = exp.select(exp.Star(), exp.alias_(place, "place")).from_(rows.subquery("told"))
    return exp.select(exp.Star()).from_(placed.subquery("placed")).where(sql.equal(sql.name("place"), sql.literal(1)))


def _products(rows: exp.Select, told: Sequence[str]) -> exp.Select:
    """Of each product the distinct descriptions, with the number of lines that use them."""
    same = [sql.name(name) for name in ("delivery_id", "product_id", *told)]
    line, uses = sql.call("min", sql.name("line")), sql.cast(sql.call("sum", sql.name("uses")), "BIGINT")
    return (
        exp.select(*same, exp.alias_(line, "line"), exp.alias_(uses, "uses"))
        .from_(rows.subquery("told"))
        .group_by(*same)
    )

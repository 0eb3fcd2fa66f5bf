"""Canonical hash: two warehouses are equal when it is, whatever ids, clocks or file order they were made with."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow as pa
from sqlglot import exp

from guanxi.insight import open_warehouse
from guanxi.insight.engines import Engine, Table, step
from guanxi.intelligence.sources.terms import OWN_SOURCE

# What every mart is compared by. Surrogates (party_key, owner_id) are left out; customer_id is replaced by the
# smallest (source, source_key) of the customer.
MARTS = (
    "customer", "customer_xref", "purchase_line", "purchase", "product", "customer_value", "customer_stage", "person",
    "follow_up", "follow_up_member", "own_value",
)  # fmt: skip
LEFT_OUT = {"owner_id", "party_key"}
NOTHING = "\N{SYMBOL FOR NULL}"
BETWEEN = "\N{SYMBOL FOR UNIT SEPARATOR}"


def warehouse_hash(root: Path) -> dict[str, str]:
    """The canonical hash of every mart the current snapshot has, and of all of them under `total`."""
    with open_warehouse(root, personal=True) as engine:
        names = engine.run(
            step(__file__, "canonical_id.sql"),
            {"customer_xref": engine.table("customer_xref")},
            {"own_source": OWN_SOURCE},
        )
        hashes = {mart: _table_hash(engine, engine.table(mart), names) for mart in MARTS if mart in engine.tables}
    hashes["total"] = hashlib.sha256("".join(hashes.values()).encode()).hexdigest()
    return hashes


def _table_hash(engine: Engine, table: Table, names: Table) -> str:
    parts = [
        _canonical(
            exp.column("canonical_id", table="named") if name == "customer_id" else exp.column(name, table="t"), kind
        )
        for name, kind in zip(table.schema.names, table.schema.types, strict=True)
        if name not in LEFT_OUT
    ]
    text = parts[0]
    for part in parts[1:]:
        text = exp.DPipe(this=exp.DPipe(this=text, expression=exp.Literal.string(BETWEEN)), expression=part)
    query = exp.select(exp.alias_(exp.func("md5", text), "line")).from_(exp.alias_(table.relation, "t"))
    if "customer_id" in table.columns:
        query = query.join(
            exp.alias_(names.relation, "named"), on="named.customer_id = t.customer_id", join_type="left"
        )
    lines = engine.create("canonical", query, view=False).to_arrow(["line"])["line"]
    digest = hashlib.sha256()
    for chunk in lines.chunks:
        digest.update("".join(chunk.to_pylist()).encode())
    return digest.hexdigest()


def _canonical(column: exp.Expr, kind: pa.DataType) -> exp.Expr:
    if pa.types.is_floating(kind):
        column = exp.func("round", column, exp.Literal.number(9))
    return exp.func("coalesce", exp.cast(column, "varchar"), exp.Literal.string(NOTHING))

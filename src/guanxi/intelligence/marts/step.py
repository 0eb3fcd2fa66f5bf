"""The marts step: facts that keep their source, and the dimensions around them."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from guanxi.insight.engines import Engine, Table, step
from guanxi.intelligence.resolve.step import Landed


@dataclass(frozen=True)
class Marts:
    """The stored tables; `purchase` and `purchase_line` with customer ids are views over them and the xref."""

    fact_purchase_line: Table
    fact_purchase: Table
    product: Table
    customer: Table
    person: Table


def build_marts(engine: Engine, landed: Landed, *, party: Table, golden: Table, owners: dict[str, int]) -> Marts:
    """Facts at line and basket grain, products, customers without and with personal columns.

    `owners` maps the seller's code in the sources to the user who is that seller today.
    """

    def run(name: str, **inputs: Table) -> Table:
        return engine.run(step(__file__, f"{name}.sql"), inputs, {})

    owner = engine.arrow(
        pa.table({
            "owner_code": pa.array(list(owners), pa.string()),
            "owner_id": pa.array(list(owners.values()), pa.int64()),
        })
    )  # fmt: skip
    line = run("fact_purchase_line", purchase=landed.purchase, party=party)
    return Marts(
        fact_purchase_line=line,
        fact_purchase=build_baskets(engine, line),
        product=run("product", product=landed.product, fact_purchase_line=line),
        customer=run("customer", golden=golden, owner=owner),
        person=run("person", golden=golden),
    )


def build_baskets(engine: Engine, line: Table) -> Table:
    """Purchase lines as orders, in which those that were taken back whole are void."""
    paired = engine.run(step(__file__, "paired_line.sql"), {"fact_purchase_line": line}, {})
    return engine.run(step(__file__, "fact_purchase.sql"), {"fact_purchase_line": line, "paired_line": paired}, {})

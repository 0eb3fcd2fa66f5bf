"""The company's own fields, where sources fill them: what each record says, and the best known value."""

from __future__ import annotations

from guanxi.insight.engines import Engine, Table, step

COLUMNS = {  # table -> its columns, for a run in which no source fills any
    "own_told": {
        "party_key": "BIGINT", "customer_id": "BIGINT", "belief": "BIGINT", "source": "VARCHAR",
        "source_key": "VARCHAR", "field": "VARCHAR", "value": "VARCHAR",
    },
    "own_value": {"customer_id": "BIGINT", "field": "VARCHAR", "value": "VARCHAR"},
}  # fmt: skip


def resolve_own_values(
    engine: Engine, landed: Table, *, delivery: Table, record: Table, purged: Table
) -> dict[str, Table]:
    """The tables of `COLUMNS`, by the belief in each record that decides over all other fields (N5).

    `landed` are the values as they were delivered, `record` the records resolved, `purged` the customers deleted for
    ever, of whom nothing is told. A value is JSON; NULL where the
    sources that fill a field leave it empty.
    """
    inputs = {"own_value": landed, "delivery": delivery, "record": record, "purged": purged}
    told = engine.run(step(__file__, "own_told.sql"), inputs, {})
    return {"own_told": told, "own_value": engine.run(step(__file__, "own_best.sql"), {"own_told": told}, {})}

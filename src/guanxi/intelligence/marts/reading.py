"""Reading the marts: SQL for analysts, and the purchases of one customer for a page."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from guanxi.insight import InsightError, open_warehouse
from guanxi.intelligence.errors import NoWarehouse, SqlNotReadable
from guanxi.kernel.commands import Work, command


@command("warehouse.sql")
def query_marts(work: Work, *, query: str, root: Path) -> pa.Table:
    """The result of one SELECT over the marts, without personal columns; a command, because it is audited.

    Raises
    ------
    NoWarehouse, SqlNotReadable
        Nothing is there yet; or the query is no single SELECT over the marts, or fails.
    """
    if not (root / "current.json").exists():
        raise NoWarehouse
    try:
        with open_warehouse(root, sealed=True) as engine:
            found = engine.query(query).to_arrow()
    except InsightError as error:
        raise SqlNotReadable(reason=f"{error.sentence} {error.cure}".strip(), place=error.place) from error
    work.record("warehouse", {"sql": query, "rows": found.num_rows})
    return found

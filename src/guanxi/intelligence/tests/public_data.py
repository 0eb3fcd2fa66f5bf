"""A refresh of public data in a process of its own: the child's side."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from guanxi.insight import open_warehouse
from guanxi.intelligence.canon import warehouse_hash
from guanxi.intelligence.road import refresh
from guanxi.intelligence.sources.contract import load_contract
from guanxi.kernel.access.system import SYSTEM

EXAMPLES = Path(__file__).resolve().parents[4] / "examples" / "sources"


def run(contract: str, as_of: str | None, *queries: str) -> dict[str, Any]:
    """Refresh from an example contract; returns what landed, the canonical hash, and the answers as text."""
    root = settings.WAREHOUSE
    row = refresh(
        [load_contract(EXAMPLES / f"{contract}.toml")],
        home=settings.GUANXI_HOME,
        root=root,
        actor=SYSTEM,
        business_date=date.fromisoformat(as_of) if as_of else None,
    )
    with open_warehouse(root) as engine:
        answers = [[list(map(str, found.values())) for found in engine.query(query).rows()] for query in queries]
    return {
        "business_date": str(row.business_date),
        "feeds": {
            feed["feed"]: [feed["rows"], feed["landed"], feed["rejected"], feed["filtered"]]
            for feed in row.report["land"]["feeds"]
        },
        "hash": warehouse_hash(root),
        "answers": answers,
    }

"""Which files one state of the database lists: those of the warehouse, and those kept with customers."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from guanxi.config.backup.archive import FILES

Ask = Callable[[str], Sequence[Sequence[Any]]]

SNAPSHOTS: Final = "SELECT run_id, business_date, tables, is_current FROM intelligence_snapshot"
DELIVERIES: Final = "SELECT files, is_current FROM intelligence_delivery"
OPEN_RUN: Final = (
    "SELECT c.files FROM runs_checkpoint c JOIN runs_runstep s ON s.id = c.step_id JOIN runs_run r ON r.id = s.run_id"
    " WHERE r.state IN ('running', 'stopped')"
)
# The next refresh goes on from the customers of the last finished resolve step, published or not.
LAST_RESOLVED: Final = (
    "SELECT c.files FROM runs_checkpoint c WHERE c.step_id = ("
    "SELECT s.id FROM runs_runstep s JOIN runs_run r ON r.id = s.run_id WHERE s.name = 'resolve' AND s.state = 'done'"
    " AND r.state IN ('done', 'abandoned') ORDER BY r.id DESC LIMIT 1)"
)


ATTACHMENTS: Final = "customers_attachment"
KEPT: Final = f"SELECT DISTINCT digest FROM {ATTACHMENTS}"  # noqa: S608  # a constant


@dataclass(frozen=True)
class Listed:
    """Files relative to the warehouse: those a backup is not whole without, and those it takes if they are there."""

    needed: frozenset[str]
    wished: frozenset[str]
    snapshot: dict[str, Any] | None


def list_files(ask: Ask) -> Listed:
    """The files that the database lists, by SQL, so that a copy of it can be asked as well as the database itself."""
    needed: set[str] = set()
    wished: set[str] = set()
    current = None
    for run_id, business_date, tables, is_current in ask(SNAPSHOTS):
        kept = _json(tables)
        needed |= {file for files in kept.values() for file in files}
        if is_current:
            current = {"run": run_id, "business_date": str(business_date), "tables": kept}
    for files, is_current in ask(DELIVERIES):
        for table, paths in _json(files).items():
            if is_current:
                needed.update(paths)
            elif table == "rejects":
                wished.update(paths)  # retention may have removed them
    for (files,) in ask(OPEN_RUN):
        needed |= {file["path"] for file in _json(files)}
    for (files,) in ask(LAST_RESOLVED):
        for file in _json(files):
            (needed if file["table"] == "party" else wished).add(file["path"])
    return Listed(frozenset(needed), frozenset(wished - needed), current)


def list_kept(ask: Ask) -> list[str]:
    """The files kept with customers, those in the bin too, relative to the home."""
    return sorted(f"{FILES}/{digest[:2]}/{digest}" for (digest,) in ask(KEPT))


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str | bytes) else value

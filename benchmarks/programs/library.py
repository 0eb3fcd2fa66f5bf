"""A story told by the library: `python -m benchmarks.programs.library STORY FILE`."""

from __future__ import annotations

import sys
from collections.abc import Callable

import guanxi.insight as gx
from benchmarks.facts import AS_OF, WINDOW_START

SPEND = "spend_window"


def summary(purchase: gx.Table) -> gx.Table:
    """When, how often and for how much every customer bought: what all the others start from."""
    return gx.value.purchase_summary(purchase, AS_OF, WINDOW_START)


def rfm(purchase: gx.Table) -> gx.Table:
    """Scores by quintile edges, and the eight groups."""
    return gx.value.rfm(summary(purchase))


def abc(purchase: gx.Table) -> gx.Table:
    """Classes by the cumulative share of the revenue."""
    return gx.value.abc(summary(purchase), column=SPEND)


def pyramid(purchase: gx.Table) -> gx.Table:
    """Tiers by the cumulative share of the buyers."""
    return gx.value.pyramid(summary(purchase), column=SPEND)


def stage(purchase: gx.Table) -> gx.Table:
    """The life-cycle stage at the business date."""
    return gx.lifecycle.stage(summary(purchase))


def everything(purchase: gx.Table) -> gx.Table:
    """RFM, ABC, pyramid and stage from one summary."""
    known = summary(purchase)
    gx.value.abc(known, column=SPEND)
    gx.value.pyramid(known, column=SPEND)
    gx.lifecycle.stage(known)
    return gx.value.rfm(known)


STORIES: dict[str, Callable[[gx.Table], gx.Table]] = {
    "summary": summary, "rfm": rfm, "abc": abc, "pyramid": pyramid, "stage": stage, "all": everything,
}  # fmt: skip


def main(story: str, file: str) -> None:
    """Tell the story; `start` opens the engine and ends."""
    with gx.duckdb_engine() as engine:
        if story != "start":
            STORIES[story](engine.parquet([file]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

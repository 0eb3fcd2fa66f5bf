"""What was written down here, as baskets of living customers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pyarrow as pa

from guanxi.insight.engines import step
from guanxi.intelligence.land.feeds import purchase_table
from guanxi.intelligence.marts.step import build_baskets
from guanxi.intelligence.sources.terms import OWN_SOURCE
from guanxi.kernel.facts import PurchaseLine

if TYPE_CHECKING:
    from guanxi.insight.engines import Engine, Table


def own_baskets(engine: Engine, lines: Iterable[PurchaseLine], living: Mapping[int, int]) -> Table:
    """The baskets of these lines; `living` maps the customer each was given to the one who lives now."""
    purchase = engine.arrow(purchase_table(lines, {"source": OWN_SOURCE, "feed": "", "delivery_id": 0}))
    own_line = engine.run(step(__file__, "own_line.sql"), {"purchase": purchase})
    member = pa.table({
        "given_id": pa.array(living.keys(), pa.int64()), "customer_id": pa.array(living.values(), pa.int64()),
    })  # fmt: skip
    inputs = {"own_purchase": build_baskets(engine, own_line), "member": engine.arrow(member)}
    return engine.run(step(__file__, "own_basket.sql"), inputs)

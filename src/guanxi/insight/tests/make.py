"""Small inputs for tests, typed as the warehouse types them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

import pyarrow as pa

from guanxi.insight import Engine, Table

MONEY = pa.decimal128(18, 4)


@dataclass(frozen=True)
class Basket:
    """One basket; `on` is its day."""

    customer_id: int | None
    on: date
    revenue: Decimal | int = 10
    is_return: bool = False
    is_void: bool = False


def purchases(engine: Engine, baskets: Iterable[Basket]) -> Table:
    """A purchase table at basket grain, each bought at noon."""
    rows = list(baskets)
    noon = [datetime.combine(basket.on, time(12)) for basket in rows]
    return engine.arrow(
        pa.table(
            {
                "customer_id": pa.array([basket.customer_id for basket in rows], pa.int64()),
                "order_id": pa.array([f"o{number}" for number in range(len(rows))], pa.string()),
                "ordered_at": pa.array(noon, pa.timestamp("us")),
                "revenue": pa.array([Decimal(basket.revenue) for basket in rows], MONEY),
                "lines": pa.array([1] * len(rows), pa.int64()),
                "is_return": pa.array([basket.is_return for basket in rows], pa.bool_()),
                "is_void": pa.array([basket.is_void for basket in rows], pa.bool_()),
            }
        )
    )


def spends(engine: Engine, amounts: Sequence[Decimal | int | str | None]) -> Table:
    """A spend table: customers 1, 2, ... and what each spent."""
    return engine.arrow(
        pa.table(
            {
                "customer_id": pa.array(range(1, len(amounts) + 1), pa.int64()),
                "spend": pa.array([None if a is None else Decimal(a) for a in amounts], MONEY),
            }
        )
    )


def summaries(engine: Engine, rows: Sequence[tuple[int, int, int | Decimal]]) -> Table:
    """A purchase summary of customers 1, 2, ... from (recency_days, frequency, monetary)."""
    return engine.arrow(
        pa.table(
            {
                "customer_id": pa.array(range(1, len(rows) + 1), pa.int64()),
                "recency_days": pa.array([row[0] for row in rows], pa.int64()),
                "frequency": pa.array([row[1] for row in rows], pa.int64()),
                "monetary": pa.array([Decimal(row[2]) for row in rows], MONEY),
            }
        )
    )


def column(table: Table, name: str, order_by: str = "customer_id") -> list[object]:
    """The values of one column in the order of another."""
    return [row[name] for row in table.rows([order_by])]

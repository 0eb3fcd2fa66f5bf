"""Customers for tests, made by the commands that a data update uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from guanxi.customers.commands import (
    GOLDEN_FIELDS,
    RECORD_FIELDS,
    STANDING_FIELDS,
    make_standings_current,
    publish_customers,
    publish_records,
    publish_standings,
)
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.money import to_units

AS_OF = date(2026, 11, 22)
RUN = 7
MONEY = ("monetary", "spend_12m", "expected_12m", "expected_low", "expected_high")


def make_customers(customers: Iterable[Mapping[str, Any]]) -> None:
    """Publish customers; each needs an `id`, the rest has quiet defaults."""
    defaults: dict[str, Any] = dict.fromkeys(GOLDEN_FIELDS, "") | {
        "kind": "person", "owner_id": None, "first_seen_on": None, "source_records": 1, "published": "x",
    }  # fmt: skip
    rows = [defaults | dict(customer) for customer in customers]
    for row in rows:
        row.setdefault("search_text", " ".join(filter(None, (row["name"], row["phone"], row["email"]))))
    publish_customers(SYSTEM, batch="test", customers=rows)


def make_standings(
    standings: Iterable[Mapping[str, Any]], *, run_id: int = RUN, current: bool = True, currency: str = "CNY"
) -> None:
    """Publish standings; each needs a `customer_id`; money is given in whole amounts."""
    defaults: dict[str, Any] = dict.fromkeys(STANDING_FIELDS) | {
        "tier": "", "stage": "", "status": "prospect", "rfm_group": "", "abc": "", "frequency": 0, "monetary": 0,
        "spend_12m": 0,
    }  # fmt: skip
    rows = []
    for standing in standings:
        row = defaults | dict(standing)
        row |= {name: to_units(row[name]) for name in MONEY if row[name] is not None}
        rows.append(tuple(row[name] for name in STANDING_FIELDS))
    publish_standings(SYSTEM, run_id=run_id, as_of=AS_OF, standings=rows, batch="test")
    if current:
        make_standings_current(SYSTEM, run_id=run_id, as_of=AS_OF, currency=currency)


def make_records(records: Iterable[Mapping[str, Any]]) -> None:
    """Publish source records; each needs `source`, `source_key` and `customer_id`."""
    defaults: dict[str, Any] = dict.fromkeys(RECORD_FIELDS, "") | {"is_main": False, "custom": None}
    publish_records(
        SYSTEM,
        batch="test",
        records=[tuple((defaults | dict(record))[name] for name in RECORD_FIELDS) for record in records],
    )

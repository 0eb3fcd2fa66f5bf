from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from guanxi.insight import Engine
from guanxi.insight.lifecycle import StatusRules, status
from guanxi.insight.lifecycle.status import DEFAULT_STATUS

AS_OF = date(2024, 12, 31)


def of(
    engine: Engine,
    frequency: int | None,
    first: date | None = None,
    last: date | None = None,
    *,
    has_contact: bool | None = True,
    rules: StatusRules = DEFAULT_STATUS,
) -> object:
    """The status of one customer; frequency None: not in the summary at all."""
    customer = engine.arrow(pa.table({"customer_id": [1], "has_contact": pa.array([has_contact], pa.bool_())}))
    rows = [] if frequency is None else [(1, AS_OF, frequency, first, last or first)]
    dates = pa.date32()
    summary = engine.arrow(
        pa.table(
            {
                "customer_id": pa.array([row[0] for row in rows], pa.int64()),
                "as_of": pa.array([row[1] for row in rows], dates),
                "frequency": pa.array([row[2] for row in rows], pa.int64()),
                "first_purchase_on": pa.array([row[3] for row in rows], dates),
                "last_purchase_on": pa.array([row[4] for row in rows], dates),
            }
        )
    )
    return status(customer, summary, rules).rows()[0]["status"]


def test_who_never_bought_is_a_prospect_only_if_he_can_be_reached(engine: Engine) -> None:
    assert of(engine, None, has_contact=True) == "prospect"
    assert of(engine, None, has_contact=False) == "non_customer"
    assert of(engine, None, has_contact=None) == "non_customer"


def test_who_only_returned_never_bought(engine: Engine) -> None:
    assert of(engine, 0) == "prospect"


@pytest.mark.parametrize(
    ("frequency", "first", "last", "expected"),
    [
        (1, date(2024, 12, 31), None, "first_time"),
        (1, date(2024, 1, 1), None, "first_time"),
        (1, date(2023, 12, 31), None, "lost"),
        (2, date(2024, 12, 1), date(2024, 12, 1), "repeat"),
        (4, date(2010, 1, 1), date(2024, 12, 1), "repeat"),
        (5, date(2024, 1, 2), date(2024, 12, 1), "repeat"),
        (5, date(2024, 1, 1), date(2024, 12, 1), "loyal"),
        (50, date(2010, 1, 1), date(2024, 1, 1), "loyal"),
        (50, date(2010, 1, 1), date(2023, 12, 31), "lost"),
    ],
)
def test_the_rules_in_words(engine: Engine, frequency: int, first: date, last: date | None, expected: str) -> None:
    assert of(engine, frequency, first, last) == expected


def test_the_rules_can_be_changed(engine: Engine) -> None:
    rules = StatusRules(lost_after_months=6, loyal_orders=2, loyal_days=30)

    assert of(engine, 1, date(2024, 6, 30), rules=rules) == "lost"
    assert of(engine, 1, date(2024, 7, 1), rules=rules) == "first_time"
    assert of(engine, 2, date(2024, 12, 1), date(2024, 12, 20), rules=rules) == "loyal"


def test_every_customer_has_one_status(engine: Engine) -> None:
    customer = engine.arrow(pa.table({"customer_id": [1, 2, 3], "has_contact": [True, False, True]}))
    dates = pa.array([date(2024, 6, 1)] * 2, pa.date32())
    summary = engine.arrow(
        pa.table(
            {
                "customer_id": [3, 9],
                "as_of": pa.array([AS_OF] * 2, pa.date32()),
                "frequency": [1, 1],
                "first_purchase_on": dates,
                "last_purchase_on": dates,
            }
        )
    )

    assert [tuple(row.values()) for row in status(customer, summary).rows(["customer_id"])] == [
        (1, "prospect"),
        (2, "non_customer"),
        (3, "first_time"),
    ]

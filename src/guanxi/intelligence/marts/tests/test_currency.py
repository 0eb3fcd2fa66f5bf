"""Amounts in the company's currency: hand-computed, on every engine."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from guanxi.insight import Engine
from guanxi.insight.engines import Table
from guanxi.intelligence.errors import CurrenciesDiffer, RatesDiffer, RatesMissing
from guanxi.intelligence.land.schema import PURCHASE, RATE
from guanxi.intelligence.marts.currency import find_company_currency, find_day_rates, in_company_currency

FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 1, day) for day in (2, 3, 4, 5))


def purchases(engine: Engine, *lines: tuple[date, str, str]) -> Table:
    """Lines of (day, amount, currency), bought at half past eleven at night."""
    rows = [
        {
            "source": "shop", "feed": "orders", "delivery_id": 1, "line": number, "source_key": "7",
            "order_id": f"o{number}", "product_id": "tea", "quantity": Decimal(1), "is_return": False,
            "ordered_at": datetime(day.year, day.month, day.day, 23, 30), "revenue": Decimal(amount),  # noqa: DTZ001
            "currency": currency,
        }
        for number, (day, amount, currency) in enumerate(lines)
    ]  # fmt: skip
    return engine.arrow(pa.Table.from_pylist(rows, schema=PURCHASE))


def rates(engine: Engine, *told: tuple[int, date, str, str], into: str = "CNY", valid_days: int = 3) -> Table:
    """Rates of (delivery, day, currency, rate)."""
    rows = [
        {
            "source": "bank", "feed": "rates", "delivery_id": delivery, "line": number, "currency": currency,
            "into": into, "rated_on": day, "rate": Decimal(rate), "valid_days": valid_days,
        }
        for number, (delivery, day, currency, rate) in enumerate(told)
    ]  # fmt: skip
    return engine.arrow(pa.Table.from_pylist(rows, schema=RATE))


def deliveries(engine: Engine, *rows: tuple[int, int, str]) -> Table:
    """Deliveries of (id, run, name)."""
    columns = list(zip(*rows, strict=True))
    types = (pa.int64(), pa.int64(), pa.string())
    arrays = [pa.array(column, kind) for column, kind in zip(columns, types, strict=True)]
    return engine.arrow(pa.table(arrays, names=["delivery_id", "run_id", "name"]))


def converted(engine: Engine, purchase: Table, rate: Table, delivery: Table) -> list[tuple[str, Decimal, str, Decimal]]:
    found = in_company_currency(engine, "CNY", purchase=purchase, rate=rate, delivery=delivery)
    return [(row["order_id"], row["amount"], row["currency"], row["revenue"]) for row in found.rows(["order_id"])]


def told(rows: Iterable[tuple[str, str, str, str]]) -> list[tuple[str, Decimal, str, Decimal]]:
    return [(order, Decimal(amount), currency, Decimal(revenue)) for order, amount, currency, revenue in rows]


def test_the_last_rate_on_or_before_the_day_counts_and_a_weekend_has_that_of_friday(engine: Engine) -> None:
    purchase = purchases(
        engine, (FRIDAY, "100", "USD"), (SATURDAY, "10.5", "USD"), (SUNDAY, "-10.5", "USD"), (MONDAY, "100", "USD"),
        (MONDAY, "1000", "JPY"), (MONDAY, "12.3456", "CNY"),
    )  # fmt: skip
    rate = rates(
        engine, (1, FRIDAY, "USD", "7.0213"), (1, MONDAY, "USD", "7.5"), (1, FRIDAY, "JPY", "0.046210000001"),
        (1, MONDAY, "EUR", "8"), (1, FRIDAY, "CNY", "2"),
    )  # fmt: skip
    assert converted(engine, purchase, rate, deliveries(engine, (1, 1, "a"))) == told([
        ("o0", "100", "USD", "702.13"),
        ("o1", "10.5", "USD", "73.7236"),  # 73.72365 half-even
        ("o2", "-10.5", "USD", "-73.7236"),
        ("o3", "100", "USD", "750"),
        ("o4", "1000", "JPY", "46.21"),
        ("o5", "12.3456", "CNY", "12.3456"),  # the company's own currency is worth itself, whatever a file says
    ])  # fmt: skip


def test_half_even_to_four_decimals_exactly(engine: Engine) -> None:
    purchase = purchases(
        engine, (FRIDAY, "0.0001", "USD"), (FRIDAY, "0.0003", "USD"), (FRIDAY, "99999999999.9999", "USD")
    )
    rate = rates(engine, (1, FRIDAY, "USD", "0.5"))
    assert converted(engine, purchase, rate, deliveries(engine, (1, 1, "a"))) == told([
        ("o0", "0.0001", "USD", "0"),  # 0.00005
        ("o1", "0.0003", "USD", "0.0002"),  # 0.00015
        ("o2", "99999999999.9999", "USD", "50000000000"),  # 49999999999.99995
    ])  # fmt: skip


def test_of_a_rate_told_twice_the_latest_delivery_counts(engine: Engine) -> None:
    purchase = purchases(engine, (FRIDAY, "1", "USD"), (FRIDAY, "1", "EUR"), (FRIDAY, "1", "GBP"))
    rate = rates(
        engine, (9, FRIDAY, "USD", "7"), (5, FRIDAY, "USD", "7.1"),  # run 2 after run 1
        (5, FRIDAY, "EUR", "8"), (6, FRIDAY, "EUR", "8.1"),  # one run: by the names of the files
        (6, FRIDAY, "GBP", "9"), (6, FRIDAY, "GBP", "9.1"),  # one file: by the lines
    )  # fmt: skip
    delivery = deliveries(engine, (9, 1, "z"), (5, 2, "a"), (6, 2, "b"))
    assert [row[3] for row in converted(engine, purchase, rate, delivery)] == list(map(Decimal, ("7.1", "8.1", "9.1")))


def test_a_rate_that_is_missing_or_too_old_is_told(engine: Engine) -> None:
    purchase = purchases(
        engine, (date(2026, 1, 1), "1", "USD"), (MONDAY, "1", "USD"), (date(2026, 1, 6), "1", "USD"),
        (date(2026, 1, 6), "1", "USD"), (FRIDAY, "1", "EUR"), (SATURDAY, "1", "GBP"), (SUNDAY, "1", "CNY"),
    )  # fmt: skip
    rate, delivery = rates(engine, (1, FRIDAY, "USD", "7")), deliveries(engine, (1, 1, "a"))
    with pytest.raises(RatesMissing) as refused:
        find_day_rates(engine, "CNY", purchase=purchase, rate=rate, delivery=delivery)
    assert refused.value.facts == {
        "company": "CNY", "lines": 5, "count": 4, "days": "EUR 2026-01-02, GBP 2026-01-03, USD 2026-01-01, ...",
    }  # fmt: skip
    longer = rates(
        engine, (1, date(2026, 1, 1), "USD", "7"), (1, FRIDAY, "EUR", "8"), (1, FRIDAY, "GBP", "9"), valid_days=5
    )
    found = find_day_rates(engine, "CNY", purchase=purchase, rate=longer, delivery=delivery)
    assert found.count() == 5


def test_one_currency_needs_no_rate_and_keeps_its_amounts(engine: Engine) -> None:
    purchase = purchases(engine, (FRIDAY, "1.2345", "CNY"))
    assert converted(engine, purchase, rates(engine), deliveries(engine, (1, 1, "a"))) == told([
        ("o0", "1.2345", "CNY", "1.2345"),
    ])  # fmt: skip


def test_which_currency_the_company_counts_in(engine: Engine) -> None:
    nothing, dollars = purchases(engine), purchases(engine, (FRIDAY, "1", "USD"))
    both = purchases(engine, (FRIDAY, "1", "USD"), (FRIDAY, "1", "EUR"))
    yuan, euro = rates(engine, (1, FRIDAY, "USD", "7")), rates(engine, (1, FRIDAY, "USD", "0.9"), into="EUR")
    assert find_company_currency(engine, purchase=nothing, rate=rates(engine)) == ""
    assert find_company_currency(engine, purchase=dollars, rate=rates(engine)) == "USD"
    assert find_company_currency(engine, purchase=dollars, rate=yuan) == "CNY"
    assert find_company_currency(engine, purchase=both, rate=euro) == "EUR"
    with pytest.raises(CurrenciesDiffer) as refused:
        find_company_currency(engine, purchase=both, rate=rates(engine))
    assert refused.value.facts == {"currencies": "EUR, USD"}
    two = engine.arrow(pa.concat_tables([yuan.to_arrow(), euro.to_arrow()]))
    with pytest.raises(RatesDiffer) as differ:
        find_company_currency(engine, purchase=dollars, rate=two)
    assert differ.value.facts == {"currencies": "CNY, EUR"}

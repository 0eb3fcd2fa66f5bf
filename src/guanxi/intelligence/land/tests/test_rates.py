"""Currencies and their rates as they are landed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from guanxi.intelligence.land.rejects import list_rejects
from guanxi.intelligence.land.tests.workshop import HEAD, land, rejected, rows, write
from guanxi.intelligence.sources.check import check_contract
from guanxi.intelligence.sources.contract import ContractInvalid, load_contract

pytestmark = pytest.mark.django_db(transaction=True)

RATES = """\
[[feed]]
name = "rates"
path = "rates*.csv"
format = "csv"
delivery = "delta"
[feed.rate]
date = "day"
currency = { column = "code", map = { "RMB" = "CNY" } }
rate = "middle"
per = "units"
valid_days = 3
"""
ORDERS = """\
[[feed]]
name = "orders"
path = "orders.csv"
format = "csv"
[feed.purchase]
order = "no"
ordered_at = "day"
revenue = "sum"
currency = { column = "ccy", map = { "元" = "CNY" } }
"""


def test_rates_land_as_what_one_unit_costs(tmp_path: Path) -> None:
    text = (
        "day,code,middle,units\n2026-01-02,usd,7.02,\n2026-01-02,JPY,4.6210,100\n2026-01-05,IDR,4.15000001,10000\n"
        "2026-01-05,EUR,82.4567,10\n2026-01-05,GBP,9.5,1\n"
    )
    assert land(write(tmp_path, HEAD + RATES, rates_1=text)).landed == 5
    assert rows("rate", "currency", "rated_on", "rate", "into", "valid_days") == [
        ("EUR", date(2026, 1, 5), Decimal("8.245670000000"), "CNY", 3),
        ("GBP", date(2026, 1, 5), Decimal("9.500000000000"), "CNY", 3),
        ("IDR", date(2026, 1, 5), Decimal("0.000415000001"), "CNY", 3),
        ("JPY", date(2026, 1, 2), Decimal("0.046210000000"), "CNY", 3),
        ("USD", date(2026, 1, 2), Decimal("7.020000000000"), "CNY", 3),
    ]


def test_rates_told_the_other_way_round_land_as_what_one_unit_costs(tmp_path: Path) -> None:
    text = (
        "day,code,middle,units\n2026-01-02,USD,0.14,1\n2026-01-02,JPY,2163.5,100\n2026-01-05,EUR,0.12345678,\n"
        "2026-01-05,GBP,0,1\n2026-01-05,XAU,0.00000001,10000\n2026-01-05,IDR,2345.67890123,1\n"
    )
    other = RATES.replace("valid_days", 'price_of = "own"\nvalid_days')
    assert land(write(tmp_path, HEAD + other, rates_1=text)).landed == 4
    assert rows("rate", "currency", "rate") == [
        ("EUR", Decimal("8.100000664200")),
        ("IDR", Decimal("0.000426315810")),
        ("JPY", Decimal("0.046221400508")),
        ("USD", Decimal("7.142857142857")),
    ]
    assert [(line, reason, column) for _file, line, reason, column, _value in rejected()] == [
        (5, "not_positive", "middle"), (6, "number_too_large", "middle"),
    ]  # fmt: skip


def test_a_rate_that_is_none_is_rejected(tmp_path: Path) -> None:
    text = (
        "day,code,middle,units\n,USD,7,\n2026-01-02,,7,\n2026-01-02,USD,,\n2026-01-02,Dollar,7,\n2026-01-02,USD,0,\n"
        "2026-01-02,USD,-7,\n2026-01-02,USD,0.123456789,\n2026-01-02,JPY,4.6,50\n2026-01-02,USD,1000000,\n"
        "2026-01-02,USD,much,\n2026-01-02,USD,7,\n"
    )
    assert land(write(tmp_path, HEAD + RATES, rates_1=text)).landed == 1
    assert [(line, reason, column) for _file, line, reason, column, _value in rejected()] == [
        (2, "missing", "day"), (3, "missing", "code"), (4, "missing", "middle"), (5, "unknown_currency", "code"),
        (6, "not_positive", "middle"), (7, "not_positive", "middle"), (8, "too_many_rate_decimals", "middle"),
        (9, "bad_units", "units"), (10, "number_too_large", "middle"), (11, "bad_number", "middle"),
    ]  # fmt: skip
    assert [row.text for row in list_rejects()][3:8] == [
        "“Dollar” in “code” is not a currency.",
        "“0” in “middle” is not above 0.",
        "“-7” in “middle” is not above 0.",
        "“0.123456789” in “middle” has more than 8 decimals.",
        "“50” in “units” is not a number of units: 1, 10, 100, 1000 or 10000.",
    ]


def test_every_line_of_a_purchase_has_its_currency(tmp_path: Path) -> None:
    text = (
        "no,day,sum,ccy\nA,2026-01-02,1,USD\nB,2026-01-02,2,元\nC,2026-01-02,3,eur\nD,2026-01-02,4,\nE,2026-01-02,5,$\n"
    )
    path = write(tmp_path, HEAD + ORDERS, orders=text)
    assert land(path).landed == 3
    assert rows("purchase", "order_id", "currency") == [("A", "USD"), ("B", "CNY"), ("C", "EUR")]
    assert rejected() == [("orders.csv", 5, "missing", "ccy", ""), ("orders.csv", 6, "unknown_currency", "ccy", "$")]
    path = write(
        tmp_path, HEAD + ORDERS.replace("[feed.purchase]", 'replace = { ccy = { "" = "CNY" } }\n[feed.purchase]')
    )
    land(path)
    assert rows("purchase", "order_id", "currency") == [("A", "USD"), ("B", "CNY"), ("C", "EUR"), ("D", "CNY")]


def test_a_currency_can_stand_in_the_contract_alone(tmp_path: Path) -> None:
    feed = ORDERS.replace('{ column = "ccy", map = { "元" = "CNY" } }', '{ value = "USD" }')
    land(write(tmp_path, HEAD + feed, orders="no,day,sum\nA,2026-01-02,1\n"))
    assert rows("purchase", "currency", "revenue") == [("USD", Decimal("1.0000"))]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('date = "day"\n', "", ("feed.rates.rate.date", 'Add: date = "Column"')),
        ('"RMB" = "CNY"', '"RMB" = "cny"', ("feed.rates.rate.currency.map.RMB", "Did you mean “CNY”?")),
        ("valid_days = 3", 'price_of = "mine"', ("feed.rates.rate.price_of", "")),
        ("valid_days = 3", "valid_days = -1", ("feed.rates.rate.valid_days", "")),
        ('rate = "middle"', "rate = { value = 0 }", ("feed.rates.rate.rate.value", "")),
        ('rate = "middle"', 'rate = "middle"\nbid = "bid"', ("feed.rates.rate.bid", "")),
        ("[feed.rate]", '[feed.product]\nkey = "code"\n[feed.rate]',
         ("feed.rates.rate", "Give the rates a feed of their own.")),
    ],
)  # fmt: skip
def test_mistakes_in_a_contract_of_rates(tmp_path: Path, old: str, new: str, told: tuple[str, str]) -> None:
    with pytest.raises(ContractInvalid) as refused:
        load_contract(write(tmp_path, HEAD + RATES.replace(old, new)))
    (mistake,) = refused.value.mistakes
    assert (mistake.path, mistake.suggestion if told[1] else "") == told


def test_a_check_tries_the_rates(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + RATES, rates_1="day,code,middle,units\n2026-01-02,Dollar,7,1\n")
    (mistake,) = check_contract(path)
    assert (mistake.path, mistake.warning) == ("feed.rates.rate.currency", False)
    assert mistake.message.endswith("“Dollar” in “code” is not a currency.")

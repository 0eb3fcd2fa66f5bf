"""Several currencies with daily rates, through the whole road, on amounts worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from guanxi.customers.models import CurrentStanding
from guanxi.insight import open_warehouse
from guanxi.intelligence.canon import warehouse_hash
from guanxi.intelligence.errors import CurrenciesDiffer, RatesMissing
from guanxi.intelligence.models import Delivery, Snapshot
from guanxi.intelligence.road import refresh
from guanxi.intelligence.sources.contract import load_contract
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.runs.models import Run

pytestmark = pytest.mark.django_db(transaction=True)

SHOP = """\
name = "shop"
timezone = "Asia/Shanghai"
currency = "CNY"
[[feed]]
name = "orders"
path = "orders.csv"
format = "csv"
[feed.customer]
key = "customer"
[feed.purchase]
customer = "customer"
order = "order"
product = "product"
ordered_at = "day"
quantity = "quantity"
revenue = "sum"
currency = "currency"
[feed.purchase.returns]
when = [{ column = "order", op = "starts_with", value = "R" }]
sign = "as_is"
"""
BANK = """\
name = "bank"
timezone = "Asia/Shanghai"
currency = "CNY"
[[feed]]
name = "rates"
path = "rates*.csv"
format = "csv"
delivery = "delta"
[feed.rate]
date = "day"
currency = "code"
rate = "middle"
per = "units"
valid_days = 3
"""
# 2 January 2026 is a Friday; no bank tells a rate on the weekend.
ORDERS = """\
customer,order,product,day,quantity,sum,currency
1,A,cup,2026-01-02 10:00:00,1,100,USD
1,B,cup,2026-01-04 23:59:59,3,10.5,USD
1,C,cup,2026-01-05 09:00:00,1,50,CNY
2,D,pot,2026-01-05 09:00:00,1,20000,JPY
2,R,pot,2026-01-08 09:00:00,-1,-20000,JPY
3,E,cup,2026-01-05 09:00:00,1,80,
"""
RATES = """\
day,code,middle,units
2026-01-02,USD,7.0213,1
2026-01-05,USD,7.0101,1
2026-01-05,JPY,4.6210,100
"""
LATER = "day,code,middle,units\n2026-01-07,JPY,4.5,100\n"


class Company:
    """A shop that sells in three currencies, and the rates of its bank."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.root = folder, folder / "home" / "warehouse"
        folder.mkdir(exist_ok=True)
        self.write("shop.toml", SHOP)
        self.write("bank.toml", BANK)
        self.write("orders.csv", ORDERS)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def refresh(self, *names: str) -> Run:
        contracts = [load_contract(self.folder / f"{name}.toml") for name in names or ("shop", "bank")]
        return refresh(contracts, home=self.root.parent, root=self.root, actor=SYSTEM)

    def lines(self) -> dict[str, tuple[Decimal, str, Decimal]]:
        with open_warehouse(self.root) as engine:
            rows = engine.table("purchase_line").rows(["order_id"])
        return {row["order_id"]: (row["amount"], row["currency"], row["revenue"]) for row in rows}


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path / "company")


def test_amounts_are_told_in_the_currency_of_the_company(company: Company) -> None:
    company.write("rates_1.csv", RATES)
    run = company.refresh()
    assert [(feed["feed"], feed["landed"], feed["rejected"]) for feed in run.report["land"]["feeds"]] == [
        ("orders", 5, 1),  # a line without currency is never guessed
        ("rates", 3, 0),
    ]
    assert company.lines() == {
        "A": (Decimal(100), "USD", Decimal("702.1300")),
        "B": (Decimal("10.5"), "USD", Decimal("73.7236")),  # Friday's rate: 73.72365, half-even
        "C": (Decimal(50), "CNY", Decimal(50)),
        "D": (Decimal(20000), "JPY", Decimal("924.2000")),
        "R": (Decimal(-20000), "JPY", Decimal("-924.2000")),  # three days later the rate still holds
    }
    with open_warehouse(company.root) as engine:
        values = engine.query(
            "select xref.source_key, value.monetary, value.frequency from customer_value as value "
            "inner join customer_xref as xref on xref.customer_id = value.customer_id order by xref.source_key"
        ).rows()
        void = engine.query("select order_id from purchase where is_void").rows()
    assert [tuple(row.values()) for row in values] == [("1", Decimal("825.8536"), 3), ("2", Decimal(0), 0)]
    assert void == [{"order_id": "D"}]
    assert CurrentStanding.objects.get().currency == "CNY"


def test_without_rates_two_currencies_are_refused_and_rates_are_the_cure(company: Company) -> None:
    with pytest.raises(CurrenciesDiffer) as refused:
        company.refresh("shop")
    assert refused.value.facts == {"currencies": "CNY, JPY, USD"}
    assert "[feed.rate]" in refused.value.remedy
    assert not Snapshot.objects.exists()
    assert not Delivery.objects.filter(is_current=True).exists()
    company.write("rates_1.csv", RATES)
    company.refresh()
    assert Snapshot.objects.count() == 1


def test_a_rate_that_comes_later_lets_the_stopped_update_go_on(company: Company, tmp_path: Path) -> None:
    company.write("rates_1.csv", RATES.replace("2026-01-05,JPY", "2026-01-04,JPY"))
    with pytest.raises(RatesMissing) as refused:
        company.refresh()
    assert refused.value.facts == {"company": "CNY", "lines": 1, "count": 1, "days": "JPY 2026-01-08"}
    stopped = Run.objects.get()
    assert (stopped.state, Snapshot.objects.count()) == (Run.State.STOPPED, 0)
    company.write("rates_2.csv", LATER)
    assert company.refresh().pk == stopped.pk
    assert company.lines()["D"] == (Decimal(20000), "JPY", Decimal("924.2000"))
    assert company.lines()["R"] == (Decimal(-20000), "JPY", Decimal("-900.0000"))
    with open_warehouse(company.root) as engine:  # taken back at another rate, and taken back all the same
        assert engine.query("select order_id from purchase where is_void").rows() == [{"order_id": "D"}]
    found = warehouse_hash(company.root)
    for table in (Delivery, Snapshot, Run):
        table.objects.all().delete()
    clean = Company(tmp_path / "clean")
    clean.write("rates.csv", RATES.replace("2026-01-05,JPY", "2026-01-04,JPY") + LATER.splitlines()[1] + "\n")
    clean.refresh()
    assert warehouse_hash(clean.root) == found


def test_a_rate_delivered_again_corrects_what_was_bought(company: Company) -> None:
    company.write("rates_1.csv", RATES)
    company.refresh()
    company.write("rates_0.csv", "day,code,middle,units\n2026-01-02,USD,7.1,1\n")
    company.refresh()
    assert company.lines()["A"] == (Decimal(100), "USD", Decimal(710))
    assert company.lines()["B"] == (Decimal("10.5"), "USD", Decimal("74.5500"))
    assert company.lines()["C"] == (Decimal(50), "CNY", Decimal(50))


def test_sources_of_one_currency_each_share_a_home_by_rates(company: Company) -> None:
    company.write("shop.toml", SHOP.replace('currency = "currency"\n', ""))
    company.write(
        "usa.toml", SHOP.replace('"shop"', '"usa"').replace('"CNY"', '"USD"').replace('currency = "currency"\n', "")
    )
    company.write("rates_1.csv", RATES.replace("2026-01-05", "2026-01-06") + "2026-01-05,EUR,8,1\n")
    run = company.refresh("shop", "usa", "bank")
    with open_warehouse(company.root) as engine:
        found = engine.query(
            "select source, sum(revenue) as net from purchase_line group by source order by source"
        ).rows()
    # 250.5 yuan and as many dollars: on the 2nd, the 4th and thrice on the 5th at 7.0213, the last line at 7.0101
    net = sum(
        (Decimal(amount) * Decimal(rate)).quantize(Decimal("0.0001"))
        for amount, rate in (("100", "7.0213"), ("10.5", "7.0213"), ("50", "7.0213"), ("20000", "7.0213"),
                             ("-20000", "7.0101"), ("80", "7.0213"))
    )  # fmt: skip
    assert found == [{"source": "shop", "net": Decimal("240.5000")}, {"source": "usa", "net": net}]
    assert run.business_date == date(2026, 1, 8)
    assert CurrentStanding.objects.get().currency == "CNY"

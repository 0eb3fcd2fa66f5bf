"""What is written down here goes through the whole road as a source of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from guanxi.customers.commands import (
    create_customer,
    merge_customers,
    record_purchase,
    reverse_purchase,
    unmerge_customers,
)
from guanxi.customers.models import CurrentStanding, Customer, Purchase, SourceRecord, Standing
from guanxi.customers.rules import Line
from guanxi.intelligence.canon import warehouse_hash
from guanxi.intelligence.errors import CurrenciesDiffer
from guanxi.intelligence.land import feeds
from guanxi.intelligence.models import Delivery, Figure
from guanxi.intelligence.tests.company import AS_OF, Company
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.runs.models import Run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


def buy(name: str, key: str, day: date, *lines: Line) -> Purchase:
    at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    customer = Customer.objects.filter(name=name).earliest("pk")
    return record_purchase(
        SYSTEM, customer_id=customer.pk, lines=lines or [Line("品茗杯", "CUP", Decimal(2), Decimal("40.25"))],
        bought_at=at, key=key,
    )  # fmt: skip


def headline(run: Run) -> dict[str, int]:
    rows = Figure.objects.get(run_id=run.pk, name="headline").rows
    return {name: rows[0][name] for name in ("records", "customers", "duplicates")}


def two_li_na() -> tuple[int, int]:
    low, high = Customer.objects.filter(name="李娜").order_by("pk").values_list("pk", flat=True)
    return high, low


def kept_rows() -> list[dict[str, Any]]:
    return [dict(row) for row in Customer.objects.order_by("pk").values()]


def values(company: Company) -> dict[str, dict[str, Any]]:
    names = {row["customer_id"]: row["name"] for row in company.mart("person", "customer_id")}
    return {names[row["customer_id"]]: row for row in company.mart("customer_value", "customer_id")}


def test_a_purchase_counts_for_the_customer_it_was_written_down_for(company: Company) -> None:
    company.refresh()
    before = warehouse_hash(company.root)
    lines = (Line("新茶", "NEW", Decimal(1), Decimal(88)), Line("只有名字", "", Decimal(1), Decimal("2.50")))
    buy("赵强", "k1", date(2025, 12, 1), *lines)
    run = company.refresh()
    zhao = values(company)["赵强"]
    assert (zhao["frequency"], zhao["monetary"], zhao["last_purchase_on"]) == (1, Decimal("90.50"), date(2025, 12, 1))
    assert (zhao["status"], zhao["stage"]) == ("first_time", "exploration")
    standing = Standing.objects.get(customer__name="赵强")
    assert (standing.monetary, standing.status) == (Decimal("90.5"), "first_time")
    own = [row for row in company.mart("purchase_line", "order_id", "revenue") if row["source"] == "guanxi"]
    assert [(row["product_id"], row["revenue"]) for row in own] == [(None, Decimal("2.5")), ("NEW", Decimal(88))]
    assert {row["product_id"]: row["name"] for row in company.mart("product")}["NEW"] == "新茶"
    assert [(feed["source"], feed["landed"]) for feed in run.report["land"]["feeds"]][-1] == ("guanxi", 2)
    after = warehouse_hash(company.root)
    assert {mart for mart in before if before[mart] == after[mart]} == {
        "customer", "person", "follow_up", "follow_up_member",
    }  # fmt: skip
    assert headline(run) == {"records": 7, "customers": 6, "duplicates": 1}  # a purchase is no record of a customer
    assert not SourceRecord.objects.filter(source="guanxi").exists()


def test_it_is_landed_once(company: Company) -> None:
    company.refresh()
    buy("王伟", "k1", date(2025, 12, 1))
    company.refresh()
    before = warehouse_hash(company.root)
    company.refresh()
    assert warehouse_hash(company.root) == before
    own = Delivery.objects.get(source="guanxi")
    assert (own.feed, own.name, own.rows, own.landed, own.upto) == ("purchases", "1-1", 1, 1, 1)


def test_what_was_taken_back_counts_as_if_it_had_never_been(company: Company) -> None:
    """Also where an equal purchase of another day remains: the counter-entry names the one it takes back."""
    company.refresh()
    buy("赵强", "k1", date(2025, 3, 1))
    company.refresh()
    before = values(company)["赵强"]
    buy("赵强", "k2", date(2025, 9, 1))
    reverse_purchase(SYSTEM, purchase_id=2)
    company.refresh()
    assert values(company)["赵强"] == before
    void = {row["order_id"]: row["is_void"] for row in company.mart("purchase") if row["source"] == "guanxi"}
    assert void == {"1": False, "2": True}


Deed = Callable[[], object]
DEEDS: tuple[Deed, ...] = (
    lambda: buy("王伟", "k1", date(2025, 12, 1)),
    lambda: buy("赵强", "k2", date(2025, 12, 2), Line("壶", "POT", Decimal(1), Decimal(120))),
    lambda: reverse_purchase(SYSTEM, purchase_id=1),
    lambda: buy("王伟", "k3", date(2025, 6, 1), Line("大壶", "POT", Decimal(1), Decimal(200))),
    lambda: create_customer(SYSTEM, values={"name": "孙八", "phone": "13900000000"}),
    lambda: buy("孙八", "k4", date(2025, 7, 1)),
    lambda: merge_customers(SYSTEM, main_id=two_li_na()[1], others=[two_li_na()[0]]),
)


@pytest.mark.slow
def test_however_it_is_cut_up_the_warehouse_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def walked(name: str, refreshed_after: set[int], facts: int) -> dict[str, str]:
        call_command("flush", interactive=False, verbosity=0)
        monkeypatch.setattr(feeds, "FACTS", facts)
        company = Company(tmp_path / name)
        company.refresh()
        for number, deed in enumerate(DEEDS):
            deed()
            if number in refreshed_after:
                company.refresh()
        company.refresh()
        return warehouse_hash(company.root)

    at_once = walked("once", set(), 20_000)
    assert walked("often", {0, 2, 4, 5}, 20_000) == at_once
    assert walked("pieces", {3}, 1) == at_once


def test_a_company_that_only_types(company: Company) -> None:
    company.contracts = []
    create_customer(SYSTEM, values={"name": "孙八", "phone": "13900000000", "city": "杭州"})
    create_customer(SYSTEM, values={"name": "周九"})
    buy("孙八", "k1", date(2026, 2, 3))
    buy("孙八", "k2", date(2026, 3, 4))
    run = company.refresh(as_of=None)
    assert run.business_date == date(2026, 3, 4)
    assert {name: (row["frequency"], row["status"]) for name, row in values(company).items()} == {
        "孙八": (2, "repeat"), "周九": (0, "non_customer"),
    }  # fmt: skip
    assert list(Standing.objects.order_by("customer").values_list("customer__name", "status")) == [
        ("孙八", "repeat"), ("周九", "non_customer"),
    ]  # fmt: skip
    assert (CurrentStanding.objects.get().currency, Customer.objects.get(name="孙八").published) == ("CNY", "")
    assert headline(run) == {"records": 2, "customers": 2, "duplicates": 0}


def test_the_day_counts_to_what_was_written_down_last(company: Company) -> None:
    for path in company.contracts:
        path.write_text("business_date = 2025-12-31\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert company.refresh(as_of=None).business_date == date(2025, 12, 31)
    buy("王伟", "k1", date(2026, 1, 5))
    assert company.refresh(as_of=None).business_date == date(2026, 1, 5)
    assert company.refresh(as_of=AS_OF).business_date == AS_OF
    assert values(company)["王伟"]["frequency"] == 3


def test_customers_merged_by_people_are_one_and_part_again(company: Company) -> None:
    company.refresh()
    before = warehouse_hash(company.root)
    kept, published = dict(SourceRecord.objects.values_list("source_key", "customer")), kept_rows()
    high, low = two_li_na()
    merge = merge_customers(SYSTEM, main_id=low, others=[high], chosen={"city": high, "phone": high})
    chosen = Customer.objects.values("name", "phone", "city").get(pk=low)
    assert chosen["phone"] == Customer.objects.get(pk=high).phone
    company.refresh()
    assert Customer.objects.values("name", "phone", "city").get(pk=low) == chosen
    assert len(company.mart("customer")) == 5
    assert not Standing.objects.filter(customer=high).exists()
    assert dict(SourceRecord.objects.values_list("source_key", "customer")) == kept  # merging moves no rows
    unmerge_customers(SYSTEM, merge_id=merge.pk)
    company.refresh()
    assert warehouse_hash(company.root) == before
    assert kept_rows() == published


def test_a_purchase_in_another_currency_than_the_sources_is_refused(company: Company) -> None:
    create_customer(SYSTEM, values={"name": "孙八"})
    record_purchase(
        SYSTEM, customer_id=Customer.objects.get().pk, lines=[Line("x", "X", Decimal(1), Decimal(1))],
        bought_at=datetime(2025, 1, 1, tzinfo=UTC), key="k", currency="CNY",
    )  # fmt: skip
    for path in company.contracts:
        path.write_text(path.read_text(encoding="utf-8").replace('"CNY"', '"USD"'), encoding="utf-8")
    with pytest.raises(CurrenciesDiffer, match="CNY, USD"):
        company.refresh()
    assert not CurrentStanding.objects.exists()

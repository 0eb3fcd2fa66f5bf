"""Who was deleted for ever does not come back with a data update, and what they bought stays in the figures."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from guanxi.customers.commands import create_customer, delete_customer, purge_customers
from guanxi.customers.models import Customer, SourceRecord, Standing
from guanxi.intelligence.small.tests.test_heads import company, disagreements, totals  # noqa: F401  # the fixture
from guanxi.intelligence.small.tests.test_small import buy, work
from guanxi.intelligence.snapshots import current_snapshot
from guanxi.intelligence.tests.company import AS_OF, Company
from guanxi.kernel.access.system import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
PERSONAL = ("王伟", "王 伟", "13800138001", "w1@example.com", "茶语")


def told(home: Path) -> list[str]:
    """What of the person the tables of the current snapshot still say."""
    import pyarrow.parquet as pq

    snapshot = current_snapshot()
    assert snapshot is not None
    files = [home / file for files in snapshot.tables.values() for file in files]
    text = "".join(str(pq.read_table(file).to_pylist()) for file in files)
    return [word for word in PERSONAL if word in text]


def rows() -> list[object]:
    """All customers and their records."""
    return [*Customer.objects.order_by("pk").values(), *SourceRecord.objects.order_by("pk").values()]


def test_no_update_brings_back_who_was_deleted_for_ever(company: Company) -> None:  # noqa: F811
    wang = Customer.objects.get(name="王伟").pk
    typed = create_customer(SYSTEM, values={"name": "茶语", "phone": "13700000000"}).pk
    buy(typed, AS_OF, Decimal(50))
    work()
    company.refresh()
    assert set(told(company.root)) == set(PERSONAL)
    before = totals()
    spent = sum(Standing.objects.filter(customer__in=[wang, typed]).values_list("spend_12m", flat=True), Decimal(0))
    for pk in (wang, typed):
        delete_customer(SYSTEM, customer_id=pk)
    in_bin = totals()
    assert purge_customers(SYSTEM, customer_ids=[wang, typed]) == sorted([wang, typed])
    purged = rows()

    def holds() -> None:
        now = totals()
        assert (now.customers, now.deleted, now.deleted_spend_12m) == (before.customers - 2, 2, spent)
        assert (now.spend_12m, now.buyers_12m, now.duplicates) == (
            before.spend_12m,
            before.buyers_12m,
            before.duplicates,
        )
        assert now == in_bin
        assert disagreements()[1] == set()
        assert rows() == purged

    holds()
    work()
    holds()
    for _ in range(2):
        company.refresh()
        assert told(company.root) == []
        holds()
    assert SourceRecord.objects.filter(customer=wang).count() == 2


def test_what_purged_customers_bought_counts_in_a_small_refresh_too(company: Company) -> None:  # noqa: F811
    wang = Customer.objects.get(name="王伟").pk
    spent = Standing.objects.get(customer=wang).spend_12m
    buy(wang, AS_OF, Decimal(50))
    delete_customer(SYSTEM, customer_id=wang)
    purge_customers(SYSTEM, customer_ids=[wang])
    work()
    assert Standing.objects.get(customer=wang).spend_12m == spent + 50
    assert disagreements()[1] == set()
    company.refresh()
    assert Standing.objects.get(customer=wang).spend_12m == spent + 50
    assert Customer.objects.get(pk=wang).name == ""


def test_who_comes_anew_under_another_key_is_a_new_customer(company: Company) -> None:  # noqa: F811
    wang = Customer.objects.get(name="王伟").pk
    delete_customer(SYSTEM, customer_id=wang)
    purge_customers(SYSTEM, customer_ids=[wang])
    delivered = (company.files / "customers.csv").read_text(encoding="utf-8")
    company.write("customers.csv", f"{delivered}9,王伟,13800138001,1,w1@example.com,浙江省,杭州,S01,2025-12-01\n")
    company.refresh()
    fresh = Customer.objects.get(name="王伟")
    assert fresh.pk != wang
    assert list(fresh.sources.values_list("source", "source_key")) == [("shop", "9")]
    purged = Customer.objects.get(pk=wang)
    assert (purged.name, purged.phone, purged.main_id) == ("", "", wang)

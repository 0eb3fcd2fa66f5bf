"""The whole road on a company small enough to work out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from guanxi.customers.models import CurrentStanding, Customer, SourceRecord, Standing
from guanxi.intelligence.canon import warehouse_hash
from guanxi.intelligence.errors import CurrenciesDiffer, NothingToRefresh
from guanxi.intelligence.models import Delivery, Figure, Snapshot
from guanxi.intelligence.register import registered_contracts
from guanxi.intelligence.road import refresh
from guanxi.intelligence.tests.company import Company
from guanxi.intelligence.tests.small_company import SHOP_CUSTOMERS, SHOP_ORDERS
from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.runs.models import Run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


def by_name(company: Company) -> dict[str, int]:
    return {row["name"]: row["customer_id"] for row in company.mart("person", "customer_id")}


def test_seven_good_records_are_six_customers(company: Company) -> None:
    run = company.refresh()
    land = run.report["land"]
    assert [(feed["feed"], feed["rows"], feed["landed"], feed["rejected"]) for feed in land["feeds"]] == [
        ("customers", 5, 4, 1),
        ("orders", 7, 7, 0),
        ("products", 3, 3, 0),
        ("members", 3, 3, 0),
    ]
    customers = company.mart("customer", "customer_id")
    assert len(customers) == 6  # 王伟 is in both systems; the two 李娜 have different phones
    assert [(row["region_code"], row["records"]) for row in customers if row["records"] == 2] == [("CN-ZJ", 2)]
    assert Customer.objects.count() == 6
    assert SourceRecord.objects.count() == 7


def test_purchases_are_counted_whole_and_cancelled_ones_net_out(company: Company) -> None:
    company.refresh()
    lines = company.mart("purchase_line", "order_id")
    assert sum(row["revenue"] for row in lines) == Decimal("380.7500")
    assert [row["order_id"] for row in lines if row["customer_id"] is None] == ["A6"]
    ids = by_name(company)
    values = {row["customer_id"]: row for row in company.mart("customer_value", "customer_id")}
    wang, john = values[ids["王伟"]], values[ids["John Smith"]]
    assert (wang["frequency"], wang["monetary"], wang["recency_days"]) == (3, Decimal("240.7500"), 41)
    assert (wang["last_purchase_on"], wang["spend_12m"]) == (date(2025, 11, 20), Decimal("240.7500"))
    assert (wang["stage"], wang["status"], wang["tier"]) == ("build_up", "repeat", "vip")
    assert (john["frequency"], john["monetary"], john["status"], john["tier"]) == (0, Decimal(0), "prospect", None)
    void = {row["order_id"]: (row["is_return"], row["is_void"]) for row in company.mart("purchase", "order_id")}
    assert void == {"A1": (False, False), "A2": (False, False), "A3": (False, False), "A4": (False, False),
                    "A5": (False, True), "A6": (False, False), "R5": (True, False)}  # fmt: skip


def test_a_customer_who_stopped_buying_is_lost(company: Company) -> None:
    company.refresh()
    values = {row["customer_id"]: row for row in company.mart("customer_value", "customer_id")}
    li = next(row for row in company.mart("purchase", "order_id") if row["order_id"] == "A4")["customer_id"]
    assert (values[li]["status"], values[li]["stage"], values[li]["spend_12m"]) == ("lost", "decline", Decimal(0))


EXPECTED = ("expected_12m", "expected_low", "expected_high", "p_alive")


def test_too_little_history_is_told_and_nothing_is_expected(company: Company) -> None:
    run = company.refresh()
    assert run.report["expected"]["refused"] == {
        "code": "too_little_history",
        "sentence": "1 customer came back; 100 are needed to predict.",
        "cure": "Wait for more history; until then look at what was spent.",
    }
    values = company.mart("customer_value", "customer_id")
    assert {tuple(row[name] for name in EXPECTED) for row in values} == {(None, None, None, None)}
    assert set(Standing.objects.values_list("expected_12m", "expected_low", "expected_high")) == {(None, None, None)}


def regulars() -> str:
    """The orders of 150 buyers, no two alike, of whom two in three came back."""
    first, lines = date(2025, 1, 1), ["order,customer,day,sku,quantity,amount"]
    for buyer in range(150):
        for visit in range(1 + buyer % 3 * (buyer % 7 + 1)):
            day = first + timedelta(days=buyer + visit * (9 + buyer % 11))
            lines.append(f"B{buyer}-{visit},k{buyer},{day} 10:00:00,CUP,1,{20 + buyer % 13 * 7 + visit * 5 % 23}.50")
    return "\n".join(lines) + "\n"


def test_what_is_expected_is_the_same_in_the_warehouse_on_screens_and_in_every_run(company: Company) -> None:
    company.write("orders.csv", regulars())
    run = company.refresh()
    assert set(run.report["expected"]) == {"bg_nbd", "gamma_gamma"}
    assert run.report["expected"]["bg_nbd"]["customers"] == 150
    values = {row["customer_id"]: row for row in company.mart("customer_value", "customer_id")}
    bought = [row for row in values.values() if row["frequency"]]
    assert len(bought) == 150
    for row in bought:
        assert 0 <= row["expected_low"] <= row["expected_12m"] <= row["expected_high"]
        assert row["expected_12m"] == row["expected_12m"].quantize(Decimal("0.01"))
        assert 0 < row["p_alive"] <= 1
    assert {row[name] for row in values.values() if not row["frequency"] for name in EXPECTED} <= {None}
    for standing in Standing.objects.all():
        row = values[standing.customer_id]
        assert [getattr(standing, name) for name in EXPECTED[:3]] == [row[name] for name in EXPECTED[:3]]
    before = warehouse_hash(company.root)
    head, *lines = regulars().splitlines()
    company.write("orders.csv", "\n".join([head, *reversed(lines)]) + "\n")
    company.refresh()
    assert warehouse_hash(company.root) == before


def test_screens_see_the_same_standing(company: Company) -> None:
    run = company.refresh()
    wang = Customer.objects.get(name="王伟")
    assert (wang.main_id, wang.region_code, wang.city, wang.phone) == (wang.pk, "CN-ZJ", "杭州", "+8613800138001")
    assert (wang.first_seen_on, wang.source_records, wang.owner_code) == (date(2024, 1, 5), 2, "S01")
    assert set(wang.sources.values_list("source", "source_key", "is_main")) == {
        ("shop", "1", True),
        ("store", "M1", False),
    }
    standing = Standing.objects.get(customer=wang)
    assert (standing.run_id, standing.tier, standing.monetary) == (run.pk, "vip", Decimal("240.7500"))
    assert CurrentStanding.objects.get().run_id == run.pk
    headline = Figure.objects.get(run_id=run.pk, name="headline").rows[0]
    assert {name: headline[name] for name in ("records", "customers", "duplicates", "bought_ever", "bought_12m")} == {
        "records": 7, "customers": 6, "duplicates": 1, "bought_ever": 2, "bought_12m": 1,
    }  # fmt: skip
    assert (headline["anonymous_lines"], headline["anonymous_revenue"], headline["currency"]) == (1, "20.0000", "CNY")


def test_sellers_of_today_own_and_leavers_only_leave_their_code(company: Company) -> None:
    ensure_roles(SYSTEM)
    seller = create_user(SYSTEM, "s01", "tea-and-porcelain", roles=["seller"], employee_no="S01")
    company.refresh()
    owners = dict(Customer.objects.exclude(owner_code="").values_list("name", "owner_id"))
    assert owners == {"王伟": seller.pk, "李娜": None, "John Smith": None}


def test_the_same_files_again_change_nothing(company: Company) -> None:
    company.refresh()
    before, ids = warehouse_hash(company.root), by_name(company)
    run = company.refresh()
    assert warehouse_hash(company.root) == before
    assert by_name(company) == ids
    assert run.report["land"]["feeds"][0]["rows"] == 0  # all were delivered already
    assert Delivery.objects.count() == 4
    assert run.steps.get(name="publish").checkpoints.filter(chunk__startswith="customers-").count() == 0


def test_a_new_delivery_is_published_as_the_difference(company: Company) -> None:
    company.refresh()
    ids = by_name(company)
    company.write("customers.csv", SHOP_CUSTOMERS.replace("not a date", "2025-12-30").replace("杭州", "宁波"))
    run = company.refresh()
    assert {name: ids[name] for name in ids} == {name: by_name(company)[name] for name in ids}
    assert by_name(company).keys() - ids.keys() == {"张敏"}
    assert Customer.objects.get(name="王伟").city == "宁波"
    published = run.steps.get(name="publish").checkpoints.filter(chunk__startswith="customers-")
    assert [checkpoint.done for checkpoint in published] == [2]


def test_what_a_person_edited_stays(company: Company) -> None:
    company.refresh()
    Customer.objects.filter(name="王伟").update(city="绍兴", edited={"city": "2025-12-31T10:00:00Z"})
    company.write("customers.csv", SHOP_CUSTOMERS.replace("杭州", "宁波").replace("S01", "S09"))
    company.refresh()
    wang = Customer.objects.get(name="王伟")
    assert (wang.city, wang.owner_code) == ("绍兴", "S09")


def test_the_business_date_is_the_last_facts_day_unless_given(company: Company) -> None:
    assert company.refresh(as_of=None).business_date == date(2025, 12, 24)
    assert company.refresh(as_of=date(2026, 1, 31)).business_date == date(2026, 1, 31)


def test_facts_after_the_business_date_do_not_count(company: Company) -> None:
    company.refresh(as_of=date(2025, 6, 30))
    values = {row["customer_id"]: row for row in company.mart("customer_value", "customer_id")}
    wang = values[by_name(company)["王伟"]]
    assert (wang["frequency"], wang["monetary"], wang["recency_days"]) == (2, Decimal("200.5000"), 29)


def test_sources_are_remembered_for_the_next_refresh(company: Company) -> None:
    company.refresh()
    assert [contract.name for contract in registered_contracts()] == ["shop", "store"]


def test_a_refresh_without_sources_is_refused(company: Company) -> None:
    with pytest.raises(NothingToRefresh):
        refresh([], home=company.home, root=company.root, actor=SYSTEM)
    assert Run.objects.count() == 0


def test_two_currencies_are_refused_and_the_picture_before_stays(company: Company) -> None:
    company.refresh()
    before = warehouse_hash(company.root)
    other = company.files / "other.toml"
    shop = (company.files / "shop.toml").read_text(encoding="utf-8")
    other.write_text(shop.replace('"shop"', '"other"').replace('"CNY"', '"USD"'), encoding="utf-8")
    company.contracts.append(other)
    with pytest.raises(CurrenciesDiffer, match="CNY, USD"):
        company.refresh()
    assert warehouse_hash(company.root) == before
    assert Snapshot.objects.count() == 1
    error = Run.objects.latest("pk").error
    assert error is not None
    assert error["code"] == "currencies_differ"


def test_the_last_three_snapshots_stay_whole_and_older_ones_keep_their_values(company: Company) -> None:
    runs = [company.refresh(as_of=date(2025, 12, day)).pk for day in (27, 28, 29, 30)]
    kept = dict(Snapshot.objects.values_list("run_id", "tables"))
    assert set(kept[runs[0]]) == {"customer_value"}
    assert all(len(kept[run_id]) == 14 for run_id in runs[1:])
    on_disk = {path.relative_to(company.root).as_posix() for path in company.root.rglob("run-*/*.parquet")}
    on_disk |= {path.relative_to(company.root).as_posix() for path in company.root.glob("person/*.parquet")}
    listed = {file for tables in kept.values() for files in tables.values() for file in files}
    assert on_disk == listed


def test_a_city_that_leaves_the_orders_alone_keeps_the_hash_of_facts(company: Company) -> None:
    company.refresh()
    before = warehouse_hash(company.root)
    company.write("orders.csv", SHOP_ORDERS.replace("80.50", "80.51"))
    company.refresh()
    after = warehouse_hash(company.root)
    assert {name for name in before if before[name] != after[name]} == {
        "purchase_line", "purchase", "customer_value", "total",
    }  # fmt: skip


def test_a_name_longer_than_a_screen_takes_is_cut_there_and_kept_in_the_warehouse(company: Company) -> None:
    long = "很" * 300 + "长"
    company.write("customers.csv", SHOP_CUSTOMERS.replace("赵强", long))
    company.refresh()
    assert Customer.objects.filter(name="很" * 200).count() == 1
    assert long in by_name(company)

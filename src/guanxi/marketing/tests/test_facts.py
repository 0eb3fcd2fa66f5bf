"""What was followed up, and what it brought, is in the warehouse after the next data update."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from guanxi.customers.commands import merge_customers, retire_customers
from guanxi.customers.models import Customer, Interaction, Task
from guanxi.intelligence.canon import warehouse_hash
from guanxi.intelligence.marts.catalogue import get_mart
from guanxi.intelligence.marts.reading import query_marts
from guanxi.intelligence.tests.company import Company
from guanxi.kernel.access.commands import ensure_roles
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.lists.actions import Selection
from guanxi.marketing.commands import Terms, cancel_follow_up, follow_up_chosen, measure_follow_up
from guanxi.marketing.models import FollowUp
from guanxi.marketing.tests.test_follow_up import work_off

pytestmark = pytest.mark.django_db(transaction=True)
START = date(2025, 1, 31)
TERMS = Terms(title="回访", reason="好久没来", started_on=START, due_on=date(2025, 2, 7), control_percent=50,
              measured_days=330)  # fmt: skip


@pytest.fixture
def company(tmp_path: Path, settings: Settings) -> Company:
    ensure_roles(SYSTEM)
    company = Company(tmp_path)
    settings.WAREHOUSE = company.root
    return company


def follow_up(company: Company, **terms: Any) -> FollowUp:
    """All customers of the small company, half of them left alone; one task done, one treated customer reached."""
    company.refresh()
    everybody = Selection(tuple(Customer.objects.values_list("pk", flat=True)))
    started = follow_up_chosen(SYSTEM, name="全部", choice=everybody, terms=replace(TERMS, **terms))
    work_off()
    started.refresh_from_db()
    first, second = Task.objects.filter(batch=started.batch).order_by("pk")[:2]
    assert second.customer is not None
    Task.objects.filter(pk=first.pk).update(state="done", done_at="2025-02-03T20:00:00Z")
    for day in ("2025-02-05", "2025-02-04"):
        Interaction.objects.create(customer=second.customer, kind="call", at=f"{day}T04:00:00Z", reached=True,
                                   created_at=f"{day}T04:00:00Z")  # fmt: skip
    return started


def result_in(company: Company, mart: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = query_marts(SYSTEM, query=f"select * from {mart}", root=company.root).to_pylist()
    return rows


def test_the_result_in_the_warehouse_is_the_one_on_the_page(company: Company) -> None:
    started = follow_up(company)
    assert result_in(company, "follow_up") == []  # the update came before
    company.refresh()
    found = measure_follow_up(SYSTEM, follow_up_id=started.pk)
    assert found.rate is not None
    assert found.revenue is not None
    [row] = result_in(company, "follow_up")
    assert list(row) == [column.name for column in get_mart("follow_up").columns]
    assert {name: row[name] for name in ("group_id", "state", "started_on", "known_until", "is_final", "currency")} == {
        "group_id": started.group_id, "state": "running", "started_on": START, "known_until": date(2025, 12, 31),
        "is_final": True, "currency": "CNY",
    }  # fmt: skip
    assert (row["treated"], row["control"], row["done"], row["reached"]) == (3, 3, 1, 1)
    for name, arm in (("treated", found.treated), ("control", found.control)):
        assert (row[name], row[f"{name}_buyers"]) == (arm.members, arm.buyers)
        assert row[f"{name}_revenue"] == Decimal(str(arm.revenue))
    assert row["treated_revenue"] + row["control_revenue"] == Decimal(
        "240.75"
    )  # 王伟's three orders; a void one is none
    rate = {"value": row["rate_difference"], "low": row["rate_low"], "high": row["rate_high"], "level": 0.95}
    assert rate == asdict(found.rate)
    assert float(row["revenue_difference"]) == pytest.approx(found.revenue.value, abs=1e-4)
    assert float(row["revenue_low"]) == pytest.approx(found.revenue.low, abs=1e-4)
    assert float(row["revenue_high"]) == pytest.approx(found.revenue.high, abs=1e-4)


def test_every_member_has_an_arm_and_what_was_done(company: Company) -> None:
    started = follow_up(company)
    company.refresh()
    rows = company.mart("follow_up_member", "customer_id")
    assert list(rows[0]) == [column.name for column in get_mart("follow_up_member").columns]
    assert {(row["customer_id"], row["arm"]) for row in rows} == set(started.members.values_list("customer_id", "arm"))
    assert {row["since"] for row in rows} == {START}
    first, second = Task.objects.order_by("pk").values_list("customer_id", flat=True)[:2]
    done = {row["customer_id"]: (row["task_state"], row["done_on"], row["reached_on"]) for row in rows}
    assert done[first] == ("done", date(2025, 2, 4), None)  # by the clock of the business
    assert done[second] == ("open", None, date(2025, 2, 4))
    assert {done[row["customer_id"]] for row in rows if row["arm"] == "control"} == {(None, None, None)}


def test_two_who_became_one_count_once_and_the_hash_knows_no_ids(company: Company) -> None:
    started = follow_up(company)
    company.refresh()
    before = warehouse_hash(company.root)
    company.refresh()
    assert warehouse_hash(company.root) == before
    low, high = Customer.objects.filter(name="李娜").order_by("pk").values_list("pk", flat=True)
    retire_customers(SYSTEM, batch="test", retired=[(high, low)])
    company.refresh()
    ids = [row["customer_id"] for row in company.mart("follow_up_member", "customer_id")]
    assert ids == sorted(set(started.members.values_list("customer_id", flat=True)) - {high})
    [row] = result_in(company, "follow_up")
    assert row["treated"] + row["control"] == 5
    assert warehouse_hash(company.root)["follow_up_member"] != before["follow_up_member"]


def test_what_customers_bought_who_were_merged_since_the_update_counts_with_the_survivor(company: Company) -> None:
    started = follow_up(company)
    buyer = Customer.objects.get(name="王伟")
    other = Customer.objects.filter(kind=buyer.kind).exclude(pk=buyer.pk).order_by("pk")[0]

    def measured() -> tuple[int, Decimal]:
        found = measure_follow_up(SYSTEM, follow_up_id=started.pk)
        return (
            found.treated.members + found.control.members,
            Decimal(str(found.treated.revenue)) + Decimal(str(found.control.revenue)),
        )

    assert measured() == (6, Decimal("240.75"))
    merge_customers(SYSTEM, main_id=other.pk, others=[buyer.pk])
    assert measured() == (5, Decimal("240.75"))


def test_a_result_that_lies_long_behind_stays_as_it_was_told(company: Company) -> None:
    assert measure_follow_up(SYSTEM, follow_up_id=follow_up(company, measured_days=303).pk).reached == 0
    before = AuditEntry.objects.count()
    company.refresh()
    work_off()
    told = AuditEntry.objects.order_by("pk")[before:].values_list("command", flat=True)
    assert "marketing.commands.measure.measure_follow_up" not in told


def test_a_cancelled_one_keeps_its_members_and_measures_nothing(company: Company) -> None:
    started = follow_up(company)
    cancel_follow_up(SYSTEM, follow_up_id=started.pk)
    company.refresh()
    [row] = result_in(company, "follow_up")
    assert (row["state"], row["treated"], row["control"], row["done"]) == ("cancelled", 3, 3, 1)
    assert {row[name] for name in ("known_until", "is_final", "treated_buyers", "rate_low", "revenue_low")} == {None}


def test_one_still_being_prepared_is_no_fact_yet(company: Company) -> None:
    company.refresh()
    with transaction.atomic():
        follow_up_chosen(SYSTEM, name="一位", choice=Selection((1,)), terms=TERMS)
    company.refresh()
    assert (company.mart("follow_up"), company.mart("follow_up_member")) == ([], [])

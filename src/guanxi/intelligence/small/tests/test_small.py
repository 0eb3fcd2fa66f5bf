"""A small refresh finds for the touched what a full one would, and leaves everybody else alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from guanxi.customers.commands import (
    Edit,
    create_customer,
    edit_customer,
    merge_customers,
    record_purchase,
    reverse_purchase,
    unmerge_customers,
)
from guanxi.customers.errors import KindsDiffer
from guanxi.customers.models import Customer, Merge, Purchase, Standing
from guanxi.customers.rules import Line
from guanxi.intelligence import road
from guanxi.intelligence.models import Touch
from guanxi.intelligence.queries.purchases import Following, find_following
from guanxi.intelligence.small import rescore
from guanxi.intelligence.small.rescore import rescore_touched
from guanxi.intelligence.small.touches import JOB, ask_for_small_refresh, touch_customers
from guanxi.intelligence.standing import step as models_step
from guanxi.intelligence.standing.scales import Scales
from guanxi.intelligence.tests.company import Company
from guanxi.intelligence.tests.test_road import regulars
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.worker import Worker
from guanxi.kernel.runs.models import Run

pytestmark = pytest.mark.django_db(transaction=True)
RANKED = {"id", "run_id", "tier", "abc", "rfm_group", "r", "f", "m", "expected_12m", "expected_low", "expected_high"}
FIRST, LAST = date(2024, 6, 1), date(2026, 3, 31)


@pytest.fixture
def company(tmp_path: Path) -> Company:
    made = Company(tmp_path)
    made.write("orders.csv", regulars())
    made.refresh()
    return made


def work() -> None:
    """Do the jobs that were asked for, as a worker would, without waiting for their moment."""
    Job.objects.filter(state=Job.State.READY).update(run_at=datetime(2026, 1, 1, tzinfo=UTC))
    worker = Worker(threading.Event())
    while worker.run_one():
        Job.objects.filter(state=Job.State.READY).update(run_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert not Job.objects.filter(state=Job.State.FAILED).exists()


def buy(customer_id: int, day: date, *amounts: Decimal) -> Purchase:
    lines = [Line(f"p{place}", f"P{place}", Decimal(1), amount) for place, amount in enumerate(amounts)]
    at = datetime.combine(day, time(4), UTC)
    key = f"k{Purchase.objects.count()}"
    return record_purchase(SYSTEM, customer_id=customer_id, lines=lines, bought_at=at, key=key)


def standings(*left_out: str) -> dict[int, dict[str, Any]]:
    out = {"id", "run_id", *left_out}
    return {
        row["customer_id"]: {name: cell for name, cell in row.items() if name not in out}
        for row in Standing.objects.values()
    }


def test_a_purchase_shows_in_the_standing(company: Company) -> None:
    before = standings()
    wang = Customer.objects.get(name="王伟").pk
    assert (before[wang]["status"], before[wang]["frequency"]) == ("prospect", 0)
    assert find_following(SYSTEM, wang) == Following(is_due=False, is_fresh=False)
    buy(wang, date(2026, 1, 7), Decimal("120.50"))
    assert find_following(SYSTEM, wang) == Following(is_due=True, is_fresh=False)
    work()
    assert find_following(SYSTEM, wang) == Following(is_due=False, is_fresh=True)
    after = standings()
    assert {one for one in before if before[one] != after[one]} == {wang}
    row = after[wang]
    assert (row["as_of"], row["status"], row["stage"]) == (date(2026, 1, 7), "first_time", "exploration")
    assert (row["frequency"], row["monetary"], row["recency_days"]) == (1, Decimal("120.5"), 0)
    assert (row["r"], row["expected_12m"] > 0, row["tier"]) == (5, True, "small")
    reverse_purchase(SYSTEM, purchase_id=1)
    work()
    assert standings("as_of")[wang] == {name: cell for name, cell in before[wang].items() if name != "as_of"}


# -- equal to a full refresh


@dataclass(frozen=True)
class Deed:
    """Something people do; `who` and `other` pick customers by their place."""

    kind: str
    who: int
    other: int
    day: date
    amounts: list[Decimal]

    def do(self) -> set[int]:
        """Do it; returns who was touched."""
        living = list(Customer.objects.filter(main_id=F("pk")).order_by("pk").values_list("pk", flat=True))
        who, other = living[self.who % len(living)], living[self.other % len(living)]
        match self.kind:
            case "buy":
                buy(who, self.day, *self.amounts)
            case "reverse":
                open_ones = Purchase.objects.filter(reverses=None, reversed_by=None).order_by("pk")
                if not open_ones:
                    return set()
                purchase = open_ones[self.who % len(open_ones)]
                reverse_purchase(SYSTEM, purchase_id=purchase.pk)
                return {purchase.customer.main_id}
            case "create":
                phone = f"138{self.other:08d}" if self.other % 2 else ""
                return {create_customer(SYSTEM, values={"name": f"新客{self.who}", "phone": phone}).pk}
            case "edit":
                given = {"name": Edit(f"客{who}"), "email": Edit(f"m{self.other}@example.com")}
                edit_customer(SYSTEM, customer_id=who, edits=given)
            case "merge" if who != other:
                with suppress(KindsDiffer):
                    merge_customers(SYSTEM, main_id=who, others=[other])
            case "unmerge":
                merge = Merge.objects.filter(undone_at=None, main__main_id=F("main_id")).order_by("-pk").first()
                if merge is None:
                    return set()
                unmerge_customers(SYSTEM, merge_id=merge.pk)
                return {merge.main_id, *merge.other_ids}
        return {who}


money = st.decimals(min_value="0.01", max_value="5000", places=2)
deeds = st.lists(
    st.builds(
        Deed,
        kind=st.sampled_from(["buy", "buy", "buy", "reverse", "create", "edit", "merge", "unmerge"]),
        who=st.integers(0, 10_000),
        other=st.integers(0, 10_000),
        day=st.dates(FIRST, LAST),
        amounts=st.lists(money, min_size=1, max_size=3),
    ),
    min_size=1,
    max_size=12,
)


@contextmanager
def edges_that_do_not_move(scales: Scales | None) -> Iterator[None]:
    """A full refresh within the block scores on these scales, as if its edges had not moved."""
    with pytest.MonkeyPatch.context() as patch:
        if scales is not None:
            patch.setattr(models_step, "learn_scales", lambda *_args, **_kwargs: scales)
        yield


@pytest.mark.slow
@pytest.mark.parametrize("is_frozen", [True, False])
def test_it_equals_a_full_refresh(company: Company, *, is_frozen: bool) -> None:
    """On all fields where edges do not move; on those that hang on the customer alone in any case."""

    # The company grows from example to example, so a failing one cannot be tried again smaller.
    @settings(max_examples=6, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(deeds)
    def equal(done: list[Deed]) -> None:
        before, base = standings(), rescore._base(company.root)
        assert base is not None
        touched = set().union(*(deed.do() for deed in done))
        work()
        small = standings()
        alive = set(Customer.objects.filter(main_id=F("pk")).values_list("pk", flat=True))
        assert {one for one in small.keys() | before.keys() if small.get(one) != before.get(one)} <= touched | (
            before.keys() - alive
        )
        with edges_that_do_not_move(base.scales if is_frozen else None):
            run = company.refresh(as_of=rescore._business_date(base))
        ranked = () if is_frozen else tuple(RANKED)
        full = {one: row for one, row in standings(*ranked).items() if one in touched}
        found = {one: {n: c for n, c in row.items() if n not in ranked} for one, row in small.items() if one in touched}
        assert {row["as_of"] for row in found.values()} <= {run.business_date}
        assert found == full

    equal()


# -- asked for, killed, overtaken


def test_many_touches_are_one_job_and_one_that_runs_is_followed_by_another(company: Company) -> None:
    first = ask_for_small_refresh()
    assert ask_for_small_refresh() == first
    Job.objects.filter(pk=first.pk).update(state=Job.State.RUNNING)
    second = ask_for_small_refresh()
    assert second != first
    assert ask_for_small_refresh() == second
    Job.objects.filter(pk=second.pk).update(state=Job.State.RUNNING)
    assert ask_for_small_refresh().pk not in {first.pk, second.pk}
    assert Job.objects.filter(name=JOB).count() == 3


def test_done_twice_nothing_changes_and_nothing_is_written(company: Company) -> None:
    buy(Customer.objects.get(name="王伟").pk, date(2026, 1, 7), Decimal(7))
    work()
    before, trail = list(Standing.objects.order_by("pk").values()), AuditEntry.objects.count()
    assert rescore_touched(company.root) == 0
    touch_customers(SYSTEM, customer_ids=[Customer.objects.get(name="王伟").pk])
    assert rescore_touched(company.root) == 1
    assert list(Standing.objects.order_by("pk").values()) == before
    assert AuditEntry.objects.count() == trail + 1


def test_killed_between_chunks_the_rest_is_done_later(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = list(Customer.objects.order_by("pk").values_list("pk", flat=True)[:5])
    for number, customer_id in enumerate(ids):
        buy(customer_id, date(2026, 1, 7), Decimal(100 + number))
    work_of_listeners()
    keep, kept = rescore._keep, [0]

    def killed(*args: Any, **kwargs: Any) -> int:
        if kept[0] == 2:
            raise KeyboardInterrupt
        kept[0] += 1
        return keep(*args, **kwargs)

    monkeypatch.setattr(rescore, "_keep", killed)
    with pytest.raises(KeyboardInterrupt):
        rescore_touched(company.root, touches=1)
    monkeypatch.undo()
    assert Touch.objects.filter(run_id=0).count() == 3
    assert rescore_touched(company.root, touches=1) == 3
    assert [Standing.objects.get(customer=one).last_purchase_on for one in ids] == [date(2026, 1, 7)] * 5


def work_of_listeners() -> None:
    """Let the listeners note who was touched, and keep the small refresh from running."""
    worker = Worker(threading.Event())
    Job.objects.filter(name=JOB).update(run_at=datetime(2099, 1, 1, tzinfo=UTC))
    while worker.run_one():
        Job.objects.filter(name=JOB).update(run_at=datetime(2099, 1, 1, tzinfo=UTC))


def test_one_that_read_earlier_does_not_overwrite_one_that_read_later(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    wang = Customer.objects.get(name="王伟").pk
    buy(wang, date(2026, 1, 7), Decimal(10))
    work_of_listeners()
    keep = rescore._keep

    def overtaken(*args: Any, **kwargs: Any) -> int:
        monkeypatch.undo()
        buy(wang, date(2026, 1, 8), Decimal(20))
        work_of_listeners()
        assert rescore_touched(company.root) == 1
        return keep(*args, **kwargs)

    monkeypatch.setattr(rescore, "_keep", overtaken)
    assert rescore_touched(company.root) == 0
    row = Standing.objects.get(customer=wang)
    assert (row.frequency, row.monetary) == (2, Decimal(30))


def test_a_purchase_during_a_full_refresh_is_not_lost(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes after landing and is scored in the old run; once the new one is current it is scored again."""
    wang = Customer.objects.get(name="王伟").pk
    publish = road._publish

    def late(*args: Any) -> None:
        monkeypatch.undo()
        buy(wang, date(2025, 12, 30), Decimal(10))
        work_of_listeners()
        assert rescore_touched(company.root) == 1
        assert Standing.objects.get(customer=wang).frequency == 1
        publish(*args)

    monkeypatch.setattr(road, "_publish", late)
    run = company.refresh()
    assert Standing.objects.get(customer=wang).frequency == 0
    work()
    row = Standing.objects.get(customer=wang)
    assert (row.run_id, row.frequency) == (run.pk, 1)
    company.refresh()
    assert not Touch.objects.exists()


def test_nothing_is_done_before_the_first_full_refresh_or_on_scales_that_were_not_kept(company: Company) -> None:
    wang = Customer.objects.get(name="王伟").pk
    buy(wang, date(2026, 1, 7), Decimal(10))
    report = Run.objects.get().report
    Run.objects.update(report={**report, "edges": {"rfm": report["edges"]["rfm"]}})
    work()
    assert Standing.objects.get(customer=wang).frequency == 0
    assert Touch.objects.filter(run_id=0).count() == 1
    Run.objects.update(report=report)
    assert rescore_touched(company.root) == 1


def test_merging_and_parting_moves_purchases_between_standings(company: Company) -> None:
    before = standings()
    one, other = list(Standing.objects.filter(frequency__gt=2).order_by("customer").values_list("customer", flat=True))[
        :2
    ]
    merge = merge_customers(SYSTEM, main_id=one, others=[other])
    work()
    after = standings()
    assert other not in after
    assert after[one]["frequency"] == before[one]["frequency"] + before[other]["frequency"]
    unmerge_customers(SYSTEM, merge_id=merge.pk)
    work()
    assert standings() == before


def test_only_edits_of_ways_to_reach_somebody_touch_him(company: Company) -> None:
    nobody = Standing.objects.filter(status="non_customer").values_list("customer", flat=True).first()
    if nobody is None:
        nobody = create_customer(SYSTEM, values={"name": "周九"}).pk
        work()
    Touch.objects.all().delete()
    edit_customer(SYSTEM, customer_id=nobody, edits={"city": Edit("杭州")})
    work()
    assert not Touch.objects.exists()
    edit_customer(SYSTEM, customer_id=nobody, edits={"phone": Edit("13900000000")})
    work()
    assert Standing.objects.get(customer=nobody).status == "prospect"


def test_the_day_never_goes_back(company: Company) -> None:
    wang = Customer.objects.get(name="王伟").pk
    buy(wang, date(2026, 1, 7), Decimal(10))
    buy(wang, date(2026, 1, 7) - timedelta(days=400), Decimal(10))
    work()
    assert Standing.objects.get(customer=wang).as_of == date(2026, 1, 7)

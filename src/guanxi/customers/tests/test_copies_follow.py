"""Standings and tasks always carry what they have of their customer, whoever changes it (ADR 0019).

So lists may ask them for it: the region and the last contact of standings, the owner of tasks.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db.models import F

from guanxi.customers.commands import (
    Edit,
    assign_owner,
    create_task,
    delete_customer,
    edit_customer,
    edit_interaction,
    log_interaction,
    merge_customers,
    purge_customers,
    remove_interaction,
    unmerge_customers,
)
from guanxi.customers.lists import CUSTOMERS
from guanxi.customers.models import Customer, Standing, Task
from guanxi.customers.tests.factories import RUN, make_customers, make_standings
from guanxi.kernel.access.commands import create_user
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.batches.commands import start_batch, undo_batch
from guanxi.kernel.commands import Actor
from guanxi.kernel.jobs.worker import Worker
from guanxi.kernel.lists.reading import read_list
from guanxi.kernel.lists.state import ListState

pytestmark = pytest.mark.django_db
HERE, THERE = "CN-ZJ", "CN-GD"


@pytest.fixture
def some(db: None) -> None:
    """Four customers by the spend of two runs, the dearest last: two here, two there."""
    make_customers({"id": pk, "name": f"王{pk}", "region_code": HERE if pk % 2 else THERE} for pk in range(1, 5))
    for run_id in (RUN - 1, RUN):
        make_standings([{"customer_id": pk, "spend_12m": pk * 100} for pk in range(1, 5)], run_id=run_id)


def regions() -> list[str]:
    """The regions of the standings of the current run, by customer; those of both runs are what customers have."""
    assert not Standing.objects.exclude(region_code=F("customer__region_code")).exists()
    return list(Standing.objects.filter(run_id=RUN).order_by("customer").values_list("region_code", flat=True))


def contacts() -> list[datetime | None]:
    """The last contacts of the standings of the current run; those of both runs are what customers have."""
    told = Standing.objects.order_by("run_id", "customer").values_list("last_contact_at", "customer__last_contact_at")
    assert all(copy == own for copy, own in told)
    return [copy for copy, _own in told[4:]]


def owners() -> list[int | None]:
    """The owners that tasks have of their customers, by task."""
    told = Task.objects.order_by("pk").values_list("customer_owner_id", "customer__owner")
    assert all(copy == own for copy, own in told)
    return [copy for copy, _own in told]


def listed(where: str, actor: Actor = SYSTEM, **more: Any) -> Sequence[int]:
    state = ListState.from_address(CUSTOMERS, {"where": where, **more})
    return [row["pk"] for row in read_list(actor, CUSTOMERS, state, []).rows]


def work_all() -> None:
    while Worker(threading.Event()).run_one():
        pass


def test_new_standings_take_it_and_lists_ask_for_it(some: None) -> None:
    assert regions() == [HERE, THERE, HERE, THERE]
    assert listed("region:is:CN-ZJ,spend:from:100") == [3, 1]
    assert listed("region:not:CN-ZJ") == [4, 2]
    assert listed("region:in:CN-ZJ;CN-GD,spend:from:200") == [4, 3, 2]


def test_an_edit_moves_it(some: None, manager: User) -> None:
    edit_customer(manager, customer_id=4, edits={"region_code": Edit(HERE)})
    assert regions() == [HERE, THERE, HERE, HERE]
    assert listed("region:is:CN-ZJ") == [4, 3, 1]
    edit_customer(manager, customer_id=4, edits={"region_code": Edit("")})
    assert regions() == [HERE, THERE, HERE, ""]
    assert listed("region:is:none") == [4]


def test_a_bulk_action_moves_it_and_its_undoing_moves_it_back(some: None, manager: User) -> None:
    options = {"field": "region_code", "value": THERE}
    batch = start_batch(manager, kind="customers.edit", options=options, ids=[1, 2, 3])
    work_all()
    assert regions() == [THERE] * 4
    undo_batch(manager, batch_id=batch.pk)
    work_all()
    assert regions() == [HERE, THERE, HERE, THERE]


def test_a_merge_moves_it_and_its_undoing_moves_it_back(some: None, manager: User) -> None:
    merge = merge_customers(manager, main_id=1, others=[2], chosen={"region_code": 2})
    assert regions() == [THERE, THERE, HERE, THERE]
    unmerge_customers(manager, merge_id=merge.pk)
    assert regions() == [HERE, THERE, HERE, THERE]


def test_an_update_and_a_purge_move_it(some: None, manager: User) -> None:
    make_customers([{"id": 1, "name": "王1", "region_code": THERE, "published": "y"}])
    assert regions() == [THERE, THERE, HERE, THERE]
    delete_customer(manager, customer_id=3)
    purge_customers(create_user(SYSTEM, "admin", "correct horse battery", roles=["administrator"]), customer_ids=[3])
    assert regions()[2] == HERE  # of whom was deleted for ever the region stays


def test_a_logged_contact_moves_it_and_its_removal_moves_it_back(some: None, manager: User) -> None:
    early, late = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 2, 5, tzinfo=UTC)
    log_interaction(manager, customer_id=2, values={"kind": "call", "subject": "茶", "at": early.isoformat()})
    second = log_interaction(manager, customer_id=3, values={"kind": "call", "subject": "杯", "at": late.isoformat()})
    assert contacts() == [None, early, late, None]
    assert listed("status:is:prospect", sort="contacted") == [3, 2, 4, 1]
    edit_interaction(manager, interaction_id=second.pk, values={"at": datetime(2026, 1, 4, tzinfo=UTC).isoformat()})
    assert listed("status:is:prospect", sort="contacted") == [2, 3, 4, 1]
    remove_interaction(manager, interaction_id=second.pk)
    assert contacts() == [None, early, None, None]


def test_a_task_has_the_owner_of_its_customer(some: None, manager: User, seller: User) -> None:
    due = {"title": "回访", "due_on": "2026-12-01"}
    assign_owner(manager, customer_id=1, owner_id=seller.pk)
    for customer_id in (1, 2):
        create_task(manager, customer_id=customer_id, values=due)
    create_task(manager, values=due)  # of no customer
    assert owners() == [seller.pk, None, None]
    assert (listed("follow_up:filled", seller), sorted(listed("follow_up:filled"))) == ([1], [1, 2])
    assign_owner(manager, customer_id=2, owner_id=seller.pk)
    assign_owner(manager, customer_id=1, owner_id=None)
    assert owners() == [None, seller.pk, None]
    assert (listed("follow_up:filled", seller), listed("follow_up:empty", seller)) == ([2], [])


def test_a_task_that_is_moved_or_written_whole_keeps_to_it(some: None, manager: User, seller: User) -> None:
    Customer.objects.filter(pk__in=[1, 2]).update(owner=seller)
    task = Task.objects.create(customer_id=1, title="call", due_on="2026-12-01", created_at="2026-01-01T00:00Z")
    assert task.customer_owner_id is None  # as Python holds it
    task.title = "call again"
    task.save()
    assert owners() == [seller.pk]
    Task.objects.update(customer=3)
    assert owners() == [None]
    Task.objects.update(customer=2)
    assert owners() == [seller.pk]
    Task.objects.update(customer=None)
    assert owners() == [None]


def test_of_a_merged_customer_the_survivors_owner_counts(some: None, manager: User, seller: User) -> None:
    assign_owner(manager, customer_id=1, owner_id=seller.pk)
    create_task(manager, customer_id=2, values={"title": "回访", "due_on": "2026-12-01"})
    assert listed("follow_up:filled", seller) == []
    merge = merge_customers(manager, main_id=1, others=[2], chosen={})
    assert listed("follow_up:filled", seller) == [1]
    unmerge_customers(manager, merge_id=merge.pk)
    assert listed("follow_up:filled", seller) == []

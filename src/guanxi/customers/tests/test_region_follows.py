"""Standings always carry the region of their customer, whoever changes it, so lists may ask them for it (ADR 0019)."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest
from django.db.models import F

from guanxi.customers.commands import (
    Edit,
    delete_customer,
    edit_customer,
    merge_customers,
    purge_customers,
    unmerge_customers,
)
from guanxi.customers.lists import CUSTOMERS
from guanxi.customers.models import Standing
from guanxi.customers.tests.factories import RUN, make_customers, make_standings
from guanxi.kernel.access.commands import create_user
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.batches.commands import start_batch, undo_batch
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


def listed(where: str) -> Sequence[int]:
    state = ListState.from_address(CUSTOMERS, {"where": where})
    return [row["pk"] for row in read_list(SYSTEM, CUSTOMERS, state, []).rows]


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

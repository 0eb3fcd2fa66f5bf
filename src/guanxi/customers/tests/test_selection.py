from __future__ import annotations

import pytest
from django.http import QueryDict

from guanxi.customers.lists import CUSTOMERS
from guanxi.customers.models import Customer
from guanxi.customers.tests.factories import make_customers
from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.lists import actions
from guanxi.kernel.lists.actions import Action, Selection, actions_for, add_list_action
from guanxi.kernel.lists.errors import FilterUnknown, NothingChosen

pytestmark = pytest.mark.django_db


def test_what_is_chosen_is_read_and_never_more_than_may_be_seen() -> None:
    ensure_roles(SYSTEM)
    seller = create_user(SYSTEM, "chen", "correct horse battery", roles=["seller"])
    make_customers({"id": key, "name": "王伟", "region_code": "CN-ZJ" if key < 4 else "GB"} for key in range(1, 7))
    Customer.objects.filter(pk__in=[2, 3, 5]).update(owner=seller)

    some = Selection.from_request(CUSTOMERS, QueryDict("ids=1,2,2,5,x,99"))
    assert some.ids == (1, 2, 5, 99)
    assert sorted(some.rows(seller, CUSTOMERS).values_list("pk", flat=True)) == [2, 5]
    assert sorted(some.rows(SYSTEM, CUSTOMERS).values_list("pk", flat=True)) == [1, 2, 5]

    everybody = Selection.from_request(CUSTOMERS, {"all": "1", "state": "where=region:in:CN-ZJ;FR&sort=name"})
    assert sorted(everybody.rows(seller, CUSTOMERS).values_list("pk", flat=True)) == [2, 3]
    for selection in (some, everybody):
        assert Selection.from_request(CUSTOMERS, selection.parameters()) == selection


def test_nothing_chosen_and_a_bad_state_are_told() -> None:
    for asked in ("", "ids=", "ids=x", "ids=" + ",".join(map(str, range(1001)))):
        with pytest.raises(NothingChosen):
            Selection.from_request(CUSTOMERS, QueryDict(asked))
    with pytest.raises(FilterUnknown):
        Selection.from_request(CUSTOMERS, {"all": "1", "state": "tier=gold"})


def test_actions_are_offered_to_whom_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "_actions", {})
    ensure_roles(SYSTEM)
    seller = create_user(SYSTEM, "chen", "correct horse battery", roles=["seller"])
    add_list_action("customers", Action("tag", "Tag", "tag", "customers.edit", "tag", order=2))
    add_list_action("customers", Action("assign", "Assign", "user", "customers.assign", "assign", order=1))
    assert [action.key for action in actions_for("customers", seller)] == ["tag"]
    assert [action.key for action in actions_for("customers", SYSTEM)] == ["assign", "tag"]
    assert actions_for("deals", SYSTEM) == []

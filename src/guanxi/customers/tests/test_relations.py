"""How customers belong together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from guanxi.customers.commands import add_relation, create_customer, remove_relation
from guanxi.customers.errors import AlreadyThere, CustomerUnknown, EntryUnknown, FieldInvalid, RelatedToItself
from guanxi.customers.models import Customer, Relation
from guanxi.kernel.access.models import User
from guanxi.kernel.audit.queries import history_of

pytestmark = pytest.mark.django_db


def test_one_row_told_from_either_side(seller: User, wang: Customer, tea: Customer) -> None:
    relation = add_relation(
        seller, customer_id=wang.pk, values={"kind": "parent_of", "other_id": str(tea.pk), "note": "法人"}
    )
    assert (relation.customer_id, relation.other_id, relation.kind, relation.note) == (
        tea.pk,
        wang.pk,
        "parent",
        "法人",
    )
    for side in (wang, tea):
        assert history_of(side)[0].changes == {"relation": [None, relation.pk], "relation_kind": "parent"}
    remove_relation(seller, relation_id=relation.pk)
    assert not Relation.objects.exists()


def test_a_relation_is_told_once(seller: User, wang: Customer, tea: Customer) -> None:
    add_relation(seller, customer_id=wang.pk, values={"kind": "partner", "other_id": tea.pk})
    with pytest.raises(AlreadyThere):
        add_relation(seller, customer_id=tea.pk, values={"kind": "partner", "other_id": wang.pk})
    add_relation(seller, customer_id=wang.pk, values={"kind": "referrer", "other_id": tea.pk})
    add_relation(seller, customer_id=tea.pk, values={"kind": "referrer", "other_id": wang.pk})
    with pytest.raises(AlreadyThere):
        add_relation(seller, customer_id=tea.pk, values={"kind": "referrer_of", "other_id": wang.pk})
    assert sorted(Relation.objects.values_list("kind", "customer")) == [
        ("partner", wang.pk), ("referrer", wang.pk), ("referrer", tea.pk),
    ]  # fmt: skip


def test_what_cannot_be_related_is_refused(
    seller: User, colleague: User, manager: User, wang: Customer, everything: Callable[..., list[Any]]
) -> None:
    hidden = create_customer(manager, values={"name": "不可见"})
    before = everything(Relation)
    with pytest.raises(RelatedToItself):
        add_relation(seller, customer_id=wang.pk, values={"kind": "family", "other_id": wang.pk})
    with pytest.raises(CustomerUnknown):
        add_relation(seller, customer_id=wang.pk, values={"kind": "family", "other_id": hidden.pk})
    for values in ({"kind": "enemy", "other_id": hidden.pk}, {"kind": "family", "other_id": "x"}):
        with pytest.raises(FieldInvalid):
            add_relation(seller, customer_id=wang.pk, values=values)
    assert everything(Relation) == before
    relation = add_relation(manager, customer_id=wang.pk, values={"kind": "family", "other_id": hidden.pk})
    with pytest.raises(EntryUnknown):
        remove_relation(colleague, relation_id=relation.pk)
    remove_relation(seller, relation_id=relation.pk)  # who sees one side may

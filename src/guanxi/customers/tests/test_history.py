"""What was done to a customer, in words."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from guanxi.customers.commands import (
    Edit,
    add_contact_point,
    assign_owner,
    edit_customer,
    put_tag,
    retire_customers,
)
from guanxi.customers.commands.reveal import reveal
from guanxi.customers.errors import CustomerUnknown
from guanxi.customers.queries.history import get_history
from guanxi.customers.tests.factories import make_customers
from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.batches.commands import start_batch, undo_batch
from guanxi.kernel.batches.jobs import run_batch
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.tests.actors import holding

pytestmark = pytest.mark.django_db


@pytest.fixture
def liu() -> User:
    ensure_roles(SYSTEM)
    make_customers([{"id": key, "name": f"王伟{key}", "region_code": "CN-ZJ"} for key in (1, 2, 3)])
    return create_user(SYSTEM, "liu", "correct horse battery", roles=["manager"], display_name="刘总")


def told(actor: User, customer_id: int) -> list[str]:
    with translation.override("en"):
        return [
            " | ".join([line.actor, line.title, *map(str, line.changes)])
            for line in get_history(actor, customer_id).lines
        ]


def test_who_changed_which_field_from_what_to_what(liu: User) -> None:
    edit_customer(liu, customer_id=1, edits={
        "name": Edit("王维"), "region_code": Edit("CN-JS"), "kind": Edit("organisation"), "city": Edit("南京"),
    })  # fmt: skip
    assign_owner(liu, customer_id=1, owner_id=liu.pk)
    add_contact_point(liu, customer_id=1, values={"kind": "phone", "value": "13812345678"})
    put_tag(liu, customer_id=1, name="Golf")
    reveal(liu, customer_id=1, name="phone")
    lines = told(liu, 1)
    assert lines == [
        "刘总 | Looked at a hidden detail | Hidden detail: phone",
        "刘总 | Put on a tag | Tag: — → Golf",
        "刘总 | Added contact details | Contact details: added",
        "刘总 | Handed the customer to another owner | Owner: — → 刘总",
        "刘总 | Changed the customer | Name: changed | Kind: Person → Organisation | Region: Zhejiang → Jiangsu | City: — → 南京",  # noqa: E501
    ]
    assert "13812345678" not in "".join(lines)
    assert "王维" not in "".join(lines)
    assert told(liu, 2) == []


def test_a_merged_record_brings_its_history_along(liu: User) -> None:
    assign_owner(liu, customer_id=1, owner_id=liu.pk)
    assign_owner(liu, customer_id=2, owner_id=liu.pk)
    retire_customers(SYSTEM, batch="test", retired=[(2, 1)])
    assert len(told(liu, 1)) == len(told(liu, 2)) == 2


def test_bulk_actions_stand_among_the_rest(liu: User) -> None:
    assign_owner(liu, customer_id=1, owner_id=liu.pk)
    batch = start_batch(liu, kind="customers.assign", options={"owner_id": None}, ids=[1, 2])
    run_batch({"batch": batch.pk})
    undo = undo_batch(liu, batch_id=batch.pk)
    run_batch({"batch": undo.pk})
    assert told(liu, 1) == [
        "刘总 | Took back: Leave 1 customer without an owner",
        "刘总 | Leave 2 customers without an owner",
        "刘总 | Handed the customer to another owner | Owner: — → 刘总",
    ]
    assert told(liu, 3) == told(liu, 2) == []


def test_it_is_paged(client: Client, liu: User) -> None:
    for number in range(45):
        edit_customer(liu, customer_id=1, edits={"city": Edit(f"City {number}")})
    client.force_login(liu)
    client.cookies.load({"django_language": "en"})
    first = client.get("/customers/1/history/", headers={"hx-request": "true"})
    assert "<html" not in first.content.decode()
    assert first.content.decode().count("<time") == 20
    page = get_history(liu, 1)
    older = client.get(f"/customers/1/history/?before={page.next_before}").content.decode()
    assert "<html" in older
    assert "City 24" in older
    last = get_history(liu, 1, before=get_history(liu, 1, before=page.next_before).next_before)
    assert (len(last.lines), last.next_before) == (5, None)


def test_it_is_for_who_may_see_the_customer(client: Client, liu: User) -> None:
    seller = create_user(SYSTEM, "seller", "correct horse battery", roles=["seller"])
    with pytest.raises(CustomerUnknown):
        get_history(seller, 1)
    with pytest.raises(PermissionDenied):
        get_history(holding("settings.manage"), 1)
    client.force_login(seller)
    assert client.get("/customers/1/history/").status_code == client.get("/customers/9/history/").status_code == 404

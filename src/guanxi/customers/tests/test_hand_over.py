"""A leaver's customers and open tasks go to a colleague, and back."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils import translation

from guanxi.customers.commands import assign_owner, create_task, delete_customer, finish_task
from guanxi.customers.commands.hand_over import hand_over
from guanxi.customers.errors import OwnerUnknown
from guanxi.customers.models import Customer, Ownership, Task
from guanxi.customers.tests.factories import make_customers
from guanxi.kernel.access.commands import create_user, deactivate_user, ensure_roles
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.batches.commands import undo_batch
from guanxi.kernel.batches.errors import NothingChosen
from guanxi.kernel.batches.jobs import run_batch
from guanxi.kernel.batches.models import Batch
from guanxi.kernel.batches.registry import get_action
from guanxi.kernel.errors import PermissionDenied

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def people() -> dict[str, User]:
    """Customers 1 to 4 are shen's (4 in the bin), 5 belongs to he; shen has an open and a done task about 1."""
    ensure_roles(SYSTEM)
    users = {
        name: create_user(SYSTEM, name, PASSWORD, roles=[role])
        for name, role in (("admin", "administrator"), ("shen", "seller"), ("he", "seller"), ("gone", "seller"))
    }
    deactivate_user(SYSTEM, users["gone"].pk)
    make_customers([{"id": key, "name": f"王伟{key}"} for key in range(1, 6)])
    for key in range(1, 5):
        assign_owner(SYSTEM, customer_id=key, owner_id=users["shen"].pk)
    assign_owner(SYSTEM, customer_id=5, owner_id=users["he"].pk)
    delete_customer(SYSTEM, customer_id=4)
    for title in ("open", "done"):
        create_task(users["shen"], customer_id=1, values={"title": title, "due_on": date(2099, 1, 1)})
    finish_task(users["shen"], task_id=Task.objects.get(title="done").pk)
    return users


def owners() -> list[str]:
    return [str(owner) for owner in Customer.objects.order_by("pk").values_list("owner__username", flat=True)]


def periods(customer_id: int) -> list[tuple[str, str, str, bool]]:
    rows = Ownership.objects.filter(customer=customer_id).order_by("pk")
    return [(row.owner.username, row.got, row.lost, row.until is None) for row in rows.select_related("owner")]


def done(batch: Batch) -> Batch:
    run_batch({"batch": batch.pk})
    batch.refresh_from_db()
    return batch


def test_all_of_a_leaver_goes_to_a_colleague_and_back(people: dict[str, User]) -> None:
    admin, shen, he = people["admin"], people["shen"], people["he"]
    deactivate_user(admin, shen.pk)
    batch = done(hand_over(admin, from_id=shen.pk, to_id=he.pk))
    assert (batch.state, batch.total, batch.changed) == ("done", 3, 3)
    assert owners() == ["he", "he", "he", "shen", "he"]
    assert periods(1) == [("shen", "assigned", "handed_over", False), ("he", "handed_over", "", True)]
    assert dict(Task.objects.values_list("title", "assignee__username")) == {"open": "he", "done": "shen"}
    assert "owner_id" in Customer.objects.get(pk=1).edited
    assign_owner(SYSTEM, customer_id=2, owner_id=admin.pk)
    undo = done(undo_batch(admin, batch_id=batch.pk))
    assert (undo.changed, undo.refused) == (2, 1)
    assert owners() == ["shen", "admin", "shen", "shen", "he"]
    assert dict(Task.objects.values_list("title", "assignee__username")) == {"open": "shen", "done": "shen"}
    assert periods(3)[-1] == ("shen", "handed_over", "", True)


def test_what_was_given_away_meanwhile_is_left(people: dict[str, User]) -> None:
    batch = hand_over(people["admin"], from_id=people["shen"].pk, to_id=people["he"].pk)
    assign_owner(SYSTEM, customer_id=3, owner_id=people["admin"].pk)
    done(batch)
    assert (batch.changed, batch.refused) == (2, 1)
    assert owners()[2] == "admin"


def test_who_may_not_or_to_nobody(people: dict[str, User]) -> None:
    admin, shen, he = people["admin"], people["shen"], people["he"]
    before = owners()
    for to in (people["gone"].pk, 10_000, shen.pk):
        with pytest.raises(OwnerUnknown):
            hand_over(admin, from_id=shen.pk, to_id=to)
    with pytest.raises(PermissionDenied):
        hand_over(shen, from_id=shen.pk, to_id=he.pk)
    with pytest.raises(NothingChosen):
        hand_over(admin, from_id=admin.pk, to_id=he.pk)
    assert owners() == before
    assert not Batch.objects.exists()


def test_the_offer_stands_beside_the_user(client: Client, people: dict[str, User]) -> None:
    client.force_login(people["admin"])
    client.cookies.load({"django_language": "en"})
    shen, he = people["shen"], people["he"]
    page = client.get(f"/settings/users/{shen.pk}/").content.decode()
    assert "Looks after 3 customers." in page
    choices = page.split('name="to"')[1].split("</select>")[0]
    assert f'value="{he.pk}"' in choices
    assert f'value="{shen.pk}"' not in choices
    assert "Looks after" not in client.get(f"/settings/users/{people['admin'].pk}/").content.decode()
    assert client.post(f"/customers/hand-over/{shen.pk}/", {"to": "x"}).status_code == 409
    assert client.post(f"/customers/hand-over/{shen.pk}/", {"to": he.pk}).status_code == 302
    batch = Batch.objects.get()
    with translation.override("en"):
        assert get_action(batch.kind).sentence(batch.options, 3) == "Hand over 3 customers of shen to he"
    entry = AuditEntry.objects.get(command="kernel.batches.commands.start_batch")
    assert entry.changes == {"kind": "customers.hand_over", "rows": 3, "from_id": shen.pk, "to_id": he.pk}

"""People type in customers, correct them, hand them over, throw them away."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from guanxi.customers.commands import (
    Edit,
    assign_owner,
    create_customer,
    delete_customer,
    edit_customer,
    restore_customer,
)
from guanxi.customers.errors import CustomerUnknown, EditConflict, FieldInvalid, FieldUnknown, NameMissing, OwnerUnknown
from guanxi.customers.lists import CUSTOMERS
from guanxi.customers.models import Customer, Ownership
from guanxi.customers.tests.factories import make_customers
from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.audit.queries import history_of
from guanxi.kernel.commands import Work
from guanxi.kernel.errors import GuanxiError, PermissionDenied
from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.lists.matching import matching
from guanxi.kernel.lists.state import ListState

pytestmark = pytest.mark.django_db


@pytest.fixture
def shen() -> User:
    ensure_roles(SYSTEM)
    return create_user(SYSTEM, "shen", "correct horse battery", roles=["seller"])


@pytest.fixture
def fang(shen: User) -> User:
    return create_user(SYSTEM, "fang", "correct horse battery", roles=["seller"])


@pytest.fixture
def manager(shen: User) -> User:
    return create_user(SYSTEM, "liu", "correct horse battery", roles=["manager"])


def everything() -> list[Any]:
    return [
        list(Customer.objects.order_by("pk").values()), list(Ownership.objects.order_by("pk").values()),
        AuditEntry.objects.count(), EventRecord.objects.count(),
    ]  # fmt: skip


def found(actor: User, text: str) -> list[int]:
    state = ListState.from_address(CUSTOMERS, {"q": text})
    return sorted(matching(actor, CUSTOMERS, state).values_list("pk", flat=True))


def test_who_types_in_a_customer_owns_it_and_finds_it(shen: User, fang: User) -> None:
    made = create_customer(shen, values={"name": " 龙井  茶庄 ", "phone": "138 1234 5678", "email": "Li@Example.com"})
    kept = Customer.objects.get(pk=made.pk)
    assert (kept.name, kept.kind, kept.phone, kept.email) == ("龙井 茶庄", "person", "+8613812345678", "li@example.com")
    assert (kept.owner, kept.main_id, kept.source_records) == (shen, kept.pk, 0)
    assert sorted(kept.edited) == ["email", "kind", "name", "phone"]
    period = Ownership.objects.get()
    assert (period.customer_id, period.owner, period.until, period.got) == (kept.pk, shen, None, "created")
    assert (found(shen, "茶庄"), found(shen, "5678"), found(fang, "茶庄")) == ([kept.pk], [kept.pk], [])
    assert history_of(kept)[0].changes == {"created": True, "fields": ["email", "kind", "name", "phone"]}
    assert EventRecord.objects.get().name == "customers.CustomerCreated"


@pytest.mark.parametrize(
    ("values", "refusal", "place"),
    [
        ({"phone": "13812345678"}, NameMissing, ""),
        ({"name": "   "}, NameMissing, ""),
        ({"name": "x" * 201}, FieldInvalid, "name"),
        ({"name": "王伟", "phone": "call me"}, FieldInvalid, "phone"),
        ({"name": "王伟", "phone": "12"}, FieldInvalid, "phone"),
        ({"name": "王伟", "email": "nobody"}, FieldInvalid, "email"),
        ({"name": "王伟", "birth_on": "2026-02-30"}, FieldInvalid, "birth_on"),
        ({"name": "王伟", "region_code": "CN-XX"}, FieldInvalid, "region_code"),
        ({"name": "王伟", "kind": "ghost"}, FieldInvalid, "kind"),
        ({"name": "王伟", "owner_id": "1"}, FieldUnknown, "owner_id"),
        ({"name": "王伟", "id": "1"}, FieldUnknown, "id"),
    ],
)
def test_what_does_not_fit_is_refused(
    shen: User, values: dict[str, str], refusal: type[GuanxiError], place: str
) -> None:
    before = everything()
    with pytest.raises(refusal) as refused:
        create_customer(shen, values=values)
    assert refused.value.place == place
    assert everything() == before


def test_an_edit_is_kept_found_and_left_alone_by_the_next_update(shen: User) -> None:
    make_customers([{"id": 1, "name": "王伟", "city": "杭州", "owner_id": shen.pk}])
    edit_customer(shen, customer_id=1, edits={"name": Edit("王炜"), "city": Edit("杭州"), "remark": Edit("🍵\nعربي")})
    kept = Customer.objects.get(pk=1)
    assert (kept.name, kept.remark, sorted(kept.edited)) == ("王炜", "🍵\nعربي", ["name", "remark"])
    assert (found(shen, "王炜"), found(shen, "王伟")) == ([1], [])
    assert history_of(kept)[0].changes == {"name": ["changed", "changed"], "remark": ["changed", "changed"]}
    make_customers([{"id": 1, "name": "王伟", "city": "宁波", "owner_id": shen.pk}])
    kept.refresh_from_db()
    assert (kept.name, kept.city) == ("王炜", "宁波")
    assert found(shen, "王炜") == [1]


def test_the_slower_of_two_is_told_and_nothing_is_lost(shen: User) -> None:
    make_customers([{"id": 1, "name": "王伟", "phone": "+8613812345678", "owner_id": shen.pk}])
    first = {"name": Edit("王炜", before="王伟", checks_before=True)}
    edit_customer(shen, customer_id=1, edits=first)
    before = everything()
    with pytest.raises(EditConflict) as refused:
        edit_customer(shen, customer_id=1, edits={"name": Edit("王玮", before="王伟", checks_before=True)})
    assert (refused.value.facts["current"], everything()) == ("王炜", before)
    edit_customer(shen, customer_id=1, edits={"name": Edit("王玮", before="王炜", checks_before=True)})
    masked = {"phone": Edit("13912345678", before="138****5678", checks_before=True)}
    edit_customer(shen, customer_id=1, edits=masked)
    with pytest.raises(EditConflict) as refused:
        edit_customer(
            shen, customer_id=1, edits={"phone": Edit("13712345678", before="138****5678", checks_before=True)}
        )
    assert refused.value.facts["current"] == "139****5678"
    assert Customer.objects.get(pk=1).phone == "+8613912345678"


def test_nobody_changes_what_he_may_not_know_of(shen: User, fang: User) -> None:
    make_customers([{"id": 1, "name": "王伟", "owner_id": fang.pk}])
    before = everything()
    with pytest.raises(CustomerUnknown):
        edit_customer(shen, customer_id=1, edits={"name": Edit("x")})
    for refused in (delete_customer, restore_customer):
        with pytest.raises(PermissionDenied):
            refused(shen, customer_id=1)
    with pytest.raises(PermissionDenied):
        assign_owner(shen, customer_id=1, owner_id=shen.pk)
    assert everything() == before


def test_owners_have_their_times(shen: User, fang: User, manager: User) -> None:
    make_customers([{"id": 1, "name": "王伟", "owner_id": shen.pk}])
    assign_owner(manager, customer_id=1, owner_id=fang.pk)
    assign_owner(manager, customer_id=1, owner_id=None)
    times = [(row.owner, row.got, row.lost, row.until is None) for row in Ownership.objects.order_by("pk")]
    assert times == [(shen, "source", "reassigned", False), (fang, "assigned", "released", False)]
    before = everything()
    with pytest.raises(OwnerUnknown):
        assign_owner(manager, customer_id=1, owner_id=9999)
    assert everything() == before
    make_customers([{"id": 1, "name": "王伟", "owner_id": shen.pk}])
    assert Customer.objects.get(pk=1).owner_id is None, "what a person assigned stays"


def test_a_publish_moves_owners_set_by_set(shen: User, fang: User) -> None:
    make_customers({"id": key, "name": f"客户{key}", "owner_id": shen.pk} for key in range(1, 21))
    owners = (shen.pk, fang.pk)
    make_customers({"id": key, "name": f"客户{key}", "owner_id": owners[key % 2]} for key in range(1, 21))
    assert Ownership.objects.filter(until=None, owner=shen).count() == 10
    assert Ownership.objects.filter(until=None, owner=fang).count() == 10
    assert Ownership.objects.filter(until__isnull=False, lost="reassigned").count() == 10


def test_the_bin_gives_back_all_that_was_there(manager: User) -> None:
    make_customers([{"id": 1, "name": "王伟", "phone": "+8613812345678"}])
    delete_customer(manager, customer_id=1)
    assert (found(manager, "王伟"), Customer.objects.get(pk=1).deleted_by) == ([], manager)
    with pytest.raises(CustomerUnknown):
        delete_customer(manager, customer_id=1)
    restore_customer(manager, customer_id=1)
    assert found(manager, "王伟") == [1]
    count = AuditEntry.objects.count()
    restore_customer(manager, customer_id=1)
    assert AuditEntry.objects.count() == count


def test_a_customer_typed_in_at_night_is_known_since_that_day_here(shen: User) -> None:
    early = datetime(2026, 3, 26, 17, 30, tzinfo=UTC)  # half past one on the 27th in Shanghai
    work = Work(shen, "test", at=early)
    made = create_customer.__wrapped__(work, values={"name": "王伟"})  # type: ignore[attr-defined]
    assert made.first_seen_on == date(2026, 3, 27)


def test_who_has_no_name_is_edited_all_the_same(shen: User) -> None:
    make_customers([{"id": 5, "name": "", "owner_id": shen.pk}])
    edit_customer(shen, customer_id=5, edits={"city": Edit("杭州"), "name": Edit("", "", checks_before=True)})
    assert (Customer.objects.get(pk=5).name, Customer.objects.get(pk=5).city) == ("", "杭州")
    edit_customer(shen, customer_id=5, edits={"name": Edit("王伟")})
    before = everything()
    with pytest.raises(NameMissing):
        edit_customer(shen, customer_id=5, edits={"name": Edit(" ")})
    assert everything() == before

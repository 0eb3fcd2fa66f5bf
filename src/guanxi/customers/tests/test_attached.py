"""Contact details, addresses, contacts, preferences and tags: added, corrected, removed, by who may."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from guanxi.customers.commands import (
    add_address,
    add_contact,
    add_contact_point,
    add_preference,
    create_customer,
    edit_address,
    edit_contact,
    edit_contact_point,
    edit_preference,
    put_tag,
    remove_address,
    remove_contact,
    remove_contact_point,
    remove_preference,
    take_tag,
)
from guanxi.customers.errors import (
    AlreadyThere,
    CustomerUnknown,
    EntryUnknown,
    FieldInvalid,
    FieldMissing,
    FieldUnknown,
    NoOrganisation,
)
from guanxi.customers.lists import CUSTOMERS
from guanxi.customers.models import (
    Address,
    Contact,
    ContactPoint,
    Customer,
    CustomerTag,
    Preference,
    Tag,
)
from guanxi.customers.tests.factories import make_customers, make_records
from guanxi.kernel.access.models import User
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.audit.queries import history_of
from guanxi.kernel.errors import GuanxiError, PermissionDenied
from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.lists.matching import matching
from guanxi.kernel.lists.state import ListState
from guanxi.kernel.tests.actors import NOBODY

pytestmark = pytest.mark.django_db
Everything = Callable[..., list[Any]]


def found(actor: User, text: str) -> list[int]:
    state = ListState.from_address(CUSTOMERS, {"q": text})
    return sorted(matching(actor, CUSTOMERS, state).values_list("pk", flat=True))


def fresh(customer: Customer) -> Customer:
    return Customer.objects.get(pk=customer.pk)


def test_a_further_phone_is_found_and_leaves_the_first_one_first(seller: User, wang: Customer) -> None:
    point = add_contact_point(
        seller, customer_id=wang.pk, values={"kind": "phone", "value": "139 0000 1111", "label": "家里"}
    )
    assert (point.value, point.label, point.added_by_id) == ("+8613900001111", "家里", seller.pk)
    assert fresh(wang).phone == "+8613812345678"
    assert found(seller, "13900001111") == [wang.pk]
    edit_contact_point(seller, point_id=point.pk, values={"value": "13900002222"})
    assert ContactPoint.objects.get(pk=point.pk).value == "+8613900002222"
    assert (found(seller, "13900001111"), found(seller, "13900002222")) == ([], [wang.pk])
    remove_contact_point(seller, point_id=point.pk)
    assert found(seller, "13900002222") == []
    assert [line.changes for line in history_of(wang)] == [
        {"contact_point": [point.pk, None]},
        {"contact_point": point.pk, "fields": ["value"]},
        {"contact_point": [None, point.pk]},
        {"created": True, "fields": ["kind", "name", "phone"]},
    ]
    assert EventRecord.objects.order_by("-pk").values_list("name", "payload").first() == (
        "customers.CustomersEdited", {"customer_ids": [wang.pk], "fields": ["contact_point"], "batch": ""},
    )  # fmt: skip


def test_the_first_mail_is_used_first_and_the_next_follows_it(seller: User, wang: Customer) -> None:
    first = add_contact_point(seller, customer_id=wang.pk, values={"kind": "email", "value": "Wang@Example.com"})
    add_contact_point(seller, customer_id=wang.pk, values={"kind": "email", "value": "w2@example.com"})
    assert fresh(wang).email == "wang@example.com"
    edit_contact_point(seller, point_id=first.pk, values={"value": "wei@example.com"})
    assert fresh(wang).email == "wei@example.com"
    remove_contact_point(seller, point_id=first.pk)
    assert fresh(wang).email == "w2@example.com"
    assert "email" in fresh(wang).edited


def test_a_removed_phone_that_a_source_still_gives_stays_first(seller: User) -> None:
    make_customers([{"id": 7, "name": "李雷", "phone": "+8613700000001", "owner_id": seller.pk}])
    make_records([{"source": "shop", "source_key": "1", "customer_id": 7, "phone": "+8613700000001"}])
    point = add_contact_point(seller, customer_id=7, values={"kind": "phone", "value": "13700000001"})
    remove_contact_point(seller, point_id=point.pk)
    assert Customer.objects.get(pk=7).phone == "+8613700000001"


@pytest.mark.parametrize(
    ("values", "error", "place"),
    [
        ({"kind": "fax", "value": "1"}, FieldInvalid, "kind"),
        ({"value": "13900001111"}, FieldMissing, "kind"),
        ({"kind": "phone"}, FieldMissing, "value"),
        ({"kind": "phone", "value": "12"}, FieldInvalid, "value"),
        ({"kind": "email", "value": "nobody"}, FieldInvalid, "value"),
        ({"kind": "other", "value": "x" * 255}, FieldInvalid, "value"),
        ({"kind": "other", "value": "x", "customer_id": 1}, FieldUnknown, "customer_id"),
    ],
)
def test_what_is_no_contact_detail_is_refused(
    seller: User, wang: Customer, everything: Everything, values: dict[str, str], error: type[GuanxiError], place: str
) -> None:
    before = everything(ContactPoint)
    with pytest.raises(error) as told:
        add_contact_point(seller, customer_id=wang.pk, values=values)
    assert told.value.place == place
    assert everything(ContactPoint) == before


def test_the_same_phone_twice_is_refused(seller: User, wang: Customer, everything: Everything) -> None:
    add_contact_point(seller, customer_id=wang.pk, values={"kind": "phone", "value": "13900001111"})
    other = add_contact_point(seller, customer_id=wang.pk, values={"kind": "phone", "value": "13900002222"})
    before = everything(ContactPoint)
    with pytest.raises(AlreadyThere):
        add_contact_point(seller, customer_id=wang.pk, values={"kind": "phone", "value": "+86 139 0000 1111"})
    with pytest.raises(AlreadyThere):
        edit_contact_point(seller, point_id=other.pk, values={"value": "13900001111"})
    assert everything(ContactPoint) == before


def test_an_address_comes_changes_and_goes(seller: User, wang: Customer) -> None:
    address = add_address(seller, customer_id=wang.pk, values={"line": "西湖大道1号", "region_code": "CN-ZJ"})
    assert (address.kind, address.region_code, address.city) == ("post", "CN-ZJ", "")
    edit_address(seller, address_id=address.pk, values={"city": "杭州", "kind": "invoice"})
    edit_address(seller, address_id=address.pk, values={"city": "杭州"})
    assert Address.objects.values_list("kind", "city", "line").get() == ("invoice", "杭州", "西湖大道1号")
    remove_address(seller, address_id=address.pk)
    assert not Address.objects.exists()
    assert [line.changes for line in history_of(wang)][:3] == [
        {"address": [address.pk, None]}, {"address": address.pk, "fields": ["city", "kind"]},
        {"address": [None, address.pk]},
    ]  # fmt: skip
    for values in ({"line": ""}, {"line": "x", "region_code": "CN-XX"}, {"line": "x", "kind": "moon"}):
        with pytest.raises((FieldMissing, FieldInvalid)):
            add_address(seller, customer_id=wang.pk, values=values)


def test_a_contact_speaks_for_an_organisation_until_they_leave(seller: User, tea: Customer, wang: Customer) -> None:
    contact = add_contact(
        seller, customer_id=tea.pk,
        values={"name": "陈红", "post": "采购经理", "role": "decider", "is_key_decision_maker": "yes",
                "phone": "13500001111", "person_id": wang.pk},
    )  # fmt: skip
    assert (contact.role, contact.is_key_decision_maker, contact.person_id) == ("decider", True, wang.pk)
    assert found(seller, "陈红") == [tea.pk]
    edit_contact(seller, contact_id=contact.pk, values={"left_on": "2026-10-01"})
    assert Contact.objects.get(pk=contact.pk).left_on == date(2026, 10, 1)
    assert found(seller, "陈红") == []
    remove_contact(seller, contact_id=contact.pk)
    assert not Contact.objects.exists()


def test_who_cannot_be_a_contact_is_refused(
    seller: User, manager: User, tea: Customer, wang: Customer, everything: Everything
) -> None:
    hidden = create_customer(manager, values={"name": "不可见"})
    before = everything(Contact)
    with pytest.raises(NoOrganisation):
        add_contact(seller, customer_id=wang.pk, values={"name": "陈红"})
    with pytest.raises(FieldMissing):
        add_contact(seller, customer_id=tea.pk, values={"post": "经理"})
    with pytest.raises(FieldInvalid):
        add_contact(seller, customer_id=tea.pk, values={"name": "陈红", "role": "boss"})
    with pytest.raises(CustomerUnknown):
        add_contact(seller, customer_id=tea.pk, values={"name": "陈红", "person_id": hidden.pk})
    assert everything(Contact) == before


def test_a_taboo_is_noted_with_who_said_so(seller: User, wang: Customer) -> None:
    taboo = add_preference(
        seller, customer_id=wang.pk,
        values={"attitude": "never", "kind": "topic", "value": "政治", "said_by": "助理"},
    )  # fmt: skip
    assert (taboo.attitude, taboo.kind, taboo.value, taboo.said_by) == ("never", "topic", "政治", "助理")
    assert (taboo.said_on, taboo.noted_by_id) == (timezone.localdate(), seller.pk)
    edit_preference(seller, preference_id=taboo.pk, values={"attitude": "dislike", "said_on": "2026-01-02"})
    edit_preference(seller, preference_id=taboo.pk, values={"said_on": ""})
    assert Preference.objects.values_list("attitude", "said_on").get() == ("dislike", date(2026, 1, 2))
    remove_preference(seller, preference_id=taboo.pk)
    assert not Preference.objects.exists()
    for values in ({"attitude": "never", "kind": "topic"}, {"attitude": "hates", "kind": "topic", "value": "x"}):
        with pytest.raises((FieldMissing, FieldInvalid)):
            add_preference(seller, customer_id=wang.pk, values=values)


def test_a_tag_is_on_once_and_off_again(seller: User, wang: Customer) -> None:
    tag = put_tag(seller, customer_id=wang.pk, name="  老 客户 ")
    told = AuditEntry.objects.count()
    assert put_tag(seller, customer_id=wang.pk, name="老 客户") == tag
    assert AuditEntry.objects.count() == told
    assert list(CustomerTag.objects.values_list("customer", "tag__name")) == [(wang.pk, "老 客户")]
    take_tag(seller, customer_id=wang.pk, tag_id=tag.pk)
    take_tag(seller, customer_id=wang.pk, tag_id=tag.pk)
    assert not CustomerTag.objects.exists()
    assert [line.changes for line in history_of(wang)][:2] == [{"tag": [tag.pk, None]}, {"tag": [None, tag.pk]}]
    for name in ("", "x" * 41):
        with pytest.raises((FieldMissing, FieldInvalid)):
            put_tag(seller, customer_id=wang.pk, name=name)
    assert Tag.objects.count() == 1


def test_strangers_and_the_bin_are_told_alike_and_change_nothing(
    seller: User, colleague: User, manager: User, wang: Customer, tea: Customer, everything: Everything
) -> None:
    point = add_contact_point(seller, customer_id=wang.pk, values={"kind": "other", "value": "x"})
    address = add_address(seller, customer_id=wang.pk, values={"line": "x"})
    contact = add_contact(seller, customer_id=tea.pk, values={"name": "陈红"})
    taboo = add_preference(seller, customer_id=wang.pk, values={"attitude": "like", "kind": "food", "value": "x"})
    tables = (ContactPoint, Address, Contact, Preference, CustomerTag)
    before = everything(*tables)
    changes: list[tuple[Callable[..., Any], dict[str, Any]]] = [
        (edit_contact_point, {"point_id": point.pk, "values": {"value": "y"}}),
        (remove_contact_point, {"point_id": point.pk}),
        (edit_address, {"address_id": address.pk, "values": {"line": "y"}}),
        (remove_address, {"address_id": address.pk}),
        (edit_contact, {"contact_id": contact.pk, "values": {"name": "y"}}),
        (remove_contact, {"contact_id": contact.pk}),
        (edit_preference, {"preference_id": taboo.pk, "values": {"value": "y"}}),
        (remove_preference, {"preference_id": taboo.pk}),
    ]
    additions: list[tuple[Callable[..., Any], dict[str, Any]]] = [
        (add_contact_point, {"customer_id": wang.pk, "values": {"kind": "other", "value": "y"}}),
        (add_address, {"customer_id": wang.pk, "values": {"line": "y"}}),
        (add_contact, {"customer_id": tea.pk, "values": {"name": "y"}}),
        (add_preference, {"customer_id": wang.pk, "values": {"attitude": "like", "kind": "food", "value": "x"}}),
        (put_tag, {"customer_id": wang.pk, "name": "y"}),
        (take_tag, {"customer_id": wang.pk, "tag_id": 1}),
    ]
    for ask, told in [*changes, *additions]:
        with pytest.raises(PermissionDenied):
            ask(NOBODY, **told)
    for ask, told in changes:
        with pytest.raises(EntryUnknown):
            ask(colleague, **told)
    for ask, told in additions:
        with pytest.raises(CustomerUnknown):
            ask(colleague, **told)
    with pytest.raises(EntryUnknown):
        remove_address(manager, address_id=404)
    assert everything(*tables) == before


def test_the_trail_holds_no_words_of_anybody(seller: User, wang: Customer, tea: Customer) -> None:
    add_contact_point(seller, customer_id=wang.pk, values={"kind": "email", "value": "secret@example.com"})
    add_address(seller, customer_id=wang.pk, values={"line": "秘密路1号"})
    add_contact(seller, customer_id=tea.pk, values={"name": "秘密"})
    add_preference(seller, customer_id=wang.pk, values={"attitude": "like", "kind": "food", "value": "秘密"})
    trail = json.dumps(
        [*AuditEntry.objects.values_list("changes", flat=True), *EventRecord.objects.values_list("payload", flat=True)],
        ensure_ascii=False,
    )
    assert "secret" not in trail
    assert "秘密" not in trail


def test_the_id_of_a_merged_record_leads_to_the_living_one(seller: User, wang: Customer) -> None:
    make_customers([{"id": 900, "name": "王 伟", "owner_id": seller.pk}])
    point = add_contact_point(seller, customer_id=900, values={"kind": "other", "value": "x"})
    Customer.objects.filter(pk=900).update(main=wang.pk)
    with pytest.raises(AlreadyThere):
        add_contact_point(seller, customer_id=wang.pk, values={"kind": "other", "value": "x"})
    assert add_contact_point(seller, customer_id=900, values={"kind": "other", "value": "y"}).customer_id == wang.pk
    edit_contact_point(seller, point_id=point.pk, values={"value": "z"})
    assert history_of(wang)[0].changes == {"contact_point": point.pk, "fields": ["value"]}

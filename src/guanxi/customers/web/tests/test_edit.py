"""Typing in a customer and editing one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from guanxi.customers.commands import Edit, create_customer, edit_customer
from guanxi.customers.models import Certificate, Customer
from guanxi.customers.tests.factories import make_customers
from guanxi.kernel.access.commands import create_user
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.fields.commands import Looks, define_field
from guanxi.kernel.fields.queries import list_definitions

pytestmark = pytest.mark.django_db
ID_CARD = "360426199101010071"


def before(client: Client, address: str, **typed: str) -> dict[str, Any]:
    """The form as a browser would send it: what it was drawn with, and what was typed over."""
    form = client.get(address).context["form"]
    drawn: dict[str, Any] = {one.name: one.value for one in form.inputs}
    return {f"before-{name}": value for name, value in drawn.items()} | drawn | typed


def test_a_customer_is_typed_in(desk: Client, seller: User) -> None:
    assert "New customer" in desk.get("/customers/new/").content.decode()
    answer = desk.post(
        "/customers/new/",
        {"kind": "person", "name": "李雷", "phone": "13700001111", "certificate_kind": "id_card",
         "certificate_number": ID_CARD},
    )  # fmt: skip
    customer = Customer.objects.get()
    assert answer["Location"] == f"/customers/{customer.pk}/"
    assert (customer.name, customer.phone, customer.owner) == ("李雷", "+8613700001111", seller)
    assert Certificate.objects.get().masked == "360****0071"


def test_mistakes_are_told_all_at_once_and_nothing_typed_is_lost(desk: Client) -> None:
    sent = {"kind": "person", "name": "", "phone": "1", "remark": "长" * 50, "certificate_kind": "id_card",
            "certificate_number": "123"}  # fmt: skip
    page = desk.post("/customers/new/", sent).content.decode()
    for field in ("name", "phone", "certificate_number"):
        assert f'id="{field}-error"' in page
    assert "长" * 50 in page
    assert not Customer.objects.exists()
    kindless = desk.post("/customers/new/", sent | {"certificate_kind": ""}).content.decode()
    assert 'id="certificate_kind-error"' in kindless


def test_a_known_phone_takes_a_second_yes(desk: Client, wang: Customer) -> None:
    sent = {"kind": "person", "name": "王小伟", "phone": "138 1234 5678"}
    page = desk.post("/customers/new/", sent).content.decode()
    assert "Perhaps known already" in page
    assert f'href="/customers/{wang.pk}/"' in page
    assert 'name="sure" value="yes"' in page
    assert Customer.objects.count() == 1
    desk.post("/customers/new/", sent | {"sure": "yes"})
    assert Customer.objects.count() == 2


def test_a_like_name_alone_warns_and_does_not_stop(desk: Client, wang: Customer) -> None:
    assert "Perhaps known already" in desk.get("/customers/new/check/?name=王伟").content.decode()
    desk.post("/customers/new/", {"kind": "person", "name": "王伟"})
    assert Customer.objects.count() == 2


def test_of_others_customers_the_check_tells_whom_to_ask(other_desk: Client, wang: Customer) -> None:
    page = other_desk.get("/customers/new/check/?name=王伟&phone=13812345678").content.decode()
    assert "Ask 沈嘉敏, or your manager." in page
    assert "王伟" not in page
    assert str(wang.pk) not in re.sub(r"\?v=[0-9a-f]{10}", "", page)  # the stamp of the icons' file


def test_only_what_was_changed_is_saved(desk: Client, seller: User, wang: Customer) -> None:
    address = f"/customers/{wang.pk}/edit/"
    page = desk.get(address).content.decode()
    assert 'value="138****5678"' in page
    assert "13812345678" not in page
    sent = before(desk, address, city="杭州")
    edit_customer(seller, customer_id=wang.pk, edits={"industry": Edit("茶业")})
    assert desk.post(address, sent)["Location"] == f"/customers/{wang.pk}/"
    customer = Customer.objects.get()
    assert (customer.city, customer.industry, customer.phone) == ("杭州", "茶业", "+8613812345678")


def test_two_people_in_one_field_the_second_sees_both(desk: Client, manager: User, wang: Customer) -> None:
    address = f"/customers/{wang.pk}/edit/"
    sent = before(desk, address, remark="mine", city="上海", phone="13900001111")
    edits = {"remark": Edit("theirs"), "phone": Edit("13700002222"), "company": Edit("天元")}
    edit_customer(manager, customer_id=wang.pk, edits=edits)
    answer = desk.post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    form: Any = answer.context["form"]
    fields = form.by_name
    assert (fields["remark"].value, fields["remark"].theirs) == ("mine", "theirs")
    assert (fields["phone"].value, fields["phone"].theirs) == ("13900001111", "137****2222")
    assert (fields["city"].value, fields["city"].theirs) == ("上海", None)
    assert (fields["company"].value, fields["company"].theirs) == ("天元", None)
    assert "刘总 saved this customer at" in page
    customer = Customer.objects.get()
    assert (customer.remark, customer.city, customer.phone) == ("theirs", "", "+8613700002222")
    merged = {f"before-{one.name}": one.before or "" for one in form.inputs}
    merged |= {one.name: one.value for one in form.inputs} | {"remark": "theirs and mine"}
    assert desk.post(address, merged)["Location"] == f"/customers/{wang.pk}/"
    customer = Customer.objects.get()
    assert (customer.remark, customer.city, customer.phone) == ("theirs and mine", "上海", "+8613900001111")
    assert customer.company == "天元"


def test_a_wrong_value_is_told_and_the_rest_kept(desk: Client, wang: Customer) -> None:
    address = f"/customers/{wang.pk}/edit/"
    page = desk.post(address, before(desk, address, email="nobody", city="上海")).content.decode()
    assert 'id="email-error"' in page
    assert 'value="上海"' in page
    page = desk.post(address, before(desk, address, name=" ")).content.decode()
    assert 'id="name-error"' in page
    assert Customer.objects.values_list("name", "city", "email").get() == ("王伟", "", "")


def test_an_organisation_has_no_birthday_and_loses_nothing(desk: Client, seller: User) -> None:
    tea = create_customer(seller, values={"name": "天元", "kind": "organisation", "company": "母公司"})
    address = f"/customers/{tea.pk}/edit/"
    assert 'name="birth_on"' not in desk.get(address).content.decode()
    desk.post(address, before(desk, address, city="杭州"))
    assert Customer.objects.values_list("city", "company").get() == ("杭州", "母公司")


def test_who_may_not_edit_is_refused(wang: Customer) -> None:
    reader = Client()
    reader.force_login(create_user(SYSTEM, "wu", "correct horse battery", roles=["marketer"]))
    for address in ("/customers/new/", f"/customers/{wang.pk}/edit/"):
        assert reader.get(address).status_code == 403
    page = reader.get(f"/customers/{wang.pk}/").content.decode()
    assert "composer" not in page.replace("composer.js", "")
    assert "gx-add" not in page


def test_odd_texts_are_kept_as_typed(desk: Client) -> None:
    odd = "👩‍🍵 עברית <script>alert(1)</script> \u202e"
    desk.post("/customers/new/", {"kind": "person", "name": odd.strip()})
    customer = Customer.objects.get()
    page = desk.get(f"/customers/{customer.pk}/").content.decode()
    assert "<script>alert(1)" not in page
    assert "👩‍🍵" in page
    long = desk.post("/customers/new/", {"kind": "person", "name": "长" * 10_000}).content.decode()
    assert 'id="name-error"' in long
    assert Customer.objects.count() == 1


def test_the_companys_own_fields_are_typed_and_shown(desk: Client) -> None:
    for key, kind, options in (
        ("teas", "choices", "红茶 | Black tea\n绿茶 | Green tea"), ("area", "number", ""), ("keen", "flag", ""),
    ):  # fmt: skip
        looks = Looks(label_en=key.title(), options=options, is_required=key == "area")
        define_field(SYSTEM, subject="customers", kind=kind, key=key, looks=looks)
    sent: dict[str, Any] = {"kind": "person", "name": "李雷"}
    assert 'id="custom.area-error"' in desk.post("/customers/new/", sent).content.decode()
    chosen = [one.key for one in list_definitions("customers")[0].options]
    desk.post("/customers/new/", sent | {"custom.area": "12.5", "custom.teas": chosen, "custom.keen": "yes"})
    customer = Customer.objects.get()
    assert customer.custom == {"area": 12.5, "teas": chosen, "keen": True}
    page = desk.get(f"/customers/{customer.pk}/").content.decode()
    assert "Black tea, Green tea" in page
    address = f"/customers/{customer.pk}/edit/"
    desk.post(address, before(desk, address, **{"custom.area": "13"}) | {"custom.teas": chosen[:1]})
    assert Customer.objects.get().custom == {"area": 13, "teas": chosen[:1], "keen": True}


def test_who_has_no_name_is_edited_in_the_form(desk: Client, seller: User) -> None:
    make_customers([{"id": 5, "name": "", "owner_id": seller.pk}])
    address = "/customers/5/edit/"
    assert "Edit No name" in desk.get(address).content.decode()
    assert desk.post(address, before(desk, address, city="杭州"))["Location"] == "/customers/5/"
    assert Customer.objects.get(pk=5).city == "杭州"

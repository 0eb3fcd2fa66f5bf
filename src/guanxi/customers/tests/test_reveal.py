"""Looking behind masks: who may, what is kept, how often."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone, translation

from guanxi.customers.commands import add_certificate, add_contact, add_contact_point, retire_customers
from guanxi.customers.commands.reveal import reveal
from guanxi.customers.details import Detail, name_of
from guanxi.customers.errors import CustomerUnknown, DetailUnknown, LooksUsedUp
from guanxi.customers.models import Customer, SourceRecord
from guanxi.customers.queries.looks import COMMAND, get_masked, list_looks
from guanxi.customers.tests.factories import make_customers, make_records
from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.errors import PermissionDenied

pytestmark = pytest.mark.django_db
PHONE, OTHER, MAIL = "+8613812345678", "+8613912345678", "wang.wei@example.com"
NUMBER = "110101199003074477"


@pytest.fixture
def liu() -> User:
    """A service agent, with 王伟 and all that is known of him."""
    ensure_roles(SYSTEM)
    user = create_user(SYSTEM, "liu", "correct horse battery", roles=["service"], display_name="刘敏")
    make_customers([{"id": 1, "name": "王伟", "phone": PHONE, "email": MAIL}, {"id": 2, "name": "茶业",
                    "kind": "organisation"}, {"id": 3, "name": "王伟"}])  # fmt: skip
    make_records([{"source": "shop", "source_key": "A1", "customer_id": 1, "phone": OTHER, "email": MAIL}])
    return user


def everything() -> list[object]:
    return [list(Customer.objects.values()), AuditEntry.objects.count()]


def test_every_kind_of_detail_by_its_name(liu: User) -> None:
    record = SourceRecord.objects.get()
    point = add_contact_point(SYSTEM, customer_id=1, values={"kind": "wechat", "value": "wangwei_tea"})
    paper = add_certificate(SYSTEM, customer_id=1, values={"kind": "id_card", "number": NUMBER})
    person = add_contact(
        SYSTEM, customer_id=2, values={"name": "李雷", "phone": "13712345678", "email": "li@example.com"}
    )
    clear = {
        (1, "phone"): PHONE, (1, "email"): MAIL, (1, f"record-{record.pk}-phone"): OTHER,
        (1, f"point-{point.pk}"): "wangwei_tea", (1, f"certificate-{paper.pk}"): NUMBER,
        (2, f"contact-{person.pk}-phone"): "+8613712345678", (2, f"contact-{person.pk}-email"): "li@example.com",
    }  # fmt: skip
    masked = ["138****5678", "w***@example.com", "139****5678", "****ea", "110****4477", "137****5678",
              "l***@example.com"]  # fmt: skip
    for (customer_id, name), value in clear.items():
        assert get_masked(liu, customer_id, name) == masked.pop(0)
        assert reveal(liu, customer_id=customer_id, name=name) == value
        entry = AuditEntry.objects.latest("id")
        assert (entry.actor_id, entry.target_key, entry.changes) == (liu.pk, str(customer_id), {"revealed": name})
    trail = str(list(AuditEntry.objects.values()))
    assert not [value for value in clear.values() if value in trail]


def test_a_detail_of_another_customer_is_not_there(liu: User) -> None:
    record = SourceRecord.objects.get()
    before = everything()
    for name in (
        f"record-{record.pk}-phone",
        "phone",
        "record-999-phone",
        "certificate-1",
        "name",
        "record-1-name",
        "",
    ):
        with pytest.raises(DetailUnknown):
            reveal(liu, customer_id=3, name=name)
    with pytest.raises(CustomerUnknown):
        reveal(liu, customer_id=4, name="phone")
    assert everything() == before


def test_the_details_of_a_merged_record_are_the_living_ones(liu: User) -> None:
    retire_customers(SYSTEM, batch="test", retired=[(1, 3)])
    record = SourceRecord.objects.get()
    assert reveal(liu, customer_id=1, name=f"record-{record.pk}-phone") == OTHER
    assert AuditEntry.objects.latest("id").target_key == "3"


def test_only_who_may_and_sees_the_customer(liu: User) -> None:
    seller = create_user(SYSTEM, "seller", "correct horse battery", roles=["seller"])
    marketer = create_user(SYSTEM, "marketer", "correct horse battery", roles=["marketer"])
    before = everything()
    with pytest.raises(CustomerUnknown):
        reveal(seller, customer_id=1, name="phone")
    with pytest.raises(PermissionDenied):
        reveal(marketer, customer_id=1, name="phone")
    with pytest.raises(CustomerUnknown):
        list_looks(seller, 1)
    assert everything() == before
    Customer.objects.filter(pk=1).update(owner=seller)
    assert reveal(seller, customer_id=1, name="phone") == PHONE


@override_settings(REVEALS_PER_HOUR=3)
def test_nobody_reads_the_whole_file(liu: User) -> None:
    for _ in range(3):
        reveal(liu, customer_id=1, name="phone")
    before = everything()
    with pytest.raises(LooksUsedUp) as caught, translation.override("en"):
        reveal(liu, customer_id=1, name="email")
    assert caught.value.facts == {"limit": 3}
    assert everything() == before
    other = create_user(SYSTEM, "other", "correct horse battery", roles=["service"])
    assert reveal(other, customer_id=1, name="email") == MAIL


@override_settings(REVEALS_PER_HOUR=1)
def test_looks_of_an_hour_ago_do_not_count(liu: User) -> None:
    for minutes in (60, 70, 80):
        AuditEntry.objects.create(
            at=timezone.now() - timedelta(minutes=minutes, seconds=1), actor_id=liu.pk, command=COMMAND,
            target_kind="customers.Customer", target_key="1", changes={"revealed": "phone"},
        )  # fmt: skip
    assert reveal(liu, customer_id=1, name="email") == MAIL


def test_who_looked_is_told(liu: User) -> None:
    reveal(liu, customer_id=1, name="phone")
    reveal(SYSTEM, customer_id=1, name="email")
    with translation.override("en"):
        assert [(look.by, look.what) for look in list_looks(liu, 1)] == [("", "e-mail"), ("刘敏", "phone")]
    assert list_looks(liu, 3) == []


def test_the_button_shows_and_hides(client: Client, liu: User) -> None:
    client.force_login(liu)
    client.cookies.load({"django_language": "en"})
    page = client.get("/customers/1/").content.decode()
    record = SourceRecord.objects.get()
    for name in ("phone", "email", f"record-{record.pk}-phone"):
        assert f'hx-post="/customers/1/details/{name}/"' in page
    assert not [value for value in (PHONE, OTHER, MAIL) if value in page]
    shown = client.post("/customers/1/details/phone/")
    assert shown["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert f'<a href="tel:{PHONE}">' in shown.content.decode()
    hidden = client.get("/customers/1/details/phone/").content.decode()
    assert "138****5678" in hidden
    assert PHONE not in hidden
    assert AuditEntry.objects.filter(command="customers.commands.reveal.reveal").count() == 1
    assert client.post("/customers/1/details/point-7/").status_code == 404
    with override_settings(REVEALS_PER_HOUR=1):
        refused = client.post("/customers/1/details/email/")
    assert refused.status_code == 429
    assert "You have looked at 1 hidden details" in refused.content.decode()
    assert MAIL not in refused.content.decode()


def test_without_the_permission_there_is_no_button(client: Client, liu: User) -> None:
    client.force_login(create_user(SYSTEM, "marketer", "correct horse battery", roles=["marketer"]))
    page = client.get("/customers/1/").content.decode()
    assert "138****5678" in page
    assert "hx-post" not in page
    assert client.post("/customers/1/details/phone/").status_code == 403


def test_a_detail_does_not_tell_itself_in_a_log() -> None:
    assert repr(Detail("phone", PHONE)) == "Detail(phone, 138****5678)"
    assert name_of("phone", OTHER, Customer(phone=PHONE)) == ""

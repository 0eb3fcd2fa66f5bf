"""Identity documents: checked, sealed, masked, found again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from guanxi.customers.commands import add_certificate, remove_certificate
from guanxi.customers.errors import AlreadyThere, CustomerUnknown, EntryUnknown, FieldInvalid, FieldMissing
from guanxi.customers.models import Certificate, Customer
from guanxi.kernel.access.models import User
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.vault import digest, unseal

pytestmark = pytest.mark.django_db
ID_CARD = "360426199101010071"
CREDIT_CODE = "91110000600037341L"


def test_a_number_is_sealed_masked_and_hashed(seller: User, wang: Customer) -> None:
    kept = add_certificate(
        seller, customer_id=wang.pk,
        values={"kind": "id_card", "number": "360426 19910101 0071", "valid_until_on": "2030-01-31"},
    )  # fmt: skip
    assert (kept.masked, kept.valid_until_on) == ("360****0071", date(2030, 1, 31))
    assert kept.digest == digest(ID_CARD)
    assert unseal(kept.sealed) == ID_CARD
    assert ID_CARD.encode() not in bytes(kept.sealed)
    assert ID_CARD not in json.dumps(list(AuditEntry.objects.values("changes")))
    remove_certificate(seller, certificate_id=kept.pk)
    assert not Certificate.objects.exists()


@pytest.mark.parametrize(
    ("kind", "typed", "masked"),
    [
        ("credit_code", "91110000-600037341l", "911****341L"),
        ("passport", "E1234567", "****67"),
        ("other", "AB 1234567890 12", "AB1****9012"),
    ],
)
def test_each_kind_has_its_form(seller: User, wang: Customer, kind: str, typed: str, masked: str) -> None:
    assert add_certificate(seller, customer_id=wang.pk, values={"kind": kind, "number": typed}).masked == masked


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("id_card", "360426199101010072"), ("id_card", "360426199113010071"), ("id_card", "123"),
        ("credit_code", "91110000600037341X"), ("passport", "é1234567"), ("other", "12"), ("moon", ID_CARD),
        ("", ID_CARD), ("id_card", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_a_number_is_refused(
    seller: User, wang: Customer, everything: Callable[..., list[Any]], kind: str, typed: str
) -> None:
    before = everything(Certificate)
    with pytest.raises((FieldInvalid, FieldMissing)):
        add_certificate(seller, customer_id=wang.pk, values={"kind": kind, "number": typed})
    assert everything(Certificate) == before


def test_twice_and_by_strangers_is_refused(
    seller: User, colleague: User, wang: Customer, everything: Callable[..., list[Any]]
) -> None:
    kept = add_certificate(seller, customer_id=wang.pk, values={"kind": "id_card", "number": ID_CARD})
    before = everything(Certificate)
    with pytest.raises(AlreadyThere) as told:
        add_certificate(seller, customer_id=wang.pk, values={"kind": "id_card", "number": ID_CARD})
    assert ID_CARD not in str(told.value)
    with pytest.raises(CustomerUnknown):
        add_certificate(colleague, customer_id=wang.pk, values={"kind": "id_card", "number": ID_CARD})
    with pytest.raises(EntryUnknown):
        remove_certificate(colleague, certificate_id=kept.pk)
    assert everything(Certificate) == before

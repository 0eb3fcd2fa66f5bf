"""What is masked, each named by where it stands: `phone`, `record-12-email`, `point-5`, `contact-7-phone`,
`merged-8-phone` (of who gave way), `merge-2-phone` (what the survivor held before that merge).

A name holds ids only, so that a page can ask for a value, and the trail can tell which was looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Certificate, Contact, ContactPoint, Customer, Merge, SourceRecord
from guanxi.customers.rules import mask_certificate, mask_email, mask_phone
from guanxi.kernel.vault import unseal

Row = TypeVar("Row", bound=models.Model)

NAME: Final = re.compile(
    r"(?P<own>phone|email)|(?P<kind>record|contact|merged|merge)-(?P<id>\d{1,18})-(?P<field>phone|email)"
    r"|(?P<row>point|certificate)-(?P<row_id>\d{1,18})"
)
MASKS: Final[Mapping[str, Callable[[str], str]]] = {
    "phone": mask_phone, "email": mask_email, "certificate": mask_certificate,
    "wechat": mask_certificate, "other": mask_certificate,
}  # fmt: skip
WORDS: Final[Mapping[str, str | Promise]] = {
    "phone": _("phone"), "email": _("e-mail"), "certificate": _("certificate number"), "wechat": _("WeChat"),
    "other": _("contact details"),
}  # fmt: skip


class Detail:
    """One masked value of a customer: its kind ("phone", "certificate", ...), and the value itself."""

    def __init__(self, kind: str, value: str) -> None:
        self.kind = kind
        self.value = value

    @property
    def masked(self) -> str:
        """As it is shown to everybody."""
        return MASKS[self.kind](self.value)

    def __repr__(self) -> str:
        return f"Detail({self.kind}, {self.masked})"  # a value must not slip into a log


def name_of(
    kind: str,
    value: str,
    customer: Customer,
    records: Iterable[SourceRecord] = (),
    points: Iterable[ContactPoint] = (),
    gone: Iterable[Customer] = (),
    merges: Iterable[Merge] = (),
) -> str:
    """The name of a phone, mail or other value that one of these rows holds; empty if none does."""
    if getattr(customer, kind, "") == value:
        return kind
    for record in records:
        if getattr(record, kind, "") == value:
            return f"record-{record.pk}-{kind}"
    for point in points:
        if (point.kind, point.value) == (kind, value):
            return f"point-{point.pk}"
    for other in gone:
        if getattr(other, kind, "") == value:
            return f"merged-{other.pk}-{kind}"
    for merge in merges:
        if held_before(merge, kind) == value:
            return f"merge-{merge.pk}-{kind}"
    return ""


def held_before(merge: Merge, field: str) -> str:
    """What the survivor held in a field that a merge changed; empty if the merge left it alone."""
    return str(merge.changed.get(field, {}).get("before", [""])[0] or "")


def find_detail(customer: Customer, name: str) -> Detail | None:
    """The value of that name, if it belongs to this living customer or to a record merged into it."""
    asked = NAME.fullmatch(name)
    if asked is None:
        return None
    if asked["own"]:
        return _filled(asked["own"], getattr(customer, asked["own"]))
    if asked["kind"] == "merged":
        other = Customer.objects.filter(pk=int(asked["id"]), main=customer).first()
        return _filled(asked["field"], getattr(other, asked["field"])) if other else None
    if asked["kind"] == "merge":
        merge = Merge.objects.filter(pk=int(asked["id"]), main__main=customer, undone_at=None).first()
        return _filled(asked["field"], held_before(merge, asked["field"])) if merge else None
    if asked["kind"]:
        model: type[SourceRecord | Contact] = SourceRecord if asked["kind"] == "record" else Contact
        row = _row(model, customer, asked["id"])
        return _filled(asked["field"], getattr(row, asked["field"])) if row else None
    if asked["row"] == "point":
        point = _row(ContactPoint, customer, asked["row_id"])
        return _filled(point.kind, point.value) if point else None
    certificate = _row(Certificate, customer, asked["row_id"])
    return Detail("certificate", unseal(certificate.sealed)) if certificate else None


def kind_of(name: str) -> str:
    """What a name stands for without reading it: "phone", "email", "certificate", or "other" for what was typed in."""
    asked = NAME.fullmatch(name)
    if asked is None or asked["row"] == "point":
        return "other"
    return asked["own"] or asked["field"] or "certificate"


def _row(model: type[Row], customer: Customer, number: str) -> Row | None:
    return model._default_manager.filter(pk=int(number), customer__main=customer).first()


def _filled(kind: str, value: str) -> Detail | None:
    return Detail(kind, value) if value else None

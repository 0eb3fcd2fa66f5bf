"""Who might be the same customer: by phone, mail and certificate exactly, by name nearly (查重)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from guanxi.customers.attached_fields import CERTIFICATE_NUMBERS
from guanxi.customers.errors import FieldInvalid, FieldMissing
from guanxi.customers.fields import Refused, read_email, read_phone
from guanxi.customers.models import Certificate, Customer
from guanxi.customers.place_words import place_of
from guanxi.customers.rules import mask_email, mask_phone
from guanxi.customers.search import fold, matching_ids
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.vault import digest

LIMIT: Final = 8
SHORTEST_NAME: Final = 2
NAMES: Final = 200  # looked at, of those that hold what was typed
# What companies of one name end in; with or without it they may be the same.
_COMPANY_END: Final = re.compile(
    r"(?: ?(?:股份有限公司|有限责任公司|有限公司|集团|公司|厂)|(?: (?:co|ltd|limited|inc|llc|gmbh|plc)))+$"
)
# The first reason tells most.
REASONS: Final = ("certificate", "phone", "email", "name")


@dataclass(frozen=True)
class Duplicate:
    """Somebody who might be the same, and by which reasons.

    Of a customer the reader may not see only the reasons and whom to ask are told; everything else is empty.
    """

    id: int | None
    name: str
    place: str
    phone: str
    email: str
    owner: str
    reasons: tuple[str, ...]

    @property
    def is_certain(self) -> bool:
        """Whether more than a name speaks for it."""
        return self.reasons != ("name",)


def find_duplicates(
    actor: Actor,
    *,
    name: str = "",
    phone: str = "",
    email: str = "",
    certificate: tuple[str, str] = ("", ""),
    but: int | None = None,
) -> list[Duplicate]:
    """Living customers that might be the one described as typed so far; what cannot be read yet is passed over.

    Parameters
    ----------
    certificate
        Its kind and number.
    but
        The customer asked about; who holds one of its certificates is found as well.

    Raises
    ------
    PermissionDenied
        The actor may not see customers.
    """
    if not actor.may("customers.view"):
        raise PermissionDenied(permission="customers.view")
    found: defaultdict[int, set[str]] = defaultdict(set)
    for reason, keys in (
        ("certificate", [*_by_certificate(*certificate), *_by_certificates_of(but)]),
        ("phone", _by_text(_read(read_phone, phone))),
        ("email", _by_text(_read(read_email, email))),
        ("name", _by_name(name)),
    ):
        for key in keys:
            found[key].add(reason)
    found.pop(but or 0, None)
    return list(_told(actor, found))


def _told(actor: Actor, found: dict[int, set[str]]) -> Iterator[Duplicate]:
    """The most certain first; nobody the reader may not see for the likeness of a name alone."""
    rows = Customer.objects.living().filter(pk__in=found).select_related("owner")
    visible = set(Customer.objects.visible_to(actor).filter(pk__in=found).values_list("pk", flat=True))
    ranked = sorted((tuple(r for r in REASONS if r in found[row.pk]), row.pk, row) for row in rows)
    ranked.sort(key=lambda entry: (REASONS.index(entry[0][0]), -len(entry[0]), entry[1]))
    shown = [(reasons, row) for reasons, _key, row in ranked if row.pk in visible or reasons != ("name",)]
    for reasons, row in shown[:LIMIT]:
        owner = str(row.owner) if row.owner else ""
        if row.pk in visible:
            place = place_of(row.region_code, row.city)
            yield Duplicate(row.pk, row.name, place, mask_phone(row.phone), mask_email(row.email), owner, reasons)
        else:
            yield Duplicate(None, "", "", "", "", owner, tuple(r for r in reasons if r != "name"))


def _read(reader: Callable[[str], str], typed: str) -> str:
    try:
        return reader(typed.strip())
    except Refused:
        return ""


def _by_certificate(kind: str, number: str) -> Iterable[int]:
    if kind not in CERTIFICATE_NUMBERS:
        return []
    try:
        read = CERTIFICATE_NUMBERS[kind].parse(number)
    except (FieldInvalid, FieldMissing):
        return []
    same = Certificate.objects.filter(kind=kind, digest=digest(read))
    return same.values_list("customer__main_id", flat=True)


def _by_certificates_of(customer_id: int | None) -> Iterable[int]:
    """Those who hold a certificate that a customer, or who gave way to it, holds too: by the hash, unread."""
    if customer_id is None:
        return []
    held = Certificate.objects.filter(customer__main=customer_id).values_list("kind", "digest")
    same = Certificate.objects.filter(digest__in=[digest for _kind, digest in held]).exclude(customer__main=customer_id)
    kinds = set(held)
    return [main for main, *what in same.values_list("customer__main_id", "kind", "digest") if tuple(what) in kinds]


def _by_text(text: str) -> Iterable[int]:
    """Those found by a whole phone or mail, also of their sources and contacts."""
    ids = matching_ids(text) if text else None
    return [] if ids is None else _living(ids)[:LIMIT].values_list("pk", flat=True)


def _by_name(typed: str) -> Iterable[int]:
    """Those whose name is the same but for blanks, signs and the end of a company's name."""
    plain = _plain(typed)
    ids = matching_ids(plain) if len(plain) >= SHORTEST_NAME else None
    if ids is None:
        return []
    named = _living(ids).order_by("pk").values_list("pk", "name")[:NAMES]
    return [key for key, name in named if _plain(name).replace(" ", "") == plain.replace(" ", "")]


def _living(ids: RawSQL) -> QuerySet[Customer]:
    return Customer.objects.living().filter(pk__in=ids)


def _plain(name: str) -> str:
    """The words of a name without signs and without the end that says it is a company."""
    plain = " ".join(re.sub(r"[^\w]+", " ", fold(name)).split())
    return _COMPANY_END.sub("", plain) or plain

"""The fields of a customer that people edit: how each is read from a form and told to a reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.customers.errors import FieldInvalid
from guanxi.customers.rules import CONTROL
from guanxi.customers.words import KINDS
from guanxi.kernel.places import is_place

Text = str | Promise
HOME_REGION: Final = "CN"  # a number without a country code is read as one of here


@dataclass(frozen=True)
class Field:
    """One editable field: `read` turns what was typed into what is stored, or refuses with a reason."""

    name: str
    label: Text
    longest: int = 200
    read: Callable[[str], Any] = str
    is_multiline: bool = False

    def parse(self, typed: Any) -> Any:
        """What is stored for what was typed; blanks at the ends, and characters no text holds, go.

        Raises
        ------
        FieldInvalid
            It does not fit.
        """
        text = str("" if typed is None else typed).translate(CONTROL).strip()
        if not self.is_multiline:
            text = " ".join(text.split())
        shown = text if len(text) <= 60 else f"{text[:60]}…"
        if len(text) > self.longest:
            reason = _("it is longer than {longest} characters").format(longest=self.longest)
            raise FieldInvalid(place=self.name, field=str(self.label), value=shown, reason=reason)
        try:
            return self.read(text)
        except _Refused as refused:
            raise FieldInvalid(
                place=self.name, field=str(self.label), value=shown, reason=str(refused.reason)
            ) from None


class _Refused(ValueError):
    def __init__(self, reason: Text) -> None:
        super().__init__(str(reason))
        self.reason = reason


def read_phone(text: str) -> str:
    """A phone number as E.164 where it is one; what cannot be a number is refused.

    >>> read_phone("138 1234 5678")
    '+8613812345678'
    """
    if not text:
        return ""
    try:
        parsed = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        raise _Refused(_("this is no phone number")) from None
    if not phonenumbers.is_possible_number(parsed):
        raise _Refused(_("a phone number has another length"))
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def read_email(text: str) -> str:
    """A mail address in lower case."""
    if text:
        try:
            validate_email(text)
        except ValidationError:
            raise _Refused(_("this is no e-mail address")) from None
    return text.lower()


def _read_date(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _Refused(_("a date is written 2026-11-22")) from None


def _choice(options: Mapping[str, Any]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in options:
            raise _Refused(_("it is not one of the choices"))
        return text

    return read


def _read_region(text: str) -> str:
    if text and not is_place(text):
        raise _Refused(_("this is no region that is known here"))
    return text


GENDERS: Final[dict[str, Text]] = {"": "", "m": _("male"), "f": _("female")}

FIELDS: Final[dict[str, Field]] = {
    field.name: field
    for field in (
        Field("name", _("Name")),
        Field("kind", _("Kind"), read=_choice(KINDS)),
        Field("phone", _("Phone"), 32, read_phone),
        Field("email", _("E-mail"), 254, read_email),
        Field("region_code", _("Region"), 6, _read_region),
        Field("city", _("City"), 80),
        Field("gender", _("Gender"), 1, _choice(GENDERS)),
        Field("birth_on", _("Birthday"), 10, _read_date),
        Field("company", _("Company")),
        Field("industry", _("Industry"), 80),
        Field("remark", _("Remark"), 10_000, is_multiline=True),
    )
}
SEARCHED: Final = frozenset({"name", "phone", "email", "company"})

"""The fields of a customer that people edit: how each is read from a form and told to a reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guanxi.customers.errors import FieldInvalid, FieldMissing, FieldUnknown
from guanxi.customers.rules import CONTROL
from guanxi.customers.words import KINDS, Word
from guanxi.kernel.places import is_place, known_places, place_name
from guanxi.kernel.ui.inputs import Widget

Text = str | Promise
HOME_REGION: Final = "CN"  # a number without a country code is read as one of here


@dataclass(frozen=True)
class Field:
    """One editable field: `read` turns what was typed into what is stored, or refuses with a reason.

    `widget` says how it is typed, `options` which values it may have, where it may have certain ones only.
    """

    name: str
    label: Text
    longest: int = 200
    read: Callable[[str], Any] = str
    is_required: bool = False
    widget: Widget = "text"
    options: Callable[[], Mapping[Any, Text]] = dict
    hint: Text = ""

    @property
    def is_multiline(self) -> bool:
        """Whether lines are kept apart."""
        return self.widget == "long"

    def parse(self, typed: Any) -> Any:
        """What is stored for what was typed; blanks at the ends, and characters no text holds, go.

        Raises
        ------
        FieldInvalid, FieldMissing
            It does not fit, or nothing was typed where something must be.
        """
        text = str("" if typed is None else typed).translate(CONTROL).strip()
        if not self.is_multiline:
            text = " ".join(text.split())
        if self.is_required and not text:
            raise FieldMissing(place=self.name, field=str(self.label))
        shown = text if len(text) <= 60 else f"{text[:60]}…"
        if len(text) > self.longest:
            reason = _("it is longer than {longest} characters").format(longest=self.longest)
            raise FieldInvalid(place=self.name, field=str(self.label), value=shown, reason=reason)
        try:
            return self.read(text)
        except Refused as refused:
            raise FieldInvalid(
                place=self.name, field=str(self.label), value=shown, reason=str(refused.reason)
            ) from None


class Refused(ValueError):
    """A field's own reason to refuse what was typed."""

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
        raise Refused(_("this is no phone number")) from None
    if not phonenumbers.is_possible_number(parsed):
        raise Refused(_("a phone number has another length"))
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def read_email(text: str) -> str:
    """A mail address in lower case."""
    if text:
        try:
            validate_email(text)
        except ValidationError:
            raise Refused(_("this is no e-mail address")) from None
    return text.lower()


def read_date(text: str) -> date | None:
    """A day, or nothing."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(_("a date is written 2026-11-22")) from None


def choice(options: Mapping[str, Any], *, or_none: bool = False) -> Callable[[str], str]:
    """Read one of `options`, or, with `or_none`, nothing."""

    def read(text: str) -> str:
        if text not in options and (text or not or_none):
            raise Refused(_("it is not one of the choices"))
        return text

    return read


def read_region(text: str) -> str:
    """The code of a region, or nothing."""
    if text and not is_place(text):
        raise Refused(_("this is no region that is known here"))
    return text


def regions() -> dict[str, str]:
    """The regions that are known here by code, in the language that is active."""
    language = get_language() or "en"
    return {code: place_name(code, language) for code in known_places()}


def read_time(text: str) -> time | None:
    """A time of day, or nothing."""
    if not text:
        return None
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise Refused(_("a time is written 09:30")) from None


def read_moment(text: str) -> datetime | None:
    """A moment on the clock of the business, or nothing."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(_("a moment is written 2026-11-22 09:30")) from None
    if not 1900 <= moment.year <= 2999:  # what every calendar and database can hold
        raise Refused(_("this year cannot be meant"))
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def read_answer(text: str) -> bool | None:
    """Yes, no, or not asked."""
    answers = {"": None, "yes": True, "True": True, "true": True, "no": False, "False": False, "false": False}
    if text not in answers:
        raise Refused(_("it is not one of the choices"))
    return answers[text]


def read_score(text: str) -> int | None:
    """A score from 1 to 5, or nothing."""
    if text not in {"", "1", "2", "3", "4", "5"}:
        raise Refused(_("a score is a number from 1 to 5"))
    return int(text) if text else None


def chosen(
    name: str,
    label: Text,
    options: Mapping[Any, Word | Text],
    *,
    is_required: bool = False,
    widget: Widget = "choice",
    read: Callable[[str], Any] | None = None,
) -> Field:
    """A field with a value out of `options`, or none where it is not required."""
    texts = {value: word.label if isinstance(word, Word) else word for value, word in options.items()}
    reader = read or choice(options, or_none=not is_required)
    return Field(name, label, 40, reader, is_required, widget, lambda: texts)


def by_name(*fields: Field) -> dict[str, Field]:
    """Fields by their names."""
    return {field.name: field for field in fields}


def read_all(fields: Mapping[str, Field], typed: Mapping[str, Any]) -> dict[str, Any]:
    """What is stored for everything that was typed.

    Raises
    ------
    FieldUnknown, FieldInvalid, FieldMissing
        The first that does not fit.
    """
    for name in typed:
        if name not in fields:
            raise FieldUnknown(place=name, field=name, fields=", ".join(fields))
    return {name: fields[name].parse(value) for name, value in typed.items()}


def as_typed(value: Any) -> Any:
    """A stored value as somebody would type it."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):  # several choices
        return ";".join(value)
    return value.isoformat() if isinstance(value, date) else value


GENDERS: Final[dict[str, Text]] = {"": "", "m": _("male"), "f": _("female")}

FIELDS: Final = by_name(
    Field("name", _("Name")),
    chosen("kind", _("Kind"), KINDS, is_required=True, widget="pills"),
    Field("phone", _("Phone"), 32, read_phone, widget="tel"),
    Field("email", _("E-mail"), 254, read_email, widget="email"),
    Field("region_code", _("Region"), 6, read_region, widget="choice", options=regions),
    Field("city", _("City"), 80),
    chosen("gender", _("Gender"), {"m": GENDERS["m"], "f": GENDERS["f"]}, widget="pills"),
    Field("birth_on", _("Birthday"), 10, read_date, widget="date"),
    Field("company", _("Company")),
    Field("industry", _("Industry"), 80),
    Field("remark", _("Remark"), 10_000, widget="long"),
)
SEARCHED: Final = frozenset({"name", "phone", "email", "company"})
